internal import Glibc
internal import Provisioning
internal import SystemPackage

/// The files of one device on its bus, in sysfs.
///
/// Source: `Documentation/ABI/testing/sysfs-bus-pci` and `sysfs-bus-vmbus`, `Documentation/driver-api/driver-model/binding.rst`.
struct BusDeviceFiles {
  let root: HostRoot
  let bus: String
  let address: String
  /// How long the kernel, and then udev, may take until what was asked for can be seen.
  var patience: Duration

  init(_ root: HostRoot, bus: String, address: String, patience: Duration = .seconds(5)) {
    self.root = root
    self.bus = bus
    self.address = address
    self.patience = patience
  }

  /// `pci device '0000:00:04.0'`
  var title: String { "\(bus) device '\(address)'" }
  var directory: String { "/sys/bus/\(bus)/devices/\(address)" }
  private var overridePath: String { "\(directory)/driver_override" }

  func exists() throws(HostError) -> Bool { try isThere(directory) }

  /// The driver that has the device; nil for none.
  func driver() throws(HostError) -> String? { try linkName("\(directory)/driver") }

  /// Whether the kernel has this driver on the bus: loaded, or built in.
  func hasDriver(_ name: String) throws(HostError) -> Bool { try isThere("/sys/bus/\(bus)/drivers/\(name)") }

  func hasOverride() throws(HostError) -> Bool { try isThere(overridePath) }

  /// The only driver that may take the device; nil where any may.
  func override() throws(HostError) -> String? {
    try text(overridePath).flatMap { BusDevice.driverOverride(sysfs: $0) }
  }

  /// Sets `driver_override`; nil clears it, which the kernel takes an empty line for.
  func setOverride(_ driver: String?) throws(HostError) {
    do { try write((driver ?? "") + "\n", to: overridePath) } catch {
      throw HostError("cannot set '\(overridePath)'", errno: error)
    }
  }

  /// Takes the device from a driver, and waits until it is free.
  func unbind(from driver: String) throws(HostError) {
    do { try write(address, to: "/sys/bus/\(bus)/drivers/\(driver)/unbind") } catch {
      throw HostError("cannot take \(title) from driver '\(driver)'", errno: error)
    }
    guard try wait(until: { () throws(HostError) in try self.driver() != driver }) else {
      throw HostError("driver '\(driver)' does not let go of \(title)", remedy: "see 'dmesg'")
    }
  }

  /// Gives the device to a driver, and reads back that it has it.
  ///
  /// By the driver's own file, not the bus's `drivers_probe`, which does not tell why a driver refuses. Before
  /// `really_probe()` and `bind_store()` were reworked (5.14), that answered `ENODEV` for every probe that failed; the reason
  /// is in the kernel's log alone.
  func bind(to driver: String) throws(HostError) {
    do { try write(address, to: "/sys/bus/\(bus)/drivers/\(driver)/bind") } catch {
      throw HostError(
        "driver '\(driver)' refuses \(title)", errno: error, remedy: refusalRemedy(error, of: driver))
    }
    guard try wait(until: { () throws(HostError) in try self.driver() == driver }) else {
      throw HostError("driver '\(driver)' did not take \(title)", remedy: "see 'dmesg'")
    }
  }

  /// The interfaces on the device. That of a virtio device stands one level deeper.
  func interfaces() throws(HostError) -> [(name: String, mac: String?)] {
    var found: [(name: String, mac: String?)] = []
    for directory in [directory] + (try names(directory, prefix: "virtio")).map({ "\(self.directory)/\($0)" }) {
      for name in try names("\(directory)/net") {
        found.append((name, try text("\(directory)/net/\(name)/address").flatMap { NetworkDevice.mac(sysfs: $0) }))
      }
    }
    return found
  }

  /// Looks every few milliseconds, for as long as ``patience``.
  func wait(until holds: () throws(HostError) -> Bool) throws(HostError) -> Bool {
    let end = ContinuousClock.now + patience
    while !(try holds()) {
      guard ContinuousClock.now < end else { return false }
      usleep(5000)
    }
    return true
  }

  private func isThere(_ path: String) throws(HostError) -> Bool {
    do { return try root.status(path, followingLast: true) != nil } catch { throw unreadable(path, error) }
  }

  private func text(_ path: String) throws(HostError) -> String? {
    do { return try root.contents(path) } catch {
      // A file of a device that is about to go.
      if error == .operationNotSupportedByDevice { return nil }
      throw unreadable(path, error)
    }
  }

  private func names(_ path: String, prefix: String = "") throws(HostError) -> [String] {
    do { return try root.entries(path, prefix: prefix) ?? [] } catch { throw unreadable(path, error) }
  }

  private func linkName(_ path: String) throws(HostError) -> String? {
    do { return try root.link(path)?.split(separator: "/").last.map(String.init) } catch {
      throw unreadable(path, error)
    }
  }

  private func unreadable(_ path: String, _ error: Errno) -> HostError {
    HostError("cannot read '\(path)'", errno: error)
  }

  private func write(_ text: String, to path: String) throws(Errno) {
    try writeSysfs(text, to: root.location(of: path))
  }
}

/// What helps when a driver does not take a device, by what the kernel answers to the write to `bind`.
///
/// Never that other devices be bound as well: one of them may be the way to this host.
///
/// Source: `vfio_pci_core_register_device()`, `vfio_group_find_or_alloc()` and `bind_store()` of the kernel.
func refusalRemedy(_ error: Errno, of driver: String) -> String {
  switch error {
  case .noSuchFileOrDirectory: "load its module: modprobe \(driver)"
  case .invalidArgument where driver == "vfio-pci":
    "turn the IOMMU on (intel_iommu=on on the kernel command line), or take a kernel that has vfio without IOMMU"
  case .resourceBusy where driver == "vfio-pci":
    "its VFs are enabled: set sriov_numvfs to 0"
  case .resourceBusy: "end what holds the device"
  case .operationNotSupportedByDevice: "see 'dmesg'"
  case .notPermitted, .permissionDenied: "root is not enough here: see 'dmesg' for a kernel that is locked down"
  default: "see 'dmesg'"
  }
}
