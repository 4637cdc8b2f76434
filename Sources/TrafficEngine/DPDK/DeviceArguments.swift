import EngineMessages

/// EAL's arguments that name the devices of a request, and keep DPDK away from all others.
///
/// - Parameters:
///   - netvscStartsByItself: see ``netvscStartsByItself``.
///   - canHoldPlace: whether there is a driver for ``PlaceholderPort``.
func deviceArguments(
  for request: EngineRequest, netvscStartsByItself: Bool, canHoldPlace: Bool = false
) -> [String] {
  var arguments: [String] = []
  // A bus that no argument names a device of is open to every driver.
  if !(request.allowedDevices + request.virtualDevices).contains(where: namesPCIDevice) { arguments.append("--no-pci") }
  for device in request.allowedDevices { arguments += ["-a", device] }
  if canHoldPlace, PlaceholderPort.isNeeded(for: request) { arguments.append("--vdev=\(PlaceholderPort.device)") }
  for device in request.virtualDevices { arguments.append("--vdev=\(device)") }
  // A second argument for one device replaces the first: whoever names the driver has it as named.
  let named = request.virtualDevices + request.ealArguments
  if netvscStartsByItself, !named.contains(where: namesNetvsc) { arguments.append("--vdev=net_vdev_netvsc0,ignore=1") }
  return arguments
}

/// Whether devargs are those of a PCI device: `0000:00:02.0` or `00:02.0`, behind `pci:` or not.
func namesPCIDevice(_ devargs: String) -> Bool {
  let name = devargs.prefix { $0 != "," }
  let address = name.hasPrefix("pci:") ? name.dropFirst(4) : name
  var parts = address.split(separator: ":", omittingEmptySubsequences: false)
  guard (2...3).contains(parts.count), let last = parts.popLast() else { return false }
  let ends = last.split(separator: ".", omittingEmptySubsequences: false)
  guard ends.count == 2 else { return false }
  // EAL reads a domain of 32 bits; a bus and a device are two digits at most, a function is one.
  let widths = (parts.count == 2 ? [8, 2] : [2]) + [2, 1]
  return zip(parts + ends, widths).allSatisfy { part, width in
    (1...width).contains(part.count) && part.allSatisfy { $0.isASCII && $0.isHexDigit }
  }
}

/// Whether an argument starts `net_vdev_netvsc` under the name that keeps it from starting by itself.
private func namesNetvsc(_ argument: String) -> Bool {
  var device = argument[...]
  for prefix in ["--vdev=", "vdev:"] where device.hasPrefix(prefix) { device = device.dropFirst(prefix.count) }
  return device.hasPrefix("net_vdev_netvsc")
}
