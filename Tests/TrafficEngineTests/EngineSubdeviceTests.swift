import EngineMessages
import Foundation
import TestSupport
import Testing

extension EngineProgram {
  @Suite("Sub-devices of masters")
  struct MasterTests {
    /// What `started` and the result say, which has to be one and the same.
    private func subdevices(of ended: EngineProcess.Ended) throws -> [[Subdevice]] {
      let result = try ended.result()
      guard case .started(let start) = try ended.events().first else { throw EngineProcess.NoResult(ended: ended) }
      #expect(start.ports.map { $0.subdevices.map(\.name) } == result.ports.map { $0.subdevices.map(\.name) })
      #expect(start.ports.allSatisfy { $0.subdevices.allSatisfy { $0.rxPackets == nil && $0.txPackets == nil } })
      #expect(!ended.output.contains("notice"))
      return result.ports.map(\.subdevices)
    }

    @Test("what a failsafe moved is what its memory interface counted")
    func memoryInterface() throws {
      let devices = memoryInterfaces { index, device in "net_failsafe\(index),dev(\(device))" }
      let ended = try EngineProcess.run("loopback", devices + ["--rate", "20kpps"], duration: 1)
      let ports = try ended.result().ports
      let found = try subdevices(of: ended)
      try #require(found.map { $0.map(\.driver) } == [["net_memif"], ["net_memif"]])
      #expect(found.map { $0.map(\.name) } == [["net_memif0"], ["net_memif1"]])
      // The two counters are read one after the other: on a busy machine some packets pass in between.
      let sent = Double(try #require(found[0][0].txPackets)) / Double(ports[0].txPackets)
      let received = Double(try #require(found[1][0].rxPackets)) / Double(ports[1].rxPackets)
      #expect((0.5...2).contains(sent) && (0.5...2).contains(received))
      #expect(found[0][0].rxPackets == 0 && found[1][0].txPackets == 0)
    }

    @Test("of several failsafes each has its own sub-devices, although they have one MAC address and one owner's name")
    func several() throws {
      // Every net_ring has the MAC address zero.
      let devices = (0..<3).flatMap { index in
        ["--vdev", "net_failsafe\(index),dev(net_ring\(2 * index)),dev(net_ring\(2 * index + 1))"]
      }
      let found = try subdevices(of: EngineProcess.run("tx", devices))
      try #require(
        found.map { $0.map(\.name) } == [
          ["net_ring0", "net_ring1"], ["net_ring2", "net_ring3"], ["net_ring4", "net_ring5"],
        ])
      #expect(Set(found.joined().map(\.mac)) == ["00:00:00:00:00:00"])
      #expect(found.allSatisfy { $0[1].txPackets == 0 }, "a failsafe sends through its first sub-device alone")
    }

    @Test("failsafes whose devargs name no sub-device are told apart by MAC address")
    func unnamed() throws {
      let devices = (0..<2).flatMap { ["--vdev", "net_failsafe\($0),exec(echo net_null\($0))"] }
      let found = try subdevices(of: EngineProcess.run("rx", devices))
      #expect(found.map { $0.map(\.name) } == [["net_null0"], ["net_null1"]])
      #expect(found.joined().allSatisfy { $0.rxPackets ?? 0 > 0 })
    }

    @Test("ports that could be those of several masters are told, and shown beneath none")
    func untold() throws {
      let devices = (0..<2).flatMap { ["--vdev", "net_failsafe\($0),exec(echo net_ring\($0))"] }
      let ended = try EngineProcess.run("rx", devices)
      #expect(try ended.result().ports.allSatisfy(\.subdevices.isEmpty))
      #expect(ended.output.contains("port 'net_ring1' (net_ring) is beneath a master that cannot be told"))
    }

    @Test("a sub-device that is not there is missing, its master is not")
    func missing() throws {
      let found = try subdevices(
        of: EngineProcess.run("tx", ["--vdev", "net_failsafe0,dev(0000:ff:1f.7),dev(net_ring0)"]))
      #expect(found.map { $0.map(\.name) } == [["net_ring0"]])
    }

    @Test(
      "a TAP beside another sub-device shows what took the kernel's way",
      .enabled(if: isRoot && access("/dev/net/tun", R_OK | W_OK) == 0, "needs root and /dev/net/tun"))
    func tap() throws {
      let name = "tap" + UUID().uuidString.prefix(8)
      let tap = "dev(net_tap0,iface=\(name))"
      func counts(_ devargs: String) throws -> [String: Bool] {
        let found = try subdevices(of: EngineProcess.run("tx", ["--vdev", "net_failsafe0,\(devargs)"]))
        return Dictionary(uniqueKeysWithValues: found[0].map { ($0.driver, $0.txPackets ?? 0 > 1000) })
      }
      #expect(try counts("dev(net_null0),\(tap)") == ["net_null": true, "net_tap": false])
      #expect(try counts("\(tap),dev(net_null0)") == ["net_null": false, "net_tap": true])
    }

    @Test("other ports have none")
    func plain() throws {
      let ended = try EngineProcess.run("rx", ["--vdev", "net_null0"])
      #expect(try subdevices(of: ended) == [[]])
      #expect(!ended.output.contains("subdevices"))
    }
  }
}
