extension Decoder {
  /// Refuses a key that a value has not, so that a misspelt one is not passed over.
  func refuseUnknownKeys<Key: CodingKey>(of keys: Key.Type) throws {
    let unknown = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
      .filter { Key(stringValue: $0) == nil }.sorted()
    if let key = unknown.first {
      throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: "unknown key '\(key)'"))
    }
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer {
  /// As `decodeIfPresent`, and says the key too of what Foundation throws without one: a number that no type holds.
  func decodeNamed<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    do {
      return try decodeIfPresent(type, forKey: key)
    } catch let error as DecodingError {
      throw error
    } catch {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: self, debugDescription: "holds a number that is out of range")
    }
  }
}
