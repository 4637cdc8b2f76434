internal import Provisioning
internal import SystemPackage

private let vfio = (module: "vfio", parameter: "enable_unsafe_noiommu_mode")

/// Lets vfio work where no IOMMU translates: a device can then write to all of the host's memory. The former value is
/// journalled.
///
/// - Privileges: root.
/// - Throws: where the kernel is built without it (`CONFIG_VFIO_NOIOMMU`).
func allowNoIOMMU(_ journal: Journal, _ root: HostRoot) throws(HostError) {
  let path = parameterPath(vfio.module, vfio.parameter)
  guard let before = try parameter(vfio.module, vfio.parameter, root) else {
    throw HostError(
      "vfio cannot do without an IOMMU here: there is no '\(path)'",
      remedy: "turn the IOMMU on (intel_iommu=on on the kernel command line), or take a kernel with CONFIG_VFIO_NOIOMMU"
    )
  }
  guard before != "Y" else { return }
  try journal.record(.moduleParameter(module: vfio.module, parameter: vfio.parameter, before: before))
  try setParameter(vfio.module, vfio.parameter, to: "Y", root)
}

/// Sets a module's parameter and reads it back; a module that is gone has none, and is no error.
func restoreParameter(
  _ module: String, _ name: String, to value: String, root: HostRoot = .runningHost
) throws(HostError) {
  guard let now = try parameter(module, name, root), now != value else { return }
  try setParameter(module, name, to: value, root)
}

private func parameterPath(_ module: String, _ name: String) -> String { "/sys/module/\(module)/parameters/\(name)" }

private func parameter(_ module: String, _ name: String, _ root: HostRoot) throws(HostError) -> String? {
  let path = parameterPath(module, name)
  do { return try root.contents(path).map { String($0.prefix { !$0.isWhitespace }) } } catch {
    throw HostError("cannot read '\(path)'", errno: error)
  }
}

private func setParameter(_ module: String, _ name: String, to value: String, _ root: HostRoot) throws(HostError) {
  let path = parameterPath(module, name)
  do { try writeSysfs("\(value)\n", to: root.location(of: path)) } catch {
    throw HostError("cannot set '\(path)' to \(value)", errno: error)
  }
  let left = try parameter(module, name, root)
  guard left == value else { throw HostError("'\(path)' is \(left ?? "gone"), should be \(value)") }
}
