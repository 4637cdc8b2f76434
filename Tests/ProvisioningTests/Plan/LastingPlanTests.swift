import Provisioning
import Testing

@Suite("Planning the files that last")
struct LastingPlanTests {
  static let units = "/etc/systemd/system"
  static let mountUnit = "\(units)/mnt-huge.mount"
  let wanted = profile(
    .init(size: .twoMegabytes, amount: .perNode(64), mount: .init(path: "/mnt/huge", mode: 0o770)),
    modules: ["ib_uverbs", "mlx5_core", "mlx5_ib"])

  /// A host with systemd where nothing of ours is; `files` is what is there.
  func host(_ files: [String: FileFacts] = [:], for profile: Profile? = nil) -> HostFacts {
    var host = sampleHost()
    host.usesSystemd = true
    host.modules = [
      KernelModule(name: "ib_uverbs", state: .loadable), KernelModule(name: "mlx5_core", state: .builtIn),
      KernelModule(name: "mlx5_ib", state: .live),
    ]
    for path in lastingPaths(for: profile ?? wanted) { host.files[path] = FileFacts(kind: .absent) }
    return host.with(files)
  }

  func plan(
    _ profile: Profile? = nil, _ persistence: Persistence? = nil, early: Bool = false, on host: HostFacts
  ) throws -> Plan {
    planLasting(
      profile ?? wanted, try persistence ?? samplePersistence(), needsEarlyHugepages: early, on: host)
  }

  /// The host once all of it is done.
  func converged(
    _ profile: Profile? = nil, _ persistence: Persistence? = nil, early: Bool = false, from host: HostFacts
  ) throws -> HostFacts {
    try plan(profile, persistence, early: early, on: host).actions.reduce(host) { $0.after($1.action) }
  }

  func text(_ path: String, in plan: Plan) -> String? {
    plan.actions.lazy.compactMap { planned -> String? in
      guard case .writeFile(let file) = planned.action, file.path == path, case .text(let text) = file.content else {
        return nil
      }
      return text
    }.first
  }

  @Test("all is written, each file before what needs it, and each unit before its link")
  func order() throws {
    let plan = try plan(early: true, on: host())
    #expect(plan.findings.isEmpty)
    #expect(
      plan.fileChanges == [
        "+ /etc/dpdk-host/applied.yml", "+ /etc/modules-load.d/dpdk-host.conf", "+ \(Self.mountUnit)",
        "+ \(Self.units)/dpdk-host-hugepages.service", "+ \(Self.units)/dpdk-host.service",
        "+ \(Self.units)/dpdk-host-drift.service", "+ \(Self.units)/dpdk-host-drift.timer",
        "+ \(Self.units)/multi-user.target.wants/mnt-huge.mount",
        "+ \(Self.units)/sysinit.target.wants/dpdk-host-hugepages.service",
        "+ \(Self.units)/multi-user.target.wants/dpdk-host.service",
        "+ \(Self.units)/timers.target.wants/dpdk-host-drift.timer",
      ])
    #expect(plan.actions.allSatisfy { $0.reason == "is absent" })
  }

  @Test("done, nothing is left to do", arguments: [true, false])
  func idempotent(early: Bool) throws {
    let host = try converged(early: early, from: host())
    #expect(try plan(early: early, on: host) == Plan())
  }

  @Test("cut short after any step, it comes to the same end, and no link starts a unit that is not there")
  func interrupted() throws {
    let earlier = profile(.init(size: .oneGigabyte, amount: .perNode(1), mount: .init(path: "/mnt/old")))
    let start = try converged(earlier, early: true, from: host(for: earlier))
      .with(host().files.filter { $0.key.contains("mnt-huge") })
    let end = try converged(from: start)
    #expect(try plan(on: end) == Plan())
    #expect(end.files["\(Self.units)/mnt-old.mount"]?.kind == .absent)
    let actions = try plan(on: start).actions
    for count in 0..<actions.count {
      let cut = actions[..<count].reduce(start) { $0.after($1.action) }
      for (path, file) in cut.files where file.kind == .symbolicLink {
        #expect(cut.files[file.text ?? ""]?.kind == .file, "\(path) after \(count) steps")
      }
      #expect(try converged(from: cut) == end)
    }
  }

  @Test("the early unit goes once the command line says it, its link first")
  func earlyUnitGoes() throws {
    let before = try converged(early: true, from: host())
    #expect(
      try plan(on: before).fileChanges == [
        "- \(Self.units)/sysinit.target.wants/dpdk-host-hugepages.service",
        "- \(Self.units)/dpdk-host-hugepages.service",
      ])
  }

  @Test("with 'units: none' all of ours goes, and what is not ours stays")
  func none() throws {
    var profile = wanted
    profile.boot.units = .none
    let foreign = FileFacts(kind: .file, text: "[Timer]\n", mode: 0o644)
    let timer = "\(Self.units)/dpdk-host-drift.timer"
    let before = try converged(from: host()).with([timer: foreign])
    let after = try converged(profile, from: before)
    #expect(after.files.filter { $0.value.kind != .absent } == [timer: foreign])
    #expect(try plan(profile, on: host()) == Plan())
  }

  @Test("a mount unit of an earlier profile goes with its link, whether that was looked at or not")
  func staleMount() throws {
    let ours = FileFacts(kind: .file, text: "\(LastingFile.marker) …", mode: 0o644)
    let foreign = FileFacts(kind: .file, text: "[Mount]\nWhere=/srv\n", mode: 0o644)
    let before = try converged(from: host()).with([
      "\(Self.units)/mnt-old.mount": ours, "\(Self.units)/srv.mount": foreign,
    ])
    #expect(
      try plan(on: before).fileChanges == [
        "- \(Self.units)/multi-user.target.wants/mnt-old.mount", "- \(Self.units)/mnt-old.mount",
      ])
  }

  @Test("what differs is written again, by content or by mode")
  func differs() throws {
    let path = "\(Self.units)/dpdk-host.service"
    var host = try converged(from: host())
    host.files[path]?.mode = 0o600
    #expect(try plan(on: host).actions.map(\.reason) == ["requires mode 0644, is 0600"])
    host.files[path]?.text = "# Written by dpdk-host\n"
    #expect(try plan(on: host).actions.map(\.reason) == ["differs"])
    let link = "\(Self.units)/timers.target.wants/dpdk-host-drift.timer"
    host = try converged(from: self.host())
    host.files[link]?.text = "/usr/lib/systemd/system/dpdk-host-drift.timer"
    #expect(try plan(on: host).fileChanges == ["+ \(link)"])
  }

  @Test(
    "something else in the place of a file is a blocker, and is never written to",
    arguments: [
      (FileFacts(kind: .directory), "must be a file of ours, is a directory"),
      (FileFacts(kind: .symbolicLink, text: "/dev/null"), "must be a file of ours, is a symbolic link to '/dev/null'"),
      (FileFacts(kind: .other), "must be a file of ours, is something else"),
    ])
  func occupied(file: FileFacts, message: String) throws {
    let path = "\(Self.units)/dpdk-host.service"
    let plan = try plan(on: host([path: file]))
    #expect(plan.findings.map(\.id) == ["file.occupied"])
    #expect(plan.findings.first?.subject == path)
    #expect(plan.findings.first?.message == message)
    #expect(plan.isBlocked)
    #expect(!plan.fileChanges.contains("+ \(path)"))
  }

  @Test("a file in the place of a link is a blocker")
  func occupiedLink() throws {
    let path = "\(Self.units)/multi-user.target.wants/dpdk-host.service"
    #expect(try plan(on: host([path: FileFacts(kind: .file, text: "")])).findings.map(\.subject) == [path])
  }

  @Test("a file that could not be read is not written over")
  func unread() throws {
    var host = host()
    host.files["/etc/dpdk-host/applied.yml"] = nil
    #expect(try !plan(on: host).fileChanges.contains("+ /etc/dpdk-host/applied.yml"))
  }

  @Test("the units run the program by the profile's copy, with the waivers, and nothing is left to be filled in")
  func units() throws {
    let persistence = try samplePersistence(
      program: "/opt/dpdk/bin/dpdk-host", profileText: "name: x\n", waived: ["kernel.tooOld", "not an id; reboot", ""])
    let plan = try plan(nil, persistence, early: true, on: host())
    let options = "--profile /etc/dpdk-host/applied.yml"
    let service = try #require(text("\(Self.units)/dpdk-host.service", in: plan))
    #expect(
      service.contains(
        "\nExecStart=/opt/dpdk/bin/dpdk-host apply \(options) --wait-for-lock 300 --waive kernel.tooOld\n"))
    #expect(
      text("\(Self.units)/dpdk-host-hugepages.service", in: plan)?.contains(
        "\nExecStart=/opt/dpdk/bin/dpdk-host apply --only hugepages \(options) --waive kernel.tooOld\n") == true)
    #expect(
      text("\(Self.units)/dpdk-host-drift.service", in: plan)?.contains(
        "\nExecStart=/opt/dpdk/bin/dpdk-host plan \(options) --waive kernel.tooOld\n") == true)
    #expect(text("/etc/dpdk-host/applied.yml", in: plan) == "name: x\n")
    for case .writeFile(let file) in plan.actions.map(\.action) where file.path.hasPrefix(Self.units) {
      guard case .text(let unit) = file.content else { continue }
      #expect(unit.hasPrefix(LastingFile.marker), "\(file.path)")
      #expect(!unit.contains("@"), "\(file.path)")
    }
  }

  @Test("modules that are built in, missing or denied are not in modules-load.d")
  func modules() throws {
    let path = "/etc/modules-load.d/dpdk-host.conf"
    #expect(text(path, in: try plan(on: host()))?.split(separator: "\n").dropFirst() == ["ib_uverbs", "mlx5_ib"])
    var host = host()
    host.modules[0].deniedBy = "a blacklist line"
    host.modules[2].state = .absent
    #expect(text(path, in: try plan(on: host)) == nil)
  }

  @Test("nothing lasts where nothing is meant to")
  func noPersistence() {
    #expect(planLasting(wanted, nil, needsEarlyHugepages: true, on: host()) == Plan())
  }

  @Test("without systemd, without a program, or with a path that no unit can name, a warning says that nothing lasts")
  func notPersisted() throws {
    var bare = host()
    bare.usesSystemd = false
    for plan in [
      try plan(on: bare), try plan(nil, samplePersistence(program: nil), on: host()),
      try plan(nil, samplePersistence(program: "/opt/my tools/dpdk-host"), on: host()),
      planLasting(
        wanted, Persistence(templates: [:], program: "/bin/dpdk-host", profileText: ""), needsEarlyHugepages: false,
        on: host()),
    ] {
      #expect(plan.findings.map(\.id) == ["boot.notPersisted"])
      #expect(plan.findings.first?.severity == .warning)
      #expect(plan.findings.first?.remedy.isEmpty == false)
      #expect(plan.actions.isEmpty)
    }
  }
}

extension HostFacts {
  func with(_ files: [String: FileFacts]) -> HostFacts {
    var host = self
    host.files.merge(files) { $1 }
    return host
  }
}
