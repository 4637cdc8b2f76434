import Foundation
import Glibc
import Provisioning
import SystemPackage
import TestSupport
import Testing

/// A running host that boots by GRUB, in a mount namespace: `/etc` and `/usr/sbin` in layers over the machine's own, `/boot`,
/// the kernel's command line, the boot id and the programs of systemd of its own. Its grub-mkconfig is a stand-in that
/// sources the same files as the real one.
struct BootHost: Sendable {
  let host: TestHost
  var namespace: MountNamespace { host.namespace }
  static let kernels = ["6.1.0-9-amd64", "6.1.0-37-amd64"]
  /// Where what is laid over the machine lies, and what was asked of systemd.
  private static let layers = "/run/layers"

  /// Whether layers can be had: the kernel must know overlayfs.
  static let isPossible =
    isRoot && hasHugepages && access("/usr/bin/systemctl", X_OK) == 0
    && ((try? String(contentsOfFile: "/proc/filesystems", encoding: .utf8))?.contains("\toverlay\n") ?? false)

  /// - Parameter profile: what stands in the profile beside its pages.
  static func with(
    _ profile: String = "boot: {arguments: auto}", _ body: @Sendable @escaping (BootHost) async throws -> Void
  ) async throws {
    try await TestHost.with(extra: 8) { host in
      let file = try Self.profile(pages: host.pages, profile)
      let boot = BootHost(
        host: TestHost(namespace: host.namespace, profile: file.path, before: host.before, pages: host.pages))
      try await boot.setUp()
      try await body(boot)
      try await boot.tearDown()
      withExtendedLifetime(file) {}
    }
  }

  private static func profile(pages: Int, _ more: String) throws -> ProfileFile {
    try ProfileFile(
      """
      name: lasting
      hugepages: [{size: 2M, nodes: {0: \(pages)}, mount: /mnt/test-huge}]
      modules: []
      interfaces: {data: none, pmd: failsafe}
      verification: {method: loopback, duration: 1, minimum: {packetsPerSecond: 1000}}
      \(more)
      """)
  }

  func profile(pages: Int) throws -> ProfileFile { try Self.profile(pages: pages, "boot: {arguments: auto}") }

  private func setUp() async throws {
    try await host.must("/bin/mkdir", "-p", "/run/systemd/system", "\(Self.layers)/boot")
    for name in ["etc", "usr/sbin"] {
      let place = "\(Self.layers)/\(name)"
      try await host.must("/bin/mkdir", "-p", "\(place)/upper", "\(place)/work")
      try await host.must(
        "/bin/mount", "-t", "overlay", "overlay", "-o",
        "lowerdir=/\(name),upperdir=\(place)/upper,workdir=\(place)/work", "/\(name)")
    }
    try await host.must("/bin/mkdir", "-p", "/etc/default/grub.d")
    try await put("GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n", at: "/etc/default/grub")
    try await host.must("/bin/mount", "--bind", "\(Self.layers)/boot", "/boot")
    for kernel in Self.kernels { try await put("", at: "/boot/vmlinuz-\(kernel)") }
    try await host.must("/bin/mkdir", "-p", "/boot/grub")
    try await generator()
    try await host.must("/bin/sh", "-c", "/usr/sbin/grub-mkconfig > /boot/grub/grub.cfg; chmod 600 /boot/grub/grub.cfg")
    try await put("#!/bin/sh\necho \"$@\" >> \(Self.layers)/calls\n", at: "\(Self.layers)/systemctl", mode: "755")
    try await host.must("/bin/mount", "--bind", "\(Self.layers)/systemctl", "/usr/bin/systemctl")
    try await boots(withID: "00000000-0000-4000-8000-000000000001", "root=UUID=1 ro quiet")
  }

  private func tearDown() async throws {
    for place in [
      "/proc/cmdline", "/proc/sys/kernel/random/boot_id", "/usr/bin/systemctl", "/boot", "/usr/sbin", "/etc",
    ] {
      try await host.must("/bin/umount", place)
    }
    try await host.must(
      "/bin/rm", "-rf", Self.layers, "/run/systemd", "/run/reboot-required", "/run/reboot-required.pkgs")
  }

  func put(_ text: String, at path: String, mode: String = "644") async throws {
    try await host.must(
      "/bin/sh", "-c", "printf %s \"$1\" > \"$2\" && chmod \"$3\" \"$2\"", "sh", text, path, mode)
  }

  func text(_ path: String) async throws -> String { try await host.must("/bin/cat", path) }

  /// - Parameters:
  ///   - filter: what is done to the menu in the end.
  ///   - first: what happens before.
  ///   - dropIns: whether `/etc/default/grub.d` is read, as Debian's own does and Red Hat's does not.
  func generator(through filter: String = "cat", first: String = ":", dropIns: Bool = true) async throws {
    let sources = dropIns ? "for file in /etc/default/grub.d/*.cfg; do [ ! -e \"$file\" ] || . \"$file\"; done" : ":"
    try await put(
      """
      #!/bin/sh
      \(first)
      . /etc/default/grub
      \(sources)
      for kernel in /boot/vmlinuz-*; do
        release=${kernel#/boot/vmlinuz-}
        printf "menuentry 'Debian, with Linux %s' {\\n\\tlinux %s root=UUID=1 ro %s\\n}\\n" \
          "$release" "$kernel" "$GRUB_CMDLINE_LINUX_DEFAULT"
        printf "menuentry 'Debian, with Linux %s (recovery mode)' {\\n\\tlinux %s root=UUID=1 ro single\\n}\\n" \
          "$release" "$kernel"
      done | \(filter)

      """, at: "/usr/sbin/grub-mkconfig", mode: "755")
  }

  /// From now on the machine boots by entries of the Boot Loader Specification, as Red Hat's do: with a rescue kernel, and a
  /// grubby that does to entries what the real one does.
  func usesLoaderEntries() async throws {
    try await host.must("/bin/mkdir", "-p", "/boot/loader/entries", "/boot/grub2")
    try await host.must("/bin/rm", "-r", "/boot/grub", "/usr/sbin/grub-mkconfig")
    try await put("blscfg\n", at: "/boot/grub2/grub.cfg")
    for kernel in Self.kernels { try await loaderEntry(kernel) }
    try await put("", at: "/boot/vmlinuz-0-rescue-5e")
    try await loaderEntry("0-rescue-5e")
    try await put(
      """
      #!/bin/sh
      add= remove= which=
      for word; do
        case $word in
          --update-kernel=*) which=${word#*=} ;;
          --args=*) add=${word#*=} ;;
          --remove-args=*) remove=${word#*=} ;;
        esac
      done
      for entry in /boot/loader/entries/*.conf; do
        kernel=$(sed -n 's/^linux //p' "$entry")
        [ "$which" = ALL ] || [ "$which" = "/boot$kernel" ] || continue
        options=" $(sed -n 's/^options //p' "$entry") "
        for word in $remove; do options=$(printf '%s' "$options" | sed "s/ $word / /"); done
        for word in $add; do options=$(printf '%s' "$options" | sed "s/ ${word%%=*}=[^ ]* / /g"); done
        options=$(echo $options $add)
        sed -i "s|^options .*|options $options|" "$entry"
      done

      """, at: "/usr/sbin/grubby", mode: "755")
  }

  func loaderEntry(_ kernel: String, _ more: String = "") async throws {
    try await put(
      "title Test (\(kernel))\nversion \(kernel)\nlinux /vmlinuz-\(kernel)\noptions root=UUID=1 ro quiet\(more)\n",
      at: "/boot/loader/entries/\(kernel).conf")
  }

  /// As if the machine had been booted: what ends with a boot is gone.
  func boots(withID id: String, _ line: String) async throws {
    _ = try await namespace.run("/bin/umount", "/mnt/test-huge")
    try Pools.setPages(host.before)
    _ = try await namespace.run("/bin/rm", "-f", "/run/reboot-required", "/run/reboot-required.pkgs")
    for (name, path, text) in [
      ("boot_id", "/proc/sys/kernel/random/boot_id", id), ("cmdline", "/proc/cmdline", line),
    ] {
      _ = try await namespace.run("/bin/umount", path)
      try await put(text + "\n", at: "\(Self.layers)/\(name)")
      try await host.must("/bin/mount", "--bind", "\(Self.layers)/\(name)", path)
    }
  }

  /// The next boot, by the menu's entry for the newest kernel.
  func reboots() async throws {
    let line = try await text("/boot/grub/grub.cfg").split(separator: "\n")
      .first { $0.contains("vmlinuz-\(Self.kernels[1]) ") && !$0.contains("single") }
    let words = try #require(line).split(separator: " ").dropFirst(2).joined(separator: " ")
    try await boots(withID: UUID().uuidString.lowercased(), words)
  }

  func run(_ command: String, _ more: String...) async throws -> ProgramResult {
    let profile = ["revert", "confirm"].contains(command) ? [] : ["--profile", host.profile]
    return try await namespace.run(dpdkHost, arguments: [command] + profile + more)
  }

  /// What was asked of systemd, a line each.
  func systemdCalls() async throws -> [String] {
    try await namespace.run("/bin/cat", "\(Self.layers)/calls").output.split(separator: "\n").map(String.init)
  }

  /// Everything in `/etc` and `/boot` but times: names, kinds, modes, links, and sums of files.
  func tree() async throws -> [String] {
    let script = """
      find /etc /boot -printf '%y %m %p %l\\n' | sort
      find /etc /boot -type f -exec sha256sum {} + | sort
      """
    return try await host.must("/bin/sh", "-c", script).split(separator: "\n").map(String.init)
  }
}
