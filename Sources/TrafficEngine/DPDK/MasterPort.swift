import CDPDK
import EngineMessages
import Glibc

/// A port that may own others, and what tells those that are its own.
struct MasterPort: Equatable, Sendable {
  let driver: String
  let mac: String
  /// As `net_failsafe0` (`rte_dev_name`).
  let device: String
  /// Devices that its devargs name as sub-devices.
  let subdevices: [String]
}

extension MasterPort {
  init(_ port: PortDescription) throws(DPDKError) {
    var information = rte_eth_dev_info()
    try check(
      rte_eth_dev_info_get(UInt16(port.port), &information), "rte_eth_dev_info_get", on: "port '\(port.name)'")
    let devargs = information.device.flatMap { rte_dev_devargs($0) }?.pointee.args
    self.init(
      driver: port.driver, mac: port.mac, device: deviceName(information) ?? port.name,
      subdevices: devargs.map { failsafeSubdevices(in: String(cString: $0)) } ?? [])
  }
}

/// A port that another one owns.
struct OwnedPort: Equatable, Sendable {
  /// Unlike in any other owner of the process.
  let ownerID: UInt64
  /// What the owner calls itself: `Fail-safe`, or the device of a netvsc.
  let ownerName: String
  /// The device that the port belongs to; a MANA function has several ports.
  let device: String
  /// With all that it counted so far.
  let subdevice: Subdevice
}

/// A port that another one owns, without what only its driver could tell.
struct OwnedName: Equatable, Sendable {
  let ownerID: UInt64
  /// As ``Subdevice/name``.
  let name: String
}

/// Says of every owned port that its driver raises its removal: failsafe listens to no other. To be said before the masters
/// are configured.
func promiseRemovalEvents() throws(DPDKError) {
  for port in validPorts() {
    var owner = rte_eth_dev_owner()
    try check(rte_eth_dev_owner_get(port, &owner), "rte_eth_dev_owner_get", on: "port \(port)")
    if owner.id != UInt64(RTE_ETH_DEV_NO_OWNER) {
      try check(cdpdk_promise_removal_event(port), "rte_eth_dev_info_get", on: "port \(port)")
    }
  }
}

/// The owned ports there are now. No driver is asked: a sub-device may be closed at the same time.
func ownedNames() -> [OwnedName] {
  validPorts().compactMap { port in
    var owner = rte_eth_dev_owner()
    guard rte_eth_dev_owner_get(port, &owner) == 0, owner.id != UInt64(RTE_ETH_DEV_NO_OWNER) else { return nil }
    return portName(port).map { OwnedName(ownerID: owner.id, name: $0) }
  }
}

/// The ports there are at this moment, owned ones too (`rte_eth_find_next`).
private func validPorts() -> [UInt16] {
  sequence(first: rte_eth_find_next(0)) { rte_eth_find_next($0 + 1) }.prefix { $0 < UInt16(RTE_MAX_ETHPORTS) }
}

/// The owned ports there are now, in the order of their numbers.
///
/// Read on EAL's interrupt thread, on which a failsafe closes its sub-devices: elsewhere the counters could be freed while they
/// are read.
func ownedPorts() throws(DPDKError) -> [OwnedPort] {
  try onInterruptThread {
    Result { () throws(DPDKError) in try ownedPortsUnguarded() }
  }.get()
}

private func ownedPortsUnguarded() throws(DPDKError) -> [OwnedPort] {
  var found: [OwnedPort] = []
  for port in validPorts() {
    if let port = try OwnedPort(ofPort: port) { found.append(port) }
  }
  return found
}

extension OwnedPort {
  /// - Returns: nil where no port owns it, or where it went while it was asked.
  fileprivate init?(ofPort id: UInt16) throws(DPDKError) {
    func isThere(_ result: Int32, _ function: String) throws(DPDKError) -> Bool {
      // What a driver fails at with a device that was taken away ethdev makes an EIO of.
      if result == -ENODEV || result == -EIO { return false }
      try check(result, function, on: "port \(id)")
      return true
    }
    var owner = rte_eth_dev_owner()
    guard try isThere(rte_eth_dev_owner_get(id, &owner), "rte_eth_dev_owner_get"),
      owner.id != UInt64(RTE_ETH_DEV_NO_OWNER)
    else { return nil }
    guard let name = portName(id) else { return nil }
    var information = rte_eth_dev_info()
    var address = rte_ether_addr()
    var statistics = rte_eth_stats()
    guard try isThere(rte_eth_dev_info_get(id, &information), "rte_eth_dev_info_get"),
      try isThere(rte_eth_macaddr_get(id, &address), "rte_eth_macaddr_get"),
      try isThere(rte_eth_stats_get(id, &statistics), "rte_eth_stats_get")
    else { return nil }
    self.init(
      ownerID: owner.id, ownerName: withUnsafeBytes(of: &owner.name) { text(of: $0) },
      device: deviceName(information) ?? name,
      subdevice: Subdevice(
        name: name, driver: information.driver_name.map { String(cString: $0) } ?? "unknown",
        mac: withUnsafeBytes(of: &address.addr_bytes) { MACAddress($0).text },
        rxPackets: statistics.ipackets, txPackets: statistics.opackets))
  }
}

private func deviceName(_ information: rte_eth_dev_info) -> String? {
  information.device.flatMap { rte_dev_name($0) }.map { String(cString: $0) }
}

/// The text of a C array of characters, which need not end in a zero.
func text(of bytes: UnsafeRawBufferPointer) -> String {
  String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
}
