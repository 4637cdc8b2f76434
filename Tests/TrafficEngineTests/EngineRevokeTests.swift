import EngineMessages
import Foundation
import TestSupport
import Testing

extension EngineProgram {
  /// A TAP is the one device here that failsafe plugs in again: it sets a link and a MAC address on it, which others refuse.
  @Suite(
    "A sub-device that is removed under load",
    .enabled(if: isRoot && access("/dev/net/tun", R_OK | W_OK) == 0, "needs root and /dev/net/tun"))
  struct RevokeTests {
    private func events(_ ended: EngineProcess.Ended) throws -> [PortEvent] {
      try ended.events().compactMap { if case .port(let event) = $0 { event } else { nil } }
    }

    private func tap() -> String {
      "net_failsafe0,hotplug_poll=200,dev(net_tap0,iface=tap\(UUID().uuidString.prefix(8)))"
    }

    @Test("comes back, and carries packets again: each time", arguments: 1...3)
    func comesBack(round: Int) throws {
      let ended = try EngineProcess.run(
        "tx", ["--vdev", tap(), "--rate", "5kpps", "--drill", "revoke@0.5"], duration: 6)
      let result = try ended.result()
      let found = try #require(result.interruptions)
      try #require(found.count == 1, "\(ended.errors)")
      let interruption = found[0]
      #expect(interruption.device == "net_tap0" && interruption.port == result.ports[0].port)
      #expect(interruption.elapsed >= 0.5)
      let absence = try #require(interruption.absence)
      #expect(absence > 0.01 && absence < 6)
      // Nothing is sent from its removal until it is there again.
      #expect(interruption.standstill + 2 * interruption.resolution >= absence)
      #expect(interruption.standstill < 7 && interruption.resolution > 0)
      #expect(interruption.lost == nil, "nobody checks arrival in tx")
      let told = try events(ended).filter { $0.device == "net_tap0" }
      #expect(told.map(\.kind) == [.removed, .added])
      let port = result.ports[0]
      #expect(port.subdevices.map(\.name) == ["net_tap0"])
      #expect(try #require(port.subdevices[0].txPackets) > 0, "what it sent since it is back")
      #expect(port.txPackets > 0)
      try expectReconciled(port)
    }

    @Test("costs a loopback what it reports, and nothing crashes")
    func loopback() throws {
      let name = "tap\(UUID().uuidString.prefix(8))"
      let setUp = "ip tuntap add dev \(name) mode tap multi_queue && ip link set \(name) up && exec \"$@\""
      let ended = try EngineProcess(
        [
          "loopback", "--no-huge", "128", "--format", "json", "--duration", "6", "--file-prefix",
          EngineProcess.newPrefix(), "--rate", "2kpps", "--drill", "revoke@0.5", "--vdev",
          "net_failsafe0,hotplug_poll=200,dev(net_tap0,iface=\(name))", "--vdev", "net_af_packet0,iface=\(name)",
        ], launcher: ["/usr/bin/unshare", "--net", "/bin/sh", "-c", setUp, "sh"]
      ).finish()
      let result = try ended.result()
      let interruption = try #require(result.interruptions?.first, "\(ended.errors)")
      #expect(interruption.absence != nil)
      let loss = try #require(result.loss)
      #expect(loss.received > 0 && loss.received + loss.lost == loss.sent)
      #expect(try #require(interruption.lost) <= loss.lost)
      #expect(try #require(result.ports[0].subdevices.first?.txPackets) > 0)
    }

    @Test("one that cannot be plugged in again is gone, and the run comes to its end")
    func goneForGood() throws {
      for mode in ["rx", "forward"] {
        let ended = try EngineProcess.run(
          mode, ["--vdev", "net_failsafe0,hotplug_poll=200,dev(net_null0)", "--drill", "revoke@0.3"], duration: 3)
        let result = try ended.result()
        let interruption = try #require(result.interruptions?.first, "\(ended.errors)")
        #expect(interruption.absence == nil && interruption.standstill > 0.5)
        #expect(result.ports[0].rxPackets > 0)
        #expect(result.ports[0].subdevices.allSatisfy { $0.rxPackets == nil })
      }
    }

    private func expectReconciled(_ port: PortResult) throws {
      let account = try #require(port.account)
      #expect(account.receivedDifference == 0 && account.sentDifference == 0, "\(account)")
    }
  }

  @Suite("Drills that cannot be made")
  struct DrillRefusalTests {
    @Test("without a failsafe there is nothing to revoke")
    func noFailsafe() throws {
      let failure = try EngineProcess.run("rx", ["--vdev", "net_null0", "--drill", "revoke"], duration: 3).failure()
      #expect(failure.message.hasPrefix("drill 'revoke' requires a net_failsafe with a sub-device"))
      let watch = try EngineProcess.run("rx", ["--vdev", "net_null0", "--drill", "watch"], duration: 3).failure()
      #expect(watch.message.hasPrefix("drill 'watch' requires a port with a sub-device"))
    }

    @Test("one that is due after the end is wrong usage")
    func tooLate() throws {
      let ended = try EngineProcess.run("rx", ["--vdev", "net_null0", "--drill", "revoke@3"], duration: 3)
      #expect(ended.code == 64 && ended.errors.contains("change --drill or --duration"))
      #expect(try EngineProcess.run("rx", ["--vdev", "net_null0", "--drill", "burn"]).code == 64)
    }
  }

  @Suite("Our counts and the port's")
  struct ReconciliationTests {
    private func expectReconciled(_ ended: EngineProcess.Ended) throws {
      for port in try ended.result().ports {
        let account = try #require(port.account, "\(port.name)")
        #expect(account.received + account.sent > 0, "\(port.name)")
        #expect(account.receivedDifference == 0 && account.sentDifference == 0, "\(port.name): \(account)")
      }
    }

    @Test("agree on drivers in memory")
    func memory() throws {
      try expectReconciled(EngineProcess.run("forward", ["--vdev", "net_null0", "--vdev", "net_null1"]))
      try expectReconciled(EngineProcess.run("loopback", ["--vdev", "net_ring0"]))
      try expectReconciled(EngineProcess.run("loopback", memoryInterfaces()))
      try expectReconciled(
        EngineProcess.run("loopback", memoryInterfaces { "net_failsafe\($0),dev(\($1))" }))
      try expectReconciled(EngineProcess.run("tx", ["--vdev", "net_null0", "--queues", "1"]))
    }

    /// By the flag `__SO_ACCEPTCON` of `/proc/net/unix`: a socket that is only bound refuses. The name is an abstract one.
    private static func isListening(at path: String) throws -> Bool {
      try String(contentsOfFile: "/proc/net/unix", encoding: .utf8).split(separator: "\n").contains {
        $0.hasSuffix(" @\(path)") && $0.contains(" 00010000 ")
      }
    }

    @Test("are not compared where the peer of a memory interface left first, and its driver counts anew")
    func peerLeft() throws {
      let socket = "/tmp/\(EngineProcess.newPrefix()).sock"
      func start(_ mode: String, _ role: String, _ options: [String]) throws -> EngineProcess {
        try EngineProcess(
          [
            mode, "--no-huge", "64", "--format", "json", "--file-prefix", EngineProcess.newPrefix(), "--vdev",
            "net_memif0,role=\(role),id=0,socket=\(socket)",
          ] + options)
      }
      let receiver = try start("rx", "server", ["--duration", "4"])
      // A client that finds no server does not come up.
      for _ in 0..<1000 where try !Self.isListening(at: socket) { usleep(10_000) }
      #expect(try start("tx", "client", ["--duration", "1", "--rate", "20kpps"]).finish().code == 0)
      let ended = try receiver.finish()
      // The driver may unmap a ring that the worker is reading just then.
      if ended.code == -SIGSEGV { try Test.cancel("inconclusive: the race of net_memif's own") }
      let account = try #require(try ended.result().ports[0].account)
      #expect(account.received > account.portReceived + account.unread, "\(account)")
      #expect(account.restart == .linkDown && account.receivedDifference == 0, "\(account)")
    }

    @Test(
      "agree on drivers of the kernel",
      .enabled(if: isRoot && access("/dev/net/tun", R_OK | W_OK) == 0, "needs root and /dev/net/tun"))
    func kernel() throws {
      let name = "tap\(UUID().uuidString.prefix(8))"
      let setUp = "ip tuntap add dev \(name) mode tap multi_queue && ip link set \(name) up && exec \"$@\""
      try expectReconciled(
        EngineProcess(
          [
            "loopback", "--no-huge", "128", "--format", "json", "--duration", "1", "--file-prefix",
            EngineProcess.newPrefix(), "--rate", "20kpps", "--vdev", "net_tap0,iface=\(name)", "--vdev",
            "net_af_packet0,iface=\(name)",
          ], launcher: ["/usr/bin/unshare", "--net", "/bin/sh", "-c", setUp, "sh"]
        ).finish())
    }
  }
}
