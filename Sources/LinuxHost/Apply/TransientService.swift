internal import Glibc
internal import Subprocess
internal import SystemPackage

/// Starts a program as a transient service of systemd, with what systemd 219 (RHEL 7) knows.
///
/// By `systemd-run(1)`: it speaks to systemd's own socket where there is no bus, and the bus where there is.
///
/// - Parameter unit: the name without its suffix.
/// - Throws: never silently: what logind ends with the session is no substitute.
func startService(_ unit: String, _ program: String, _ arguments: [String]) async throws(HostError) {
  let remedy = "see 'systemctl status', or apply without --confirm-within from the serial console"
  guard let run = systemdProgram("systemd-run") else {
    throw HostError("nothing was changed: systemd runs here, and systemd-run is not installed", remedy: remedy)
  }
  let words = ["--quiet", "--unit=\(unit)", program] + arguments
  let failure: String?
  do {
    let outcome = try await Subprocess.run(
      .path(run), arguments: Arguments(words), environment: systemdEnvironment, output: .discarded,
      error: .string(limit: 1 << 16))
    failure = outcome.terminationStatus.isSuccess ? nil : outcome.standardError
  } catch { failure = "\(error)" }
  guard let failure else { return }
  let reason = failure.split(separator: "\n").last.map { ": \($0)" } ?? ""
  throw HostError("nothing was changed: systemd-run cannot start the watch that would undo it\(reason)", remedy: remedy)
}

/// Ends a transient service, without waiting; one that has ended is no failure.
func stopService(_ unit: String) async {
  guard let systemctl = systemdProgram("systemctl") else { return }
  _ = try? await Subprocess.run(
    .path(systemctl), arguments: ["--quiet", "--no-block", "stop", "\(unit).service"], environment: systemdEnvironment,
    output: .discarded, error: .discarded)
}

/// Lets systemd read units that were written or removed, starts the timers that were enabled and stops those that went; does
/// nothing elsewhere than on a running host with systemd.
///
/// What does not work is mended by the next boot, and told by `systemctl`.
///
/// - Parameter isRevert: then everything that was removed is stopped and forgotten; an `apply` may be run by one of them.
func reloadUnits(written: [String], removed: [String], isRevert: Bool = false, in root: HostRoot) async {
  guard root.isRunningHost, systemdRuns(), (written + removed).contains(where: { $0.hasPrefix("/etc/systemd/system/") })
  else { return }
  func timers(_ paths: [String]) -> [String] {
    paths.filter { $0.contains("/timers.target.wants/") }.map { $0.folderAndName.name }
  }
  let units = removed.filter { $0.folderAndName.folder == "/etc/systemd/system" }.map { $0.folderAndName.name }
  if isRevert, !units.isEmpty { try? await systemctl(["stop"] + units) }
  if !timers(removed).isEmpty { try? await systemctl(["--no-block", "stop"] + timers(removed)) }
  try? await systemctl(["daemon-reload"])
  if isRevert, !units.isEmpty { try? await systemctl(["reset-failed"] + units) }
  if !timers(written).isEmpty { try? await systemctl(["--no-block", "start"] + timers(written)) }
}

/// Runs `systemctl` to its end.
///
/// - Privileges: root.
func systemctl(_ arguments: [String]) async throws(HostError) {
  guard let systemctl = systemdProgram("systemctl") else { throw HostError("systemctl is not installed") }
  let words = ["--quiet"] + arguments
  let failure: String?
  do {
    let outcome = try await Subprocess.run(
      .path(systemctl), arguments: Arguments(words), environment: systemdEnvironment, output: .discarded,
      error: .string(limit: 1 << 16))
    failure = outcome.terminationStatus.isSuccess ? nil : outcome.standardError
  } catch { failure = "\(error)" }
  guard let failure else { return }
  let reason = failure.split(separator: "\n").last.map { ": \($0)" } ?? ""
  throw HostError("'systemctl \(arguments.joined(separator: " "))' failed\(reason)")
}

private func systemdProgram(_ name: String) -> FilePath? {
  let places: [String] = ["/usr/bin/\(name)", "/bin/\(name)"]
  return places.first { access($0, X_OK) == 0 }.map { FilePath($0) }
}

private let systemdEnvironment = Environment.custom(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"])
