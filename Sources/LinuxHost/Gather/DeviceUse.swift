internal import Provisioning
internal import SystemPackage

/// The processes that have a device of these bindings open, by the links in `/proc/PID/fd`.
///
/// A process that hides its descriptors from us (we are not root, or it is in another PID namespace) is not seen.
///
/// - Privileges: root, to see other users' processes.
func deviceUsers(of bindings: [Binding], in root: HostRoot) -> [DeviceUser] {
  let nodes = bindings.map { (binding: $0, paths: characterDevices(of: $0, in: root)) }.filter { !$0.paths.isEmpty }
  guard !nodes.isEmpty else { return [] }
  var users: [DeviceUser] = []
  for pid in ((try? root.entries("/proc")) ?? nil ?? []).compactMap({ Int($0) }).sorted() {
    let descriptors = (try? root.entries("/proc/\(pid)/fd")) ?? nil ?? []
    let open = Set(descriptors.compactMap { (try? root.link("/proc/\(pid)/fd/\($0)")) ?? nil })
    for node in nodes where !open.isDisjoint(with: node.paths) {
      let command = (try? root.contents("/proc/\(pid)/comm")) ?? nil ?? ""
      users.append(
        DeviceUser(
          pid: pid, command: String(command.prefix { $0 != "\n" }), bus: node.binding.bus,
          address: node.binding.address))
    }
  }
  return users
}

/// The files in `/dev` by which a program reaches the device.
///
/// Source: `Documentation/driver-api/vfio.rst` (a group's file, `noiommu-` before its number without IOMMU, and since 6.6
/// one of the device itself), `Documentation/driver-api/uio-howto.rst`.
private func characterDevices(of binding: Binding, in root: HostRoot) -> Set<String> {
  let directory = "/sys/bus/\(binding.bus)/devices/\(binding.address)"
  func names(_ folder: String, _ prefix: String) -> [String] {
    (try? root.entries("\(directory)/\(folder)", prefix: prefix)) ?? nil ?? []
  }
  var paths = names("uio", "uio").map { "/dev/\($0)" } + names("vfio-dev", "vfio").map { "/dev/vfio/devices/\($0)" }
  if let group = ((try? root.link("\(directory)/iommu_group")) ?? nil)?.split(separator: "/").last {
    paths += ["/dev/vfio/\(group)", "/dev/vfio/noiommu-\(group)"]
  }
  return Set(paths)
}
