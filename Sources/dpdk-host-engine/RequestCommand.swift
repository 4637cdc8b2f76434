import ArgumentParser
import EngineMessages
import TrafficEngine

/// What runs without a mode: `dpdk-host-engine --request FILE`.
struct RequestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "request",
    abstract: "Runs a request in JSON; the word may be left out.",
    discussion: """
      What a request leaves out, all but its mode, has a default:

        echo '{"mode":"rx","virtualDevices":["net_null0"],"duration":5}' \\
          | dpdk-host-engine --request -

      The run ends with a result too when the program that started it ends.

      KEYS
        key               type     default  option of the modes: see their help
        mode              string            tx, rx, forward, reflect, loopback or
                                            rfc2544
        forwarding        string   "io"     io, mac, route: --forwarding
        lcores            string            --lcores
        virtualDevices    strings  []       --vdev
        allowedDevices    strings  []       --allow
        queues            integer  1        --queues
        burst             integer  32       --burst
        frameSizes        integers [64]     --frame-size; in rfc2544 the RFC's
        flows             integer  1        --flows
        endpoints         object   {}       addresses and ports of the flows, below
        portEndpoints     object   {}       the same by a port's MAC address
        usedPorts         strings  []       MAC addresses; without one, all ports
        sendFirst         integer  0        --send-first
        packets           integer           --packets
        duration          number            --duration; in rfc2544 60, else endless
        warmUp            number   0.2      --warm-up
        statisticsPeriod  number   1        --stats-period; in rfc2544 0
        rate              string   "max"    "1.5Mpps", "2Gbps": --rate
        vlan              integer           --vlan
        hashes            strings  []       ip, udp, tcp: --rss
        benchmark         object   {}       of rfc2544, below
        drill             object            {"kind": "revoke" or "watch", "after": 1}
        capture           object            {"path": "FILE", "packets": 1000}
        telemetry         boolean  true     false is --no-telemetry
        memory            object            {"hugetlbfs": {"directory": "DIR"}} or
                                            {"hugetlbfs": {}}, the default;
                                            {"anonymousHugepages": {}}: --in-memory;
                                            {"ordinaryPages": {"mebibytes": 64}}:
                                            --no-huge
        filePrefix        string            --file-prefix
        ealArguments      strings  []       --eal

      KEYS OF endpoints, each as its option, or the engine's choice
        sourceMAC, destinationMAC, sourceAddress, destinationAddress: strings
        sourceAddresses, destinationAddresses: integer 1, so many from the first up
        sourcePort: integer 49152; destinationPort: 9; destinationPorts: 1, so many

      KEYS OF benchmark
        tests: ["throughput", "latency", "frameLoss", "backToBack"]; resolution: 0.01
        allowedLoss: 0; trials: 20; wait: 2; settle: 5
        isMixed: false, true tests all frame sizes as one
      """)

  @Option(help: ArgumentHelp("A file with the request, - for standard input.", valueName: "file"))
  var request: String?

  @Option(help: "Events as json, one object a line, or as text.")
  var format: OutputFormat = .json

  func run() throws {
    guard let path = request else { throw CleanExit.helpRequest(EngineCommand.self) }
    let output = try EventOutput(format: format)
    do {
      let request = try readRequest(path)
      if let objection = TrafficRun.objection(to: request) { throw RequestError(reason: objection) }
      try output.run(request, endsWithParent: true)
    } catch let error as RequestError {
      output.fail(EngineFailure(message: error.reason))
      throw ExitCode.validationFailure
    }
  }
}
