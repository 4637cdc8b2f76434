internal import EngineMessages
internal import Glibc
internal import Provisioning
internal import Synchronization
internal import SystemPackage

/// Takes a VF away while traffic runs, and gives it back: the PCI device is removed from the kernel, and the bus is scanned again
/// (`remove` and `rescan` of `Documentation/ABI/testing/sysfs-bus-pci`). To the driver in user space it is what a host does that
/// services the VF.
///
/// The way back is there before the way out: a process of its own (``giveBackFunction(_:afterSeconds:)``) scans the bus some
/// seconds later, whatever becomes of this one. A reboot finds the VF, too; so nothing is journalled.
final class FunctionDrill: Sendable {
  private let files: BusDeviceFiles
  private let after: Double
  private let absence: Duration
  private let rescue: @Sendable () throws(Errno) -> Int?
  private let task = Mutex<Task<HostError?, Never>?>(nil)

  /// A drill that cannot be made on this host, as a finding.
  struct Refused: Error { let finding: Finding }

  /// - Parameters:
  ///   - rescue: starts what gives the VF back if nobody else does; its process id, if it is to be ended in the end.
  init(
    _ files: BusDeviceFiles, after: Double, absence: Duration = .seconds(Drill.absence),
    rescue: @Sendable @escaping () throws(Errno) -> Int?
  ) {
    self.files = files
    self.after = after
    self.absence = absence
    self.rescue = rescue
  }

  /// - Parameter address: of the VF; nil where there is none.
  static func make(
    of address: String?, after: Double, in root: HostRoot = .runningHost
  ) -> Result<FunctionDrill, Refused> {
    guard let address else {
      return .failure(
        Refused(
          finding: nothingToRevoke(
            "interfaces", "no data interface has a VF of its own", remedy: "see 'dpdk-host interfaces'")))
    }
    let files = BusDeviceFiles(root, bus: "pci", address: address)
    for (path, what) in [(files.removePath, "'remove' of the device"), (files.rescanPath, "'rescan' of the bus")] {
      guard let location = try? root.location(of: path), access(location.string, W_OK) == 0 else {
        return .failure(
          Refused(
            finding: nothingToRevoke(
              address, "this host does not allow it: \(what) cannot be written (\(path))",
              remedy: "run it on the host itself, as root; a container sees '/sys' read-only")))
      }
    }
    return .success(
      FunctionDrill(files, after: after) { () throws(Errno) in
        return try spawnDetached(
          Installation().program.string, ["give-back-function", address, "--after", "\(rescueDelay)"],
          output: "/dev/null")
      })
  }

  /// Seconds until the bus is scanned where the VF is still away.
  private static let rescueDelay = 20

  /// Takes note of the engine's events: with the first sample that is old enough the VF goes.
  func see(_ event: EngineEvent) {
    guard case .sample(let sample) = event, sample.elapsed >= after else { return }
    task.withLock { task in
      if task == nil { task = Task { await self.revoke() } }
    }
  }

  /// Waits until the VF is there again; nil where all went well, or nothing was begun.
  @discardableResult
  func finish() async -> HostError? { await task.withLock { $0 }?.value }

  private func revoke() async -> HostError? {
    do throws(HostError) {
      let rescuer: Int?
      do { rescuer = try rescue() } catch {
        throw HostError("nothing was removed: cannot start what would give the VF back", errno: error)
      }
      try files.remove()
      try? await Task.sleep(for: absence)
      try files.rescan()
      // It would take the next removal for this one. Not waited for, its number is nobody else's; it may ignore a milder signal.
      if let rescuer { kill(pid_t(rescuer), SIGKILL) }
      return nil
    } catch { return error }
  }
}

/// Waits some seconds, and then has the kernel look for a VF that is away: for who may not be there to do so.
///
/// A removal may take its time: one that is not yet done is waited for, too, up to a minute.
public func giveBackFunction(_ address: String, afterSeconds seconds: Int) async throws(HostError) {
  try? await Task.sleep(for: .seconds(seconds))
  try await BusDeviceFiles(.runningHost, bus: "pci", address: address).giveBack(within: .seconds(60))
}

extension BusDeviceFiles {
  /// Scans the bus as soon as the device is away; one that stays there all the time needs nothing.
  func giveBack(within time: Duration) async throws(HostError) {
    let end = ContinuousClock.now + time
    while ContinuousClock.now < end {
      if try !exists() { return try rescan() }
      try? await Task.sleep(for: .milliseconds(200))
    }
  }

  var removePath: String { "\(directory)/remove" }
  var rescanPath: String { "/sys/bus/\(bus)/rescan" }

  /// Removes the device from the kernel, and waits until it is gone.
  func remove() throws(HostError) {
    do { try writeSysfs("1", to: root.location(of: removePath)) } catch {
      throw HostError("cannot remove \(title)", errno: error, remedy: "see 'dmesg'")
    }
    guard try wait(until: { () throws(HostError) in try !self.exists() }) else {
      throw HostError("\(title) was removed, and is there all the same", remedy: "see 'dmesg'")
    }
  }

  /// Has the kernel look for devices on the bus, and waits until this one is there.
  func rescan() throws(HostError) {
    do { try writeSysfs("1", to: root.location(of: rescanPath)) } catch {
      throw HostError(
        "cannot scan the \(bus) bus for \(title)", errno: error, remedy: "run: echo 1 > \(rescanPath)")
    }
    guard try wait(until: { () throws(HostError) in try self.exists() }) else {
      throw HostError(
        "\(title) did not come back", remedy: "run: echo 1 > \(rescanPath); else reboot, which finds it")
    }
  }
}
