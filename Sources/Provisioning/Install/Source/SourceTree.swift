/// A tree of DPDK's source, as far as building it depends on it: what it has decides, and nothing is guessed of a release.
public struct SourceTree: Equatable, Sendable {
  /// As the tree says it: `22.11.11`, `24.11.0-rc1`.
  public var version: String
  public var release: DottedNumber
  /// The names of what `meson setup` can be told.
  public var mesonOptions: Set<String>
  /// Directories of drivers below `drivers`: `net/mlx5`, `bus/vmbus`.
  public var drivers: Set<String>
  /// Configurations that make knows: `x86_64-native-linux-gcc`.
  public var makeTargets: Set<String>

  public init(
    version: String, release: DottedNumber, mesonOptions: Set<String> = [], drivers: Set<String> = [],
    makeTargets: Set<String> = []
  ) {
    self.version = version
    self.release = release
    self.mesonOptions = mesonOptions
    self.drivers = drivers
    self.makeTargets = makeTargets
  }

  /// From 20.11 on there is no make any more.
  public var isBuiltByMeson: Bool { release >= Self.firstByMesonAlone }

  /// The oldest that is built: the first long-term release that the failsafe PMD is asked for of.
  static let oldest = DottedNumber(numbers: [18, 11])
  private static let firstByMesonAlone = DottedNumber(numbers: [20, 11])

  /// The files below the tree that are read, where they are there.
  public static let files = [versionFile, headerFile, optionsFile, newOptionsFile]
  private static let versionFile = "VERSION"
  // Before 19.05 the version was in this alone.
  private static let headerFile = "lib/librte_eal/common/include/rte_version.h"
  private static let optionsFile = "meson_options.txt"
  private static let newOptionsFile = "meson.options"
}

extension SourceTree {
  /// Reads a tree, or says why it cannot be built.
  ///
  /// - Parameters:
  ///   - name: what it is called in messages.
  ///   - paths: the files in it, by their paths below it; only those at the top, and those of drivers, matter.
  ///   - texts: the contents of ``files``.
  public static func read(
    _ name: String, paths: Set<String>, texts: [String: String]
  ) throws(SourceRefusal) -> SourceTree {
    let text = texts[versionFile] ?? texts[headerFile].flatMap(version(ofHeader:))
    guard let text else {
      let looksLikeDPDK = ["drivers/meson.build", "ABI_VERSION", "mk/rte.sdkinstall.mk"].contains(where: paths.contains)
      throw SourceRefusal(
        finding: looksLikeDPDK
          ? .sourceIncomplete(name, "it is without 'VERSION'")
          : .notDPDK(name, "'VERSION' is not in it"))
    }
    let version = String(text.trimmingBlanks)
    guard let release = release(ofVersion: version) else {
      throw SourceRefusal(
        finding: .notDPDK(name, "its 'VERSION' is no release of DPDK, but '\(version.prefix(40))'"))
    }
    guard release >= oldest else {
      throw SourceRefusal(
        finding: Finding(
          "dpdk.tooOld", .blocker, subject: name, message: "requires \(oldest), is \(version)",
          remedy: "take a newer tree: 22.11 has the netvsc and MANA PMDs as Azure needs them"))
    }
    var tree = SourceTree(version: version, release: release)
    tree.drivers = Set(paths.compactMap(driver))
    tree.mesonOptions = Set([optionsFile, newOptionsFile].flatMap { mesonOptions(texts[$0] ?? "") })
    tree.makeTargets = Set(paths.compactMap(makeTarget))
    let needed =
      tree.isBuiltByMeson
      ? ["meson.build", "config/meson.build", "lib/meson.build", "drivers/meson.build"]
      : ["GNUmakefile", "mk/rte.sdkinstall.mk", "config/common_base"]
    let lacking = needed.filter { !paths.contains($0) }.map { "'\($0)'" }
    if !lacking.isEmpty {
      throw SourceRefusal(finding: .sourceIncomplete(name, "it is without " + lacking.joined(separator: ", ")))
    }
    if tree.isBuiltByMeson, tree.mesonOptions.isEmpty {
      throw SourceRefusal(finding: .sourceIncomplete(name, "it is without '\(optionsFile)', or that names no option"))
    }
    return tree
  }

  /// The one directory that an archive of a release has at its top, and what lies below it.
  ///
  /// The name of the directory becomes a word of a command, and part of a path: one that begins with a dash, or leads out,
  /// is refused.
  ///
  /// - Parameters:
  ///   - name: what the archive is called in messages.
  ///   - listing: what `tar --list` prints, a name a line.
  /// - Returns: the files' paths below the directory.
  public static func entries(
    of name: String, listing: String
  ) throws(SourceRefusal) -> (top: String, paths: Set<String>) {
    let names = listing.split(separator: "\n")
    let tops = Set(names.map { $0.prefix { $0 != "/" } })
    guard let top = tops.first, tops.count == 1, !top.isEmpty, !top.hasPrefix("-"), top != ".." else {
      throw SourceRefusal(
        finding: .notDPDK(
          name,
          tops.count > 1 ? "it has more than one directory or file at its top" : "it has no directory at its top"))
    }
    let paths = names.map { $0.dropFirst(top.count + 1) }.filter { !$0.isEmpty && !$0.hasSuffix("/") }
    return (String(top), Set(paths.map(String.init)))
  }

  /// `22.11` of `22.11.11` and of `22.11.0-rc1`; nil for what is no release of DPDK.
  static func release(ofVersion text: String) -> DottedNumber? {
    let number = text.prefix { $0 != "-" && $0 != "~" && $0 != "+" }
    guard let dotted = DottedNumber(number), (2...4).contains(dotted.numbers.count),
      (1...12).contains(dotted.numbers[1]),
      number.split(separator: ".")[1].count == 2
    else { return nil }
    return DottedNumber(numbers: Array(dotted.numbers.prefix(2)))
  }

  /// `18.11.2` of the macros in `rte_version.h`.
  static func version(ofHeader text: String) -> String? {
    var values: [Substring: Int] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == "\t" }
      if words.count == 3, words[0] == "#define", let value = Int(words[2]) { values[words[1]] = value }
    }
    guard let year = values["RTE_VER_YEAR"], let month = values["RTE_VER_MONTH"] else { return nil }
    return "\(year).\(month < 10 ? "0" : "")\(month).\(values["RTE_VER_MINOR"] ?? 0)"
  }

  /// The first word of each `option('…', …)`.
  static func mesonOptions(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
      return parts.count == 3 && parts[0].trimmingBlanks == "option(" ? String(parts[1]) : nil
    }
  }

  private static func driver(_ path: String) -> String? {
    let parts = path.split(separator: "/")
    guard parts.count == 4, parts[0] == "drivers", ["meson.build", "Makefile"].contains(parts[3]) else { return nil }
    return "\(parts[1])/\(parts[2])"
  }

  private static func makeTarget(_ path: String) -> String? {
    let prefix = "config/defconfig_"
    return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : nil
  }
}

/// Why a tree cannot be built.
public struct SourceRefusal: Error, Equatable {
  public var finding: Finding
}

extension Finding {
  static let notDPDKID = "source.notDPDK"
  static let sourceIncompleteID = "source.incomplete"

  fileprivate static func sourceIncomplete(_ name: String, _ lacking: String) -> Finding {
    Finding(
      sourceIncompleteID, .blocker, subject: name,
      message: "is a tree of DPDK that was cut short: \(lacking)", remedy: "unpack it again, or fetch it again")
  }

  fileprivate static func notDPDK(_ name: String, _ reason: String) -> Finding {
    Finding(
      notDPDKID, .blocker, subject: name, message: "is no tree of DPDK: \(reason)",
      remedy: "name the directory, or the tarball, that has 'VERSION' and 'meson.build' at its top")
  }
}
