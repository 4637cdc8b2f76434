/// Debian's way to say that a reboot is due: `/run/reboot-required`, and beside it who wants it, a name a line.
///
/// Source: `update-notifier-common`, `/usr/share/update-notifier/notify-reboot-required`; unattended-upgrades, needrestart
/// and cloud-init's `power_state` go by it.
public enum RebootNotice {
  public static let path = "/run/reboot-required"
  public static let packagesPath = "/run/reboot-required.pkgs"
  public static let text = "*** System restart required ***\n"
  static let name = "dpdk-host"

  /// The names with ours, once.
  public static func adding(to packages: String) -> String {
    let names = packages.split(separator: "\n")
    return (names.contains { $0 == name } ? names : names + [name[...]]).map { "\($0)\n" }.joined()
  }

  /// The names without ours; nil where ours is not among them. Where none is left, nobody wants the reboot any more.
  public static func removing(from packages: String) -> String? {
    let names = packages.split(separator: "\n")
    guard names.contains(where: { $0 == name }) else { return nil }
    return names.filter { $0 != name }.map { "\($0)\n" }.joined()
  }
}
