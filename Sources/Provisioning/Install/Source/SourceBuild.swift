/// How a tree of DPDK is built and installed: each step as the words of one command, with nothing for a shell to read.
public struct SourceBuild: Equatable, Sendable {
  public var tree: SourceTree
  public var paths: SourcePaths
  public var tools: SourceTools
  /// `uname -m`.
  public var machine: String
  public var jobs: Int
  /// The drivers that meson builds; nil for all. By make, all that are switched on in the tree are built, and those of
  /// Mellanox.
  public var drivers: [String]?

  public init(
    _ tree: SourceTree, _ paths: SourcePaths, tools: SourceTools = SourceTools(), machine: String, jobs: Int,
    drivers: [String]?
  ) {
    self.tree = tree
    self.paths = paths
    self.tools = tools
    self.machine = machine
    self.jobs = jobs
    self.drivers = drivers
  }

  /// For each job that much memory: what the largest files of the drivers take to be compiled.
  public static func jobs(cores: Int, availableKilobytes: UInt64?) -> Int {
    let byMemory = availableKilobytes.map { Int(clamping: $0 / (1536 * 1024)) } ?? 1
    return max(1, min(cores, byMemory))
  }

  /// Unpacks, where there is a tarball.
  public var unpack: SourceStep? {
    paths.tarball.map {
      SourceStep(
        "unpack", [tools.tar, "--extract", "--file", $0, "--directory", paths.unpacked, "--no-same-owner"])
    }
  }

  /// Configures; after it is known which drivers will not come out.
  public var configure: [SourceStep] {
    guard !tree.isBuiltByMeson else {
      return [SourceStep("configure", [tools.meson, "setup", paths.build, paths.source] + mesonOptions)]
    }
    return [
      SourceStep("configure", make + ["config", "T=\(makeTarget)"]),
      // As DPDK's own guides change what is built; all programs of ours are linked to shared libraries.
      SourceStep("choose drivers", [tools.sed, "-i", "-E", edits, "\(paths.build)/.config"]),
    ]
  }

  public var compile: SourceStep {
    SourceStep(
      "compile", tree.isBuiltByMeson ? [tools.ninja, "-C", paths.build, "-j", "\(jobs)"] : make + ["-j", "\(jobs)"])
  }

  /// Puts what was built where it can be looked at, with nothing of the host touched.
  public var stage: SourceStep { install("collect", into: paths.stage) }

  /// Puts it where it belongs, and tells the loader, where that is this host.
  public var install: [SourceStep] {
    [install("install", into: paths.destination)]
      + (paths.destination.isEmpty ? [SourceStep("tell the loader", [tools.ldconfig])] : [])
  }

  public var steps: [SourceStep] { [unpack].compactMap(\.self) + configure + [compile, stage] + install }

  /// What keeps make, before 20.11, from this build: its recipes hand paths to a shell as they are.
  public var findings: [Finding] {
    guard !tree.isBuiltByMeson else { return [] }
    let paths = [self.paths.source, self.paths.destination]
    return paths.filter { $0.contains { !($0.isASCII && ($0.isLetter || $0.isNumber || "/._+-@,".contains($0))) } }.map
    {
      Finding(
        Finding.sourcePathUnsuitableID, .blocker, subject: $0,
        message: "DPDK \(tree.version) is built by make, which takes letters, digits and '/._+-@,' in a path alone",
        remedy: "take a path without others")
    }
  }

  private func install(_ title: String, into directory: String) -> SourceStep {
    SourceStep(
      title,
      tree.isBuiltByMeson
        ? [tools.env, "DESTDIR=\(directory)", tools.ninja, "-C", paths.build, "install"]
        : make + ["install", "DESTDIR=\(directory)", "prefix=\(paths.prefix)"])
  }

  private var mesonOptions: [String] {
    var words = ["--prefix", paths.prefix, "--buildtype", "release", "--default-library", "shared"]
    func set(_ option: String, _ value: String) { words.append("-D\(option)=\(value)") }
    let has = tree.mesonOptions.contains
    // It is to run on every size of machine, not on this one alone; 'platform' came with 21.02.
    if has("platform") { set("platform", "generic") } else { set("machine", "default") }
    if let drivers {
      // Which drivers are wanted can be said since 21.05; before, which are not.
      if has("enable_drivers") {
        set("enable_drivers", drivers.joined(separator: ","))
      } else {
        set("disable_drivers", tree.drivers.subtracting(drivers).sorted().joined(separator: ","))
      }
    }
    // testpmd is what others measure with.
    if has("enable_apps") { set("enable_apps", "test-pmd") }
    if has("enable_kmods") { set("enable_kmods", "false") }
    if has("tests") { set("tests", "false") }
    return words
  }

  private var make: [String] { [tools.make, "-C", paths.source, "O=\(paths.build)"] }

  /// Of two names for the same, the newer: `linuxapp` was called so up to 19.02.
  private var makeTarget: String {
    let machine = ["aarch64": "arm64-armv8a", "ppc64le": "ppc_64-power8"][machine] ?? "\(machine)-native"
    let names = ["\(machine)-linux-gcc", "\(machine)-linuxapp-gcc"]
    return names.first(where: tree.makeTargets.contains) ?? names[1]
  }

  private var edits: String {
    let machine = machine == "x86_64" ? [("RTE_MACHINE", "\"default\"")] : []
    let settings = machine + Self.makeSettings.map { ($0, "y") } + Self.kernelModules.map { ($0, "n") }
    return settings.map { "s/^CONFIG_\($0.0)=.*/CONFIG_\($0.0)=\($0.1)/" }.joined(separator: ";")
  }

  /// Source: `config/common_base` and `config/common_linux` of 18.11 and 19.11.
  private static let makeSettings = [
    "RTE_BUILD_SHARED_LIB", "RTE_LIBRTE_MLX4_PMD", "RTE_LIBRTE_MLX5_PMD", "RTE_LIBRTE_VMBUS",
    "RTE_LIBRTE_NETVSC_PMD", "RTE_LIBRTE_VDEV_NETVSC_PMD", "RTE_LIBRTE_PMD_FAILSAFE", "RTE_LIBRTE_PMD_TAP",
    "RTE_LIBRTE_PMD_AF_PACKET", "RTE_LIBRTE_PMD_MEMIF", "RTE_LIBRTE_PMD_NULL", "RTE_LIBRTE_PMD_RING",
  ]
  /// They need a kernel's headers, and nothing here needs them.
  private static let kernelModules = ["RTE_EAL_IGB_UIO", "RTE_KNI_KMOD"]
}

/// One command of a build.
public struct SourceStep: Equatable, Sendable {
  /// What it does, in a word or three.
  public var title: String
  public var command: [String]

  public init(_ title: String, _ command: [String]) {
    self.title = title
    self.command = command
  }

  /// The name of the program that works: of `env DESTDIR=… ninja`, `ninja`.
  public var program: String {
    let path = command.first { !$0.hasSuffix("/env") && !$0.contains("=") } ?? command[0]
    return path.split(separator: "/").last.map(String.init) ?? path
  }
}

/// Where a build takes place.
public struct SourcePaths: Equatable, Sendable {
  /// Nil where the tree was given unpacked.
  public var tarball: String?
  public var source: String
  /// The directory of this program that holds all the others, and the log.
  public var work: String
  /// `DESTDIR`; empty for this host itself.
  public var destination: String
  public var prefix: String

  public init(
    tarball: String? = nil, source: String, work: String, destination: String = "", prefix: String = "/usr/local"
  ) {
    self.tarball = tarball
    self.source = source
    self.work = work
    self.destination = destination
    self.prefix = prefix
  }

  public var unpacked: String { "\(work)/tree" }
  public var build: String { "\(work)/build" }
  public var stage: String { "\(work)/stage" }
  public var temporary: String { "\(work)/tmp" }
  public var log: String { "\(work)/build.log" }
}

extension Finding {
  static let sourcePathUnsuitableID = "source.pathUnsuitable"
}
