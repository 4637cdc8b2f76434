import EngineMessages
import Provisioning
import Testing

@Suite("Verification on network interfaces")
struct NICVerificationTests {
  private let two = ["15b3:1016", "15b3:1016"] as [String?]
  private let gateway = "12:34:56:78:9a:bc"

  private func run(
    _ profile: Profile, on facts: HostFacts
  ) throws -> (request: EngineRequest, expected: ExpectedPorts) {
    guard case .run(let request, let expected) = planVerification(profile, on: facts, instance: "x") else {
      throw NothingRun()
    }
    return (request, expected)
  }

  private struct NothingRun: Error {}

  private func blocked(_ profile: Profile, on facts: HostFacts) -> [String] {
    guard case .blocked(let findings) = planVerification(profile, on: facts, instance: "x") else { return [] }
    return findings.map(\.id)
  }

  @Test("two data interfaces of one subnet send to each other, under the addresses that are theirs")
  func between() throws {
    let (request, expected) = try run(dataProfile(.failsafe), on: azureHost(functions: two))
    #expect(request.mode == .loopback)
    #expect(request.allowedDevices == ["0001:00:02.0", "0002:00:02.0"])
    #expect(request.virtualDevices == ["net_vdev_netvsc0,iface=eth1", "net_vdev_netvsc1,iface=eth2"])
    #expect(
      request.portEndpoints == [
        "00:0d:3a:00:00:01": FlowEndpoints(
          destinationMAC: gateway, sourceAddress: "10.0.0.5", destinationAddress: "10.0.0.6"),
        "00:0d:3a:00:00:02": FlowEndpoints(
          destinationMAC: gateway, sourceAddress: "10.0.0.6", destinationAddress: "10.0.0.5"),
      ])
    #expect(
      expected == ExpectedPorts(driver: "net_failsafe", subdeviceDrivers: ["mlx5_pci", "net_mlx5"], count: 2))
  }

  @Test("elsewhere than on Azure the frames go to the other's own MAC address")
  func plain() throws {
    var facts = azureHost(functions: two)
    facts.platform = Platform()
    let (request, _) = try run(dataProfile(.failsafe), on: facts)
    #expect(request.portEndpoints["00:0d:3a:00:00:01"]?.destinationMAC == "00:0d:3a:00:00:02")
  }

  @Test("two bare ports of a plain host are on one cable where loopback is asked for, and only there")
  func bare() throws {
    var facts = plainHost()
    let loopback = dataProfile(.vfio, verification: .init(method: .loopback))
    let (request, _) = try run(loopback, on: facts)
    #expect(
      request.portEndpoints == [
        "52:54:00:00:00:01": FlowEndpoints(destinationMAC: "52:54:00:00:00:02"),
        "52:54:00:00:00:02": FlowEndpoints(destinationMAC: "52:54:00:00:00:01"),
      ])
    let (sender, _) = try run(dataProfile(.vfio), on: facts)
    #expect(sender.mode == .tx)
    facts.devices[1].addresses = ["fe80::5054:ff:fe00:1/64"]  // the kernel's own
    #expect(try run(loopback, on: facts).0.portEndpoints == request.portEndpoints)
    facts.devices[1].addresses = ["2001:db8::1/64"]
    #expect(blocked(loopback, on: facts) == ["verification.noPartner"])
    facts.devices[1].addresses = []
    facts.devices.removeLast()
    #expect(blocked(loopback, on: facts) == ["verification.noPartner"])
  }

  @Test("a peer is preferred, and only the interface of its subnet is probed")
  func peer() throws {
    var facts = azureHost(functions: two)
    for index in facts.devices.indices where facts.devices[index].name == "eth2" {
      facts.devices[index].addresses = ["10.0.1.6/24"]
    }
    let peer = Profile.Verification.Peer(address: "10.0.1.9", mac: MACAddress("00:0d:3a:00:00:99"))
    let (request, expected) = try run(dataProfile(.netvsc, verification: .init(peer: peer)), on: facts)
    #expect(request.mode == .loopback)
    #expect(request.allowedDevices == [uuid(2), "0002:00:02.0"])
    #expect(request.virtualDevices == ["net_vdev_netvsc0,ignore=1"])
    #expect(
      request.portEndpoints == [
        "00:0d:3a:00:00:02": FlowEndpoints(
          destinationMAC: "00:0d:3a:00:00:99", sourceAddress: "10.0.1.6", destinationAddress: "10.0.1.9")
      ])
    #expect(request.usedPorts == ["00:0d:3a:00:00:02"])
    #expect(expected.driver == "net_netvsc")
    #expect(expected.count == 1)
  }

  @Test("with neither it sends, and says that arrival is not proven")
  func unproven() throws {
    let profile = dataProfile(.failsafe)
    let (request, expected) = try run(profile, on: azureHost())
    #expect(request.mode == .tx)
    #expect(request.portEndpoints["00:0d:3a:00:00:01"]?.sourceAddress == "10.0.0.5")
    let port = PortResult(
      port: 1, name: "net_failsafe_vsc0", driver: "net_failsafe", rxPackets: 0, txPackets: 90, rxPps: 0, txPps: 9,
      rxBps: 0, txBps: 9, rxMissed: 0, txDropped: 0,
      subdevices: [Subdevice(name: "v", driver: "mlx5_pci", mac: "", rxPackets: 0, txPackets: 90)])
    let findings = judge(
      TrafficResult(seconds: 10, ports: [port]), of: .tx, against: profile.verification, expecting: expected)
    #expect(findings.map(\.id) == ["verification.unproven"])
  }

  @Test("a port that did not come up fails, whatever the others moved")
  func missing() throws {
    let (_, expected) = try run(dataProfile(.failsafe), on: azureHost(functions: two))
    let port = PortResult(
      port: 1, name: "net_failsafe_vsc0", driver: "net_failsafe", rxPackets: 90, txPackets: 90, rxPps: 9, txPps: 9,
      rxBps: 9, txBps: 9, rxMissed: 0, txDropped: 0,
      subdevices: [Subdevice(name: "v", driver: "mlx5_pci", mac: "", rxPackets: 90, txPackets: 90)])
    let findings = judge(
      TrafficResult(seconds: 10, ports: [port]), of: .loopback, against: .init(), expecting: expected)
    #expect(findings.map(\.id) == ["engine.portMissing"])
  }

  @Test("MANA's ports come up under netvsc, and alone where there is no NETVSC")
  func mana() throws {
    let (request, expected) = try run(dataProfile(.mana), on: azureHost(functions: ["1414:00ba"]))
    #expect(request.allowedDevices == [uuid(1)])
    #expect(request.virtualDevices == ["7870:00:00.0,mac=00:0d:3a:00:00:01", "net_vdev_netvsc0,ignore=1"])
    #expect(expected == ExpectedPorts(driver: "net_netvsc", subdeviceDrivers: ["net_mana"], count: 1))
  }

  @Test(
    "the profile's method is taken, where it can be had",
    arguments: [
      (Profile.Verification.Method.tx, TrafficMode.tx), (.rx, .rx), (.forward, .forward), (.loopback, .loopback),
      (.reflect, .reflect), (.rfc2544, .rfc2544),
    ])
  func methods(method: Profile.Verification.Method, mode: TrafficMode) throws {
    let (request, _) = try run(
      dataProfile(.failsafe, verification: .init(method: method)), on: azureHost(functions: two))
    #expect(request.mode == mode)
  }

  @Test("a benchmark goes the ways of a loopback, and a reflector answers for its own address")
  func benchmarkAndReflector() throws {
    let facts = azureHost(functions: two)
    let (benchmark, _) = try run(dataProfile(.failsafe, verification: .init(method: .rfc2544)), on: facts)
    let (loopback, _) = try run(dataProfile(.failsafe, verification: .init(method: .loopback)), on: facts)
    #expect(benchmark.portEndpoints == loopback.portEndpoints && !benchmark.portEndpoints.isEmpty)
    let (reflect, expected) = try run(dataProfile(.failsafe, verification: .init(method: .reflect)), on: facts)
    #expect(
      reflect.portEndpoints == [
        "00:0d:3a:00:00:01": FlowEndpoints(sourceAddress: "10.0.0.5"),
        "00:0d:3a:00:00:02": FlowEndpoints(sourceAddress: "10.0.0.6"),
      ])
    #expect(expected.count == 2)
  }

  @Test("a peer without a MAC address is asked for it, but on Azure, whose gateway answers for all")
  func peerWithoutMAC() throws {
    var facts = azureHost()
    let profile = dataProfile(.failsafe, verification: .init(peer: .init(address: "10.0.0.9")))
    let (onAzure, _) = try run(profile, on: facts)
    #expect(onAzure.portEndpoints["00:0d:3a:00:00:01"]?.destinationMAC == gateway)
    facts.platform = Platform()
    let (elsewhere, _) = try run(profile, on: facts)
    #expect(
      elsewhere.portEndpoints["00:0d:3a:00:00:01"]
        == FlowEndpoints(sourceAddress: "10.0.0.5", destinationAddress: "10.0.0.9"))
  }

  @Test("what cannot be had is said")
  func impossible() {
    let loopback = dataProfile(.failsafe, verification: .init(method: .loopback))
    #expect(blocked(loopback, on: azureHost()) == ["verification.noPartner"])
    let benchmark = dataProfile(.failsafe, verification: .init(method: .rfc2544))
    #expect(blocked(benchmark, on: azureHost()) == ["verification.noPartner"])
    #expect(blocked(dataProfile(.failsafe), on: azureHost(functions: [])) == ["interface.tooFew"])
    var lost = azureHost()
    lost.routing = Routing()
    #expect(blocked(dataProfile(.failsafe), on: lost) == ["interface.managementUnknown"])
  }

  @Test("a VF that is away blocks the verification, not the preparation")
  func away() {
    let facts = azureHost(functions: [nil])
    let profile = dataProfile(.failsafe)
    let plan = plan(profile, Requirements(), on: facts)
    #expect(plan.findings.contains { $0.id == "interface.noVirtualFunction" && $0.severity == .warning })
    let findings = verificationFindings(profile, plan, isApplied: true, on: facts, waiving: [])
    #expect(findings.contains { $0.id == "interface.noVirtualFunction" && $0.severity == .blocker })
  }

  @Test("on Hyper-V the engine's own devices do not bring every NETVSC along")
  func ownDevices() throws {
    var profile = dataProfile(.failsafe)
    profile.interfaces.data = .none
    let (request, _) = try run(profile, on: azureHost())
    #expect(request.virtualDevices.last == "net_vdev_netvsc0,ignore=1")
    #expect(request.allowedDevices.isEmpty)
  }
}
