public import SystemPackage

/// An effect that did not work: what it was about, why, and what to do.
public struct HostError: Error, Equatable, Sendable {
  /// Lower case, no full stop, the subject quoted.
  public var message: String
  /// The error of the system call, where one failed.
  public var errno: Errno?
  /// Empty where nothing is known to help.
  public var remedy: String

  public init(_ message: String, errno: Errno? = nil, remedy: String = "") {
    self.message = message
    self.errno = errno
    self.remedy = remedy
  }
}

extension HostError: CustomStringConvertible {
  public var description: String {
    message + (errno.map { ": \($0.description.lowercased())" } ?? "") + (remedy.isEmpty ? "" : " (\(remedy))")
  }
}
