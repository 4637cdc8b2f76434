/// An entry of the Boot Loader Specification: one file of `/boot/loader/entries`.
///
/// Source: the UAPI group's Boot Loader Specification, "Type #1": a key and its value in each line, `#` begins a comment.
/// `options` may stand several times.
public struct LoaderEntry: Equatable, Sendable {
  public var title: String?
  public var version: String?
  /// The kernel's file; nil for an entry that starts something else (`efi`, `uki`).
  public var linux: String?
  /// The kernel's arguments, the lines put one behind the other; nil where none says so.
  public var options: String?
  /// All keys with their values, in order.
  public var fields: [(key: String, value: String)] { storage.map { ($0.key, $0.value) } }

  private struct Field: Equatable {
    var key: String
    var value: String
  }

  private var storage: [Field]

  public init(_ text: String) {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    storage = text.utf8.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
      .compactMap { line in
        let line = line.drop(while: isBlank)
        let key = line.prefix { !isBlank($0) }
        guard let first = key.first, first != UInt8(ascii: "#") else { return nil }
        let value = String(decoding: line[key.endIndex...], as: UTF8.self).trimmingBlanks
        return Field(key: String(decoding: key, as: UTF8.self), value: String(value))
      }
    let values = { [storage] (key: String) in storage.filter { $0.key == key }.map(\.value) }
    title = values("title").first
    version = values("version").first
    linux = values("linux").first
    let options = values("options")
    self.options = options.isEmpty ? nil : options.joined(separator: " ")
  }

  /// The kernel's command line as GRUB's `blscfg` makes it: its variables put in, and `$default_kernelopts` where the entry
  /// has no options of its own.
  ///
  /// Source: `grub-core/commands/blscfg.c` of Red Hat's GRUB, which writes a `linux` line and has it run.
  func commandLine(_ variables: GrubVariables) -> (text: String, unset: [String]) {
    let line = options ?? "$default_kernelopts"
    var lexer = GrubLexer(line)
    let words = lexer.tokens().compactMap { token in
      if case .word(let word) = token.kind { word } else { nil }
    }
    let names = words.flatMap(\.parts).compactMap { if case .variable(let name, _) = $0 { name } else { nil } }
    let text = words.flatMap { $0.arguments { variables[$0] } }.map(GrubInterpreter.kernelWord)
    return (text.joined(separator: " "), names.filter { !variables.isSet($0) }.uniqued())
  }
}
