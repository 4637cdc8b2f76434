import EngineMessages

/// What a verification has to find on every port, and beneath it.
public struct ExpectedPorts: Equatable, Sendable {
  /// The PMD, as the engine names it (`net_failsafe`); nil where any will do.
  public var driver: String?
  /// PMDs of a VF, as `mlx5_pci`, `net_mlx4` or `net_mana`: a sub-device of one of them is required beneath every port. Empty
  /// requires none.
  public var subdeviceDrivers: Set<String>
  /// How many ports must come up; nil where any number will do. net_vdev_netvsc fails in silence.
  public var count: Int?

  public init(driver: String? = nil, subdeviceDrivers: Set<String> = [], count: Int? = nil) {
    self.driver = driver
    self.subdeviceDrivers = subdeviceDrivers
    self.count = count
  }

  /// The largest share of a port's packets that may take the synthetic path: multicast does by design.
  public static let largestSyntheticShare = 0.02
}

extension ExpectedPorts {
  /// What all ports together were, measured by this.
  func findings(about result: TrafficResult) -> [Finding] {
    var findings = result.ports.flatMap { self.findings(about: $0) }
    if let count, result.ports.count < count {
      findings.append(
        Finding(
          "engine.portMissing", .blocker, subject: "ports", message: "requires \(count), is \(result.ports.count)",
          remedy: "see the engine's log above for the device that did not come up"))
    }
    return findings
  }

  /// What one port was, measured by this.
  func findings(about port: PortResult) -> [Finding] {
    if let driver, port.driver != driver {
      // What lies beneath a port that is none of ours is of no interest.
      return [
        Finding(
          "engine.wrongDriver", .blocker, subject: port.name, message: "requires driver \(driver), is \(port.driver)",
          remedy: "see 'interfaces.pmd' in the profile")
      ]
    }
    return [missingSubdevice(of: port), syntheticPath(of: port)].compactMap { $0 }
  }

  private func missingSubdevice(of port: PortResult) -> Finding? {
    guard !subdeviceDrivers.isEmpty else { return nil }
    let suitable = port.subdevices.filter { subdeviceDrivers.contains($0.driver) }
    guard !suitable.contains(where: { !$0.isGone }) else { return nil }
    let wanted = subdeviceDrivers.sorted().joined(separator: " or ")
    if let gone = suitable.first {
      return Finding(
        "engine.subdeviceMissing", .blocker, subject: port.name,
        message: "requires a sub-device of driver \(wanted), lost '\(gone.name)' (\(gone.driver)) during the run",
        remedy: "verify again: the host takes a VF away while it is serviced")
    }
    let found = port.subdevices.map { "'\($0.name)' (\($0.driver))" }.joined(separator: ", ")
    let isSynthetic = port.driver == "net_netvsc" || port.subdevices.contains { $0.driver == "net_tap" }
    return Finding(
      "engine.subdeviceMissing", .blocker, subject: port.name,
      message: "requires a sub-device of driver \(wanted), has \(found.isEmpty ? "none" : found)"
        + (isSynthetic ? ": the synthetic path alone" : ""),
      remedy: "see the engine's log above for the VF, and 'dpdk-host interfaces' for whether there is one")
  }

  /// A warning, not a blocker: the packets did arrive, and whether they were enough is for the minimum to say.
  private func syntheticPath(of port: PortResult) -> Finding? {
    guard let synthetic = port.syntheticPackets else { return nil }
    let total = Double(port.rxPackets) + Double(port.txPackets)
    guard synthetic > Self.largestSyntheticShare * total else { return nil }
    let percent = total > 0 ? min(100, synthetic / total * 100) : 100
    return Finding(
      "engine.syntheticPath", .warning, subject: port.name,
      message:
        "requires \(Int(Self.largestSyntheticShare * 100)) % of the packets at most on the synthetic path, took it "
        + "\(grouped(synthetic)) of \(grouped(total)) (\((percent * 10).rounded() / 10) %)",
      remedy: "see 'dpdk-host interfaces' for whether accelerated networking has a VF here, and the engine's log above")
  }
}

extension PortResult {
  /// Packets, either way, that did not go through the VF; nil where the port is no master with a VF to go through, or where
  /// a sub-device that is gone took its counts along.
  ///
  /// Of a failsafe those that its TAP counted; of a netvsc, whose own counts are of both ways (`hn_dev_stats_get`), what its VF
  /// did not.
  var syntheticPackets: Double? {
    guard !subdevices.isEmpty, !subdevices.contains(where: \.isGone) else { return nil }
    func moved(_ subdevices: [Subdevice]) -> Double {
      subdevices.reduce(0) { $0 + Double($1.rxPackets ?? 0) + Double($1.txPackets ?? 0) }
    }
    switch driver {
    case "net_failsafe": return moved(subdevices.filter { $0.driver == "net_tap" })
    case "net_netvsc": return max(0, Double(rxPackets) + Double(txPackets) - moved(subdevices))
    default: return nil
    }
  }
}

extension Subdevice {
  /// Whether it was gone when the measured interval ended.
  fileprivate var isGone: Bool { rxPackets == nil || txPackets == nil }
}
