import Provisioning
import Testing

@Suite("The command line of testpmd")
struct TestpmdPlanTests {
  private func words(
    _ mode: TestpmdMode, _ wishes: TestpmdWishes = TestpmdWishes(), pmd: Profile.Interfaces.PMD = .failsafe,
    on facts: HostFacts = azureHost(functions: ["15b3:1016", "15b3:1016"])
  ) -> String {
    switch planTestpmd(mode, wishes, dataProfile(pmd), on: facts) {
    case .command(let words): words.joined(separator: " ")
    case .blocked(let findings): findings.map(\.id).joined(separator: " ")
    }
  }

  @Test("one NIC under failsafe, at the prompt")
  func single() {
    #expect(
      words(.single)
        == "dpdk-testpmd -l 0,1 -a 0001:00:02.0 --vdev=net_vdev_netvsc0,iface=eth1 -- -i --port-topology=chained --nb-cores=1"
    )
  }

  @Test("two NICs and all of them are not chained")
  func dual() {
    let expected =
      "dpdk-testpmd -l 0,1 -a 0001:00:02.0 -a 0002:00:02.0 --vdev=net_vdev_netvsc0,iface=eth1 "
      + "--vdev=net_vdev_netvsc1,iface=eth2 -- -i --nb-cores=1"
    #expect(words(.dual) == expected)
    #expect(words(.multi) == expected)
  }

  @Test("until DPDK 20.08 the option is -w and the program testpmd")
  func old() {
    let old = azureHost(functions: ["15b3:1004"], release: "19.11")
    #expect(words(.single, on: old).hasPrefix("testpmd -l 0,1 -w 0001:00:02.0 --vdev="))
    var renamed = old
    renamed.dpdk.testpmd = "/usr/bin/dpdk-testpmd"
    #expect(words(.single, on: renamed).hasPrefix("dpdk-testpmd -l 0,1 -w"))
  }

  @Test("sending names the peer, and the port behind the VF")
  func sending() throws {
    let peer = try #require(MACAddress("12:34:56:78:9a:bc"))
    let text = words(.tx, TestpmdWishes(peerMAC: peer, peerAddress: "10.0.0.9", forwardingCores: 2, queues: 2))
    #expect(
      text.hasSuffix(
        "-- --auto-start --stats-period 1 --port-topology=chained --nb-cores=2 --rxq=2 --txq=2 --forward-mode=txonly "
          + "--eth-peer=1,12:34:56:78:9a:bc --tx-ip=10.0.0.5,10.0.0.9"))
  }

  @Test("18.11 does not know --tx-ip")
  func noAddresses() {
    let old = azureHost(release: "18.11")
    #expect(!words(.tx, TestpmdWishes(peerAddress: "10.0.0.9"), on: old).contains("--tx-ip"))
  }

  @Test("the netvsc PMD gets the UUID, and vdev_netvsc is kept from starting by itself")
  func netvsc() {
    #expect(
      words(.single, pmd: .netvsc).contains(
        " -a \(uuid(1)) -a 0001:00:02.0 --vdev=net_vdev_netvsc0,ignore=1 -- -i --portlist=1 --port-topology=chained "))
    #expect(!words(.dual, pmd: .netvsc).contains("--portlist"))
  }

  @Test("a MANA port is chosen by MAC address")
  func mana() {
    let host = azureHost(functions: ["1414:00ba", "1414:00ba"])
    #expect(
      words(.dual, pmd: .mana, on: host).contains(
        " -a \(uuid(1)) -a \(uuid(2)) --vdev=7870:00:00.0,mac=00:0d:3a:00:00:01,mac=00:0d:3a:00:00:02 "
          + "--vdev=net_vdev_netvsc0,ignore=1 -- "))
    #expect(!words(.dual, pmd: .mana, on: host).contains("00:0d:3a:00:00:00"))
  }

  @Test("forwarding takes two NICs")
  func forward() {
    #expect(words(.forward).contains("--forward-mode=mac"))
    #expect(words(.forward, on: azureHost()) == "interface.tooFew")
  }

  @Test("a VF that is away, an unknown management, a foreign driver: no command line")
  func blocked() {
    #expect(words(.single, on: azureHost(functions: [nil])).contains("interface.noVirtualFunction"))
    var lost = azureHost()
    lost.routing = Routing()
    #expect(words(.single, on: lost).contains("interface.managementUnknown"))
    #expect(words(.single, on: azureHost(functions: ["1414:00ba"])).contains("interface.pmdUnsuitable"))
    #expect(words(.single, on: azureHost(functions: [])).contains("interface.tooFew"))
  }
}
