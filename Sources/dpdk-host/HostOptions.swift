import ArgumentParser
import LinuxHost
import Provisioning
import SystemPackage

/// How a command's result is written to standard output.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, json, junit }

/// By which profile a host is looked at.
struct ProfileChoice: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A shipped profile by name, or the path of a profile file.",
      discussion:
        "Default: /etc/dpdk-host/profile.yml, else the one applied last with units, else 'azure' on Azure and 'virtual' elsewhere.",
      valueName: "name|file"))
  var profile: String?
}

/// What every command that judges a host by a profile takes.
struct ProfileOptions: ParsableArguments {
  @OptionGroup var choice: ProfileChoice

  @Option(
    help: ArgumentHelp("Let this finding not block; the report says so. Repeatable.", valueName: "id"))
  var waive: [String] = []

  @Option(help: "How the result is written: text, json or junit.")
  var format: OutputFormat = .text

  var waived: Set<String> { Set(waive) }
}

/// What every command takes that changes the host and may be run by a unit.
struct ChangeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Wait this long for another dpdk-host that is changing this host.", valueName: "seconds"))
  var waitForLock = 0

  @Flag(
    help: ArgumentHelp(
      "Reboot at the end where one is due.",
      discussion: "Once: where that was done already and did not help, nothing is rebooted, and the exit code is 1."))
  var reboot = false

  func validate() throws {
    guard !(0...3600).contains(waitForLock) else { return }
    throw ValidationError("--wait-for-lock \(waitForLock) is no time to wait: 0 to 3600 seconds")
  }
}

extension ChangeOptions {
  /// Before anything is changed: what cannot be rebooted is not half done.
  func requireReboot() throws {
    guard reboot, !systemdRuns() else { return }
    complain("cannot reboot: no systemd runs here; leave --reboot out, and reboot by hand")
    throw ExitCode(Verdict.failed.exitCode)
  }
}

/// Commands that look, and those that change what lasts on a disk, can be given an image.
struct RootOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Take the system below this directory, and nothing of the running one.", valueName: "dir"))
  var root: String?

  func hostRoot() throws -> HostRoot {
    guard let root else { return .runningHost }
    guard !root.isEmpty else { throw ValidationError("--root is empty: name a directory") }
    let host = HostRoot(FilePath(root))
    guard (try? host.entries("/")) != nil else { throw ValidationError("'\(root)' is not a directory") }
    guard !host.isRunningHost else { throw ValidationError("'--root \(root)' is the running host: leave it out") }
    return host
  }
}

/// Profile and requirements, read and validated.
struct Inputs {
  let profile: Profile
  let requirements: Requirements
  let root: HostRoot
  /// As they were given, to be typed again.
  let optionWords: String
  private let profileText: String

  /// - Throws: exit code 64 with the reason on standard error: a wrong profile is a wrong argument.
  init(_ options: ProfileOptions, root: HostRoot = .runningHost) throws {
    try self.init(profile: options.choice.profile, root: root)
  }

  /// - Parameter name: a name or a path; nil takes the one that fits.
  init(profile name: String?, root: HostRoot) throws {
    let installation = Installation()
    self.root = root
    optionWords =
      (root.isRunningHost ? "" : " --root \(root.path.string.shellQuoted)")
      + (name.map { " --profile \($0.shellQuoted)" } ?? "")
    do throws(ProfileFileError) {
      requirements = try installation.requirements()
      (profile, profileText) = try installation.profile(name, root: root) {
        gather(root, scope: GatherScope(boot: false, hugepageUse: false), dpdk: DPDKInstallation())
      }
    } catch {
      complain("\(error)")
      throw ExitCode(EX.usage)
    }
  }
}

extension Inputs {
  /// What makes the profile last.
  func persistence(_ options: ProfileOptions) throws(HostError) -> Persistence {
    try Installation().persistence(of: profileText, waiving: options.waived, on: root)
  }

  /// At first boot a command can come before the network does.
  func awaitNetwork() {
    awaitManagement(for: profile) { limit in
      log("waiting up to \(limit.components.seconds) s for the network: management is not known yet")
    }
  }
}

/// `sysexits(3)`
enum EX {
  static let usage: Int32 = 64
  static let noPermission: Int32 = 77
}
