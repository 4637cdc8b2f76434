import Foundation
import Provisioning
import Testing

@Suite("The report of the interfaces")
struct InterfaceReportTests {
  private struct Fields: Decodable, Equatable {
    struct Entry: Decodable, Equatable {
      var name: String
      var mac: String?
      var kind: String
      var role: String
      var driver: String?
      var boundTo: String?
      var vmbus: String?
      var pci: String?
      var numaNode: Int?
      var addresses: [String]
      var virtualFunction: Function?
      var pmd: String?
      var ealArguments: [String]
    }

    struct Function: Decodable, Equatable {
      var name: String
      var mac: String
      var pci: String
      var device: String
      var driver: String
      var generation: String
    }

    var schema: String
    var verdict: String
    var interfaces: [Entry]
    var pmd: String?
    var ealArguments: [String]
  }

  private func fields(_ facts: HostFacts, _ profile: Profile) throws -> Fields {
    let report = InterfaceReport(
      profile: profile.name, plan: planInterfaces(profile, on: facts), release: facts.dpdk.release)
    return try JSONDecoder().decode(Fields.self, from: JSONEncoder().encode(report))
  }

  @Test("has the keys and the forms of the contract")
  func contract() throws {
    let fields = try fields(azureHost(), dataProfile(.failsafe))
    #expect(fields.schema == "dpdk-host/interfaces/1")
    #expect(fields.verdict == "ready")
    #expect(fields.interfaces.map(\.role) == ["other", "management", "data"])
    #expect(
      fields.interfaces.last
        == Fields.Entry(
          name: "eth1", mac: "00:0d:3a:00:00:01", kind: "synthetic", role: "data", driver: "hv_netvsc", vmbus: uuid(1),
          numaNode: 0, addresses: ["10.0.0.5/24"],
          virtualFunction: Fields.Function(
            name: "enP1s1", mac: "00:0d:3a:00:00:01", pci: "0001:00:02.0", device: "15b3:1016", driver: "mlx5_core",
            generation: "ConnectX-4 Lx"),
          pmd: "failsafe", ealArguments: ["-a", "0001:00:02.0", "--vdev=net_vdev_netvsc0,iface=eth1"]))
    #expect(fields.ealArguments == ["-a", "0001:00:02.0", "--vdev=net_vdev_netvsc0,iface=eth1"])
  }

  @Test("an interface that DPDK has stands there under its name, with what has it")
  func bound() throws {
    var facts = azureHost()
    let index = try #require(facts.devices.firstIndex { $0.name == "eth1" })
    facts.bindings = [
      Binding(
        bus: "vmbus", address: uuid(1), driver: "uio_hv_generic", formerDriver: "hv_netvsc",
        device: facts.devices.remove(at: index))
    ]
    for index in facts.devices.indices where facts.devices[index].uppers == ["eth1"] {
      facts.devices[index].uppers = []
    }
    for index in facts.busDevices.indices where facts.busDevices[index].address == uuid(1) {
      facts.busDevices[index].driver = "uio_hv_generic"
    }
    let fields = try fields(facts, dataProfile(.netvsc))
    let bound = try #require(fields.interfaces.first { $0.name == "eth1" })
    #expect(bound.boundTo == "uio_hv_generic")
    #expect(bound.role == "data")
    #expect(bound.virtualFunction?.pci == "0001:00:02.0")
    #expect(bound.ealArguments == ["-a", uuid(1), "-a", "0001:00:02.0"])
  }

  @Test("without a data interface there is no argument to start DPDK with")
  func nothing() throws {
    let fields = try fields(azureHost(functions: []), dataProfile(.failsafe))
    #expect(fields.ealArguments == [])
    #expect(fields.pmd == nil)
  }
}
