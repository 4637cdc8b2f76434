/// A change of the boot configuration as one value: what is written, what is run, and what must come out.
///
/// It is made wholly or not at all.
public struct BootChange: Codable, Equatable, Sendable {
  /// By which the generated configuration is made.
  public enum Method: Codable, Equatable, Sendable {
    /// `grub-mkconfig`: settings are written, and each of the outputs is generated beside, proven, and put in place.
    case grubMkconfig(outputs: [String])
    /// A tool that changes the entries in place (`grubby`, `sdbootutil`); these files and folders are what it may change.
    case tool(changes: [String])
  }

  /// The words for the kernel command line, in order.
  public var arguments: [String]
  /// Where they are written: a file, or the folder of entries that the tool changes.
  public var settingsPath: String
  /// The new text of ``settingsPath``; nil where the tool writes it.
  public var settings: String?
  /// What is run, in order: absolute path and arguments, as the user would type it.
  public var commands: [[String]]
  /// What takes the arguments out again, where the settings alone do not.
  public var undoing: [[String]]
  public var method: Method

  public init(
    arguments: [String], settingsPath: String, settings: String?, commands: [[String]], undoing: [[String]] = [],
    method: Method
  ) {
    self.arguments = arguments
    self.settingsPath = settingsPath
    self.settings = settings
    self.commands = commands
    self.undoing = undoing
    self.method = method
  }
}

extension BootChange {
  /// The settings without what we put into them; nil where nothing of them is left.
  ///
  /// - Parameter before: what was there first; nil where nothing was.
  public func settingsWithoutOurs(_ text: String, before: String?) -> String? {
    switch settingsPath {
    case BootWay.dropInPath: return before
    case BootWay.defaultsPath: return GrubDefaults(text).removingArguments.text
    // Written for us alone, from what the kernel got at that time.
    default: return before == nil ? nil : KernelCommandLine(text).removing(arguments).description + "\n"
    }
  }

  /// Whether a tool changes the entries where they stand, and not beside them.
  public var isInPlace: Bool { if case .tool = method { true } else { false } }

  /// Whether a tool makes the entries from settings that we write, as sdbootutil does.
  public var isToolFromSettings: Bool { isInPlace && settings != nil }
}
