import Foundation
import Provisioning
import Testing

@Suite("Bindings, in the journal and on the way back")
struct BindingPlanTests {
  func entry(_ binding: Binding, boot: String = "now") -> JournalEntry { entry(.binding(binding), boot: boot) }

  func entry(_ effect: Effect, boot: String = "now") -> JournalEntry {
    JournalEntry(time: "2026-01-01T00:00:00Z", boot: boot, machine: "m", effect: effect)
  }

  func binding(_ former: String? = "e1000e", address: String = "0000:00:04.0", name: String? = "eth1") -> Binding {
    Binding(
      bus: "pci", address: address, driver: "vfio-pci", formerDriver: former,
      device: name.map { NetworkDevice(name: $0, index: 3, mac: "02:00:00:00:00:01") })
  }

  func on(_ driver: String?, override: String? = nil, bus: String = "pci") -> [BusDevice] {
    [BusDevice(bus: bus, address: "0000:00:04.0", driver: driver, driverOverride: override, deviceClass: "020000")]
  }

  func inForce(_ entries: [JournalEntry], _ devices: [BusDevice]) -> [Binding] {
    [Binding](inForceBy: entries, boot: "now", on: devices)
  }

  @Test("a binding holds while the device has our driver")
  func holds() { #expect(inForce([entry(binding())], on("vfio-pci")) == [binding()]) }

  @Test("a device that has another driver, is free, is gone, or was bound in another boot is not bound")
  func isOver() {
    #expect(inForce([entry(binding())], on("e1000e")) == [])
    #expect(inForce([entry(binding())], on("e1000e", override: "vfio-pci")) == [])
    #expect(inForce([entry(binding())], on(nil)) == [])
    #expect(inForce([entry(binding())], []) == [])
    #expect(inForce([entry(binding())], on("vfio-pci", bus: "vmbus")) == [])
    #expect(inForce([entry(binding(), boot: "earlier")], on("vfio-pci")) == [])
  }

  @Test("a device that is free and reserved for our driver was bound half way: its interface is not forgotten")
  func halfWay() { #expect(inForce([entry(binding())], on(nil, override: "vfio-pci")) == [binding()]) }

  @Test("bound twice, it has its first driver and its last interface")
  func twice() {
    let entries = [entry(binding()), entry(binding(nil, name: nil)), entry(binding("other", name: "eth5"))]
    #expect(inForce(entries, on("vfio-pci")) == [binding("e1000e", name: "eth5")])
    #expect(inForce(Array(entries.prefix(2)), on("vfio-pci")) == [binding()])
  }

  @Test("devices are returned before any module goes, to their first driver, each once")
  func order() {
    let entries = [
      entry(.module(name: "vfio-pci")),
      entry(.moduleParameter(module: "vfio", parameter: "enable_unsafe_noiommu_mode", before: "N")),
      entry(binding()), entry(binding(nil, name: nil)),
      entry(binding(address: "0000:00:05.0", name: "eth2")), entry(.module(name: "uio_hv_generic")),
    ]
    let plan = planRevert(entries, on: sampleHost(), boot: "now", machine: "m")
    #expect(
      plan.steps == [
        .returnDevice(binding(address: "0000:00:05.0", name: "eth2")), .returnDevice(binding()),
        .unloadModule(name: "uio_hv_generic"),
        .restoreParameter(module: "vfio", parameter: "enable_unsafe_noiommu_mode", value: "N"),
        .unloadModule(name: "vfio-pci"),
      ])
  }

  @Test("a reboot has returned the device already")
  func reboot() {
    let plan = planRevert([entry(binding(), boot: "earlier")], on: sampleHost(), boot: "now", machine: "m")
    #expect(plan == RevertPlan())
  }

  @Test("a process that has the device open blocks and is named; one with another device does not")
  func inUse() {
    func plan(_ address: String) -> RevertPlan {
      planRevert(
        [entry(binding())], on: sampleHost(),
        deviceUsers: [DeviceUser(pid: 42, command: "testpmd", bus: "pci", address: address)], boot: "now", machine: "m")
    }
    let finding = plan("0000:00:04.0").findings.first
    #expect(finding?.id == "dpdk.inUse")
    #expect(finding?.severity == .blocker)
    #expect(finding?.subject == "eth1, PCI 0000:00:04.0")
    #expect(finding?.message == "the device is in use by 'testpmd' (pid 42)")
    #expect(plan("0000:00:05.0").findings == [])
  }

  @Test("a step settles what it undid, whatever else the entry says")
  func settles() {
    let step = RevertStep.returnDevice(binding())
    #expect(step.settles(.binding(binding(nil, name: nil))))
    #expect(!step.settles(.binding(binding(address: "0000:00:05.0"))))
    let parameter = RevertStep.restoreParameter(module: "vfio", parameter: "a", value: "N")
    #expect(parameter.settles(.moduleParameter(module: "vfio", parameter: "a", before: "Y")))
    #expect(!parameter.settles(.moduleParameter(module: "vfio", parameter: "b", before: "N")))
  }

  @Test("an entry is read back as it was written")
  func roundTrip() throws {
    for effect in [
      Effect.binding(binding()), .moduleParameter(module: "vfio", parameter: "enable_unsafe_noiommu_mode", before: "N"),
    ] {
      let json = try JSONEncoder().encode(entry(effect))
      #expect(try JSONDecoder().decode(JournalEntry.self, from: json) == entry(effect))
    }
  }

  @Test("the action's JSON has the contract's keys")
  func json() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let wanted = DeviceBinding(
      bus: "pci", address: "0000:00:04.0", driver: "vfio-pci", device: NetworkDevice(name: "eth1", index: 3))
    let json = String(
      decoding: try encoder.encode(PlannedAction(.bindDevice(wanted), reason: "for DPDK")), as: UTF8.self)
    #expect(
      json == """
        {"bus":"pci","device":"0000:00:04.0","driver":"vfio-pci","interface":"eth1","kind":"bindDevice",\
        "reason":"for DPDK","withoutIOMMU":false}
        """)
  }
}
