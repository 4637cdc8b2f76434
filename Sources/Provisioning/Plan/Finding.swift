/// A gap between facts and profile that we cannot, or must not, close ourselves.
///
/// The identifier is part of the contract: scripts waive and match by it.
public struct Finding: Codable, Equatable, Sendable {
  /// How much a finding matters.
  public enum Severity: String, Codable, Sendable, CaseIterable {
    /// Nothing is applied while it stands.
    case blocker
    case warning
    case info
  }

  /// `area.what`, such as `kernel.tooOld`.
  public var id: String
  public var severity: Severity
  /// What it is about: a node, a path, a module, an interface.
  public var subject: String
  /// What is wrong, with what is required and what is; lower case, no full stop.
  public var message: String
  /// What to do about it, or what to type; empty where nothing needs doing.
  public var remedy: String
  /// A blocker that the user demoted by name (`--waive`), and that stands as a warning now.
  public var waived: Bool

  public init(
    _ id: String, _ severity: Severity, subject: String, message: String, remedy: String = "", waived: Bool = false
  ) {
    self.id = id
    self.severity = severity
    self.subject = subject
    self.message = message
    self.remedy = remedy
    self.waived = waived
  }
}
