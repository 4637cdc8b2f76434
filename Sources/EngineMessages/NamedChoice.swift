/// A choice of a few, each with a name in JSON: another name is refused with those that there are.
public protocol NamedChoice: Codable, CaseIterable, RawRepresentable where RawValue == String {}

extension NamedChoice {
  public init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    guard let choice = Self(rawValue: name) else {
      let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "'\(name)' is none of \(names)"))
    }
    self = choice
  }
}
