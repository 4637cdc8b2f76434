internal import Glibc
internal import Provisioning
internal import SystemPackage

/// What undoes an `apply` that cut its operator off: armed before the first change, set again at the end, and taken
/// away by `confirm`. All of it under ``HostLock``.
///
/// Its watch, `dpdk-host revert --unconfirmed`, runs from the first moment on, so that nothing of it has to be found when
/// the network is gone, and outlives the SSH session (``WatchPlace``). A reboot undoes as well: nothing that lasts may be
/// written while this waits.
struct DeadMansSwitch {
  private let file = UnconfirmedFile()

  /// - Throws: before anything is changed: without a watch that lives nothing may be.
  func arm(
    within seconds: Int, entriesBefore: Int, lasting: UnconfirmedApply.Lasting? = nil
  ) async throws(HostError) {
    let place = try watchPlace()
    // As no unit was ever called: systemd keeps the names of those that failed, and process ids come again.
    let id = "\(Int(bootTime() * 1000))-\(String(UInt32.random(in: 0 ... .max), radix: 16))"
    var pending = UnconfirmedApply(
      id: id, boot: try Journal.bootID(), entriesBefore: entriesBefore, seconds: seconds, now: bootTime(),
      applying: UnconfirmedApply.Process(pid: Int(getpid()), startTime: startTime(of: Int(getpid())) ?? 0),
      lasting: lasting)
    try file.write(pending)
    do {
      pending.watch = try await startWatch(id, place)
      try file.write(pending)
      try await awaitSign(of: pending)
    } catch {
      try? file.remove(keepsLog: false)
      await end(pending.watch)
      throw error
    }
  }

  /// From now on the deadline counts.
  ///
  /// - Throws: also where the watch has ended meanwhile.
  func applied() throws(HostError) {
    guard var pending = try file.read() else { return }
    pending.applied(now: bootTime())
    try file.write(pending)
    guard WatchSign(of: pending.id).isHeld else {
      throw HostError(
        "somebody ended the watch: nothing undoes this by itself",
        remedy: "keep it with 'dpdk-host confirm', or run 'dpdk-host revert'")
    }
  }

  /// The journal is about to be undone from its beginning: what is left of it is the watch's.
  func coverAll() {
    guard var pending = (try? file.read()) ?? nil, pending.entriesBefore > 0 else { return }
    pending.entriesBefore = 0
    // Where it cannot be written, nothing is lost but the watch's second attempt.
    try? file.write(pending)
  }

  /// Nobody needs to confirm any more. A watch that finds no file ends by itself.
  func disarm() async throws(HostError) {
    let pending = (try? file.read()) ?? nil
    try file.remove(keepsLog: false)
    if case .service = pending?.watch { await end(pending?.watch) }
  }

  private func watchPlace() throws(HostError) -> WatchPlace {
    let place = WatchPlace(
      systemdRuns: access("/run/systemd/system", F_OK) == 0,
      pidNamespace: (try? HostRoot.runningHost.link("/proc/self/ns/pid")) ?? nil, pid: Int(getpid()),
      parent: Int(getppid()))
    guard place != .nowhere else {
      throw HostError(
        "nothing was changed: in this container the watch that would undo it ends with this session",
        remedy: "run it on the host, or beside the container's first process (docker exec)")
    }
    return place
  }

  private func startWatch(_ id: String, _ place: WatchPlace) async throws(HostError) -> UnconfirmedApply.Watch {
    let program = Installation().program
    guard program.lastComponent != nil else {
      throw HostError("cannot tell the path of this program", remedy: "mount /proc")
    }
    if place == .service {
      let unit = "dpdk-host-unconfirmed-\(id)"
      try await startService(unit, program.string, ["revert", "--unconfirmed"])
      return .service(unit: unit)
    }
    do {
      return .process(pid: try spawnDetached(program.string, ["revert", "--unconfirmed"], output: file.logPath.string))
    } catch {
      throw HostError("nothing was changed: cannot start the watch that would undo it", errno: error)
    }
  }

  private func awaitSign(of pending: UnconfirmedApply) async throws(HostError) {
    let sign = WatchSign(of: pending.id)
    let end = ContinuousClock.now + .seconds(5)
    while !sign.isHeld {
      guard ContinuousClock.now < end else {
        let remedy =
          if case .service(let unit) = pending.watch { "see: journalctl -u \(unit)" } else { lastWord ?? "" }
        throw HostError(
          "nothing was changed: the watch that would undo it was started, and does not report itself", remedy: remedy)
      }
      try? await Task.sleep(for: .milliseconds(10))
    }
  }

  /// The last line that a process of ours wrote.
  private var lastWord: String? {
    let log = (try? HostRoot.runningHost.contents(file.logPath.string)) ?? nil
    return log?.split(separator: "\n").last.map(String.init)
  }

  private func end(_ watch: UnconfirmedApply.Watch?) async {
    switch watch {
    case .service(let unit): await stopService(unit)
    // Our own child: nobody else has its number.
    case .process(let pid): kill(pid_t(pid), SIGKILL)
    case nil: break
    }
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
