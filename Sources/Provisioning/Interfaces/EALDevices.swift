/// The devices that EAL is told to probe, and by which it is kept from all others.
///
/// Without such arguments EAL probes every device whose driver it has, management's VF too. Each bus decides for itself:
/// an entry that names a PCI device makes the PCI bus leave all others alone, one that names a VMBus device does not.
public struct EALDevices: Codable, Equatable, Sendable {
  /// Devices by PCI address or VMBus UUID with their devargs: one `-a` each, or `-w` until DPDK 20.08.
  public var allowed: [String]
  /// One `--vdev` each. It may name a PCI address: EAL then takes it as an allowed device.
  public var virtual: [String]
  /// Whether the PCI bus is left out altogether: set where no entry names a PCI device.
  public var skipsPCI: Bool

  public init(allowed: [String] = [], virtual: [String] = [], skipsPCI: Bool) {
    self.allowed = allowed
    self.virtual = virtual
    self.skipsPCI = skipsPCI
  }

  /// The command line of EAL for these devices.
  ///
  /// - Parameter release: of the DPDK that reads it; nil is taken for a new one. `-w` became `-a` in 20.11.
  public func arguments(release: DottedNumber? = nil) -> [String] {
    let isOld = release.map { $0 < DottedNumber(numbers: [20, 11]) } ?? false
    return (skipsPCI ? ["--no-pci"] : []) + allowed.flatMap { [isOld ? "-w" : "-a", $0] }
      + virtual.map { "--vdev=\($0)" }
  }
}
