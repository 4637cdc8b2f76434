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
