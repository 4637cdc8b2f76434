import Yams

/// Reads the places of a document strictly, notes every problem and goes on.
///
/// Scalars are read as text and then as what is wanted, never by YAML's own resolution: in YAML 1.1 `010` is 8 and
/// `1:30` is 90. A reading that fails has noted why, and returns nil.
struct YAMLReader {
  private(set) var problems: [String] = []

  mutating func note(_ place: YAMLPlace, _ problem: String) { problems.append("\(place.position): \(problem)") }

  /// A mapping that has no key but these.
  mutating func mapping(_ place: YAMLPlace, keys: [String], required: [String] = []) -> YAMLMapping? {
    guard let mapping = openMapping(place) else { return nil }
    for (key, value) in mapping.entries where !keys.contains(key) {
      note(value, "unknown key '\(key)'; known are \(keys.joined(separator: ", "))")
    }
    for key in required where mapping[key] == nil { note(place, "key '\(key)' is missing") }
    return mapping
  }

  /// A mapping whose keys are names of the user's.
  mutating func openMapping(_ place: YAMLPlace) -> YAMLMapping? {
    guard case .mapping(let pairs) = place.node else {
      wrongKind(place, wanted: "a mapping")
      return nil
    }
    var entries: [(key: String, value: YAMLPlace)] = []
    var lines: [String: Int] = [:]
    for (keyNode, valueNode) in pairs {
      guard let scalar = keyNode.scalar else {
        note(YAMLPlace(node: keyNode, path: place.path), "a key must be text")
        continue
      }
      let key = scalar.string.filter { $0 != YAMLDocument.repeated }
      let line = scalar.mark?.line ?? 0
      let value = YAMLPlace(node: valueNode, path: "\(place.path).\(key)", line: line)
      if let first = lines[key] {
        note(value, "key '\(key)' stands twice, first in line \(first)")
        continue
      }
      lines[key] = line
      entries.append((key, value))
    }
    return YAMLMapping(place: place, entries: entries)
  }

  mutating func list(_ place: YAMLPlace) -> [YAMLPlace]? {
    guard case .sequence(let nodes) = place.node else {
      wrongKind(place, wanted: "a list")
      return nil
    }
    return nodes.enumerated().map { YAMLPlace(node: $1, path: "\(place.path)[\($0)]") }
  }

  /// Text that is not empty; `key:` with nothing behind it, `~` and `null` are no text.
  mutating func text(_ place: YAMLPlace) -> String? {
    guard case .scalar(let scalar) = place.node else {
      wrongKind(place, wanted: "a single value")
      return nil
    }
    let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    guard !isNull, !scalar.string.isEmpty else {
      note(place, "has no value")
      return nil
    }
    return scalar.string
  }

  /// One word of a few.
  mutating func word<Word: RawRepresentable & CaseIterable>(_ place: YAMLPlace, as: Word.Type = Word.self) -> Word?
  where Word.RawValue == String {
    guard let text = text(place) else { return nil }
    if let word = Word(rawValue: text) { return word }
    note(place, "'\(text)' is none of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
    return nil
  }

  mutating func integer(_ place: YAMLPlace, in range: ClosedRange<Int>) -> Int? {
    guard let text = text(place) else { return nil }
    return integer(text, at: place, in: range)
  }

  /// A whole number in plain decimal digits.
  mutating func integer(_ text: String, at place: YAMLPlace, in range: ClosedRange<Int>) -> Int? {
    guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), !text.isEmpty else {
      note(place, "'\(text)' is not a whole number in decimal digits")
      return nil
    }
    guard text.count == 1 || !text.hasPrefix("0") else {
      note(place, "'\(text)' has a leading zero, which some readers take for octal; write it without")
      return nil
    }
    guard let number = Int(text), range.contains(number) else {
      note(place, "\(text) is out of range; from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  private mutating func wrongKind(_ place: YAMLPlace, wanted: String) {
    let found =
      switch place.node {
      case .mapping: "a mapping"
      case .sequence: "a list"
      case .scalar, .alias: "a single value"
      }
    note(place, "is \(found), must be \(wanted)")
  }
}
