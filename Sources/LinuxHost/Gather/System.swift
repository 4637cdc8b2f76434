import Provisioning

extension FactReader {
  /// The distribution, by the first `os-release` that exists (`os-release(5)`).
  mutating func distribution() -> Distribution? {
    // CentOS has its minor release in a file of its own, as RHEL has its own beside os-release.
    let release = text("/etc/centos-release") ?? text("/etc/redhat-release")
    for path in ["/etc/os-release", "/usr/lib/os-release"] {
      if let distribution = value(
        path, "in the format of os-release", { Distribution(osRelease: $0, centosRelease: release) })
      {
        return distribution
      }
    }
    return nil
  }

  /// The kernels: the running one by `proc/sys/kernel/osrelease`, the installed by their module directories.
  mutating func kernel() -> KernelFacts {
    var names: Set<String> = []
    for directory in ["/lib/modules", "/usr/lib/modules"] {
      for name in entries(directory) ?? [] where status("\(directory)/\(name)")?.kind == .directory {
        names.insert(name)
      }
    }
    // A copied tree may have `/proc/version` alone: "Linux version 6.1.0-56-cloud-amd64 (…".
    let running =
      line("/proc/sys/kernel/osrelease")
      ?? line("/proc/version")?.split(separator: " ").dropFirst(2).first.map { String($0) }
    return KernelFacts(
      running: running, installed: names.sorted(by: KernelFacts.isOlder(_:than:)),
      commandLine: text("/proc/cmdline").map { String($0.trimmingBlanks) },
      loadsModules: status("/proc/modules") != nil)
  }

  /// The machine by its DMI strings; nil each where there is no DMI, or where it is empty.
  mutating func platform() -> Platform {
    Platform(
      vendor: line("/sys/class/dmi/id/sys_vendor"), product: line("/sys/class/dmi/id/product_name"),
      chassisAssetTag: line("/sys/class/dmi/id/chassis_asset_tag"))
  }

  mutating func onlineCPUs() -> [Int] {
    value("/sys/devices/system/cpu/online", "a list of CPUs") { [Int](kernelList: $0) } ?? []
  }

  /// Whether systemd runs (`sd_booted(3)`), or, of an image, is installed to run.
  mutating func usesSystemd() -> Bool {
    if root.isRunningHost { return status("/run/systemd/system") != nil }
    return ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"].contains { status($0) != nil }
  }

  /// The units that `network-online.target` wants, which wait for interfaces that are configured (`systemd.special(7)`).
  mutating func networkWaiters() -> [String] {
    var names: Set<String> = []
    for directory in ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"] {
      names.formUnion(entries("\(directory)/network-online.target.wants") ?? [])
    }
    return names.filter { $0.hasSuffix("-wait-online.service") }.sorted()
  }
}
