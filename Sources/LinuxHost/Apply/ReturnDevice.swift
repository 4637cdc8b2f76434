internal import Glibc
internal import Provisioning
internal import SystemPackage

/// Gives a device back to the driver that it had, and its interface its name and its link. Safe to run twice.
///
/// A device that is gone, or that somebody gave to a third driver, is left alone. Addresses and routes are not restored:
/// what configures the network (networkd, NetworkManager) sees a new interface and configures it, and would meet ours.
/// What was added by hand is lost.
///
/// - Privileges: root.
/// - Throws: where the former driver does not take it, or its interface does not come back under its name; what was
///   reached stays, and it can be run again.
func returnDevice(
  _ binding: Binding, root: HostRoot = .runningHost, links: NetworkLinks = .kernel, patience: Duration = .seconds(5)
) throws(HostError) {
  let files = BusDeviceFiles(root, bus: binding.bus, address: binding.address, patience: patience)
  guard try files.exists() else { return }
  if try files.hasOverride(), try files.override() == binding.driver, binding.formerOverride != binding.driver {
    try files.setOverride(binding.formerOverride)
  }
  if try files.driver() == binding.driver, binding.formerDriver != binding.driver {
    if let user = deviceUsers(of: [binding], in: root).first {
      throw HostError(
        "\(files.title) is in use by '\(user.command)' (pid \(user.pid))",
        remedy: "end the process, then run 'dpdk-host revert' again")
    }
    try files.unbind(from: binding.driver)
  }
  guard let former = binding.formerDriver else { return }
  if try files.driver() == nil {
    guard try files.hasDriver(former) else {
      throw HostError(
        "driver '\(former)' is gone, which \(files.title) had before",
        remedy: "load it, then run 'dpdk-host revert' again")
    }
    try files.bind(to: former)
  }
  guard try files.driver() == former else { return }
  if let device = binding.device { try restoreLink(device, files, links) }
  restoreVirtualFunction(binding.virtualFunction, links)
}

private func restoreLink(_ device: NetworkDevice, _ files: BusDeviceFiles, _ links: NetworkLinks) throws(HostError) {
  var name: String?
  let isBack = try files.wait { () throws(HostError) in
    let found = try files.interfaces()
    // A MAC address that was set by hand went with the old interface; a bound device carries one interface alone.
    name = (found.first { $0.mac == device.mac } ?? (found.count == 1 ? found.first : nil))?.name
    return name != nil
  }
  guard isBack, name != nil else {
    throw HostError("the interface '\(device.name)' (\(device.mac ?? "no MAC address")) did not come back")
  }
  if name != device.name {
    // udev gives names too: let it have its say first, or both would rename at the same time.
    try waitForUdev(files)
    name = try files.interfaces().first { $0.name == device.name || $0.mac == device.mac }?.name ?? name
  }
  guard let name else { return }
  do throws(Errno) {
    if name != device.name {
      try rename(name, to: device.name, links, patience: files.patience)
    }
    if device.isUp, !(try links.isUp(device.name)) { try links.setUp(device.name, true) }
  } catch {
    throw HostError(
      "the interface '\(device.name)' is back as '\(name)', and is not as it was", errno: error,
      remedy: error == .fileExists
        ? "another interface has that name now: rename it, then run 'dpdk-host revert' again" : "")
  }
}

/// The kernel renames only what is down, and networkd can take it up again in between.
private func rename(
  _ name: String, to newName: String, _ links: NetworkLinks, patience: Duration
) throws(Errno) {
  let end = ContinuousClock.now + patience
  while true {
    if try links.isUp(name) { try links.setUp(name, false) }
    do { return try links.rename(name, newName) } catch {
      guard error == .resourceBusy, ContinuousClock.now < end else { throw error }
      usleep(20_000)
    }
  }
}

/// While udev has work, `/run/udev/queue` is there; a new device reaches it within moments.
private func waitForUdev(_ files: BusDeviceFiles) throws(HostError) {
  let root = files.root
  guard (try? root.status("/run/udev/control")) ?? nil != nil else { return }
  usleep(200_000)
  _ = try files.wait { () throws(HostError) in (try? root.status("/run/udev/queue")) ?? nil == nil }
}

/// The VF kept its driver: only its link went down. Where it is gone meanwhile (servicing), the NETVSC opens the next.
private func restoreVirtualFunction(_ device: NetworkDevice?, _ links: NetworkLinks) {
  guard let device, device.isUp, (try? links.mac(device.name)) == device.mac else { return }
  try? links.setUp(device.name, true)
}
