import EngineMessages
import Foundation
import SystemPackage
import Testing

extension EngineProgram {
  @Suite("Hugepages", .enabled(if: HugepageLab.obstacle == nil, Comment(rawValue: HugepageLab.obstacle ?? "")))
  struct HugepageTests {
    @Test("A run on a hugetlbfs mount leaves no file, and every page free", arguments: [false, true])
    func hugetlbfs(isKilled: Bool) async throws {
      let lab = try await HugepageLab()
      defer { lab.close() }
      let prefix = EngineProcess.newPrefix()
      // All that a killed engine leaves: an empty directory.
      defer { rmdir("/var/run/dpdk/\(prefix)") }
      let engine = try EngineProcess(
        [
          "rx", "--format", "json", "--vdev", "net_null0", "--huge-dir", lab.mount, "--file-prefix",
          prefix, "--duration", isKilled ? "60" : "0.2",
        ], launcher: lab.launcher)
      if isKilled {
        _ = try engine.nextLine()
        kill(engine.id, SIGKILL)
        #expect(try engine.finish().code == -SIGKILL)
      } else {
        #expect(try engine.finish().result().ports[0].rxPackets > 0)
      }
      #expect(try lab.files() == [])
      #expect(try HugepageLab.read("free_hugepages") >= HugepageLab.pages)
    }

    @Test("A run on hugepages without a mount loses nothing over failsafes")
    func inMemory() async throws {
      let lab = try await HugepageLab()
      defer { lab.close() }
      let devices = memoryInterfaces { index, device in "net_failsafe\(index),dev(\(device))" }
      let result = try EngineProcess(
        [
          "loopback", "--in-memory", "--format", "json", "--duration", "0.3", "--file-prefix",
          EngineProcess.newPrefix(),
        ]
          + devices
      ).finish().result()
      #expect(try #require(result.loss).lost == 0)
    }
  }
}

/// Hugepages of 2 MiB and a hugetlbfs mount that only the processes of its launcher see; both go with `close`.
struct HugepageLab {
  static let pages = 64
  private static let pool = "/sys/kernel/mm/hugepages/hugepages-2048kB/"

  /// Why there can be no lab on this machine; nil where there can.
  static var obstacle: String? {
    guard geteuid() == 0 else { return "needs root: it reserves hugepages and mounts hugetlbfs" }
    guard FileManager.default.isWritableFile(atPath: pool + "nr_hugepages") else { return "no 2 MiB hugepages here" }
    return nil
  }

  let mount: String
  /// Starts a program where the mount is seen.
  let launcher: [String]
  private let before: Int
  /// Held by every test of the package that changes page pools.
  private let lock: FileDescriptor
  private let holder: pid_t

  init() async throws {
    lock = try FileDescriptor.open(
      "/tmp/dpdk-host-tests.lock", .readWrite, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
    // Polled: a thread that waits could be the one that the holder needs.
    while flock(lock.rawValue, LOCK_EX | LOCK_NB) != 0 { try await Task.sleep(for: .milliseconds(20)) }
    before = try Self.read("nr_hugepages")
    mount = FileManager.default.temporaryDirectory.appendingPathComponent(EngineProcess.newPrefix()).path
    try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
    // Becomes `sleep` without a fork: its process id is the namespace's.
    holder = try spawn(["/usr/bin/unshare", "--mount", "--propagation", "private", "/usr/bin/sleep", "120"])
    launcher = ["/usr/bin/nsenter", "--mount=/proc/\(holder)/ns/mnt"]
    do {
      let missing = max(0, Self.pages - (try Self.read("free_hugepages")))
      try Self.write(before + missing)
      try #require(try Self.read("free_hugepages") >= Self.pages, "the kernel gives too few hugepages")
      try waitForNamespace()
      let mounting = try spawn(launcher + ["/usr/bin/mount", "-t", "hugetlbfs", "-o", "pagesize=2M", "none", mount])
      var status: Int32 = 0
      try #require(waitpid(mounting, &status, 0) == mounting && status == 0)
    } catch {
      close()
      throw error
    }
  }

  /// Until `unshare` has a namespace of its own, the mount would be everybody's.
  private func waitForNamespace() throws {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/mnt")
    for _ in 0..<500 {
      let namespace = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(holder)/ns/mnt")
      if let namespace, namespace != own { return }
      Thread.sleep(forTimeInterval: 0.01)
    }
    throw Errno.timedOut
  }

  /// What lies on the mount.
  func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/\(holder)/root\(mount)")
  }

  func close() {
    // It inherits the signal mask of a thread that may block all others.
    kill(holder, SIGKILL)
    waitpid(holder, nil, 0)
    try? FileManager.default.removeItem(atPath: mount)
    try? Self.write(before)
    try? lock.close()
  }

  static func read(_ name: String) throws -> Int {
    let text = try String(contentsOfFile: pool + name, encoding: .utf8)
    return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  private static func write(_ pages: Int) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: pool + "nr_hugepages"))
    try file.write(contentsOf: Data("\(pages)".utf8))
    try file.close()
  }
}

/// Starts a program with our standard streams.
private func spawn(_ command: [String]) throws -> pid_t {
  let words = command.map { strdup($0) } + [nil]
  defer { for word in words { free(word) } }
  var id: pid_t = 0
  try #require(posix_spawn(&id, command[0], nil, nil, words, [nil]) == 0)
  return id
}
