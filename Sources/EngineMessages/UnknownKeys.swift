extension Decoder {
  /// Refuses keys that a value has not, so that a misspelt one is not passed over: all of them at once, with those that it has.
  func refuseUnknownKeys<Key: CodingKey & CaseIterable>(of keys: Key.Type) throws {
    let unknown = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
      .filter { Key(stringValue: $0) == nil }.sorted()
    guard !unknown.isEmpty else { return }
    let quoted = unknown.map { "'\($0)'" }.joined(separator: ", ")
    let known = Key.allCases.map(\.stringValue).joined(separator: ", ")
    throw DecodingError.dataCorrupted(
      .init(
        codingPath: codingPath,
        debugDescription: "unknown \(unknown.count == 1 ? "key" : "keys") \(quoted): known are \(known)"))
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer {
  /// As `decodeIfPresent`, and says the key too of what Foundation throws without one: a number that the type does not hold.
  func decodeNamed<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    do {
      return try decodeIfPresent(type, forKey: key)
    } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
      // Of a whole number with a fraction it says that the whole text was no JSON.
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "holds a number that does not fit")
    } catch let error as DecodingError {
      throw error
    } catch {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "holds a number that does not fit")
    }
  }
}
