internal import Glibc
internal import Provisioning
internal import SystemPackage

/// Takes a device from the kernel's driver and gives it to one of user space: links down, `driver_override`, unbind,
/// bind, and read back. A device that the driver has already is left alone.
///
/// The override is set before the device is free, so that no other driver takes it meanwhile; `new_id`, the older
/// way, would claim every device of its class.
///
/// - Privileges: root.
/// - Throws: before anything is changed, where the device is not what was planned. Later, with all put back as it was,
///   as far as that could be; the journal has it in either case.
/// - Returns: what was done, in words.
func bindDevice(
  _ wanted: DeviceBinding, _ journal: Journal, root: HostRoot = .runningHost, links: NetworkLinks = .kernel,
  patience: Duration = .seconds(5)
) throws(HostError) -> String {
  let files = BusDeviceFiles(root, bus: wanted.bus, address: wanted.address, patience: patience)
  let driver = try files.exists() ? files.driver() : nil
  if driver == wanted.driver { return "was bound already" }
  let devices = try check(wanted, files, links)
  if wanted.withoutIOMMU { try allowNoIOMMU(journal, root) }
  let binding = Binding(
    bus: wanted.bus, address: wanted.address, driver: wanted.driver, formerDriver: driver,
    formerOverride: try files.override(), device: devices.own, virtualFunction: devices.virtualFunction)
  try journal.record(.binding(binding))
  do throws(HostError) {
    // A device that has no driver has no interface: an earlier attempt took it.
    if driver != nil { try takeDown(devices.own, links) }
    try takeDown(devices.virtualFunction, links)
    try files.setOverride(wanted.driver)
    if let driver { try files.unbind(from: driver) }
    try files.bind(to: wanted.driver)
  } catch {
    throw putBack(binding, after: error, root: root, links: links, patience: patience)
  }
  return wanted.withoutIOMMU ? "bound, without IOMMU" : "bound"
}

private func putBack(
  _ binding: Binding, after error: HostError, root: HostRoot, links: NetworkLinks, patience: Duration
) -> HostError {
  var error = error
  do throws(HostError) {
    try returnDevice(binding, root: root, links: links, patience: patience)
    error.remedy += (error.remedy.isEmpty ? "" : "; ") + "the device is as it was"
  } catch let second {
    error.remedy += (error.remedy.isEmpty ? "" : "; ") + "and it could not be put back: \(second)"
  }
  return error
}

/// That what is there is what was planned, and that nothing that is needed is missing. Changes nothing.
///
/// - Returns: the interfaces as they are now, with their flags.
private func check(
  _ wanted: DeviceBinding, _ files: BusDeviceFiles, _ links: NetworkLinks
) throws(HostError) -> (own: NetworkDevice?, virtualFunction: NetworkDevice?) {
  let again = "run 'dpdk-host plan' again: the devices have changed"
  guard try files.exists() else { throw HostError("there is no \(files.title)", remedy: again) }
  guard try files.hasDriver(wanted.driver) else {
    throw HostError(
      "the kernel has no driver '\(wanted.driver)' on the \(wanted.bus) bus",
      remedy: "load its module: modprobe \(wanted.driver)")
  }
  guard try files.hasOverride() else {
    throw HostError(
      "\(files.title) has no 'driver_override'", remedy: "a kernel from 4.18 on has it for the vmbus, from 3.16 for pci"
    )
  }
  var own = wanted.device
  let interfaces = try files.interfaces()
  if try files.driver() != nil {
    // All interfaces of a function go with it: none may be there that was not planned for.
    if let stranger = interfaces.first(where: { $0.mac == nil || $0.mac != wanted.device?.mac }) {
      throw HostError(
        "\(files.title) carries '\(stranger.name)' (\(stranger.mac ?? "no MAC address")), which was not planned for",
        remedy: again)
    }
    if let planned = wanted.device {
      guard interfaces.count == 1, let found = interfaces.first else {
        throw HostError(
          "\(files.title) does not carry '\(planned.name)' (\(planned.mac ?? "no MAC address"))",
          remedy: "\(again), or the interface is in another network namespace")
      }
      own = try confirmed(planned, named: found.name, links)
    }
  }
  let virtualFunction = try wanted.virtualFunction.map { device throws(HostError) in
    try confirmed(device, named: device.name, links)
  }
  return (own, virtualFunction)
}

/// The device under the name and with the flags of now.
///
/// - Throws: where the name means another interface in our network namespace.
private func confirmed(
  _ device: NetworkDevice, named name: String, _ links: NetworkLinks
) throws(HostError) -> NetworkDevice {
  var device = device
  device.name = name
  do throws(Errno) {
    guard try links.mac(name) == device.mac else {
      throw .operationNotSupportedByDevice
    }
    device.flags = try links.flags(name)
  } catch {
    throw HostError(
      "'\(name)' (\(device.mac ?? "no MAC address")) is not an interface of this network namespace", errno: error,
      remedy: "run 'dpdk-host plan' again, in the namespace of the host")
  }
  return device
}

private func takeDown(_ device: NetworkDevice?, _ links: NetworkLinks) throws(HostError) {
  guard let device, device.isUp else { return }
  do { try links.setUp(device.name, false) } catch {
    throw HostError("cannot take '\(device.name)' down", errno: error)
  }
}
