import Foundation
import FoundationXML
import Glibc
import Provisioning
import SystemPackage
import TestSupport
import Testing

@Suite("An image that never booted", .enabled(if: isRoot, "needs root"))
struct ImageCommandTests {
  @Test("is made to last by apply, once, and is as before after revert")
  func appliedAndReverted() async throws {
    let image = try ImageTree()
    let before = try image.list()
    let applied = try await image.run("apply", "--format", "json")
    #expect(applied.code == 0, "\(applied.errors)")
    let report = try ReportFields(applied.output)
    #expect(report.kinds.contains("writeBootArguments"))
    #expect(report.ids.contains("boot.firstBoot"), "a plain tree is no disk that grub-probe could find")
    #expect(try image.text("/etc/default/grub.d/60-dpdk-host.cfg").contains("hugepagesz=2M hugepages=0:64\""))
    #expect(try image.text("/etc/systemd/system/dpdk-host.service").contains("ExecStart=/usr/bin/dpdk-host apply"))
    #expect(try image.text("/etc/dpdk-host/applied.yml").contains("name: image-test"))

    let journal = try image.text("/var/lib/dpdk-host/journal.jsonl")
    let machine = try? String(contentsOfFile: "/etc/machine-id", encoding: .utf8)
    let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    #expect(!journal.contains(boot.prefix { !$0.isWhitespace }), "no boot of the machine that built it")
    if let machine, machine.count > 8 { #expect(!journal.contains(machine.prefix { !$0.isWhitespace })) }

    let after = try image.list()
    let again = try await image.run("apply")
    #expect(again.code == 0)
    #expect(try image.list() == after)

    let reverted = try await image.run("revert")
    #expect(reverted.code == 0, "\(reverted.errors)")
    #expect(try image.list() == before)
    #expect(try await image.run("revert").code == 0, "twice is as good as once")
  }

  @Test("is only looked at by check and plan, and CI gets JUnit")
  func looked() async throws {
    let image = try ImageTree()
    let before = try image.list()
    let plan = try await image.run("plan", "--format", "junit")
    #expect(plan.code == 2)
    #expect(XMLParser(data: Data(plan.output.utf8)).parse())
    #expect(try await image.run("check").code == 2)
    #expect(try image.list() == before)
  }

  @Test("with links that are absolute is written inside, and nowhere else")
  func absoluteLinks() async throws {
    let image = try ImageTree()
    let outside = "/opt/dpdk-host-\(UUID().uuidString)"
    for folder in ["modules-load.d", "systemd"] {
      try FileManager.default.createDirectory(
        atPath: image.path + "\(outside)/\(folder)", withIntermediateDirectories: true)
      try? FileManager.default.removeItem(atPath: image.path + "/etc/\(folder)")
      try FileManager.default.createSymbolicLink(
        atPath: image.path + "/etc/\(folder)", withDestinationPath: "\(outside)/\(folder)")
    }
    let before = try image.list()
    #expect(try await image.run("apply").code == 0)
    #expect(try image.text("\(outside)/systemd/system/dpdk-host.service").contains("[Service]"))
    #expect(access(outside, F_OK) != 0)
    #expect(try await image.run("revert").code == 0)
    #expect(try image.list() == before)
  }

  @Test("with a link in the place of a file of ours is left alone")
  func linkInTheWay() async throws {
    let image = try ImageTree()
    try FileManager.default.createDirectory(atPath: image.path + "/etc/dpdk-host", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: image.path + "/etc/dpdk-host/applied.yml", withDestinationPath: "/etc/os-release")
    let before = try image.list()
    let applied = try await image.run("apply", "--format", "json")
    #expect(applied.code == 4)
    #expect(try ReportFields(applied.output).ids.contains("file.occupied"))
    #expect(try image.list() == before)
  }

  @Test("without dpdk-host in it gets no units that would run it, and is told so")
  func withoutProgram() async throws {
    let image = try ImageTree()
    try FileManager.default.removeItem(atPath: image.path + "/usr/bin/dpdk-host")
    let applied = try await image.run("apply", "--format", "json")
    #expect(applied.code == 0)
    #expect(try ReportFields(applied.output).ids.contains("boot.notPersisted"))
    #expect(access(image.path + "/etc/systemd/system/dpdk-host.service", F_OK) != 0)
  }

  @Test("is locked while it is changed")
  func locked() async throws {
    let image = try ImageTree()
    let held = open(image.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    #expect(flock(held, LOCK_EX | LOCK_NB) == 0)
    let applied = try await image.run("apply")
    #expect(applied.code == 1)
    #expect(applied.output.contains("another dpdk-host is changing"))
    close(held)
  }

  @Test("has no network to be cut off from, and nothing to reboot", arguments: ["--confirm-within=5", "--reboot"])
  func runningHostOnly(option: String) async throws {
    let image = try ImageTree()
    let applied = try await image.run("apply", option)
    #expect(applied.code == 64)
    #expect(applied.errors.contains("about a running host"))
  }

  @Test(
    "is all that is opened, read or written: nothing of the running host decides",
    .enabled(if: access("/usr/bin/strace", X_OK) == 0, "needs strace"),
    arguments: ["facts", "check", "plan", "apply", "revert"])
  func traced(command: String) async throws {
    let image = try ImageTree()
    if command == "revert" { #expect(try await image.run("apply").code == 0) }
    let log = image.path + ".trace"
    defer { unlink(log) }
    let words = [
      "-f", "-y", "-qq", "-s", "4096", "-e", "trace=%file,%network,mount,umount2", "-o", log, dpdkHost.string,
    ]
    let result = try await run("/usr/bin/strace", words + image.arguments(command))
    #expect([0, 2].contains(result.code), "\(result.errors)")
    let calls = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
    // Before the program first looks at the image, loader and runtime set themselves up.
    let begin = calls.dropFirst().firstIndex { $0.contains("\"\(image.path)\"") || $0.contains("<\(image.path)>") }
    let own = calls[try #require(begin)...]
    #expect(own.count > 20)
    let strangers = own.filter { !isInside($0, image) }
    #expect(strangers.count == 0, "\(strangers.prefix(5).joined(separator: "\n"))")
  }
}

/// Whether a traced call stays within the image, this program's own files, and what every program needs to start.
private func isInside(_ line: String, _ image: ImageTree) -> Bool {
  // Calls that found nothing decide nothing, unless they look for something of the host.
  let allowed = [
    image.path, image.profile, buildDirectory.string, "/proc/self/exe", "/dev/null",
    // For the journal's times.
    "/etc/localtime", "/usr/share/zoneinfo/",
    // Where the templates and the table of distributions are.
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path,
  ]
  let ancestors = { (path: String) in allowed.contains { $0.hasPrefix(path == "/" ? "/" : path + "/") } }
  let isReading = ["readlink", "stat", "lstat", "newfstatat", "access", "faccessat", "getcwd"].contains { call in
    line.contains(" \(call)(")
  }
  for path in paths(in: line) {
    if allowed.contains(where: { path == $0 || path.hasPrefix($0) }) { continue }
    // realpath(3) looks at each folder on the way to the image.
    if isReading, ancestors(path) { continue }
    // The disk that the image lies on, by its number; and what the runtime asks about its own threads.
    if path.hasPrefix("/sys/dev/block/") || path.hasSuffix("/partition") { continue }
    if path.hasPrefix("/proc/"), path.hasSuffix("/stat") { continue }
    return false
  }
  return !line.contains("socket(")
}

/// The absolute paths that a call is about: its own words where no folder holds them, and where its descriptors lead.
private func paths(in line: String) -> [String] {
  var found: [String] = []
  var rest = line[...]
  // `openat(5</folder>, "name", …) = 6</folder/name>`: strace tells where each descriptor leads.
  while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
    let path = rest[rest.index(after: open)..<close]
    if path.hasPrefix("/") { found.append(String(path)) }
    rest = rest[rest.index(after: close)...]
  }
  // With a descriptor of a root, an absolute name is a name below it (RESOLVE_IN_ROOT); what came of it was told above.
  guard !line.contains("RESOLVE_IN_ROOT") else { return found }
  let quoted = line.split(separator: "\"", omittingEmptySubsequences: false)
  // Where a link leads is only text.
  let words = quoted.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
  let own =
    line.contains("symlinkat(") ? words.dropFirst() : words[...].prefix(line.contains("readlink") ? 1 : words.count)
  found += own.filter { $0.hasPrefix("/") }.map(String.init)
  return found
}
