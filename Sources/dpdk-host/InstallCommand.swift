import ArgumentParser
import Glibc
import LinuxHost
import Provisioning
import SystemPackage

struct InstallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install",
    abstract: "Installs DPDK and what it depends on.",
    discussion: """
      From the packages of this distribution: DPDK with its PMDs, rdma-core with its \
      providers, and the kernel modules that are in packages of their own. What is there \
      already is not touched. Nothing is asked, and a package manager that is busy is \
      waited for. What was added is in the journal, and 'revert --packages' takes it \
      away. A run that was cut short is finished by the next one. Needs root, but for \
      --dry-run.

      --from-source builds a tree of DPDK, unpacked or packed: from 20.11 on by meson and \
      ninja, 18.11 to 20.08 by make. It has the drivers of Azure's NICs and the virtual ones, \
      which are looked for in the result before anything is installed, below /usr/local or, \
      with --destdir, below a directory of its own. The log of the build stays in \
      /var/cache/dpdk-host/source. 'revert --packages' takes away what came to /usr/local, and \
      the packages that this command added.

      EXAMPLES
        dpdk-host install --dry-run
        sudo dpdk-host install
        sudo dpdk-host install --build-packages
        sudo dpdk-host install --from-source dpdk-22.11.11.tar.xz
        sudo dpdk-host install --from-source ./dpdk --destdir /srv/stage
        sudo dpdk-host install --from-source ./dpdk --driver net/virtio
        sudo dpdk-host revert --packages
      """)

  @OptionGroup var options: ProfileOptions

  @Flag(help: "Print the commands, and run none.")
  var dryRun = false

  @Flag(help: "Install also what building DPDK from source needs.")
  var buildPackages = false

  @Option(help: ArgumentHelp("Build DPDK from a source tree, or from a tarball of one.", valueName: "dir|tarball"))
  var fromSource: String?

  @Option(help: ArgumentHelp("With --from-source: install below this directory.", valueName: "dir"))
  var destdir: String?

  @Option(
    help: ArgumentHelp(
      "With --from-source: build this driver, too; may be repeated.",
      discussion: "A directory below drivers/: net/virtio.",
      valueName: "class/name"))
  var driver: [String] = []

  @Option(help: ArgumentHelp("With --from-source: compile so many files at once.", valueName: "n"))
  var jobs: Int?

  @OptionGroup var lock: PackageLockOptions

  func validate() throws {
    guard let fromSource else {
      for (name, isGiven) in [("--destdir", destdir != nil), ("--driver", !driver.isEmpty), ("--jobs", jobs != nil)]
      where isGiven { throw ValidationError("\(name) is for --from-source") }
      return
    }
    if buildPackages { throw ValidationError("--build-packages comes before --from-source: run one after the other") }
    if fromSource.isEmpty { throw ValidationError("--from-source names no directory and no tarball") }
    if destdir?.isEmpty ?? false { throw ValidationError("--destdir names no directory") }
    if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs \(jobs) is no number of jobs: 1 to 1024") }
    for driver in driver where !isDriver(driver) {
      throw ValidationError("--driver '\(driver)' is no driver: say CLASS/NAME, such as net/virtio")
    }
  }

  func run() async throws {
    if !dryRun { try requireRoot(for: "install") }
    let inputs = try Inputs(options)
    var report = Report(command: "install", profile: inputs.profile.name)
    report.options = inputs.optionWords
    if let fromSource { return try await build(fromSource, inputs, report) }
    let kernels = gatherInterfaces(for: inputs.profile).kernel.installed
    let progress = PackageProgress()
    do throws(HostError) {
      let outcome = try await install(
        inputs.requirements, toBuild: buildPackages, isDryRun: dryRun, waitingForLock: lock.seconds
      ) { progress.show($0) }
      progress.end()
      report.failure = outcome.failure?.description
      report.findings = outcome.findings
      report.packages = outcome.manager.map {
        PackageReport(
          manager: $0, dryRun: dryRun, missing: outcome.missing, commands: outcome.commands, added: outcome.added,
          failed: outcome.failed)
      }
    } catch {
      progress.end()
      report.failure = error.description
    }
    let isDone = report.failure == nil && !report.findings.contains { $0.severity == .blocker }
    // Of a dry run it is not known yet what its packages bring.
    if !dryRun || isDone && report.packages?.missing.isEmpty ?? false {
      let facts = gatherInterfaces(for: inputs.profile, dpdk: gatherInstalledDPDK())
      // Also where a later command failed: the next run finds this kernel there.
      report.findings += planNewKernels(before: kernels, after: facts.kernel.installed, running: facts.kernel.running)
      // What packages could not bring.
      if isDone { report.findings += planDPDK(inputs.profile, on: facts, afterInstall: !dryRun) }
    }
    report.findings = waive(options.waived, in: report.findings).findings
    try finish(report, options.format, waived: options.waived)
  }

  private func build(_ source: String, _ inputs: Inputs, _ empty: Report) async throws {
    var report = empty
    // Whoever's it was: what is installed is for all to run.
    umask(0o022)
    let progress = PackageProgress()
    let destination = destdir.map(absolute) ?? ""
    let request = SourceRequest(
      source: source, destination: destination, drivers: driver, jobs: jobs, profile: inputs.profile,
      waived: Set(options.waived))
    let outcome = await installFromSource(request, isDryRun: dryRun, waitingForLock: lock.seconds) {
      progress.show($0)
    }
    report.findings = outcome.findings
    report.source = outcome.report
    report.failure = outcome.failure?.description
    progress.end()
    report.findings = waive(options.waived, in: report.findings).findings
    if !dryRun, destination.isEmpty, report.verdict == .ready {
      report.findings += planDPDK(
        inputs.profile, on: gatherInterfaces(for: inputs.profile, dpdk: gatherInstalledDPDK()))
    }
    try finish(report, options.format, waived: options.waived)
  }

  /// Empty for '/', which is this host itself.
  private func absolute(_ path: String) -> String {
    let path = FilePath(path).isAbsolute ? FilePath(path) : currentDirectory().pushing(FilePath(path))
    let normal = path.lexicallyNormalized().string
    return normal == "/" ? "" : normal
  }

  private func currentDirectory() -> FilePath {
    guard let pointer = getcwd(nil, 0) else { return "/" }
    defer { free(pointer) }
    return FilePath(String(cString: pointer))
  }

  /// It becomes part of a list with commas, in which a star means all.
  private func isDriver(_ word: String) -> Bool {
    let parts = word.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { part in
        !part.isEmpty && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      }
  }
}

/// For those who use the package manager.
struct PackageLockOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Wait this long for another dpdk-host, and for a package manager that is busy.", discussion: "Default: 300.",
      valueName: "seconds"))
  var waitForLock: Int?

  var seconds: Int { waitForLock ?? 300 }

  func validate() throws {
    guard let waitForLock, !(0...3600).contains(waitForLock) else { return }
    throw ValidationError("--wait-for-lock \(waitForLock) is no time to wait: 0 to 3600 seconds")
  }
}
