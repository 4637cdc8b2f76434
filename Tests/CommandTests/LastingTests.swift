import Foundation
import Glibc
import Provisioning
import SystemPackage
import TestSupport
import Testing

@Suite(
  "What lasts on a running host", .timeLimit(.minutes(5)), .serialized,
  .enabled(if: BootHost.isPossible, "needs root, hugepages of 2M on node 0, overlayfs and systemctl"))
struct LastingTests {
  @Test("apply asks for one reboot, then all is ready; revert puts everything back")
  func wholeWay() async throws {
    try await BootHost.with { host in
      let before = try await host.tree()
      let applied = try await host.run("apply", "--format", "json")
      #expect(applied.code == 3, "\(applied.errors)\(applied.output)")
      #expect(try ReportFields(applied.output).ids.contains(Finding.bootPendingID))
      let menu = try await host.text("/boot/grub/grub.cfg")
      for kernel in BootHost.kernels {
        #expect(
          menu.contains(
            "linux /boot/vmlinuz-\(kernel) root=UUID=1 ro quiet hugepagesz=2M hugepages=\(host.host.pages)\n"))
        #expect(menu.contains("linux /boot/vmlinuz-\(kernel) root=UUID=1 ro single\n"))
      }
      #expect(try await host.host.must("/usr/bin/stat", "-c", "%a", "/boot/grub/grub.cfg").hasPrefix("600"))
      #expect(try await host.text("/run/reboot-required.pkgs") == "dpdk-host\n")
      #expect(try await host.systemdCalls().contains("--quiet daemon-reload"))
      let service = try await host.text("/etc/systemd/system/dpdk-host.service")
      #expect(service.contains("ExecStart=\(dpdkHost) apply --profile /etc/dpdk-host/applied.yml"))

      let again = try await host.run("apply", "--format", "json")
      #expect(again.code == 3)
      #expect(try ReportFields(again.output).actions.isEmpty)

      try await host.reboots()
      // What dpdk-host.service does, and the mount unit.
      #expect(try await host.run("apply").code == 0)
      #expect(try await host.run("check").code == 0)

      let reverted = try await host.run("revert", "--format", "json")
      #expect(reverted.code == 3, "what the kernel reserved it keeps until the next boot: \(reverted.errors)")
      #expect(reverted.output.contains(Finding.bootPendingID))
      #expect(try await host.text("/run/reboot-required.pkgs") == "dpdk-host\n")
      #expect(try await host.tree() == before)
      #expect(try await host.run("revert").code == 0)
    }
  }

  @Test(
    "a menu that comes out otherwise is not put in place",
    arguments: ["sed 's/hugepages=[0-9]*//'", "false", "head -n 3"])
  func generatedDiffers(filter: String) async throws {
    try await BootHost.with { host in
      let menu = try await host.text("/boot/grub/grub.cfg")
      try await host.generator(through: filter)
      let applied = try await host.run("apply", "--format", "json")
      #expect(applied.code == (filter == "false" ? 1 : 4), "\(applied.output)")
      if filter != "false" { #expect(try ReportFields(applied.output).ids.contains("boot.generatedDiffers")) }
      #expect(try await host.text("/boot/grub/grub.cfg") == menu)
      #expect(try Pools.pages() == host.host.pages, "this boot does not wait for the next one")
      #expect(try await host.namespace.run("/usr/bin/test", "-e", "/etc/default/grub.d/60-dpdk-host.cfg").code == 1)
      #expect(try await host.run("revert").code == 0)
    }
  }

  @Test("a kernel that came meanwhile stays in the menu when all is reverted")
  func kernelMeanwhile() async throws {
    try await BootHost.with { host in
      #expect(try await host.run("apply").code == 3)
      try await host.put("", at: "/boot/vmlinuz-6.1.0-40-amd64")
      try await host.host.must("/bin/sh", "-c", "/usr/sbin/grub-mkconfig > /boot/grub/grub.cfg")
      let reverted = try await host.run("revert")
      #expect(reverted.code == 0, "\(reverted.errors)")
      let menu = try await host.text("/boot/grub/grub.cfg")
      #expect(menu.contains("linux /boot/vmlinuz-6.1.0-40-amd64 root=UUID=1 ro quiet\n"))
      #expect(!menu.contains("hugepages"))
      try await host.host.must("/bin/rm", "/boot/vmlinuz-6.1.0-40-amd64")
    }
  }

  @Test("a kernel that goes meanwhile is not in the menu when all is reverted")
  func kernelGone() async throws {
    try await BootHost.with { host in
      #expect(try await host.run("apply").code == 3)
      try await host.host.must("/bin/rm", "/boot/vmlinuz-\(BootHost.kernels[0])")
      try await host.host.must("/bin/sh", "-c", "/usr/sbin/grub-mkconfig > /boot/grub/grub.cfg")
      #expect(try await host.run("revert").code == 0)
      let menu = try await host.text("/boot/grub/grub.cfg")
      #expect(!menu.contains(BootHost.kernels[0]))
      #expect(menu.contains(BootHost.kernels[1]))
      #expect(!menu.contains("hugepages"))
    }
  }

  @Test("with --reboot it is rebooted once, and not again for what no reboot brings about")
  func rebootInVain() async throws {
    try await BootHost.with { host in
      #expect(try await host.run("apply", "--reboot").code == 3)
      #expect(try await host.systemdCalls().filter { $0.contains("reboot") } == ["--quiet reboot"])
      try await host.boots(withID: "00000000-0000-4000-8000-000000000002", "root=UUID=1 ro quiet")
      let again = try await host.run("apply", "--reboot", "--format", "json")
      #expect(again.code == 1)
      #expect(try ReportFields(again.output).ids.contains(Finding.rebootInVainID))
      #expect(try await host.systemdCalls().filter { $0.contains("reboot") }.count == 1)
      #expect(try await host.run("revert").code == 0)
    }
  }

  @Test("while an apply waits to be confirmed nothing lasts; confirmed, it does")
  func confirmed() async throws {
    try await BootHost.with { host in
      // Without systemd in sight the watch is a process; what confirm writes does not depend on that.
      try await host.host.must("/bin/mv", "/run/systemd", "/run/layers/systemd")
      let before = try await host.tree()
      let applied = try await host.run("apply", "--confirm-within", "60")
      #expect(applied.code == 0, "\(applied.errors)")
      #expect(try await host.tree() == before)
      let confirmed = try await host.run("confirm", "--format", "json")
      #expect(confirmed.code == 0, "\(confirmed.errors)")
      #expect(try ReportFields(confirmed.output).kinds.contains("writeBootArguments"))
      #expect(try await host.text("/boot/grub/grub.cfg").contains("hugepages=\(host.host.pages)\n"))
      try await host.host.must("/bin/mv", "/run/layers/systemd", "/run/systemd")
      #expect(try await host.run("revert").code == 0)
    }
  }

  @Test("arguments that the profile asks for no more go", arguments: [true, false])
  func noMore(byGrubby: Bool) async throws {
    try await BootHost.with { host in
      if byGrubby { try await host.usesLoaderEntries() }
      let menu = byGrubby ? "/boot/loader/entries/\(BootHost.kernels[0]).conf" : "/boot/grub/grub.cfg"
      let before = try await host.text(menu)
      #expect(try await host.run("apply").code == 3)
      let profile = try ProfileFile(
        "name: none\nmodules: []\ninterfaces: {data: none, pmd: failsafe}\nboot: {arguments: none}\n")
      let applied = try await host.namespace.run(dpdkHost, "apply", "--profile", profile.path)
      #expect(applied.code == 0, "\(applied.output)")
      #expect(try await host.text(menu).replacing(" \n", with: "\n") == before)
      #expect(try await host.run("revert").code == 0)
      #expect(try await host.text(menu) == before)
    }
  }

  @Test(
    "a kernel that is installed while the menu is made is not lost: nothing is put over what the package manager made")
  func changedMeanwhile() async throws {
    try await BootHost.with { host in
      try await host.generator(
        first:
          "[ -e /boot/vmlinuz-6.1.0-40-amd64 ] || { : > /boot/vmlinuz-6.1.0-40-amd64; echo theirs > /boot/grub/grub.cfg; }"
      )
      let applied = try await host.run("apply")
      #expect(applied.code == 1)
      #expect(applied.output.contains("meanwhile") || applied.output.contains("came or went"), "\(applied.output)")
      #expect(try await host.text("/boot/grub/grub.cfg") == "theirs\n")
      #expect(try await host.namespace.run("/usr/bin/test", "-e", "/etc/default/grub.d/60-dpdk-host.cfg").code == 1)
      #expect(try await host.run("revert").code == 0)
      #expect(try await host.text("/boot/grub/grub.cfg") == "theirs\n")
    }
  }

  @Test("a file of the administrator's under the name of ours is neither read over nor taken away")
  func occupied() async throws {
    try await BootHost.with { host in
      let theirs = "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT iommu=pt\"\n# mine\n"
      try await host.put(theirs, at: "/etc/default/grub.d/60-dpdk-host.cfg")
      let applied = try await host.run("apply", "--format", "json")
      #expect(applied.code == 4)
      #expect(try ReportFields(applied.output).ids.contains("file.occupied"))
      #expect(try await host.text("/etc/default/grub.d/60-dpdk-host.cfg") == theirs)
    }
  }

  @Test("what the administrator changes in /etc/default/grub behind us stays when our block goes")
  func editedDefaults() async throws {
    try await BootHost.with { host in
      try await host.generator(dropIns: false)
      #expect(try await host.run("apply").code == 3)
      let ours = try await host.text("/etc/default/grub")
      #expect(ours.contains("# dpdk-host begin"))
      #expect(try await host.text("/boot/grub/grub.cfg").contains("hugepages=\(host.host.pages)\n"))
      try await host.put(ours + "GRUB_TIMEOUT=777\n", at: "/etc/default/grub")
      #expect(try await host.run("revert").code == 0)
      #expect(
        try await host.text("/etc/default/grub") == "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_TIMEOUT=777\n")
      #expect(!(try await host.text("/boot/grub/grub.cfg").contains("hugepages")))
    }
  }

  @Test("by grubby every entry gets them and the rescue kernel does not; all entries are free of them after revert")
  func grubby() async throws {
    try await BootHost.with { host in
      try await host.usesLoaderEntries()
      let before = try await host.tree()
      let applied = try await host.run("apply")
      #expect(applied.code == 3, "\(applied.errors)\(applied.output)")
      let wanted = "hugepagesz=2M hugepages=\(host.host.pages)"
      for kernel in BootHost.kernels {
        #expect(try await host.text("/boot/loader/entries/\(kernel).conf").contains("quiet \(wanted)\n"))
      }
      #expect(!(try await host.text("/boot/loader/entries/0-rescue-5e.conf").contains("hugepages")))
      #expect(try await host.run("revert").code == 0)
      #expect(try await host.tree() == before)

      #expect(try await host.run("apply").code == 3)
      // As kernel-install does: the new kernel's entry gets what the others have.
      try await host.put("", at: "/boot/vmlinuz-6.1.0-40-amd64")
      try await host.loaderEntry("6.1.0-40-amd64", " \(wanted)")
      let reverted = try await host.run("revert")
      #expect(reverted.code == 0, "\(reverted.errors)")
      for kernel in BootHost.kernels + ["6.1.0-40-amd64"] {
        #expect(!(try await host.text("/boot/loader/entries/\(kernel).conf").contains("hugepages")))
      }
    }
  }

  @Test("a rescue entry that was left with the pages is found out, and mended")
  func spoiltRescue() async throws {
    try await BootHost.with { host in
      try await host.usesLoaderEntries()
      #expect(try await host.run("apply").code == 3)
      try await host.loaderEntry("0-rescue-5e", " hugepagesz=2M hugepages=\(host.host.pages)")
      #expect(try await host.run("check").code == 2)
      #expect(try await host.run("apply").code == 3)
      #expect(!(try await host.text("/boot/loader/entries/0-rescue-5e.conf").contains("hugepages")))
      #expect(try await host.run("revert").code == 0)
    }
  }

  @Test("killed while another profile is applied, all goes with a revert")
  func killedThenReverted() async throws {
    try await BootHost.with { host in
      let before = try await host.text("/boot/grub/grub.cfg")
      #expect(try await host.run("apply").code == 3)
      let other = try host.profile(pages: host.host.pages + 2)
      try await host.generator(first: "sleep 3")
      _ = try await host.namespace.run(
        "/usr/bin/timeout", "-s", "KILL", "1.5", dpdkHost.string, "apply", "--profile", other.path)
      try await host.generator()
      #expect(try await host.run("revert").code == 0)
      #expect(try await host.text("/boot/grub/grub.cfg") == before)
      #expect(try await host.namespace.run("/usr/bin/test", "-e", "/etc/default/grub.d/60-dpdk-host.cfg").code == 1)
    }
  }

  @Test("killed while another profile is applied, either is applied afterwards")
  func killedWithAnotherProfile() async throws {
    try await BootHost.with { host in
      #expect(try await host.run("apply").code == 3)
      let other = try host.profile(pages: host.host.pages + 2)
      try await host.generator(first: "sleep 3")
      let killed = try await host.namespace.run(
        "/usr/bin/timeout", "-s", "KILL", "1.5", dpdkHost.string, "apply", "--profile", other.path)
      #expect(killed.code != 0)
      try await host.generator()
      let applied = try await host.namespace.run(dpdkHost, "apply", "--profile", other.path)
      #expect(applied.code == 3, "\(applied.output)")
      #expect(try await host.text("/boot/grub/grub.cfg").contains("hugepages=\(host.host.pages + 2)\n"))
      #expect(try await host.run("apply").code == 3)
      #expect(try await host.text("/boot/grub/grub.cfg").contains("hugepages=\(host.host.pages)\n"))
      #expect(try await host.run("revert").code == 0)
      #expect(!(try await host.text("/boot/grub/grub.cfg").contains("hugepages")))
    }
  }
}
