/// A mount point that the host will use, whether or not something is mounted there now.
public struct ExpectedMount: Codable, Equatable, Sendable {
  public var target: String
  /// Where it says so: `/etc/fstab`, `/etc/waagent.conf`.
  public var declaredIn: String
  /// The file system type, where it is said.
  public var type: String?

  public init(target: String, declaredIn: String, type: String? = nil) {
    self.target = target
    self.declaredIn = declaredIn
    self.type = type
  }
}

extension ExpectedMount {
  /// Of whose lines systemd makes mount units.
  public static let fstab = "/etc/fstab"

  /// The mount points of a file in the format of `fstab(5)`, in its order: comments, swap, `none`
  /// and what is not mounted by itself (`noauto`) left out.
  public static func inFstab(_ text: String, declaredIn path: String = fstab) -> [ExpectedMount] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard fields.count >= 2, !fields[0].hasPrefix("#"), fields[1].hasPrefix("/") else { return nil }
      let type = fields.count >= 3 ? String(fields[2]) : nil
      let options = fields.count >= 4 ? fields[3].split(separator: ",") : []
      if type == "swap" || options.contains("noauto") { return nil }
      return ExpectedMount(
        target: fields[1].resolvingOctalEscapes.withoutTrailingSlash, declaredIn: path, type: type)
    }
  }

  /// Where the Azure Linux agent mounts the temporary disk, by `waagent.conf`; nil where it does not format it.
  ///
  /// Source: `azurelinuxagent/common/conf.py`: `ResourceDisk.Format` is off and `ResourceDisk.MountPoint` is
  /// `/mnt/resource` where the file says nothing; a `#` begins a comment, quotes are dropped.
  public static func inAgentConfiguration(
    _ text: String, declaredIn path: String = "/etc/waagent.conf"
  ) -> ExpectedMount? {
    var settings: [Substring: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let value = parts[1].prefix { $0 != "#" }.trimming { $0.isWhitespace || $0 == "\"" }
      settings[parts[0].trimmingBlanks] = String(value)
    }
    guard settings["ResourceDisk.Format"]?.lowercased() == "y" else { return nil }
    let target = settings["ResourceDisk.MountPoint"] ?? "/mnt/resource"
    return target.hasPrefix("/") ? ExpectedMount(target: target.withoutTrailingSlash, declaredIn: path) : nil
  }
}

extension String {
  /// A path as the kernel shows it in its table of mounts: `/mnt/` as `/mnt`.
  fileprivate var withoutTrailingSlash: String {
    var path = self
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }
}
