import ArgumentParser
import LinuxHost
import Provisioning

struct TestpmdCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "testpmd",
    abstract: "Prints the dpdk-testpmd command line for this host.",
    discussion: """
      Ready to paste, and right for the DPDK that is installed: it names the data \
      interfaces and nothing else, so that management is never probed. Starts nothing.

      single, dual and multi give testpmd's prompt on the first data interface, the \
      first two, and all; tx sends from the first, rx receives on it, forward moves \
      packets between the first two.

      EXAMPLES
        dpdk-host testpmd single
        dpdk-host testpmd tx --peer-mac 12:34:56:78:9a:bc --peer-address 10.0.1.5
        dpdk-host testpmd forward --cores 2 --queues 2
      """)

  @Argument(help: "single, dual, multi, tx, rx or forward.", transform: testpmdMode)
  var mode: TestpmdMode

  @OptionGroup var choice: ProfileChoice

  @Option(help: ArgumentHelp("Where sent packets go to.", valueName: "mac"), transform: macAddress)
  var peerMac: MACAddress?

  @Option(help: ArgumentHelp("IPv4 address that sent packets go to.", valueName: "address"), transform: ipv4Address)
  var peerAddress: String?

  @Option(
    help: ArgumentHelp("IPv4 address that they come from: the interface's own.", valueName: "address"),
    transform: ipv4Address)
  var sourceAddress: String?

  @Option(help: ArgumentHelp("CPUs for EAL, such as 2-5.", valueName: "list"))
  var lcores: String?

  @Option(help: "CPUs that move packets, beside the main one.")
  var cores = 1

  @Option(help: "Receive and transmit queues of each port.")
  var queues = 1

  @Option(help: ArgumentHelp("Between two statistics.", valueName: "seconds"))
  var statsPeriod = 1

  @Flag(inversion: .prefixedNo, help: "Whether testpmd gives its prompt.")
  var interactive: Bool?

  func validate() throws {
    guard 1...128 ~= cores, 1...64 ~= queues, statsPeriod > 0 else {
      throw ValidationError("--cores takes 1 to 128, --queues 1 to 64, --stats-period 1 or more")
    }
    if peerMac != nil, !mode.takesPeer { throw ValidationError("--peer-mac is for the modes tx and forward") }
    if peerAddress != nil || sourceAddress != nil, !mode.sends {
      throw ValidationError("--peer-address and --source-address are for the mode tx")
    }
    if let lcores, [Int](kernelList: lcores).map({ $0.count <= cores }) ?? true {
      throw ValidationError("'\(lcores)' is not a list of \(cores + 1) CPUs or more, such as 2-\(cores + 2)")
    }
  }

  func run() throws {
    let inputs = try Inputs(profile: choice.profile, root: .runningHost)
    let facts = gatherInterfaces(for: inputs.profile, dpdk: gatherInstalledDPDK())
    let wishes = TestpmdWishes(
      peerMAC: peerMac, sourceAddress: sourceAddress, peerAddress: peerAddress, lcores: lcores, forwardingCores: cores,
      queues: queues, statisticsPeriod: statsPeriod, isInteractive: interactive)
    let style = Style.forStandardError()
    // What could not be seen may have been management's: the line is printed, and this with it.
    for finding in facts.unreadableFindings { findingLines(finding, style: style).forEach(log) }
    switch planTestpmd(mode, wishes, inputs.profile, on: facts) {
    case .command(let words): write(words.map(\.shellQuoted).joined(separator: " "))
    case .blocked(let findings):
      for finding in findings { findingLines(finding, style: style).forEach(log) }
      throw ExitCode(Verdict.blocked.exitCode)
    }
  }
}

private func testpmdMode(_ text: String) throws -> TestpmdMode {
  guard let mode = TestpmdMode(rawValue: text) else {
    let names = TestpmdMode.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("'\(text)' is no mode: choose one of \(names)")
  }
  return mode
}

private func macAddress(_ text: String) throws -> MACAddress {
  guard let mac = MACAddress(text) else {
    throw ValidationError("'\(text)' is not a MAC address such as 12:34:56:78:9a:bc")
  }
  return mac
}

private func ipv4Address(_ text: String) throws -> String {
  guard IPv4Network("\(text)/32") != nil else {
    throw ValidationError("'\(text)' is not an IPv4 address such as 10.0.1.5")
  }
  return text
}
