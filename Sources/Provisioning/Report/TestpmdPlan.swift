/// A way to use `dpdk-testpmd`, as Microsoft's page has them.
public enum TestpmdMode: String, CaseIterable, Sendable {
  /// The first data interface, at the prompt.
  case single
  /// The first two, at the prompt.
  case dual
  /// All of them, at the prompt.
  case multi
  /// The first one sends.
  case tx
  /// The first one receives.
  case rx
  /// What one of the first two receives leaves by the other, with the MAC addresses of the next hop.
  case forward

  /// How many data interfaces it takes; nil for all.
  var interfaces: Int? {
    switch self {
    case .single, .tx, .rx: 1
    case .dual, .forward: 2
    case .multi: nil
    }
  }

  /// Whether frames are made here, for which addresses can be given.
  public var sends: Bool { self == .tx }
  /// Whether frames leave for a peer, whose MAC address can be given.
  public var takesPeer: Bool { self == .tx || self == .forward }

  /// What `--forward-mode` is set to; nil where it is typed at the prompt.
  var forwarding: String? {
    switch self {
    case .single, .dual, .multi: nil
    case .tx: "txonly"
    case .rx: "rxonly"
    case .forward: "mac"
    }
  }
}

/// What the user wants of a `dpdk-testpmd` command line beyond its mode.
public struct TestpmdWishes: Equatable, Sendable {
  /// The MAC address that sent packets go to.
  public var peerMAC: MACAddress?
  /// Source and destination address of sent packets, IPv4.
  public var sourceAddress: String?
  public var peerAddress: String?
  /// EAL's `-l`; nil takes CPUs of the interface's node.
  public var lcores: String?
  /// lcores that move packets, beside the main one.
  public var forwardingCores: Int
  /// Receive and transmit queues a port.
  public var queues: Int
  /// Seconds between two statistics; where nothing is typed at a prompt.
  public var statisticsPeriod: Int
  /// Nil takes the prompt in the modes that have one on Microsoft's page.
  public var isInteractive: Bool?

  public init(
    peerMAC: MACAddress? = nil, sourceAddress: String? = nil, peerAddress: String? = nil, lcores: String? = nil,
    forwardingCores: Int = 1, queues: Int = 1, statisticsPeriod: Int = 1, isInteractive: Bool? = nil
  ) {
    self.peerMAC = peerMAC
    self.sourceAddress = sourceAddress
    self.peerAddress = peerAddress
    self.lcores = lcores
    self.forwardingCores = forwardingCores
    self.queues = queues
    self.statisticsPeriod = statisticsPeriod
    self.isInteractive = isInteractive
  }
}

/// A command line for this host, or why there can be none.
public enum TestpmdPlan: Equatable, Sendable {
  /// Program name first. Words are not quoted.
  case command([String])
  case blocked([Finding])
}

/// Writes the command line of `dpdk-testpmd` that does on this host what Microsoft's page does on an example's.
///
/// It names only the data interfaces that it uses, so that management is never probed.
///
/// Source: `testpmd_app_ug/run_app` of DPDK, and release notes: `-a` since 20.11, `--tx-ip` since 19.05.
public func planTestpmd(
  _ mode: TestpmdMode, _ wishes: TestpmdWishes, _ profile: Profile, on facts: HostFacts
) -> TestpmdPlan {
  var plan = planInterfaces(profile, on: facts)
  let obstacles = plan.obstaclesToTraffic
  guard let pmd = plan.pmd, obstacles.isEmpty else { return .blocked(obstacles) }
  guard plan.data.count >= mode.interfaces ?? 1 else {
    return .blocked([
      Finding(
        "interface.tooFew", .blocker, subject: mode.rawValue,
        message: "requires \(mode.interfaces ?? 1) data interfaces, is \(plan.data.count)",
        remedy: "see 'dpdk-host interfaces', or use 'dpdk-host testpmd single'")
    ])
  }
  let data = plan.data.map(\.interface)
  let used = Array(data.prefix(mode.interfaces ?? data.count))
  let ports = masterPorts(pmd, used, of: data)
  plan.eal = ealDevices(pmd, used, on: facts)
  let release = facts.dpdk.release
  var words = [program(facts.dpdk)]
  if let lcores = wishes.lcores ?? lcores(for: used, wishes, on: facts) { words += ["-l", lcores] }
  words += plan.eal.arguments(release: release)
  if let mount = profile.hugepages.compactMap(\.mount?.path).first { words += ["--huge-dir", mount] }
  words.append("--")
  if wishes.isInteractive ?? (mode.forwarding == nil) {
    words.append("-i")
  } else {
    words += ["--auto-start", "--stats-period", String(wishes.statisticsPeriod)]
  }
  // Of the VMBus EAL takes every NETVSC that is bound, also those that this mode leaves out.
  if pmd.takesVMBus, used.count < data.count {
    words.append("--portlist=\(ports.map(String.init).joined(separator: ","))")
  }
  if used.count == 1 { words.append("--port-topology=chained") }
  words.append("--nb-cores=\(wishes.forwardingCores)")
  if wishes.queues > 1 { words += ["--rxq=\(wishes.queues)", "--txq=\(wishes.queues)"] }
  if let forwarding = mode.forwarding { words.append("--forward-mode=\(forwarding)") }
  if let mac = wishes.peerMAC, let port = ports.last { words.append("--eth-peer=\(port),\(mac)") }
  if let peer = wishes.peerAddress, release.map({ $0 >= DottedNumber(numbers: [19, 5]) }) ?? true {
    guard let source = wishes.sourceAddress ?? used.first?.device.ipv4 else {
      return .blocked([
        Finding(
          "interface.noAddress", .blocker, subject: used.first?.name ?? "", message: "has no IPv4 address to send from",
          remedy: "give one with --source-address")
      ])
    }
    words.append("--tx-ip=\(source),\(peer)")
  }
  return .command(words)
}

/// The program that is installed, or what it is called in this release: `testpmd` until 20.08.
private func program(_ dpdk: DPDKInstallation) -> String {
  if let path = dpdk.testpmd { return path.split(separator: "/").last.map(String.init) ?? path }
  return dpdk.release.map { $0 < DottedNumber(numbers: [20, 11]) } ?? false ? "testpmd" : "dpdk-testpmd"
}

/// The main lcore and as many others as move packets, of the first interface's node where that has enough.
///
/// - Returns: nil where the host has fewer: EAL takes what there is then.
private func lcores(for used: [Interface], _ wishes: TestpmdWishes, on facts: HostFacts) -> String? {
  let node = used.first.flatMap { ($0.virtualFunction ?? $0.device).numaNode }
  let near = facts.nodes.first { $0.id == node }?.cpus.filter { facts.onlineCPUs.contains($0) } ?? []
  let wanted = wishes.forwardingCores + 1
  let cpus = near.count >= wanted ? near : facts.onlineCPUs
  guard cpus.count >= wanted else { return nil }
  return cpus.prefix(wanted).map(String.init).joined(separator: ",")
}

/// The numbers of the ports that carry traffic, in the order of the interfaces.
///
/// EAL probes the PCI bus before the VMBus and the virtual devices: the VFs come first, each master behind them; a failsafe's
/// TAP is a port of its own behind it. NETVSCs come by ascending UUID. Source: `rte_bus_probe` and `vmbus_scan_one` of DPDK,
/// and a log of a run on Azure with one NIC.
private func masterPorts(_ pmd: DataPMD, _ used: [Interface], of data: [Interface]) -> [Int] {
  let functions = used.filter { $0.virtualFunction != nil }.count
  let uuids = data.compactMap { $0.isNETVSC ? $0.device.busAddress : nil }.sorted()
  return used.enumerated().map { index, interface in
    switch pmd {
    case .failsafe: functions + 2 * index
    case .netvsc, .mana: functions + (uuids.firstIndex { $0 == interface.device.busAddress } ?? 0)
    case .vfio, .bifurcated: index
    }
  }
}

extension NetworkDevice {
  /// The first IPv4 address without its prefix length.
  var ipv4: String? {
    addresses.first { !$0.contains(":") }?.split(separator: "/").first.map(String.init)
  }
}
