/// What forbids the loading of modules: lines of modprobe.d and the kernel command line.
///
/// Source: `modprobe.d(5)`, `kernel-parameters.txt`. The order of the files matters, as the first `install` line of a
/// module counts.
public struct ModuleDenials: Equatable, Sendable {
  private var denials: [String: String] = [:]
  private var installed: Set<String> = []

  public init() {}

  /// Why the module must not be loaded: `/etc/modprobe.d/ib.conf: blacklist mlx4_ib`; nil when nothing forbids it.
  public subscript(module: String) -> String? { denials[KernelModule.canonicalName(module)] }

  /// Reads one file of modprobe.d: `blacklist NAME`, and `install NAME COMMAND` with a command that loads nothing.
  public mutating func add(modprobe text: String, path: String) {
    // A backslash at the end continues the line.
    for line in text.split(separator: "\\\n", omittingEmptySubsequences: false).joined(separator: " ")
      .split(separator: "\n")
    {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard words.count >= 2 else { continue }
      let name = KernelModule.canonicalName(words[1])
      let reason = "\(path): \(words.joined(separator: " "))"
      switch words[0] {
      case "blacklist":
        deny(name, reason)
      case "install":
        guard installed.insert(name).inserted else { continue }
        if Self.loadsNothing(command: words.dropFirst(2).joined(separator: " ")) { deny(name, reason) }
      default: continue
      }
    }
  }

  /// Reads `module_blacklist=`, which the kernel obeys, and `modprobe.blacklist=`, which modprobe does.
  public mutating func add(commandLine: String) {
    for argument in commandLine.split(whereSeparator: \.isWhitespace) {
      let parts = argument.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, parts[0] == "module_blacklist" || parts[0] == "modprobe.blacklist" else { continue }
      for name in parts[1].split(separator: ",") {
        deny(KernelModule.canonicalName(name), "kernel command line: \(argument)")
      }
    }
  }

  private mutating func deny(_ name: String, _ reason: String) {
    if denials[name] == nil { denials[name] = reason }
  }

  /// Whether an `install` command only stands there to forbid: `/bin/false`, `/bin/true`, `:`, `exit 1`.
  public static func loadsNothing(command: String) -> Bool {
    let words = command.split(whereSeparator: \.isWhitespace)
    guard let program = words.first?.split(separator: "/").last else { return false }
    return words.count == 1 ? ["false", "true", ":", "exit"].contains(program) : words.count == 2 && program == "exit"
  }

  /// The files of modprobe.d that count, in the order in which they are read.
  ///
  /// A file hides those of the same name in later directories; what remains is read sorted by name. Only `.conf` counts.
  ///
  /// - Parameter listings: directories with the names in them, the most important first.
  public static func files(in listings: [(directory: String, names: [String])]) -> [String] {
    var paths: [String: String] = [:]
    for (directory, names) in listings {
      for name in names where name.hasSuffix(".conf") && paths[name] == nil { paths[name] = "\(directory)/\(name)" }
    }
    return paths.sorted { $0.key < $1.key }.map(\.value)
  }
}
