/// An environment block of GRUB: the variables that outlive a boot (`grubenv`), or that a package hands to a
/// configuration (CBL-Mariner's `/boot/linux-RELEASE.cfg`, to which `mariner.cfg` leads).
///
/// Source: `grub-core/lib/envblk.c`: a signature, lines of `name=value` in which a backslash takes the special meaning from
/// what follows, and `#` up to the size of the file.
public struct GrubEnvironmentBlock: Equatable, Sendable {
  public var variables: [String: String]

  /// Nil without the signature in the first line: GRUB then loads nothing.
  public init?(_ text: String) {
    let signature = "# GRUB Environment Block\n".utf8
    guard text.utf8.starts(with: signature) else { return nil }
    variables = [:]
    var rest = Array(text.utf8)[signature.count...]
    while let first = rest.first {
      guard first != UInt8(ascii: "#"), let line = Self.takeLine(&rest) else {
        rest = rest.drop { $0 != UInt8(ascii: "\n") }.dropFirst()
        continue
      }
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")), equals > 0 else { continue }
      variables[String(decoding: line[..<equals], as: UTF8.self)] =
        String(decoding: line[(equals + 1)...], as: UTF8.self)
    }
  }

  /// The next line, escapes resolved; nil where no newline ends it, as GRUB drops such a one.
  private static func takeLine(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    var line: [UInt8] = []
    var index = rest.startIndex
    while index < rest.endIndex, rest[index] != UInt8(ascii: "\n") {
      if rest[index] == UInt8(ascii: "\\") { index += 1 }
      guard index < rest.endIndex else { break }
      line.append(rest[index])
      index += 1
    }
    guard index < rest.endIndex else { return nil }
    rest = rest[(index + 1)...]
    return line
  }
}
