import Provisioning
import Testing

@Suite("Planning mount units")
struct LastingMountsTests {
  func wanted(_ mount: Profile.Mount) -> Profile {
    profile(.init(size: .oneGigabyte, amount: .perNode(1), mount: mount))
  }

  /// The mount units that the profile comes to, by path, and the findings.
  func plan(
    _ mount: Profile.Mount, _ change: (inout HostFacts) -> Void = { _ in }
  ) throws -> (units: [String: String], findings: [Finding]) {
    let profile = wanted(mount)
    var host = sampleHost()
    host.usesSystemd = true
    for path in lastingPaths(for: profile) { host.files[path] = FileFacts(kind: .absent) }
    change(&host)
    let plan = planLasting(profile, try samplePersistence(), needsEarlyHugepages: false, on: host)
    var units: [String: String] = [:]
    for case .writeFile(let file) in plan.actions.map(\.action) where file.path.hasSuffix(".mount") {
      if case .text(let text) = file.content { units[file.path] = text }
    }
    return (units, plan.findings)
  }

  @Test("a unit mounts what 'apply' mounts, under the same source and with the same options")
  func unit() throws {
    let (units, findings) = try plan(.init(path: "/mnt/huge-1G", owner: .id(7), group: .name("dpdk"), mode: 0o770)) {
      $0.accounts.groups = ["dpdk": 1002]
    }
    let unit = try #require(units["/etc/systemd/system/mnt-huge\\x2d1G.mount"])
    let lines = unit.split(separator: "\n")
    for line in [
      "What=\(HugetlbfsMount.source)", "Where=/mnt/huge-1G", "Type=hugetlbfs",
      "Options=pagesize=1G,uid=7,gid=1002,mode=0770,nosuid,nodev",
    ] {
      #expect(lines.contains { $0 == line }, "\(line)")
    }
    #expect(findings.isEmpty)
  }

  @Test("no unit comes before local-fs.target: a disk above it may come after that")
  func noCycle() throws {
    let unit = try #require(try plan(.init(path: "/mnt/huge")).units.values.first)
    #expect(unit.contains("\nDefaultDependencies=no\n"))
    #expect(!unit.split(separator: "\n").contains { $0.hasPrefix("Before=") && $0.contains("local-fs") })
    #expect(unit.contains("\nConflicts=umount.target\n"))
  }

  @Test("a disk of fstab above is systemd's to order, one of the Azure agent hides the mount after the next boot")
  func disks() throws {
    let mount = Profile.Mount(path: "/mnt/resource/huge")
    let fstab = ExpectedMount(target: "/mnt/resource", declaredIn: "/etc/fstab", type: "ext4")
    let agent = ExpectedMount(target: "/mnt/resource", declaredIn: "/etc/waagent.conf")
    #expect(try plan(mount) { $0.expectedMounts = [fstab] }.findings.isEmpty)
    #expect(try plan(mount) { $0.expectedMounts = [fstab, agent] }.findings.isEmpty)
    let (units, findings) = try plan(mount) { $0.expectedMounts = [agent] }
    #expect(findings.map(\.id) == ["mount.shadowed"])
    #expect(findings.first?.severity == .warning)
    #expect(units.isEmpty)
    #expect(try plan(.init(path: "/mnt/huge")) { $0.expectedMounts = [agent] }.findings.isEmpty)
  }

  @Test("a hugetlbfs of fstab needs no unit, and somebody else's unit is left")
  func foreign() throws {
    let mount = Profile.Mount(path: "/mnt/huge")
    let line = ExpectedMount(target: "/mnt/huge", declaredIn: "/etc/fstab", type: "hugetlbfs")
    #expect(try plan(mount) { $0.expectedMounts = [line] }.units.isEmpty)
    let (units, findings) = try plan(mount) {
      $0.files["/etc/systemd/system/mnt-huge.mount"] = FileFacts(kind: .file, text: "[Mount]\n", mode: 0o644)
    }
    #expect(units.isEmpty)
    #expect(findings.map(\.id) == ["mount.foreignUnit"])
  }

  @Test(
    "a path that no unit can have is told, and mounted by 'apply' alone",
    arguments: ["/mnt/50%", "/mnt/huge\\", "/mnt/huge ", "/mnt/" + String(repeating: "é", count: 40)])
  func impossible(path: String) throws {
    let (units, findings) = try plan(.init(path: path))
    #expect(units.isEmpty)
    #expect(findings.map(\.id) == ["mount.noUnit"])
  }

  @Test("an owner's name is that of the image's accounts; one that it has not is a finding there")
  func accountsOfImage() throws {
    let mount = Profile.Mount(path: "/mnt/huge", owner: .name("dpdk"))
    let known = try plan(mount) {
      $0.kernel.running = nil
      $0.accounts.users = ["dpdk": 990]
    }
    #expect(known.units.values.first?.contains("uid=990") == true)
    let unknown = try plan(mount) { $0.kernel.running = nil }
    #expect(unknown.findings.map(\.id) == ["mount.ownerUnknown"])
    #expect(unknown.units.isEmpty)
    // `planMounts` has told it of a running host.
    #expect(try plan(mount).findings.isEmpty)
  }
}
