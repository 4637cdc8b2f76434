/// What `dpdk-host interfaces` prints: every interface with its partner, its role, and what DPDK would do with it.
public struct InterfaceReport: Equatable, Sendable {
  public var profile: String
  public var plan: InterfacePlan
  /// Of the DPDK that ``InterfacePlan/eal`` is meant for; nil for a new one.
  public var release: DottedNumber?

  public init(profile: String, plan: InterfacePlan, release: DottedNumber?) {
    self.profile = profile
    self.plan = plan
    self.release = release
  }

  /// Of the interfaces alone: whether nothing about them is in the way.
  public var verdict: Verdict {
    plan.findings.contains { $0.severity == .blocker } ? .blocked : .ready
  }

  /// All data interfaces together, as a DPDK program of this host is to be started with.
  public var ealArguments: [String] { plan.data.isEmpty ? [] : plan.eal.arguments(release: release) }
}

extension InterfaceReport: Encodable {
  private enum Key: String, CodingKey {
    case schema, verdict, profile, findings, interfaces, pmd, pmdReason, ealArguments
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("dpdk-host/interfaces/1", forKey: .schema)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(profile, forKey: .profile)
    try container.encode(plan.findings, forKey: .findings)
    try container.encode(plan.interfaces.map { Entry($0, pmd: plan.pmd) }, forKey: .interfaces)
    try container.encodeIfPresent(plan.pmd, forKey: .pmd)
    try container.encode(plan.pmdReason, forKey: .pmdReason)
    try container.encode(ealArguments, forKey: .ealArguments)
  }
}

/// One interface as the contract has it: flat, with its VF inside.
private struct Entry: Encodable {
  let planned: PlannedInterface
  /// Nil for what DPDK does not get.
  let pmd: DataPMD?

  init(_ planned: PlannedInterface, pmd: DataPMD?) {
    self.planned = planned
    self.pmd = planned.role == .data ? pmd : nil
  }

  private enum Key: String, CodingKey {
    case kind, role, reason, permanentMAC, boundTo, vmbus, virtualFunction, pmd, ealArguments
  }

  func encode(to encoder: any Encoder) throws {
    let interface = planned.interface
    try DeviceEntry(interface.device).encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(interface.kind, forKey: .kind)
    try container.encode(planned.role, forKey: .role)
    try container.encode(planned.reason, forKey: .reason)
    try container.encodeIfPresent(interface.device.permanentMAC, forKey: .permanentMAC)
    // The driver of user space that has it instead of its own.
    try container.encodeIfPresent(interface.binding?.driver, forKey: .boundTo)
    let uuid = interface.device.bus == "vmbus" ? interface.device.busAddress : nil
    try container.encodeIfPresent(uuid, forKey: .vmbus)
    try container.encodeIfPresent(interface.virtualFunction.map { DeviceEntry($0) }, forKey: .virtualFunction)
    try container.encodeIfPresent(pmd, forKey: .pmd)
    try container.encode(planned.ealArguments, forKey: .ealArguments)
  }
}

/// What both halves of a pair tell.
private struct DeviceEntry: Encodable {
  var name: String
  var alternativeNames: [String]
  var mac: String?
  var pci: String?
  var device: String?
  var driver: String?
  var generation: NICGeneration?
  var numaNode: Int?
  var speed: Int?
  var addresses: [String]

  init(_ device: NetworkDevice) {
    name = device.name
    alternativeNames = device.alternativeNames
    mac = device.mac
    pci = device.pciAddress
    self.device = device.pciID
    driver = device.driver
    generation = device.generation
    numaNode = device.numaNode
    speed = device.speed
    addresses = device.addresses
  }
}
