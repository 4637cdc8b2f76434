internal import FoundationEssentials
internal import Glibc
public import Provisioning
internal import SystemPackage

/// Settles what the findings at the end of an `apply` say about a reboot: the notice in `/run`, and the record of those
/// asked for in `/var/lib/dpdk-host/reboots.json`.
///
/// - Parameters:
///   - findings: of the whole profile, at the end of a run that came to its end.
///   - isExpected: whether a reboot follows, or was the reason for this run: then it is counted, and one in vain is told.
/// - Privileges: root.
public func settleReboot(_ findings: [Finding], isExpected: Bool) throws(HostError) -> RebootDecision {
  let file = RebootFile()
  let boot = try Journal.bootID()
  let decision = decideReboot(
    findings, after: isExpected ? try file.read() : nil, boot: boot, machine: Journal.machineID())
  switch decision {
  case .notNeeded:
    // The proof after a reboot counts itself by the record, and ends with `forgetReboot`.
    if access(Continuation.paths[0], F_OK) != 0 { file.remove() }
    withdrawRebootNotice()
  case .inVain:
    withdrawRebootNotice()
  case .due(let record):
    if isExpected { try file.write(record) }
    try giveRebootNotice()
  }
  return decision
}

/// Counts that the proof after the reboot is begun.
///
/// - Privileges: root.
/// - Returns: false where it was begun too often already: it may be what takes the machine down.
public func beginContinuation() throws(HostError) -> Bool {
  let file = RebootFile()
  // Without a record nobody asked for a reboot, and one proof is harmless.
  guard let record = try file.read() else { return true }
  guard let next = record.continuing() else { return false }
  try file.write(next)
  return true
}

/// Reboots the host by `systemctl reboot`, as the last thing that is done.
///
/// - Privileges: root.
/// - Throws: where no systemd runs, or it refuses; the reboot is not counted then.
public func rebootHost() async throws(HostError) {
  let remedy = "reboot by hand"
  guard systemdRuns() else {
    RebootFile().remove()
    throw HostError("cannot reboot: no systemd runs here", remedy: remedy)
  }
  do throws(HostError) { try await systemctl(["reboot"]) } catch {
    RebootFile().remove()
    throw HostError("cannot reboot: \(error.message)", remedy: remedy)
  }
}

/// As `sd_booted(3)` tells it.
public func systemdRuns() -> Bool { access("/run/systemd/system", F_OK) == 0 }

/// Nobody waits for a reboot any more: the notice, the record and the unit that would go on after it are taken away.
///
/// - Privileges: root.
public func forgetReboot() throws(HostError) {
  RebootFile().remove()
  withdrawRebootNotice()
  try removeContinuation()
}

/// `/var/lib/dpdk-host/reboots.json`
private struct RebootFile {
  private let directory: FilePath = "/var/lib/dpdk-host"
  private var path: FilePath { directory.appending("reboots.json") }

  /// One that is damaged counts for nothing: the next is counted anew.
  func read() throws(HostError) -> RebootRecord? {
    let text: String?
    do { text = try HostRoot.runningHost.contents(path.string) } catch {
      throw HostError("cannot read '\(path)'", errno: error)
    }
    return text.flatMap { try? JSONDecoder().decode(RebootRecord.self, from: Data($0.utf8)) }
  }

  /// - Throws: what cannot be counted must not be done.
  func write(_ record: RebootRecord) throws(HostError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      if try makeDirectory(directory) { try syncDirectory(directory.removingLastComponent()) }
      try replaceFile(path, with: try encoder.encode(record))
    } catch { throw HostError("cannot write '\(path)'", errno: error as? Errno) }
  }

  func remove() {
    unlink(path.string)
    // The journal may be there still; then the directory stays.
    rmdir(directory.string)
  }
}

/// Says in `/run` that a reboot is due.
func giveRebootNotice() throws(HostError) {
  do {
    let noted = try HostRoot.runningHost.contents(RebootNotice.packagesPath)
    // Somebody who names nobody wants the reboot already: it is theirs to withdraw.
    if noted == nil, access(RebootNotice.path, F_OK) == 0 { return }
    let packages = noted ?? ""
    let wanted = RebootNotice.adding(to: packages)
    if packages != wanted { try replaceFile(FilePath(RebootNotice.packagesPath), with: wanted.utf8) }
    if access(RebootNotice.path, F_OK) != 0 {
      try replaceFile(FilePath(RebootNotice.path), with: RebootNotice.text.utf8)
    }
  } catch { throw HostError("cannot write '\(RebootNotice.path)'", errno: error as? Errno) }
}

/// A notice that stays although nobody needs it is gone with the next boot.
private func withdrawRebootNotice() {
  guard let packages = (try? HostRoot.runningHost.contents(RebootNotice.packagesPath)) ?? nil,
    let left = RebootNotice.removing(from: packages)
  else { return }
  if left.isEmpty {
    unlink(RebootNotice.path)
    unlink(RebootNotice.packagesPath)
  } else {
    try? replaceFile(FilePath(RebootNotice.packagesPath), with: left.utf8)
  }
}
