import Provisioning

/// A host of two even nodes with 4 GiB each, 3 GiB of it free, and empty pools of 2M and 1G.
func sampleHost(nodes: [NUMANode] = [sampleNode(0), sampleNode(1)]) -> HostFacts {
  HostFacts(
    distribution: Distribution(id: "debian", release: "12", name: "Debian GNU/Linux 12 (bookworm)"),
    kernel: KernelFacts(running: "6.1.0-56-cloud-amd64", commandLine: "ro quiet", loadsModules: true),
    onlineCPUs: [0, 1], nodes: nodes,
    dpdk: DPDKInstallation(
      libraries: [EALLibrary(path: "/usr/lib/librte_eal.so.23", abi: "23", release: "22.11")],
      networkDrivers: ["net_failsafe", "net_memif"]))
}

func sampleNode(_ id: Int, freeMiB: UInt64 = 3072, pages: Int = 0, surplus: Int = 0) -> NUMANode {
  NUMANode(
    id: id, cpus: [id], hasMemory: true, memory: NodeMemory(total: 4 << 20, free: freeMiB << 10),
    pools: [
      HugepagePool(pageSize: .twoMegabytes, total: pages + surplus, free: pages, surplus: surplus),
      HugepagePool(pageSize: .oneGigabyte, total: 0, free: 0),
    ])
}

/// A node with CPUs and no memory; kernel 5.10 shows no pools there.
func memorylessNode(_ id: Int) -> NUMANode {
  NUMANode(id: id, cpus: [id], hasMemory: false, memory: NodeMemory(total: 0, free: 0), pools: [])
}

func profile(_ hugepages: Profile.Hugepages..., modules: [String] = []) -> Profile {
  Profile(
    name: "test", hugepages: hugepages, modules: .listed(modules), interfaces: .init(data: .none, pmd: .failsafe))
}

extension Plan {
  var ids: [String] { findings.map(\.id) }
  var requests: [PoolRequest] {
    actions.compactMap { if case .reserveHugepages(let request) = $0.action { request } else { nil } }
  }
}

/// A machine that is not on Azure, with two PCI NICs beside management.
func plainHost() -> HostFacts {
  var facts = sampleHost()
  facts.devices = (0...2).map { number in
    NetworkDevice(
      name: "ens\(number)", index: 2 + number, linkType: 1, mac: "52:54:00:00:00:0\(number)",
      addresses: number == 0 ? ["192.0.2.9/24"] : [], driver: "e1000e", bus: "pci",
      busAddress: "0000:00:0\(number).0", pciID: "8086:10d3", pciClass: "020000")
  }
  facts.busDevices = facts.devices.map {
    BusDevice(
      bus: "pci", address: $0.busAddress ?? "", driver: "e1000e", pciID: "8086:10d3", deviceClass: "020000",
      iommuGroup: $0.index)
  }
  facts.routing.defaultRoutes = [DefaultRoute(.ipv4, interface: "ens0", gateway: "192.0.2.1")]
  return facts
}
