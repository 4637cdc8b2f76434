internal import EngineMessages
internal import Provisioning
internal import SystemPackage

/// Runs `body`, then takes away from these devices the ingress queueing disciplines that were not there before: those that
/// DPDK's TAP left.
///
/// - Returns: what `body` does, and where one stays, what was in the way: what was measured is good all the same.
/// - Throws: what `body` throws, or that the kernel does not say what there is before.
func withoutNewIngress<Value>(
  on devices: [NetworkDevice], _ body: () async throws(HostError) -> Value
) async throws(HostError) -> (Value, obstacle: HostError?) {
  guard !devices.isEmpty else { return (try await body(), nil) }
  let before: Set<IngressQdisc>
  do throws(Errno) {
    var socket = try NetlinkSocket()
    before = try socket.ingressQdiscs()
  } catch { throw HostError("cannot see which ingress queueing disciplines there are", errno: error) }
  let outcome: Result<Value, HostError>
  do throws(HostError) { outcome = .success(try await body()) } catch { outcome = .failure(error) }
  var obstacle: HostError?
  do throws(HostError) { try removeIngress(from: devices.map(\.index), but: before) } catch { obstacle = error }
  return (try outcome.get(), obstacle)
}

/// Takes the ingress queueing disciplines of these devices away, but for those of `before`. One that is gone by itself by
/// then, or whose device is, is no trouble.
func removeIngress(from devices: [Int], but before: Set<IngressQdisc>) throws(HostError) {
  do throws(Errno) {
    var socket = try NetlinkSocket()
    for left in try socket.ingressQdiscs().subtracting(before) where devices.contains(Int(left.device)) {
      do throws(Errno) { try socket.remove(left) } catch  where error.meansGone {}
    }
  } catch {
    throw HostError(
      "cannot take away the ingress queueing discipline that DPDK's TAP left", errno: error,
      remedy: "run 'tc qdisc del dev NAME ingress' for each that 'tc qdisc show' has")
  }
}

extension Errno {
  /// `ENOENT`, `EINVAL`, and `ENODEV`.
  fileprivate var meansGone: Bool {
    [.noSuchFileOrDirectory, .invalidArgument, .operationNotSupportedByDevice].contains { $0 == self }
  }
}

extension EngineRequest {
  /// The devices that `net_vdev_netvsc` puts a TAP beside.
  func remoteDevices(among devices: [NetworkDevice]) -> [NetworkDevice] {
    let names = virtualDevices.flatMap { $0.split(separator: ",") }.filter { $0.hasPrefix("iface=") }
    return devices.filter { names.contains("iface=\($0.name)") }
  }
}
