import EngineMessages
import Testing

@testable import TrafficEngine

@Suite("What DPDK may probe")
struct DeviceArgumentTests {
  static let uuid = "635a7ae3-091e-4410-ad59-667c4f8c04c3"

  private func arguments(
    allow: [String] = [], vdev: [String] = [], eal: [String] = [], onHyperV: Bool = false
  ) -> [String] {
    let request = EngineRequest(mode: .rx, virtualDevices: vdev, allowedDevices: allow, ealArguments: eal)
    return deviceArguments(for: request, netvscStartsByItself: onHyperV)
  }

  @Test(
    "devices that are PCI are known by their address",
    arguments: [
      "acf1:00:02.0", "0000:00:02.7,x=1", "00:02.0", "pci:00:02.0", "pci:ACF1:00:02.0,mac=02:00:00:00:00:01",
      "7870:00:00.0,mac=02:00:00:00:00:01,mac=02:00:00:00:00:02", "12345678:0:1.f",
    ])
  func pci(device: String) {
    #expect(namesPCIDevice(device))
    #expect(!arguments(allow: [device]).contains("--no-pci"))
    #expect(!arguments(vdev: ["net_null0", device]).contains("--no-pci"))
  }

  @Test(
    "whatever else is named leaves the PCI bus shut",
    arguments: [
      uuid, "vmbus:\(uuid),latency=20", "net_null0", "net_vdev_netvsc0,iface=eth1", "net_failsafe0,dev(acf1:00:02.0)",
      "net_x,addr=00:02.0", "", "pci:", ":00:02.0", "0:0:0:0.0", "acf1:00:02", "acf1:00:02.", "acf1:00:02.0.0",
      "00:02:0",
      "02.0", "acf1:000:02.0", "acf1:00:022.0", "acf1:00:02.00", "123456789:00:02.0", "acfg:00:02.0", "00:0２.0",
      "02:00:00:00:00:01",
    ])
  func notPCI(device: String) {
    #expect(!namesPCIDevice(device))
    #expect(arguments(allow: [device]) == ["--no-pci", "-a", device])
    #expect(arguments(vdev: [device]) == ["--no-pci", "--vdev=\(device)"])
  }

  @Test("one PCI device among others opens the bus to itself alone")
  func mixed() {
    #expect(
      arguments(allow: [Self.uuid, "acf1:00:02.0"], vdev: ["net_null0"])
        == ["-a", Self.uuid, "-a", "acf1:00:02.0", "--vdev=net_null0"])
  }

  private static let guardian = "--vdev=net_vdev_netvsc0,ignore=1"

  @Test("on Hyper-V net_vdev_netvsc is told to take nothing, beside whatever is asked for")
  func autostart() {
    #expect(arguments(vdev: ["net_null0"], onHyperV: true) == ["--no-pci", "--vdev=net_null0", Self.guardian])
    #expect(arguments(allow: ["acf1:00:02.0"], onHyperV: true) == ["-a", "acf1:00:02.0", Self.guardian])
    #expect(arguments(onHyperV: true) == ["--no-pci", Self.guardian])
    // The driver looks for its name alone, and not for its alias, before it starts by itself.
    #expect(arguments(vdev: ["eth_vdev_netvsc0,iface=eth1"], onHyperV: true).last == Self.guardian)
  }

  @Test(
    "who names net_vdev_netvsc has it as named, as a second argument of one name would replace it",
    arguments: ["net_vdev_netvsc0,iface=eth1", "vdev:net_vdev_netvsc0,mac=02:00:00:00:00:01", "net_vdev_netvsc"])
  func named(device: String) {
    #expect(arguments(vdev: [device], onHyperV: true) == ["--no-pci", "--vdev=\(device)"])
    #expect(arguments(eal: ["--vdev", device], onHyperV: true) == ["--no-pci"])
    #expect(arguments(eal: ["--vdev=\(device)"], onHyperV: true) == ["--no-pci"])
  }

  @Test("a driver is installed where EAL looks for its plugins, and nowhere else")
  func installed() {
    #expect(driverIsInstalled("net_null"))
    #expect(!driverIsInstalled("net_bogus"))
    #expect(!driverIsInstalled("net_null", in: "/nonexistent"))
    #expect(!driverIsInstalled("net_null", in: ""))
  }

  @Test("where a failsafe would be port 0, a device of ours is")
  func placeholder() {
    func arguments(_ devices: String..., canHoldPlace: Bool = true) -> [String] {
      deviceArguments(
        for: EngineRequest(mode: .rx, virtualDevices: devices), netvscStartsByItself: false, canHoldPlace: canHoldPlace)
    }
    let failsafe = "net_failsafe0,dev(net_ring0)"
    #expect(arguments(failsafe) == ["--no-pci", "--vdev=net_null_placeholder", "--vdev=\(failsafe)"])
    #expect(arguments(failsafe, canHoldPlace: false) == ["--no-pci", "--vdev=\(failsafe)"])
    #expect(arguments("net_ring0") == ["--no-pci", "--vdev=net_ring0"])
    #expect(arguments("net_vdev_netvsc0,iface=eth1") == ["--no-pci", "--vdev=net_vdev_netvsc0,iface=eth1"])
  }
}
