internal import Glibc
internal import Provisioning
internal import Subprocess
internal import SystemPackage

/// What undoes an `apply` that cut its operator off: armed before the first change, set again at the end, and taken
/// away by `confirm`. All of it under ``HostLock``.
///
/// It outlives the SSH session: a transient timer where systemd runs (logind ends what a session leaves behind), else a
/// process in a session of its own. Both run `dpdk-host revert --unconfirmed`. A reboot undoes as well: nothing that
/// lasts may be written while this waits.
struct DeadMansSwitch {
  private let file = UnconfirmedFile()

  /// - Throws: before anything is changed: without a watch nothing may be.
  func arm(within seconds: Int, entriesBefore: Int) async throws(HostError) {
    var pending = UnconfirmedApply(
      boot: try Journal.bootID(), entriesBefore: entriesBefore, seconds: seconds, now: bootTime(),
      applying: UnconfirmedApply.Process(pid: Int(getpid()), startTime: startTime(of: Int(getpid())) ?? 0))
    try file.write(pending)
    do {
      pending.watch = try await startWatch(in: seconds)
      try file.write(pending)
    } catch {
      try? file.remove(keepsLog: false)
      throw error
    }
  }

  /// From now on the deadline counts.
  func applied() throws(HostError) {
    guard var pending = try file.read() else { return }
    pending.applied(now: bootTime())
    try file.write(pending)
  }

  /// Nobody needs to confirm any more. A watch that finds no file ends by itself.
  func disarm() async throws(HostError) {
    let pending = try? file.read()
    try file.remove(keepsLog: false)
    if case .timer(let unit) = pending?.watch { await stopTimer(unit) }
  }

  private func startWatch(in seconds: Int) async throws(HostError) -> UnconfirmedApply.Watch {
    guard let path = (try? HostRoot.runningHost.link("/proc/self/exe")) ?? nil else {
      throw HostError("cannot tell the path of this program", remedy: "mount /proc")
    }
    if access("/run/systemd/system", F_OK) == 0, let unit = await startTimer(path, in: seconds) {
      return .timer(unit: unit)
    }
    return .process(pid: try startProcess(path))
  }

  /// - Returns: nil where systemd does not do it, as in a container without its bus.
  private func startTimer(_ program: String, in seconds: Int) async -> String? {
    let unit = "dpdk-host-unconfirmed-\(getpid())"
    let isStarted = await runSystemd(
      "systemd-run",
      [
        "--quiet", "--unit=\(unit)", "--on-active=\(seconds)", "--timer-property=AccuracySec=1s", program, "revert",
        "--unconfirmed",
      ])
    return isStarted ? unit : nil
  }

  private func stopTimer(_ unit: String) async { _ = await runSystemd("systemctl", ["stop", "\(unit).timer"]) }

  private func runSystemd(_ name: String, _ arguments: [String]) async -> Bool {
    let places: [String] = ["/usr/bin/\(name)", "/bin/\(name)"]
    guard let path = places.first(where: { access($0, X_OK) == 0 }) else { return false }
    let outcome = try? await Subprocess.run(
      .path(FilePath(path)), arguments: Arguments(arguments),
      environment: .custom(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]), output: .discarded,
      error: .discarded)
    return outcome?.terminationStatus.isSuccess == true
  }

  private func startProcess(_ program: String) throws(HostError) -> Int {
    do {
      let log = file.logPath.string
      return try spawnDetached(program, ["revert", "--unconfirmed"], output: log)
    } catch { throw HostError("cannot start the watch that would undo this", errno: error) }
  }
}

/// Seconds since boot, sleep included.
func bootTime() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_BOOTTIME, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

/// When a process started, in ticks since boot; nil where it is gone. A zombie is gone: it holds no lock.
func startTime(of pid: Int) -> UInt64? {
  guard let text = (try? HostRoot.runningHost.contents("/proc/\(pid)/stat")) ?? nil,
    // The command before may hold blanks and parentheses.
    let end = text.lastIndex(of: ")")
  else { return nil }
  let fields = text[text.index(after: end)...].split(separator: " ")
  guard fields.count > 19, fields[0] != "Z" else { return nil }
  return UInt64(fields[19])
}
