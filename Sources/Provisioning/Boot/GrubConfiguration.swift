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

  private(set) var entries: [Entry] = []
  /// Whether it takes entries from `/boot/loader/entries`: the command `blscfg`.
  public private(set) var usesLoaderEntries = false
  /// Whether it only leads to another configuration, as the one on an EFI system partition does.
  public private(set) var isWrapper = false
  /// What does not fit together, with its line, and what the text relies on and is not there.
  public private(set) var problems: [String]
  /// The variables that `blscfg` puts into the entries.
  private(set) var entryVariables: GrubVariables?

  private var files: BootFiles
  private var variables: GrubVariables

  /// - Parameter path: in the host; GRUB's `$prefix` is its folder until the text sets another one.
  /// - Parameter files: what the text may ask for: environment blocks, paths that are there.
  public init(_ text: String, path: String, files: BootFiles = BootFiles()) {
    let script = GrubScript(text)
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    self.files = files
    problems = script.problems
    variables = GrubVariables(["prefix": folder, "config_directory": folder])
    isWrapper = Self.isWrapper(script.statements)
    run(script.statements, isCertain: true)
  }

  private struct Menu {
    var title: String
    /// Whether it is an entry, in which both branches of each condition are looked at.
    var isEntry: Bool
  }

  private mutating func run(_ statements: [GrubScript.Statement], isCertain: Bool, in menu: Menu? = nil) {
    for statement in statements {
      switch statement {
      case .function: break
      case .loop(let body): run(body, isCertain: false, in: menu)
      case .condition(let branches): run(branches, isCertain: isCertain, in: menu)
      case .command(let words, let block, let line):
        if let block {
          runMenu(words, block, isCertain: isCertain, line: line)
        } else {
          run(words, isCertain: isCertain, in: menu, line: line)
        }
      }
    }
  }

  private mutating func run(_ branches: [GrubScript.Branch], isCertain: Bool, in menu: Menu?) {
    var isCertain = isCertain
    for branch in branches {
      // An `else` without a test holds wherever it is reached.
      let isAsked = menu?.isEntry == true && !branch.test.isEmpty
      let holds = isAsked ? nil : GrubCondition(variables: variables, files: files).holds(branch)
      if holds == false { continue }
      if holds == nil { isCertain = false }
      run(branch.body, isCertain: isCertain, in: menu)
      if holds == true { return }
    }
  }

  private func arguments(_ words: [GrubWord]) -> [String] { words.flatMap { $0.arguments { variables[$0] } } }

  private mutating func runMenu(
    _ words: [GrubWord], _ block: [GrubScript.Statement], isCertain: Bool, line: Int
  ) {
    let arguments = arguments(words)
    let outer = variables
    switch arguments.first {
    case "menuentry":
      run(block, isCertain: isCertain, in: Menu(title: Self.title(arguments.dropFirst()), isEntry: true))
    case "submenu":
      variables = variables.inSubmenu
      run(block, isCertain: isCertain)
    case nil: run(block, isCertain: isCertain)
    case let command?: problems.append("line \(line): '\(command)' takes no block")
    }
    // What an entry sets is seen only after it was chosen.
    variables = outer
  }

  /// The first argument that is no option of `menuentry`, nor the value of one.
  private static func title(_ arguments: ArraySlice<String>) -> String {
    var rest = arguments
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--") else { return argument }
      if ["--class", "--users", "--hotkey", "--source", "--id"].contains(argument) { _ = rest.popFirst() }
    }
    return ""
  }

  private mutating func run(_ words: [GrubWord], isCertain: Bool, in menu: Menu?, line: Int) {
    let arguments = arguments(words)
    guard let command = arguments.first else { return }
    let rest = arguments.dropFirst()
    switch command {
    case "set": assign(rest, isCertain: isCertain)
    case "unset": for name in rest { variables.unset(name, isCertain: isCertain) }
    case "export": for name in rest { variables.export(name) }
    case "load_env": loadEnvironment(rest, isCertain: isCertain)
    case "linux", "linux16", "linuxefi": boot(rest, in: menu, line: line)
    case "blscfg":
      usesLoaderEntries = true
      if entryVariables == nil { entryVariables = variables }
    case "source", ".", "configfile", "extract_entries_source", "extract_entries_configfile":
      if !isWrapper, let path = rest.first, files.exists(path) == true {
        problems.append("line \(line): what '\(path)' adds is not looked at")
      }
    case "probe", "regexp", "search", "smbios", "rdmsr", "read", "gptprio.next":
      for name in Self.resultNames(rest) { variables.forget(name) }
      if command == "read", let name = rest.first { variables.forget(name) }
    // An assignment may stand alone.
    default: assign([command], isCertain: isCertain)
    }
  }

  private mutating func assign(_ arguments: ArraySlice<String>, isCertain: Bool) {
    guard let assignment = arguments.first, let equals = assignment.firstIndex(of: "=") else { return }
    let name = String(assignment[..<equals])
    variables.set(name, to: String(assignment[assignment.index(after: equals)...]), isCertain: isCertain)
  }

  /// The variables that a command puts its result into: `--set=name`, `--set name`, `-s name`.
  private static func resultNames(_ arguments: ArraySlice<String>) -> [String] {
    zip(arguments, arguments.dropFirst() + [""]).compactMap { argument, next in
      if argument.hasPrefix("--set=") { return String(argument.dropFirst("--set=".count)) }
      return argument == "--set" || argument == "-s" ? next : nil
    }
  }

  /// `load_env [-f FILE] [--skip-sig] [NAME…]`: `$prefix/grubenv` where no file is named, all names where none is.
  private mutating func loadEnvironment(_ arguments: ArraySlice<String>, isCertain: Bool) {
    var path = variables["prefix"] + "/grubenv"
    var names: Set<String> = []
    var rest = arguments
    while let argument = rest.popFirst() {
      if argument == "-f" || argument == "--file" {
        path = rest.popFirst() ?? path
      } else if argument.hasPrefix("--file=") {
        path = String(argument.dropFirst("--file=".count))
      } else if !argument.hasPrefix("-") {
        names.insert(argument)
      }
    }
    guard let (_, text) = files.environment(path) else {
      variables.isIncomplete = true
      return
    }
    guard let block = GrubEnvironmentBlock(text) else {
      problems.append("\(path) is no environment block")
      return
    }
    for (name, value) in block.variables where names.isEmpty || names.contains(name) {
      variables.set(name, to: value, isCertain: isCertain)
    }
  }

  private mutating func boot(_ arguments: ArraySlice<String>, in menu: Menu?, line: Int) {
    guard let file = arguments.first else {
      problems.append("line \(line): no kernel is named")
      return
    }
    // Other programs are made to look like a kernel, so that a BIOS can start them.
    let name = file.split(separator: "/").last ?? ""
    guard !["memtest", "ipxe"].contains(where: name.hasPrefix) else { return }
    let words = arguments.dropFirst().map(Self.kernelWord)
    entries.append(
      Entry(title: menu?.title ?? file, kernelFile: file, commandLine: words.joined(separator: " ")))
  }

  /// An argument as GRUB writes it into the command line: quoted where it has spaces, quotes and backslashes escaped.
  ///
  /// Source: `grub_create_loader_cmdline` in `grub-core/lib/cmdline.c`.
  static func kernelWord(_ argument: String) -> String {
    var word = ""
    for scalar in argument.unicodeScalars {
      if ["\\", "'", "\""].contains(scalar) { word.unicodeScalars.append("\\") }
      word.unicodeScalars.append(scalar)
    }
    return argument.utf8.contains(UInt8(ascii: " ")) ? "\"\(word)\"" : word
  }

  /// What leads to another configuration, and what only finds the way there.
  private static let wayCommands: Set<String> = [
    "set", "export", "unset", "search", "search.fs_uuid", "search.file", "search.fs_label", "insmod", "echo", "probe",
    "regexp",
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
