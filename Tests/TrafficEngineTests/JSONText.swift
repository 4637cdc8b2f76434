/// JSON as it is written: numbers are texts, keys may come twice, so that what no encoder would write can be.
indirect enum JSONText: Sendable {
  case raw(String)
  case string(String)
  case array([JSONText])
  case object([(key: String, value: JSONText)])

  var text: String {
    switch self {
    case .raw(let text): text
    case .string(let text): "\"\(Self.escaped(text))\""
    case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { "\"\(Self.escaped($0.key))\":\($0.value.text)" }.joined(separator: ",") + "}"
    }
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case _ where scalar.value < 32: "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: String(scalar)
      }
    }.joined()
  }

  /// The values that it is made of, itself among them.
  var count: Int {
    switch self {
    case .raw, .string: 1
    case .array(let values): values.reduce(1) { $0 + $1.count }
    case .object(let members): members.reduce(1) { $0 + $1.value.count }
    }
  }

  /// Itself with the value at a place, counted from the outermost, put through `change`.
  func changed(at place: Int, _ change: (JSONText) -> JSONText) -> JSONText {
    if place == 0 { return change(self) }
    var left = place - 1
    func child(_ value: JSONText) -> JSONText {
      defer { left -= value.count }
      return (0..<value.count).contains(left) ? value.changed(at: left, change) : value
    }
    switch self {
    case .raw, .string: return self
    case .array(let values): return .array(values.map(child))
    case .object(let members): return .object(members.map { ($0.key, child($0.value)) })
    }
  }

  /// The keys of every object in it.
  var keys: Set<String> {
    switch self {
    case .raw, .string: []
    case .array(let values): values.reduce(into: []) { $0.formUnion($1.keys) }
    case .object(let members): members.reduce(into: Set(members.map(\.key))) { $0.formUnion($1.value.keys) }
    }
  }
}
