extension Distribution {
  /// Reads an os-release file.
  ///
  /// - Parameter osRelease: `/etc/os-release`, or `/usr/lib/os-release` where that is missing.
  /// - Parameter centosRelease: `/etc/centos-release` or `/etc/redhat-release`, for the minor release that CentOS leaves
  ///   out of os-release.
  /// - Returns: nil for a text without a single assignment; a file without `ID` is `linux`, as `os-release(5)` has it.
  public init?(osRelease: String, centosRelease: String?) {
    let fields = Self.assignments(osRelease)
    guard !fields.isEmpty else { return nil }
    let field = { (name: String) in fields[name].flatMap { $0.isEmpty ? nil : $0 } }
    let id = field("ID") ?? "linux"
    var release = field("VERSION_ID")
    if ["centos", "rhel"].contains(id), let major = release, !major.contains("."), let centosRelease {
      release = Self.minorRelease(of: major, in: centosRelease) ?? major
    }
    let like = (field("ID_LIKE") ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
    self.init(
      id: id, like: like, release: release, name: field("PRETTY_NAME").map { String($0.filter { !$0.isControl }) })
  }

  /// `7.5` from `CentOS Linux release 7.5.1804 (Core)`; nil where the file has no minor, or speaks of another major.
  private static func minorRelease(of major: String, in text: String) -> String? {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard let word = words.firstIndex(of: "release").map({ words[($0 + 1)...] })?.first,
      let version = DottedNumber(word), version.numbers.count >= 2, String(version.series) == major
    else { return nil }
    return "\(version.series).\(version.numbers[1])"
  }

  /// The assignments of a file that a shell could read, the last of a name, as `os-release(5)` describes them.
  ///
  /// A line that is no assignment, that has an unclosed quote, or words behind its value, is left out.
  private static func assignments(_ text: String) -> [String: String] {
    var fields: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.drop { $0 == " " || $0 == "\t" }
      guard let equals = line.firstIndex(of: "=") else { continue }
      let name = line[..<equals]
      let isName =
        name.first.map { $0 == "_" || $0.isLetter } ?? false
        && name.allSatisfy { $0.isASCII && ($0 == "_" || $0.isLetter || $0.isNumber) }
      guard isName, let value = value(line[line.index(after: equals)...]) else { continue }
      fields[String(name)] = value
    }
    return fields
  }

  /// A value in the shell's quoting: bare, in single or in double quotes, or several such in a row.
  private static func value(_ text: Substring) -> String? {
    var value = ""
    var quote: Character?
    var rest = text
    while let character = rest.popFirst() {
      switch (character, quote) {
      case ("\\", "'"): value.append(character)
      case ("\\", let quote):
        guard let next = rest.popFirst() else { return nil }
        // Between double quotes a backslash is one, unless what follows has a meaning there.
        if quote != nil, !["\"", "$", "\\", "`"].contains(next) { value.append(character) }
        value.append(next)
      case ("\"", nil), ("'", nil): quote = character
      case (_, let open?) where character == open: quote = nil
      case (" ", nil), ("\t", nil), ("\r", nil):
        let tail = rest.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
        return tail.isEmpty || tail.first == "#" ? value : nil
      default: value.append(character)
      }
    }
    return quote == nil ? value : nil
  }
}

extension Character {
  /// What would change a terminal.
  fileprivate var isControl: Bool { unicodeScalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) } }
}
