import ArgumentParser
import LinuxHost
import Provisioning

struct RevertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revert",
    abstract: "Undoes what 'apply' did.",
    discussion: """
      Restores page counts, mounts, modules, directories, drivers of devices, units and boot \
      configuration to what they were before the first 'apply', from the journal in /var/lib/dpdk-host, and removes the \
      journal. Map files that were deleted, and modules that others brought along, stay as \
      they are. An interface has its name and its link again; its addresses come from what \
      configures the network. \
      Nothing is taken from under a running DPDK process: it is named, and the exit code \
      is 4; it is 3 where the kernel keeps until the next boot what its command line asked for. \
      Safe to run twice. Needs root.

      Packages that 'install' added stay, and so does a DPDK from source. --packages takes \
      them away, and nothing else: those that others have come to need are named and stay, too.

      EXAMPLES
        sudo dpdk-host revert
        sudo dpdk-host revert --root /mnt/image
        sudo dpdk-host revert --packages
      """)

  @OptionGroup var root: RootOptions

  @Option(help: "How the result is written: text, json or junit.")
  var format: OutputFormat = .text

  @Flag(help: "Take away what 'install' added, packages and DPDK from source, and leave the rest.")
  var packages = false

  @OptionGroup var lock: PackageLockOptions

  @Flag(help: .hidden)
  var unconfirmed = false

  func validate() throws {
    if packages, root.root != nil { throw ValidationError("--packages is about the running host: leave --root out") }
    if lock.waitForLock != nil, !packages { throw ValidationError("--wait-for-lock is for --packages") }
  }

  func run() async throws {
    try requireRoot(for: "revert")
    let root = try root.hostRoot()
    var report = Report(command: "revert", profile: "")
    if packages { return try await revertPackages(report) }
    let style = Style.forStandardError()
    do throws(HostError) {
      let tell = { (event: RevertEvent) in log(progress(event, style: style)) }
      let outcome: RevertOutcome
      if unconfirmed {
        // The watch of 'apply --confirm-within'.
        guard let undone = await revertUnconfirmed(tell: tell, waits: { log($0) }) else {
          return log("nothing waits to be confirmed")
        }
        outcome = undone
      } else {
        outcome = try await revert(in: root, tell: tell)
      }
      report.findings = outcome.findings
      report.undone = outcome.steps.map(title)
      if !outcome.failures.isEmpty { report.failure = outcome.failures.map(\.description).joined(separator: "; ") }
    } catch { report.failure = error.description }
    try finish(report, format)
  }

  private func revertPackages(_ empty: Report) async throws {
    var report = empty
    let progress = PackageProgress()
    do throws(HostError) {
      let outcome = try await removePackages(waitingForLock: lock.seconds) { progress.show($0) }
      report.findings = outcome.findings
      report.undone = outcome.removed.map { "remove \($0)" }
      report.failure = outcome.failure?.description
      progress.removed(outcome.removed)
    } catch { report.failure = error.description }
    progress.end()
    try finish(report, format)
  }
}
