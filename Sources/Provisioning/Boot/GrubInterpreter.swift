/// Runs a script of GRUB as far as its text tells what it does.
struct GrubInterpreter {
  private(set) var entries: [GrubConfiguration.Entry] = []
  private(set) var problems: [String] = []
  /// The variables at the first `blscfg`.
  private(set) var entryVariables: GrubVariables?

  private let files: BootFiles
  /// Whether it is known already that the script leads to another one.
  private let leadsAway: Bool
  private var variables: GrubVariables

  init(files: BootFiles, folder: String, leadsAway: Bool) {
    self.files = files
    self.leadsAway = leadsAway
    variables = GrubVariables(["prefix": folder, "config_directory": folder])
  }

  /// What an item of the menu will run when it is chosen.
  private enum Item {
    case entry(title: String, [GrubScript.Statement])
    case submenu([GrubScript.Statement])
  }

  /// The items of the menu that is being read.
  private var items: [Item] = []

  /// Runs what makes a menu, and then each of its items: they see what was set behind them, too, and nothing of each other.
  mutating func runMenu(_ statements: [GrubScript.Statement]) {
    let outerItems = items
    items = []
    run(statements, isCertain: true)
    let (items, variables) = (items, variables)
    for item in items {
      switch item {
      case .entry(let title, let statements): run(statements, isCertain: true, in: title)
      case .submenu(let statements):
        self.variables = variables.inSubmenu
        runMenu(statements)
      }
      self.variables = variables
    }
    self.items = outerItems
  }

  /// - Parameter entry: the title of the entry that the statements are of.
  private mutating func run(_ statements: [GrubScript.Statement], isCertain: Bool, in entry: String? = nil) {
    for statement in statements {
      switch statement {
      case .function: break
      case .loop(let body): run(body, isCertain: false, in: entry)
      case .condition(let branches): run(branches, isCertain: isCertain, in: entry)
      case .command(let words, let block, let line):
        if let block {
          addItem(words, block, isCertain: isCertain, in: entry, line: line)
        } else {
          run(words, isCertain: isCertain, in: entry, line: line)
        }
      }
    }
  }

  private mutating func run(_ branches: [GrubScript.Branch], isCertain: Bool, in entry: String?) {
    var isCertain = isCertain
    for branch in branches {
      // An `else` without a test holds wherever it is reached.
      let isAsked = entry != nil && !branch.test.isEmpty
      let holds = isAsked ? nil : GrubCondition(variables: variables, files: files).holds(branch)
      if holds == false { continue }
      if holds == nil { isCertain = false }
      run(branch.body, isCertain: isCertain, in: entry)
      if holds == true { return }
    }
  }

  private func arguments(_ words: [GrubWord]) -> [String] { words.flatMap { $0.arguments { variables[$0] } } }

  private mutating func addItem(
    _ words: [GrubWord], _ block: [GrubScript.Statement], isCertain: Bool, in entry: String?, line: Int
  ) {
    let arguments = arguments(words)
    switch arguments.first {
    case "menuentry": items.append(.entry(title: Self.title(arguments.dropFirst()), block))
    case "submenu": items.append(.submenu(block))
    case nil: run(block, isCertain: isCertain, in: entry)
    case let command?: problems.append("line \(line): '\(command)' takes no block")
    }
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

  private mutating func run(_ words: [GrubWord], isCertain: Bool, in entry: String?, line: Int) {
    let arguments = arguments(words)
    guard let command = arguments.first else { return }
    let rest = arguments.dropFirst()
    switch command {
    case "set": assign(rest, isCertain: isCertain)
    case "unset": for name in rest { variables.unset(name, isCertain: isCertain) }
    case "export": for name in rest { variables.export(name) }
    case "load_env": loadEnvironment(rest, isCertain: isCertain)
    case "linux", "linux16", "linuxefi": boot(rest, in: entry, line: line)
    case "blscfg":
      if entryVariables == nil { entryVariables = variables }
    case "source", ".", "configfile", "extract_entries_source", "extract_entries_configfile":
      if !leadsAway, let path = rest.first, files.exists(path) == true {
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

  private mutating func boot(_ arguments: ArraySlice<String>, in entry: String?, line: Int) {
    guard let file = arguments.first else {
      problems.append("line \(line): no kernel is named")
      return
    }
    // Other programs are made to look like a kernel, so that a BIOS can start them.
    let name = file.split(separator: "/").last ?? ""
    guard !["memtest", "ipxe"].contains(where: name.hasPrefix) else { return }
    let words = arguments.dropFirst().map(Self.kernelWord)
    entries.append(
      GrubConfiguration.Entry(title: entry ?? file, kernelFile: file, commandLine: words.joined(separator: " ")))
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
}
