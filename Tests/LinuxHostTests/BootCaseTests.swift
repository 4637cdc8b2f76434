import Foundation
import Provisioning
import SystemPackage
import Testing

@testable import LinuxHost

/// Each folder of `BootCases` is a machine's boot configuration, and what its own tool makes of it: see the README there.
///
/// With `UPDATE_CASES=1` the plans are written anew, to be read in the diff before they are committed.
@Suite("Boot cases: a configuration, a plan, and what comes out")
struct BootCaseTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "BootCases")

  static var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasSuffix(".md") }.sorted()
    }
  }

  @Test("the menu says what each kernel would be handed, before and after", arguments: try names)
  func entries(name: String) throws {
    let machine = try Machine(name)
    #expect(machine.lines(try machine.facts()) == machine.expected.before)
    try machine.regenerate(try machine.facts())
    #expect(machine.lines(try machine.facts()) == machine.expected.after)
  }

  @Test("the plan is the one on file, and what it leads to leaves nothing to do", arguments: try names)
  func plans(name: String) throws {
    let machine = try Machine(name)
    let facts = try machine.facts()
    let plan = planBoot(machine.profile, machine.persistence, on: facts)
    try machine.compare(plan)

    try machine.regenerate(facts)
    let after = planBoot(machine.profile, machine.persistence, on: try machine.facts())
    #expect(after.actions.isEmpty)
    if !plan.actions.isEmpty {
      #expect(after.findings.map(\.id) == ["boot.pending"])
    } else {
      #expect(after.findings.contains { $0.id == "boot.notPersisted" })
    }
  }

  @Test("settings that the menu was not made from yet are found out, for every kernel", arguments: try names)
  func generatedDiffers(name: String) throws {
    let machine = try Machine(name)
    let facts = try machine.facts()
    guard let change = machine.change(planBoot(machine.profile, machine.persistence, on: facts)),
      let settings = change.settings
    else { return }
    try machine.write(settings, to: change.settingsPath)
    let plan = planBoot(machine.profile, machine.persistence, on: try machine.facts())
    #expect(
      plan.findings.filter { $0.id == "boot.generatedDiffers" }.map(\.subject).sorted() == facts.boot?.kernels.sorted())
    #expect(plan.actions.map(\.action) == [.regenerateBootConfiguration(change)])
  }

  @Test("settings without our part are as they were before", arguments: try names)
  func settingsWithoutOurs(name: String) throws {
    let machine = try Machine(name)
    let facts = try machine.facts()
    guard let change = machine.change(planBoot(machine.profile, machine.persistence, on: facts)),
      let settings = change.settings
    else { return }
    #expect(
      change.settingsWithoutOurs(settings, before: facts.boot?.settings[change.settingsPath])
        == facts.boot?.settings[change.settingsPath])
  }
}

/// One machine, in a copy that a test may change.
private final class Machine {
  let profile: Profile
  let persistence = Persistence(
    templates: ["60-dpdk-host.cfg": Machine.template], program: "/usr/bin/dpdk-host", profileText: "")
  let expected: (before: [String], after: [String])
  private let folder: URL
  private let texts: [String: String]
  private let tree: FakeRoot

  static let template =
    (try? String(contentsOf: BootCaseTests.folder.appending(path: "../../../grub.d/60-dpdk-host.cfg"), encoding: .utf8))
    ?? ""

  init(_ name: String) throws {
    folder = BootCaseTests.folder.appending(path: name)
    let lines = try String(contentsOf: folder.appending(path: "case.txt"), encoding: .utf8).split(separator: "\n")
    texts = Dictionary(
      lines.compactMap { line in
        line.firstRange(of: ": ").map { (String(line[..<$0.lowerBound]), String(line[$0.upperBound...])) }
      }, uniquingKeysWith: { first, _ in first })
    let effective = try String(contentsOf: folder.appending(path: "effective.txt"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
    let border = try #require(effective.firstIndex(of: "--"))
    expected = (effective[..<border].sorted(), effective[(border + 1)...].sorted())
    let isEven = expected.after.contains { $0.contains("hugepages=1024") }
    profile = Profile(
      name: name,
      hugepages: [.init(size: .twoMegabytes, amount: .nodes(isEven ? [0: 512, 1: 512] : [0: 512, 1: 256]))],
      boot: .init(arguments: .auto))
    tree = try FakeRoot([:])
    try Self.copy(folder.appending(path: "before"), over: tree.directory)
    let firmware = texts["firmware"] == "uefi" ? "sys/firmware/efi/efivars" : "sys/firmware"
    try FileManager.default.createDirectory(atPath: tree.path(firmware), withIntermediateDirectories: true)
  }

  /// The tree as if it ran: with two nodes, and the newest kernel booted before anything was changed.
  func facts() throws -> HostFacts {
    var facts = gather(tree.root, scope: GatherScope(hugepageUse: false), dpdk: DPDKInstallation())
    #expect(facts.unreadable.isEmpty)
    facts.kernel.running = facts.boot?.kernels.last ?? facts.kernel.installed.last
    facts.kernel.commandLine = "BOOT_IMAGE=/vmlinuz ro"
    facts.nodes = [0, 1].map { id in
      NUMANode(
        id: id, cpus: [id], hasMemory: true, memory: NodeMemory(total: 8 << 20, free: 7 << 20),
        pools: [HugepagePool(pageSize: .twoMegabytes, total: 0, free: 0)])
    }
    facts.boot?.canRegenerate = true
    return facts
  }

  func lines(_ facts: HostFacts) -> [String] {
    (facts.boot?.entries ?? []).map { entry in
      let file = entry.kernelFile?.split(separator: "/").last.map(String.init) ?? ""
      let kernel = entry.kernel ?? (file.hasPrefix("vmlinuz-") ? String(file.dropFirst("vmlinuz-".count)) : file)
      return (entry.isRecovery ? "recovery\t" : "") + "\(kernel)\t\(entry.commandLine)"
    }.sorted()
  }

  func change(_ plan: Plan) -> BootChange? {
    plan.actions.compactMap { planned in
      switch planned.action {
      case .writeBootArguments(let change), .regenerateBootConfiguration(let change): change
      default: nil
      }
    }.first
  }

  /// What the plan writes, and then what the tool makes of it.
  func regenerate(_ facts: HostFacts) throws {
    if let change = change(planBoot(profile, persistence, on: facts)), let settings = change.settings {
      try write(settings, to: change.settingsPath)
    }
    let after = folder.appending(path: "after")
    if FileManager.default.fileExists(atPath: after.path) { try Self.copy(after, over: tree.directory) }
  }

  func write(_ text: String, to path: String) throws {
    let place = tree.path(path)
    try FileManager.default.createDirectory(
      atPath: (place as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: place))
  }

  /// Method and command are as the case says, and the plan as it is on file.
  func compare(_ plan: Plan) throws {
    let change = change(plan)
    let commands = (change?.commands ?? []).map { command in
      command.map { $0.contains(" ") ? $0.replacing("=hugepages", with: "=\"hugepages") + "\"" : $0 }
        .joined(separator: " ")
    }
    switch texts["method"] {
    case "none", "unified": #expect(plan.actions.isEmpty)
    case let method:
      #expect(commands.joined(separator: ", then ") == texts["command"])
      let way: String? =
        switch change?.settingsPath {
        case "/etc/default/grub.d/60-dpdk-host.cfg": "drop-in"
        case "/etc/default/grub": "defaults"
        case "/boot/loader/entries": "grubby"
        case "/etc/kernel/cmdline": "sdbootutil"
        default: nil
        }
      #expect(way == method)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    struct Outcome: Encodable {
      var findings: [Finding]
      var actions: [PlannedAction]
      var written: [String: String]
    }
    let written = change?.settings.map { [change?.settingsPath ?? "": $0] } ?? [:]
    let outcome = Outcome(findings: plan.findings, actions: plan.actions, written: written)
    let text = String(decoding: try encoder.encode(outcome), as: UTF8.self) + "\n"
    let file = folder.appending(path: "plan.json")
    if ProcessInfo.processInfo.environment["UPDATE_CASES"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
  }

  /// Links as they are; what is there is replaced.
  private static func copy(_ source: URL, over target: String) throws {
    let files = FileManager.default
    for name in try files.contentsOfDirectory(atPath: source.path) {
      let from = source.appending(path: name)
      let to = "\(target)/\(name)"
      if (try? files.destinationOfSymbolicLink(atPath: from.path)) == nil,
        (try files.attributesOfItem(atPath: from.path)[.type] as? FileAttributeType) == .typeDirectory
      {
        try files.createDirectory(atPath: to, withIntermediateDirectories: true)
        try copy(from, over: to)
      } else {
        try? files.removeItem(atPath: to)
        try files.copyItem(atPath: from.path, toPath: to)
      }
    }
  }
}
