import ArgumentParser
import LinuxHost
import Provisioning

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

      EXAMPLES
        dpdk-host install --dry-run
        sudo dpdk-host install
        sudo dpdk-host install --build-packages
        sudo dpdk-host revert --packages
      """)

  @OptionGroup var options: ProfileOptions

  @Flag(help: "Print the commands, and run none.")
  var dryRun = false

  @Flag(help: "Install also what building DPDK from source needs.")
  var buildPackages = false

  @OptionGroup var lock: PackageLockOptions

  func run() async throws {
    if !dryRun { try requireRoot(for: "install") }
    let inputs = try Inputs(options)
    var report = Report(command: "install", profile: inputs.profile.name)
    report.options = inputs.optionWords
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
          manager: $0, dryRun: dryRun, missing: outcome.missing, commands: outcome.commands, added: outcome.added)
      }
    } catch {
      progress.end()
      report.failure = error.description
    }
    let isDone = report.failure == nil && !report.findings.contains { $0.severity == .blocker }
    // Of a dry run it is not known yet what its packages bring.
    if isDone, !dryRun || report.packages?.missing.isEmpty ?? false {
      let facts = gatherInterfaces(for: inputs.profile)
      report.findings += planNewKernels(
        before: kernels, after: facts.kernel.installed, running: facts.kernel.running)
      // What packages could not bring.
      report.findings += planDPDK(inputs.profile, on: facts)
    }
    report.findings = waive(options.waived, in: report.findings).findings
    try finish(report, options.format, waived: options.waived)
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
