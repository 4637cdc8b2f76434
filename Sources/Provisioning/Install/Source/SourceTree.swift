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
  ///   - paths: the files in it, by their paths below it; others than those of ``isOfInterest(_:)`` may be left out.
  ///   - texts: the contents of ``files``.
  public static func read(
    _ name: String, paths: Set<String>, texts: [String: String]
  ) throws(SourceRefusal) -> SourceTree {
    let text = texts[versionFile] ?? texts[headerFile].flatMap(version(ofHeader:))
    guard let text else {
      let looksLikeDPDK = ["drivers/meson.build", "ABI_VERSION", "mk/rte.sdkinstall.mk"].contains(where: paths.contains)
      throw SourceRefusal(
        finding: looksLikeDPDK
          ? .sourceIncomplete(name, "'VERSION'")
          : Finding(
            "source.notDPDK", .blocker, subject: name, message: "is no tree of DPDK: 'VERSION' is not in it",
            remedy: "name the directory, or the tarball, that has 'VERSION' and 'meson.build' at its top"))
    }
    let version = String(text.trimmingBlanks)
    guard let release = release(ofVersion: version) else {
      throw SourceRefusal(
        finding: Finding(
          "source.notDPDK", .blocker, subject: name,
          message: "is no tree of DPDK: its 'VERSION' is no release of DPDK, but '\(version.prefix(40))'",
          remedy: "name a tree of DPDK"))
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
    var lacking = needed.filter { !paths.contains($0) }.map { "'\($0)'" }
    if tree.isBuiltByMeson, tree.mesonOptions.isEmpty { lacking.append("'\(optionsFile)'") }
    if !lacking.isEmpty { throw SourceRefusal(finding: .sourceIncomplete(name, lacking.joined(separator: ", "))) }
    return tree
  }

  /// Whether ``read(_:paths:texts:)`` looks for a file of this path.
  public static func isOfInterest(_ path: String) -> Bool {
    path.split(separator: "/").count <= 2 || driver(path) != nil || files.contains(path)
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
  fileprivate static func sourceIncomplete(_ name: String, _ lacking: String) -> Finding {
    Finding(
      "source.incomplete", .blocker, subject: name,
      message: "is a tree of DPDK that was cut short: \(lacking) is not in it",
      remedy: "unpack it again, or fetch it again")
  }
}
