internal import Glibc
internal import Provisioning

/// Keeps what `apply --confirm-within` did: takes the dead-man's switch away.
///
/// What outlasts a reboot (boot configuration) belongs here, after the switch is gone, and never into an `apply` that
/// waits to be confirmed: until now a reboot was a way back.
///
/// - Privileges: root.
/// - Throws: where nothing waits, where it is too late, or while an `apply` or a `revert` still runs.
public func confirm() async throws(HostError) {
  let lock = try HostLock()
  defer { withExtendedLifetime(lock) {} }
  guard let pending = try UnconfirmedFile().read() else {
    throw HostError(
      "nothing waits to be confirmed",
      remedy: "see 'dpdk-host check' for what is; what undid it says so in 'journalctl -u dpdk-host-unconfirmed-*', "
        + "or, without systemd, in '\(UnconfirmedFile().logPath)'")
  }
  guard !pending.isOver(now: bootTime()) else {
    throw HostError(
      "too late: the \(pending.seconds) s are over, and what 'apply' did is being undone",
      remedy: "run 'dpdk-host apply' again; where nothing is undone in a minute: dpdk-host revert")
  }
  try await DeadMansSwitch().disarm()
}
