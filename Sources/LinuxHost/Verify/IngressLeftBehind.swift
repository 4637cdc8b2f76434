internal import EngineMessages
internal import Provisioning
internal import SystemPackage

/// Runs `body`, then takes away from these devices the ingress queueing disciplines that were not there before: those that
/// DPDK's TAP left.
///
/// - Throws: what `body` throws; else, where one stays, what was in the way.
func withoutNewIngress<Value>(
  on devices: [NetworkDevice], _ body: () async throws(HostError) -> Value
) async throws(HostError) -> Value {
  guard !devices.isEmpty else { return try await body() }
  let before = try asking { socket throws(Errno) in try socket.ingressQdiscs() }
  let outcome: Result<Value, HostError>
  do throws(HostError) { outcome = .success(try await body()) } catch { outcome = .failure(error) }
  var obstacle: HostError?
  do throws(HostError) { try removeIngress(from: devices.map(\.index), but: before) } catch { obstacle = error }
  let value = try outcome.get()
  if let obstacle { throw obstacle }
  return value
}

/// Takes the ingress queueing disciplines of these devices away, but for those of `before`.
func removeIngress(from devices: [Int], but before: Set<IngressQdisc>) throws(HostError) {
  try asking { socket throws(Errno) in
    for left in try socket.ingressQdiscs().subtracting(before) where devices.contains(Int(left.device)) {
      try socket.remove(left)
    }
  }
}

private func asking<Value>(_ body: (inout NetlinkSocket) throws(Errno) -> Value) throws(HostError) -> Value {
  do throws(Errno) {
    var socket = try NetlinkSocket()
    return try body(&socket)
  } catch {
    throw HostError(
      "cannot take away the ingress queueing discipline that DPDK's TAP left", errno: error,
      remedy: "run 'tc qdisc del dev NAME ingress' for each that 'tc qdisc show' has")
  }
}

extension EngineRequest {
  /// The devices that `net_vdev_netvsc` puts a TAP beside.
  func remoteDevices(among devices: [NetworkDevice]) -> [NetworkDevice] {
    let names = virtualDevices.flatMap { $0.split(separator: ",") }.filter { $0.hasPrefix("iface=") }
    return devices.filter { names.contains("iface=\($0.name)") }
  }
}
