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
  var name: String
  var alternativeNames: [String]
  var mac: String?
  var permanentMAC: String?
  var kind: Interface.Kind
  var role: InterfaceRole
  var reason: String
  var driver: String?
  /// The driver of user space that has it instead of ``driver``.
  var boundTo: String?
  var vmbus: String?
  var pci: String?
  var device: String?
  var generation: NICGeneration?
  var numaNode: Int?
  var speed: Int?
  var addresses: [String]
  var virtualFunction: Function?
  var pmd: DataPMD?
  var ealArguments: [String]

  init(_ planned: PlannedInterface, pmd: DataPMD?) {
    let device = planned.interface.device
    name = device.name
    alternativeNames = device.alternativeNames
    mac = device.mac
    permanentMAC = device.permanentMAC
    kind = planned.interface.kind
    role = planned.role
    reason = planned.reason
    driver = device.driver
    boundTo = planned.interface.binding?.driver
    vmbus = device.bus == "vmbus" ? device.busAddress : nil
    pci = device.pciAddress
    self.device = device.pciID
    generation = device.generation
    numaNode = device.numaNode
    speed = device.speed
    addresses = device.addresses
    virtualFunction = planned.interface.virtualFunction.map { Function($0) }
    self.pmd = planned.role == .data ? pmd : nil
    ealArguments = planned.ealArguments
  }

  /// The fast half of a synthetic interface.
  struct Function: Encodable {
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
      pci = device.busAddress
      self.device = device.pciID
      driver = device.driver
      generation = device.generation
      numaNode = device.numaNode
      speed = device.speed
      addresses = device.addresses
    }
  }
}
