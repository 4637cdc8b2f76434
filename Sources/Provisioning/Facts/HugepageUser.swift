/// A process that holds huge pages, by `HugetlbPages` in `/proc/PID/status`.
public struct HugepageUser: Codable, Equatable, Sendable {
  public var pid: Int
  /// The program's short name (`/proc/PID/comm`).
  public var command: String
  public var kilobytes: UInt64
  /// The files that it maps on hugetlbfs mounts; empty for anonymous huge pages.
  public var files: [String]

  public init(pid: Int, command: String, kilobytes: UInt64, files: [String]) {
    self.pid = pid
    self.command = command
    self.kilobytes = kilobytes
    self.files = files
  }
}
