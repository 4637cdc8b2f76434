import EngineMessages

/// What the engine is asked to do on the data interfaces of this host, or why it cannot be asked.
func planNICVerification(
  _ profile: Profile, on facts: HostFacts, instance: String, drill: Drill.Kind? = nil
) -> VerificationPlan {
  let plan = planInterfaces(profile, on: facts)
  guard let pmd = plan.pmd else { return .blocked(plan.obstaclesToTraffic) }
  let data = plan.data.map(\.interface)
  let course = chooseCourse(profile.verification, data)
  if case .impossible(let finding) = course { return .blocked([finding]) }
  let used = course.interfaces
  let eal = ealDevices(pmd, used, on: facts)
  if let drill, let finding = obstacle(to: drill, pmd, used) { return .blocked([finding]) }
  return .run(
    EngineRequest(
      mode: course.mode, virtualDevices: eal.virtual, allowedDevices: eal.allowed,
      frameSizes: profile.verification.frameSizes, portEndpoints: course.endpoints(on: facts),
      // Of the VMBus DPDK takes every NETVSC that is bound, those left out here, too.
      usedPorts: pmd.takesVMBus && used.count < data.count ? used.compactMap(\.mac) : [],
      duration: profile.verification.seconds(drill), drill: drill.map { Drill(kind: $0, after: drillStart) },
      telemetry: false, memory: profile.packetMemory, filePrefix: instance),
    expecting: expectedPorts(pmd, used))
}

/// What must come up for these interfaces: the master, and a VF beneath each.
func expectedPorts(_ pmd: DataPMD, _ used: [Interface]) -> ExpectedPorts {
  let below = used.compactMap(\.generation).reduce(into: Set<String>()) { $0.formUnion($1.portDrivers) }
  switch pmd {
  case .failsafe: return ExpectedPorts(driver: "net_failsafe", subdeviceDrivers: below, count: used.count)
  case .netvsc: return ExpectedPorts(driver: "net_netvsc", subdeviceDrivers: below, count: used.count)
  case .mana where used.allSatisfy(\.isNETVSC):
    return ExpectedPorts(driver: "net_netvsc", subdeviceDrivers: below, count: used.count)
  case .mana, .bifurcated, .vfio: return ExpectedPorts(count: used.count)
  }
}

extension DataPMD {
  /// Whether the master is on the VMBus, of which EAL probes all that is bound to user space.
  var takesVMBus: Bool { self == .netvsc || self == .mana }
}

extension InterfacePlan {
  /// What keeps packets from being moved on the data ports; never empty where there is no PMD for them.
  var obstaclesToTraffic: [Finding] {
    let obstacles = findings.asVerificationSeesThem.filter { $0.severity == .blocker }
    guard obstacles.isEmpty, pmd == nil else { return obstacles }
    return [
      Finding(
        "interface.tooFew", .blocker, subject: "interfaces", message: "the profile gives no interface to DPDK",
        remedy: "see 'dpdk-host interfaces', or name another profile")
    ]
  }
}

extension Profile {
  /// The pages of the first mount of the profile, or hugepages without files.
  var packetMemory: PacketMemory {
    hugepages.compactMap(\.mount?.path).first.map { .hugetlbfs(directory: $0) } ?? .anonymousHugepages
  }
}

extension VerificationCourse {
  /// The addresses of the flows of each port, by the MAC address that it has.
  ///
  /// Azure's network looks at IP addresses and drops what is not the interface's own; its gateway answers every ARP request
  /// with one MAC address. Elsewhere a frame goes to the other's own.
  fileprivate func endpoints(on facts: HostFacts) -> [String: FlowEndpoints] {
    var all: [String: FlowEndpoints] = [:]
    let gateway = facts.platform.isAzure ? azureGatewayMAC : nil
    func neighbour(_ other: Interface) -> MACAddress? {
      gateway ?? other.mac.flatMap { MACAddress($0) }
    }
    func add(_ from: Interface, to address: String?, _ mac: MACAddress?) {
      guard let own = from.mac else { return }
      all[own] = FlowEndpoints(
        destinationMAC: mac?.description, sourceAddress: from.device.ipv4, destinationAddress: address)
    }
    switch self {
    case .benchmark(let course): return course.endpoints(on: facts)
    case .between(let first, let second):
      add(first, to: second.device.ipv4, neighbour(second))
      add(second, to: first.device.ipv4, neighbour(first))
    case .echo(let interface, let peer):
      add(interface, to: peer.address, peer.mac ?? gateway)
    case .send(let interfaces, let peer):
      for interface in interfaces { add(interface, to: peer?.address, peer.flatMap { $0.mac ?? gateway }) }
    // Under its own address a port answers who asks for it.
    case .receive(let interfaces), .forward(let interfaces), .reflect(let interfaces):
      for interface in interfaces { add(interface, to: nil, nil) }
    case .impossible: break
    }
    return all
  }
}

/// What Azure's network answers to every ARP request.
private let azureGatewayMAC = MACAddress("12:34:56:78:9a:bc")
