import EngineMessages
import Foundation
import SystemPackage
import Testing

@testable import TrafficEngine

extension EngineProgram {
  @Suite("Ends")
  struct EndTests {
    private static let endless = [
      "--no-huge", "64", "--format", "json", "--vdev", "net_null0", "--stats-period", "0.1",
    ]

    @Test("A signal mid-run ends it with its result and exit code 0", arguments: [SIGINT, SIGTERM])
    func signals(number: Int32) throws {
      let engine = try EngineProcess(["rx", "--file-prefix", EngineProcess.newPrefix()] + Self.endless)
      #expect(try engine.nextLine().contains(#""event":"started""#))
      #expect(try engine.nextLine().contains(#""event":"sample""#), "events come while the run goes on")
      Thread.sleep(forTimeInterval: 0.5)
      kill(engine.id, number)
      let result = try engine.finish().result()
      #expect(result.seconds > 0.2 && result.seconds < 5 && result.ports[0].rxPackets > 0)
    }

    @Test("A signal in the warm-up ends the run with a notice and an empty result")
    func signalInWarmUp() throws {
      let engine = try EngineProcess(
        ["rx", "--warm-up", "60", "--file-prefix", EngineProcess.newPrefix()] + Self.endless)
      _ = try engine.nextLine()
      kill(engine.id, SIGINT)
      let ended = try engine.finish()
      let result = try ended.result()
      #expect(result.seconds == 0 && result.ports[0].rxPps == 0)
      #expect(ended.output.contains(#""event":"notice""#))
    }

    @Test("A loopback that is stopped in its warm-up reports no loss that is not there")
    func loopbackStoppedInWarmUp() throws {
      let engine = try EngineProcess(
        [
          "loopback", "--no-huge", "64", "--format", "json", "--warm-up", "60", "--file-prefix",
          EngineProcess.newPrefix(),
        ]
          + memoryInterfaces())
      _ = try engine.nextLine()
      _ = try engine.nextLine()
      kill(engine.id, SIGTERM)
      let loss = try #require(try engine.finish().result().loss)
      #expect(loss.sent > 0 && loss.lost == 0)
    }

    @Test("The engine that is left alone ends by itself, with its result")
    func parentGone() throws {
      // The parent of the engine is a program that ends first; what the engine writes still comes here.
      let request = #"{"mode":"rx","virtualDevices":["net_null0"],"memory":{"ordinaryPages":{"mebibytes":64}}}"#
      let engine = try EngineProcess(
        ["--request", "/dev/stdin"], launcher: ["/usr/bin/timeout", "--foreground", "--signal=KILL", "60"],
        input: request)
      _ = try engine.nextLine()
      kill(engine.id, SIGKILL)
      #expect(try engine.finish().code == -SIGKILL)
      for _ in 0..<500 where !(try engine.output().contains(#""event":"result""#)) {
        Thread.sleep(forTimeInterval: 0.01)
      }
      #expect(try engine.output().contains(#""event":"result""#))
    }

    @Test("A request comes on standard input, and one of a mode alone has no port")
    func request() throws {
      var request = EngineRequest(
        mode: .rx, virtualDevices: ["net_null0"], duration: 0.1, memory: .ordinaryPages(mebibytes: 64))
      func run(_ text: String) throws -> EngineProcess.Ended {
        try EngineProcess(["--request", "-", "--format", "json"], input: text).finish()
      }
      let text = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
      #expect(try run(text).result().ports[0].rxPackets > 0)
      request.virtualDevices = []
      let failed = try run(String(decoding: try JSONEncoder().encode(request), as: UTF8.self))
      #expect(failed.code == 1)
      #expect(try failed.failure().message.hasPrefix("no port to use"))
    }

    @Test(
      "A request that is none is wrong usage, and says why",
      arguments: [
        (#"{"mode":"rx","burts":3}"#, "unknown key 'burts'"), (#"{"mode":"dance"}"#, "dance"),
        ("not JSON", "not understood"),
        (#"{"mode":"rx","burst":0}"#, "burst '0'"), ("{}", "key 'mode' is missing"),
        (#"{"mode":"dance"}"#, "at 'mode': 'dance' is none of tx, rx, forward, reflect, loopback, rfc2544"),
        (#"{"mode":"rx","burts":3,"flow":1}"#, "unknown keys 'burts', 'flow': known are mode, forwarding, lcores, "),
        (#"{"mode":"rx","burst":"3"}"#, "at 'burst': requires a whole number"),
        (#"{"mode":"rx","burst":1.5}"#, "at 'burst': holds a number that does not fit"),
        (#"{"mode":"rx","frameSizes":[64,"a"]}"#, "at 'frameSizes[1]': requires a whole number"),
        (#"{"mode":"rx","virtualDevices":"net_null0"}"#, "at 'virtualDevices': requires an array"),
        (#"{"mode":"rx","benchmark":{"tests":["loss"]}}"#, "'loss' is none of throughput, latency, frameLoss, "),
        (#"{"mode":"rx","memory":{}}"#, "at 'memory': requires one of hugetlbfs, anonymousHugepages, ordinaryPages"),
        (#"{"mode":"rx","memory":{"ordinaryPages":{"mib":3}}}"#, "at 'memory.ordinaryPages': unknown key 'mib'"),
      ])
    func badRequest(text: String, reason: String) throws {
      let ended = try EngineProcess(["--request", "-"], input: text).finish()
      #expect(ended.code == 64)
      #expect(try ended.failure().message.contains(reason))
      #expect(ended.errors.hasPrefix("error: "))
    }

    @Test("A request file that is not there is wrong usage")
    func noRequest() throws {
      let ended = try EngineProcess(["--request", "/nonexistent/request"]).finish()
      #expect(ended.code == 64)
      #expect(try ended.failure().message.contains("'/nonexistent/request' cannot be read"))
    }

    @Test(
      "Wrong options are wrong usage, and say what to change",
      arguments: [
        (["rx", "--vdev", "net_null0", "--burst", "0"], "--burst"), (["rx"], "--vdev"), (["reflect"], "reflect"),
        (["tx", "--vdev", "net_null0", "--rate", "fast"], "fast"),
        (["tx", "--vdev", "net_null0", "--frame-size", "63"], "--frame-size"),
        (["rx", "--vdev", "net_null0", "--in-memory", "--no-huge", "64"], "one source"),
        (["forward", "--vdev", "net_null0", "--forwarding", "nat"], "nat"),
      ])
    func badOptions(arguments: [String], word: String) throws {
      let ended = try EngineProcess(arguments).finish()
      #expect(ended.code == 64 && ended.output.isEmpty)
      #expect(ended.errors.contains(word))
    }

    @Test("A device that does not come up fails the run and names the DPDK function")
    func badDevice() throws {
      let ended = try EngineProcess.run("rx", ["--vdev", "net_bogus0"])
      #expect(ended.code == 1)
      let failure = try ended.failure()
      #expect(failure.function == "rte_eal_init")
      #expect(failure.message.hasPrefix("rte_eal_init failed: "))
      #expect(try ended.events().count == 1)
    }

    @Test("the argument that keeps net_vdev_netvsc from starting by itself adds no port and breaks nothing")
    func ignoredNetvsc() throws {
      try #require(driverIsInstalled("net_vdev_netvsc"))
      let devices = ["--vdev", "net_null0", "--vdev", "net_vdev_netvsc0,ignore=1"]
      #expect(try EngineProcess.run("rx", devices).result().ports.map(\.name) == ["net_null0"])
    }

    @Test(
      "CPUs that are not there are wrong usage, of EAL's own mappings a failure whose usage stays off standard output")
    func impossibleCPUs() throws {
      let ended = try EngineProcess.run("rx", ["--vdev", "net_null0", "--lcores", "0,127"])
      #expect(ended.code == 64 && ended.output.isEmpty)
      #expect(ended.errors.hasPrefix("Error: cpu '127' is not there, or not allowed: requires one of "))
      #expect(ended.errors.split(separator: "\n").count < 5)
      let request = #"{"mode":"rx","virtualDevices":["net_null0"],"lcores":"127"}"#
      let asked = try EngineProcess(["--request", "-"], input: request).finish()
      #expect(asked.code == 64)
      #expect(try asked.failure().message.hasPrefix("cpu '127' is not there"))
      let mapped = try EngineProcess.run("rx", ["--vdev", "net_null0", "--lcores", "0@0,1@127"])
      #expect(mapped.code == 1)
      #expect(try mapped.failure().function == "rte_eal_init")
    }

    @Test("The worker runs on the CPU that is told, and the first one of a list is not its")
    func workerCPU() throws {
      let cpus = Array(affinityCPUs().prefix(2))
      guard cpus.count == 2 else { try Test.cancel("needs two CPUs") }
      for (list, worker) in [(cpus, cpus[1]), (cpus.reversed(), cpus[0]), ([cpus[0]], cpus[0])] {
        let lcores = list.map(String.init).joined(separator: ",")
        let ended = try EngineProcess.run("rx", ["--vdev", "net_null0", "--lcores", lcores], duration: 0.1)
        guard case .started(let start)? = try ended.events().first else { throw EngineProcess.NoResult(ended: ended) }
        #expect(start.workerCPUs == [[worker]], "--lcores \(lcores)")
      }
      let text = try EngineProcess(
        ["rx", "--no-huge", "64", "--duration", "0.1", "--vdev", "net_null0", "--lcores", "\(cpus[0])"]
      ).finish()
      #expect(text.output.contains(", worker on CPU \(cpus[0])\n"))
    }

    @Test("A device that came to be no port is named, alone and beside one that did")
    func portless() throws {
      let absent = "net_af_packet0,iface=dpdk-nosuch"
      let alone = try EngineProcess.run("rx", ["--vdev", absent])
      #expect(alone.code == 1)
      #expect(try alone.failure().message.hasPrefix("no port to use: 'net_af_packet0' came to be none"))
      let beside = try EngineProcess.run("rx", ["--vdev", absent, "--vdev", "net_null0"])
      #expect(try beside.result().ports.map(\.name) == ["net_null0"])
      #expect(beside.output.contains("'net_af_packet0' came to be no port"))
    }

    @Test("What no run can be made of is told with the usage of the mode")
    func usage() throws {
      let ended = try EngineProcess(["tx", "--vdev", "net_null0", "--burst", "0"]).finish()
      #expect(ended.code == 64 && ended.errors.contains("Usage: dpdk-host-engine tx "))
      for mode in ["tx", "loopback", "rfc2544"] {
        let mix = try EngineProcess([mode, "--vdev", "net_null0", "--frame-size", "imix", "--vlan", "42"]).finish()
        #expect(mix.code == 64 && mix.errors.contains("imix has frames of 64 bytes, and these flows take 68 at least"))
        #expect(mix.errors.contains("Usage: dpdk-host-engine \(mode) "))
      }
    }

    @Test("The help of a request has every key that a request has")
    func requestKeys() throws {
      let help = try EngineProcess(["request", "--help"]).finish()
      let parts = [
        "", #","endpoints":{"x":1}"#, #","benchmark":{"x":1}"#, #","drill":{"x":1}"#, #","capture":{"x":1}"#,
        #","memory":{"x":1}"#,
      ]
      for part in parts {
        let unknown = part.isEmpty ? #","x":1"# : part
        let ended = try EngineProcess(["--request", "-"], input: #"{"mode":"rx"\#(unknown)}"#).finish()
        let message = try ended.failure().message
        let known = try #require(message.split(separator: "unknown key 'x': known are ").last, "\(message)")
        for key in known.split(separator: ", ") {
          #expect(
            help.output.contains(" \(key) ") || help.output.contains("\(key):") || help.output.contains("\(key),")
              || help.output.contains("\"\(key)\""), "\(key)")
        }
      }
    }

    @Test("Too few worker lcores for the queues fail the run with the remedy")
    func tooFewWorkers() throws {
      let ended = try EngineProcess.run("rx", ["--vdev", "net_null0", "--lcores", "0@0,1@0", "--queues", "2"])
      #expect(ended.code == 1)
      let message = try ended.failure().message
      #expect(message.contains("there are 1") && message.contains("--lcores"))
    }

    @Test("A single CPU carries main lcore and worker")
    func oneCPU() throws {
      #expect(try EngineProcess.run("rx", ["--vdev", "net_null0", "--lcores", "0"]).result().ports[0].rxPackets > 0)
    }

    @Test("Two queues have a worker each, also two on a CPU")
    func twoQueues() throws {
      let result = try EngineProcess.run(
        "loopback", memoryInterfaces() + ["--lcores", "0@0,1@0,2@1", "--queues", "2", "--rate", "1Mpps"], duration: 1
      ).result()
      let loss = try #require(result.loss)
      #expect(loss.sent > 0 && loss.lost == 0 && loss.foreign == 0)
    }

    @Test("A frame that the port cannot carry fails the run and names the port")
    func tooLarge() throws {
      // A memory interface carries any frame; what lies above one goes by the 1518 bytes that it names.
      let devices = memoryInterfaces { index, device in "net_failsafe\(index),dev(\(device))" }
      let ended = try EngineProcess.run("tx", devices + ["--frame-size", "9000"])
      #expect(ended.code == 1)
      #expect(try ended.failure().message.contains("port 'net_failsafe0' carries frames of up to 1518 bytes, 9000 are"))
    }

    @Test("Memory that is too little fails the run with what is needed, also behind a failsafe")
    func tooLittleMemory() throws {
      let ended = try EngineProcess(
        [
          "loopback", "--no-huge", "24", "--format", "json", "--duration", "1", "--file-prefix",
          EngineProcess.newPrefix(),
        ]
          + memoryInterfaces { index, device in "net_failsafe\(index),dev(\(device))" }
      ).finish()
      #expect(ended.code == 1)
      #expect(try ended.failure().function == "rte_pktmbuf_pool_create")
      #expect(try ended.failure().message.contains("MiB"))
    }

    @Test("A reader that went away ends the run", .timeLimit(.minutes(1)))
    func readerGone() throws {
      let pipe = try FileDescriptor.pipe()
      try pipe.readEnd.close()
      let engine = try EngineProcess(
        ["rx", "--file-prefix", EngineProcess.newPrefix()] + Self.endless, output: pipe.writeEnd)
      try pipe.writeEnd.close()
      let ended = try engine.finish()
      #expect(ended.code == 1)
      #expect(ended.errors.contains("events cannot be written"))
    }

    @Test("Nothing is left in the runtime directory")
    func nothingLeft() throws {
      let prefix = EngineProcess.newPrefix()
      let engine = try EngineProcess(
        ["rx", "--no-huge", "64", "--duration", "0.1", "--vdev", "net_null0", "--file-prefix", prefix])
      #expect(try engine.finish().code == 0)
      let directories = [
        "/var/run/dpdk", "/tmp/dpdk", ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"] ?? "/run",
      ]
      for directory in directories {
        #expect(!FileManager.default.fileExists(atPath: "\(directory)/\(prefix)"))
        #expect(!FileManager.default.fileExists(atPath: "\(directory)/dpdk/\(prefix)"))
      }
    }

    @Test("Text tells what JSON tells")
    func text() throws {
      let ended = try EngineProcess(
        ["loopback", "--no-huge", "64", "--duration", "0.2", "--vdev", "net_ring0"]).finish()
      #expect(ended.code == 0)
      for word in ["loopback with DPDK", "net_ring0", "measured 0.2", "loss     0 of ", "latency  min "] {
        #expect(ended.output.contains(word))
      }
    }

    @Test("Every command's help has an example", arguments: ["tx", "rx", "forward", "loopback"])
    func help(command: String) throws {
      let ended = try EngineProcess([command, "--help"]).finish()
      #expect(ended.code == 0 && ended.output.contains("  dpdk-host-engine \(command) --"))
    }
  }
}
