@testable import Provisioning

extension ScannedHost {
  /// The host as DPDK finds it once the plan is carried out: data devices with the driver that their PMD needs.
  init(_ topology: RandomTopology, applying plan: InterfacePlan) {
    let facts = topology.facts
    self.init(
      netdevs: facts.devices, busDevices: facts.busDevices,
      isHyperV: facts.platform.isAzure || facts.busDevices.contains { $0.bus == "vmbus" },
      drivers: Set(facts.dpdk.networkDrivers))
    for interface in plan.data.map(\.interface) {
      switch (plan.pmd, interface.kind) {
      case (.netvsc, .synthetic), (.mana, .synthetic): bind(interface, to: "uio_hv_generic")
      case (.vfio, _): bind(interface, to: "vfio-pci")
      default: break
      }
    }
  }

  private mutating func bind(_ interface: Interface, to driver: String) {
    for index in busDevices.indices
    where busDevices[index].address == interface.device.virtioFunction ?? interface.device.busAddress {
      busDevices[index].driver = driver
    }
    if interface.binding == nil { netdevs.removeAll { $0.index == interface.device.index } }
  }
}

/// What the plan means to be opened: exactly its data ports with all their halves.
struct MeantDevices {
  var vmbus: Set<String> = []
  var functions: Set<String> = []
  var netdevs: Set<Int> = []
  var drivers: Set<String> = []

  init(_ plan: InterfacePlan) {
    for interface in plan.data.map(\.interface) {
      let function = interface.kind == .physical ? interface.device : interface.virtualFunction
      if let function {
        functions.insert(function.virtioFunction ?? function.busAddress ?? "")
        if plan.pmd != .vfio { netdevs.insert(function.index) }
        switch function.driver {
        case "mlx4_core": drivers.insert("net_mlx4")
        case "mlx5_core": drivers.insert("net_mlx5")
        case "mana": drivers.insert("net_mana")
        default: break
        }
      }
      guard interface.kind == .synthetic else { continue }
      if plan.pmd == .failsafe {
        netdevs.insert(interface.device.index)
        drivers.formUnion(["net_failsafe", "net_vdev_netvsc"])
      } else {
        vmbus.insert(interface.device.busAddress ?? "")
        drivers.insert("net_netvsc")
      }
    }
  }
}
