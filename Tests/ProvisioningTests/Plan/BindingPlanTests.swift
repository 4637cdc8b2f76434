import Provisioning
import Testing

@Suite("What is taken from the kernel")
struct BindingPlanTests {
  private func bindings(_ pmd: Profile.Interfaces.PMD, on facts: HostFacts) -> [DeviceBinding] {
    planBindings(planInterfaces(dataProfile(pmd), on: facts), on: facts).actions.compactMap {
      if case .bindDevice(let binding) = $0.action { binding } else { nil }
    }
  }

  @Test("failsafe takes nothing")
  func failsafe() { #expect(bindings(.failsafe, on: azureHost()).isEmpty) }

  @Test("netvsc takes the NETVSC of every data port, and never management's")
  func netvsc() {
    let taken = bindings(.netvsc, on: azureHost(functions: ["15b3:1016", nil]))
    #expect(taken.map(\.address) == [uuid(1), uuid(2)])
    #expect(taken.allSatisfy { $0.bus == "vmbus" && $0.driver == "uio_hv_generic" && $0.virtualFunction == nil })
    #expect(taken.map(\.device?.name) == ["eth1", "eth2"])
  }

  @Test("below MANA's PMD the VF goes down as well")
  func mana() {
    #expect(bindings(.mana, on: azureHost(functions: ["1414:00ba"])).map(\.virtualFunction?.name) == ["enP1s1"])
  }

  @Test("vfio takes the PCI functions of a plain host, and says where no IOMMU is")
  func vfio() {
    var facts = plainHost()
    #expect(bindings(.vfio, on: facts).map(\.address) == ["0000:00:01.0", "0000:00:02.0"])
    #expect(bindings(.vfio, on: facts).allSatisfy { $0.driver == "vfio-pci" && !$0.withoutIOMMU })
    facts.busDevices[1].iommuGroup = nil
    let plan = planBindings(planInterfaces(dataProfile(.vfio), on: facts), on: facts)
    #expect(bindings(.vfio, on: facts).map(\.withoutIOMMU) == [true, false])
    #expect(plan.ids == ["interface.noIOMMU"])
  }

  @Test("a device that shares its IOMMU group with management is not taken, and the group is named")
  func group() {
    var facts = plainHost()
    facts.busDevices[1].iommuGroup = facts.busDevices[0].iommuGroup
    let plan = planBindings(planInterfaces(dataProfile(.vfio), on: facts), on: facts)
    #expect(bindings(.vfio, on: facts).map(\.address) == ["0000:00:02.0"])
    #expect(plan.ids == ["interface.iommuGroup"])
    #expect(plan.findings[0].message.contains("0000:00:00.0"))
  }

  @Test("a kernel by which nothing can change hands is a blocker of the plan, not a failure of 'apply'")
  func noOverride() {
    var facts = azureHost()
    for index in facts.busDevices.indices { facts.busDevices[index].acceptsOverride = false }
    #expect(bindings(.netvsc, on: facts).isEmpty)
    #expect(planBindings(planInterfaces(dataProfile(.netvsc), on: facts), on: facts).ids == ["interface.pmdUnsuitable"])
  }

  @Test("a physical function whose VFs are enabled is not taken: one of them may be management")
  func virtualFunctions() {
    var facts = plainHost()
    facts.devices[1].enabledVFs = 2
    #expect(bindings(.vfio, on: facts).map(\.address) == ["0000:00:02.0"])
    facts.devices[1].enabledVFs = 0
    #expect(bindings(.vfio, on: facts).count == 2)
  }

  @Test("an interface that became management since the plan was made is not wanted any more")
  func lookAgain() throws {
    var facts = plainHost()
    let wanted = try #require(bindings(.vfio, on: facts).first)
    #expect(isStillWanted(wanted, by: dataProfile(.vfio), on: facts))
    facts.routing.sessions = [RemoteSession(local: "192.0.2.9", peer: "192.0.2.1", interface: "ens1")]
    #expect(!isStillWanted(wanted, by: dataProfile(.vfio), on: facts))
  }

  @Test("what is bound already needs nothing, and the plan is empty")
  func again() {
    var facts = plainHost()
    for index in [2, 1] {
      facts.busDevices[index].driver = "vfio-pci"
      facts.bindings.append(
        Binding(
          bus: "pci", address: facts.busDevices[index].address, driver: "vfio-pci", formerDriver: "e1000e",
          device: facts.devices.remove(at: index)))
    }
    let interfaces = planInterfaces(dataProfile(.vfio), on: facts)
    #expect(interfaces.data.map(\.interface.name) == ["ens1", "ens2"])
    #expect(planBindings(interfaces, on: facts) == Plan())
  }

  @Test("a device that an apply left half way is bound again")
  func halfWay() {
    var facts = plainHost()
    facts.busDevices[2].driver = nil
    facts.busDevices[2].driverOverride = "vfio-pci"
    facts.bindings = [
      Binding(
        bus: "pci", address: "0000:00:02.0", driver: "vfio-pci", formerDriver: "e1000e",
        device: facts.devices.remove(at: 2))
    ]
    #expect(bindings(.vfio, on: facts).map(\.address) == ["0000:00:01.0", "0000:00:02.0"])
  }

  @Test("while management is unknown nothing is taken, also with the waiver")
  func unknown() {
    var facts = plainHost()
    facts.routing = Routing()
    #expect(bindings(.vfio, on: facts).isEmpty)
    let plan = plan(dataProfile(.vfio), Requirements(), on: facts, waiving: ["interface.managementUnknown"])
    #expect(!plan.actions.contains { if case .bindDevice = $0.action { true } else { false } })
  }

  @Test("a service that waits for configured interfaces at boot is named")
  func awaited() {
    var facts = azureHost()
    facts.networkWaiters = ["systemd-networkd-wait-online.service"]
    let plan = planBindings(planInterfaces(dataProfile(.netvsc), on: facts), on: facts)
    #expect(plan.ids == ["interface.awaited"])
    #expect(plan.findings[0].message.contains("systemd-networkd-wait-online.service"))
  }
}
