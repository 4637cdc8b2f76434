import ArgumentParser
import LinuxHost
import Provisioning

/// What a run comes to as to a reboot.
enum RebootSettlement {
  /// All that the profile wants of a boot is there.
  case settled
  case due
  /// A finding or a failure stands in the way.
  case open
}

extension Report {
  /// Settles the reboot that the findings ask for; one that would be in vain, and what fails, goes into the report.
  ///
  /// - Parameter isExpected: as in ``LinuxHost/settleReboot(_:isExpected:)``.
  mutating func settleReboot(isExpected: Bool) -> RebootSettlement {
    guard verdict == .ready || verdict == .rebootNeeded else { return .open }
    do throws(HostError) {
      switch try LinuxHost.settleReboot(findings, isExpected: isExpected) {
      case .notNeeded: return .settled
      case .due: return .due
      case .inVain(let finding): findings.append(finding)
      }
    } catch { failure = error.description }
    return .open
  }
}

/// Writes the report, then reboots where that is wanted, and ends with the exit code.
func finish(_ report: Report, _ options: ProfileOptions, rebooting: Bool) async throws {
  guard rebooting, report.verdict == .rebootNeeded else {
    return try finish(report, options.format, waived: options.waived)
  }
  // Told first: once systemd has the order, this process is ended at any moment.
  try tell(report, options.format, waived: options.waived)
  log("rebooting")
  do throws(HostError) { try await rebootHost() } catch {
    complain(error.description)
    throw ExitCode(Verdict.failed.exitCode)
  }
  throw ExitCode(report.verdict.exitCode)
}
