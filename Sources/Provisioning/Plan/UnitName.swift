/// The names that systemd wants for units of paths.
///
/// Source: `systemd.unit(5)`, "String escaping for inclusion in unit names"; `unit_name_path_escape()` of systemd, which
/// is the same from 219 on.
public enum UnitName {
  /// The longest that systemd takes (`UNIT_NAME_MAX` without its final zero); newer ones shorten what is longer, older
  /// ones refuse it.
  static let longest = 255

  /// As `systemd-escape --path` prints it: `mnt-huge` for `/mnt/huge`.
  ///
  /// - Parameter path: absolute and normalised.
  public static func escaped(path: String) -> String {
    let components = path.split(separator: "/")
    guard !components.isEmpty else { return "-" }
    var name = ""
    for (index, byte) in components.joined(separator: "/").utf8.enumerated() {
      switch byte {
      case UInt8(ascii: "/"): name += "-"
      case UInt8(ascii: ".") where index == 0: name += "\\x2e"
      case UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "."): name.unicodeScalars.append(Unicode.Scalar(byte))
      case _ where byte.isASCIILetterOrDigit: name.unicodeScalars.append(Unicode.Scalar(byte))
      default: name += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return name
  }

  /// The mount unit of a path; nil where no unit can have it in every version of systemd: its name would be too long, or
  /// the path cannot stand in the file (a `%` is a specifier to some, a backslash at the end goes on in the next line).
  static func mount(on path: String) -> String? {
    let name = escaped(path: path) + ".mount"
    guard name.utf8.count <= longest, !path.contains("%"), path.last != "\\", path.last?.isWhitespace != true else {
      return nil
    }
    return name
  }
}
