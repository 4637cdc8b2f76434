import Provisioning

/// The facts as a person reads them, at 80 columns; the JSON has all of them.
func factsText(_ facts: HostFacts, style: Style) -> String {
  var lines: [String] = []
  func row(_ label: String, _ value: String) {
    let wrapped = value.wrapped(width: 62)
    for (index, line) in wrapped.enumerated() {
      lines.append((index == 0 ? style.bold(label.padded(to: 16)) : "".padded(to: 16)) + line)
    }
  }
  row("distribution", facts.distribution?.name ?? "unknown: no os-release")
  row(
    "kernel",
    facts.kernel.running ?? (facts.kernel.installed.isEmpty ? "none" : facts.kernel.installed.joined(separator: ", ")))
  row("platform", facts.platform.isAzure ? "Azure" : facts.platform.product ?? facts.platform.vendor ?? "unknown")
  for node in facts.nodes {
    let memory = node.hasMemory ? "\(node.memory.free >> 10) of \(node.memory.total >> 10) MiB free" : "no memory"
    row("node \(node.id)", "\(memory), \(node.cpus.count) \(node.cpus.count == 1 ? "CPU" : "CPUs")")
    for pool in node.pools where node.hasMemory {
      row("", "\(pool.pageSize) pages: \(pool.total) reserved, \(pool.free) free")
    }
  }
  for mount in facts.mounts where mount.type == "hugetlbfs" {
    row("hugetlbfs", "\(mount.target) (\(mount.options.joined(separator: ",")))")
  }
  for user in facts.hugepageUsers {
    row("in use by", "\(user.command) (pid \(user.pid)): \(user.kilobytes >> 10) MiB")
  }
  if !facts.staleMapFiles.isEmpty { row("stale", facts.staleMapFiles.joined(separator: " ")) }
  for device in facts.devices {
    let bus = [device.bus, device.busAddress].compactMap { $0 }.joined(separator: " ")
    row(device.name, [device.mac, device.driver, bus.isEmpty ? nil : bus].compactMap { $0 }.joined(separator: ", "))
  }
  for route in facts.routing.defaultRoutes {
    let gateway = route.gateway.map { " via \($0)" } ?? ""
    row("route", "default\(gateway) dev \(route.interface) metric \(route.metric)")
  }
  for way in facts.routing.ways where facts.platform.isAzure {
    row("way to", "\(way.destination) by \(way.interface ?? "no interface")")
  }
  for session in facts.routing.sessions {
    row("SSH session", "\(session.local) from \(session.peer) by \(session.interface ?? "no interface")")
  }
  let present = facts.modules.filter { $0.state != .absent }
  if !present.isEmpty { row("modules", present.map { "\($0.name) (\($0.state.rawValue))" }.joined(separator: ", ")) }
  let libraries = facts.dpdk.libraries.map { $0.release ?? "ABI \($0.abi)" }
  let carrier = facts.dpdk.hostHasOwn == nil ? "" : " (the bundle's)"
  row("DPDK", libraries.isEmpty ? "not installed" : libraries.joined(separator: ", ") + carrier)
  if !facts.dpdk.networkDrivers.isEmpty { row("drivers", facts.dpdk.networkDrivers.joined(separator: " ")) }
  for file in facts.unreadable { row("unreadable", "\(file.path): \(file.reason)") }
  return lines.joined(separator: "\n")
}
