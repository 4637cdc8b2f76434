internal import Glibc
internal import Provisioning

/// Keeps what `apply --confirm-within` did: takes the dead-man's switch away, and then makes it last. Until now a reboot was a
/// way back.
///
/// - Parameter tell: called before and after each action.
/// - Privileges: root.
/// - Returns: what was made to last; nil where nothing was meant to.
/// - Throws: where nothing waits, where it is too late, or while an `apply` or a `revert` still runs. What fails afterwards
///   is in the outcome: it is kept for this boot in any case.
public func confirm(
  _ installation: Installation, tell: (ApplyEvent) -> Void
) async throws(HostError) -> ApplyOutcome? {
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
  guard let lasting = pending.lasting else { return nil }
  return try await applyLasting(lasting, installation, tell: tell)
}
