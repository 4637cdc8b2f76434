extension Profile {
  /// Which interfaces carry packets, which one is left alone, and what drives them.
  public struct Interfaces: Equatable, Sendable {
    public enum Management: Equatable, Sendable {
      /// Decided by routes and sessions.
      case auto
      case mac(MACAddress)
      case name(String)
    }

    public enum DataPorts: Equatable, Sendable {
      /// Every interface that can be one and is not management.
      case auto
      /// No NIC: the engine makes its own virtual devices.
      case none
      /// Exactly these; each once, at least one.
      case listed([MACAddress])
    }

    /// The poll-mode driver that the engine gets the data ports by.
    public enum PMD: String, CaseIterable, Sendable { case auto, failsafe, netvsc, mana, vfio }

    public var management: Management
    public var data: DataPorts
    public var pmd: PMD

    public init(management: Management = .auto, data: DataPorts = .auto, pmd: PMD = .auto) {
      self.management = management
      self.data = data
      self.pmd = pmd
    }
  }
}
