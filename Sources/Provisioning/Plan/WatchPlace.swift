/// Where the watch of `apply --confirm-within` runs, so that it outlives the session that may be cut off.
public enum WatchPlace: Equatable, Sendable {
  /// A transient service of systemd: logind ends what a session leaves behind.
  case service
  /// A process in a session of its own, where no systemd runs.
  case process
  /// It would die with the session: in a container whose first process ends, the kernel kills all others.
  case nowhere

  /// `/proc/self/ns/pid` in the first namespace (`PROC_PID_INIT_INO` of the kernel).
  static let initialNamespace = "pid:[4026531836]"

  /// - Parameters:
  ///   - systemdRuns: whether `/run/systemd/system` is there (`sd_booted(3)`).
  ///   - pidNamespace: `/proc/self/ns/pid`; nil where the kernel has no such namespaces.
  ///   - parent: 0 where the parent is in another namespace, as that of `docker exec`.
  public init(systemdRuns: Bool, pidNamespace: String?, pid: Int, parent: Int) {
    if systemdRuns {
      self = .service
    } else if let pidNamespace, pidNamespace != Self.initialNamespace, pid == 1 || parent == 1 {
      self = .nowhere
    } else {
      self = .process
    }
  }
}
