public import Provisioning

/// Reads a host, once, into a value that everything else is decided on.
///
/// It changes nothing and loads nothing. Without root privileges the files of other users' processes stay closed and are
/// recorded in ``HostFacts/unreadable``, like every other file that exists and cannot be read; nothing is guessed, and
/// no failure ends it. Of the running host libkmod, libudev and rtnetlink are asked, of an image only files below its root.
///
/// - Parameters:
///   - scope: the modules, paths and accounts that a profile names.
///   - dpdk: what is installed, where that is known from a moment ago: finding it is most of the work.
public func gather(
  _ root: HostRoot, scope: GatherScope = GatherScope(), dpdk: DPDKInstallation? = nil
) -> HostFacts {
  let carried = root.isRunningHost ? Installation().carriedLibraries : nil
  let search = dpdk == nil ? Meanwhile(root) { $0.dpdk(carried: carried) } : nil
  let sessions = root.isRunningHost ? Meanwhile(root) { $0.sshConnections() } : nil
  var reader = FactReader(root)
  var facts = HostFacts()
  facts.distribution = reader.distribution()
  facts.kernel = reader.kernel()
  facts.platform = reader.platform()
  facts.onlineCPUs = reader.onlineCPUs()
  let memory = reader.text("/proc/meminfo").map { Meminfo($0) }
  facts.defaultHugepageSize = memory?.defaultHugepageSize
  facts.nodes = reader.nodes(machineMemory: memory, onlineCPUs: facts.onlineCPUs)
  facts.mounts = reader.mounts()
  facts.expectedMounts = reader.expectedMounts()
  facts.paths = scope.paths.map { reader.path($0) }
  facts.accounts = reader.accounts(scope)
  facts.modules = reader.modules(scope.modules, of: facts.kernel)
  facts.devices = reader.devices()
  facts.busDevices = reader.busDevices()
  reader.addVirtioFunctions(to: &facts.devices, on: facts.busDevices)
  facts.routing = reader.routing(
    completing: &facts.devices, sessions: sessions?.get(into: &reader) ?? [])
  facts.bindings = reader.bindings(on: facts.busDevices)
  facts.networkWaiters = reader.networkWaiters()
  if scope.boot { facts.boot = reader.boot(facts.distribution, kernels: facts.kernel) }
  facts.files = reader.files(scope.files)
  facts.usesSystemd = reader.usesSystemd()
  if scope.hugepageUse {
    (facts.hugepageUsers, facts.staleMapFiles) = reader.hugepageUse(nodes: facts.nodes, mounts: facts.mounts)
  }
  facts.dpdk = search?.get(into: &reader) ?? dpdk ?? DPDKInstallation()
  facts.unreadable = reader.unreadable
  return facts
}

/// The DPDK that the running host has of its own, whatever this program carries.
public func gatherInstalledDPDK() -> DPDKInstallation {
  var reader = FactReader(.runningHost)
  return reader.dpdk()
}

/// The facts of the running host that its interfaces are decided on: which processes hold hugepages is not among them.
///
/// - Parameter dpdk: as in ``gather(_:scope:dpdk:)``.
public func gatherInterfaces(for profile: Profile, dpdk: DPDKInstallation? = nil) -> HostFacts {
  var scope = gatherScope(for: profile)
  scope.hugepageUse = false
  scope.boot = false
  scope.files = []
  return gather(.runningHost, scope: scope, dpdk: dpdk)
}
