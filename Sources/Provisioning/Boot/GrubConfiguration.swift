/// What a configuration of GRUB offers, as far as its text tells.
///
/// Source: the GRUB manual, "Simple configuration handling" and "The list of commands". Functions are not run. Where a
/// condition cannot be told, both of its branches are looked at; within an entry that is true of all conditions, as what
/// they ask about (`initrdfail`, `recordfail`) changes from boot to boot.
public struct GrubConfiguration: Equatable, Sendable {
  /// A line that boots a kernel.
  struct Entry: Equatable, Sendable {
    var title: String
    /// The kernel's file as GRUB names it.
    var kernelFile: String
    var commandLine: String
  }

  let entries: [Entry]
  /// Whether it takes entries from `/boot/loader/entries`: the command `blscfg`.
  public var usesLoaderEntries: Bool { entryVariables != nil }
  /// Whether it only leads to another configuration, as the one on an EFI system partition does.
  public let isWrapper: Bool
  /// What does not fit together, with its line, and what the text relies on and is not there.
  public let problems: [String]
  /// The variables that `blscfg` puts into the entries; nil where the text has no such command.
  let entryVariables: GrubVariables?

  /// - Parameter path: in the host; GRUB's `$prefix` is its folder until the text sets another one.
  /// - Parameter files: what the text may ask for: environment blocks, paths that are there.
  public init(_ text: String, path: String, files: BootFiles = BootFiles()) {
    let script = GrubScript(text)
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    isWrapper = Self.isWrapper(script.statements)
    var interpreter = GrubInterpreter(files: files, folder: folder, leadsAway: isWrapper)
    interpreter.runMenu(script.statements)
    entries = interpreter.entries
    entryVariables = interpreter.entryVariables
    problems = script.problems + interpreter.problems
  }

  /// What leads to another configuration, and what only finds the way there.
  private static let wayCommands: Set<String> = [
    "set", "export", "unset", "search", "search.fs_uuid", "search.file", "search.fs_label", "insmod", "echo", "probe",
    "regexp", "boot",
  ]
  private static let leadCommands: Set<String> = ["configfile", "source", ".", "normal"]

  private static func isWrapper(_ statements: [GrubScript.Statement]) -> Bool {
    guard let commands = commands(statements) else { return false }
    return commands.allSatisfy { wayCommands.contains($0) || leadCommands.contains($0) }
      && commands.contains { leadCommands.contains($0) }
  }

  /// The names of all commands; nil where there is a menu, a function or a loop.
  private static func commands(_ statements: [GrubScript.Statement]) -> [String]? {
    var names: [String] = []
    for statement in statements {
      switch statement {
      case .command(let words, block: nil, _): names.append(words.first?.keyword ?? "")
      case .condition(let branches):
        for branch in branches {
          guard let inner = commands(branch.body) else { return nil }
          names += inner
        }
      case .command, .function, .loop: return nil
      }
    }
    return names
  }
}
