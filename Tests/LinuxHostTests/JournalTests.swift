import Foundation
import Glibc
import Provisioning
import SystemPackage
import Testing

@testable import LinuxHost

@Suite("The journal")
struct JournalTests {
  /// A journal in a directory of its own, gone with the test.
  func withJournal(_ body: (Journal) throws -> Void) throws {
    let directory = "/tmp/dpdk-host-journal-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try body(Journal(directory: FilePath(directory)))
  }

  let first = Effect.hugepages(node: 0, pageSize: .twoMegabytes, before: 3, asked: 64)
  let second = Effect.directory(path: "/mnt/huge")

  @Test("what was recorded is read back in order, with the boot that it belongs to")
  func roundTrip() throws {
    try withJournal { journal in
      #expect(try journal.entries().isEmpty)
      try journal.record(first)
      try journal.record(second)
      let entries = try journal.entries()
      #expect(entries.map(\.effect) == [first, second])
      let boot = try Journal.bootID()
      #expect(entries.allSatisfy { $0.boot == boot && $0.machine == Journal.machineID() })
    }
  }

  @Test("what packages brought is written in its own place, and those behind it keep theirs")
  func inPlace() throws {
    try withJournal { journal in
      try journal.record(first)
      try journal.write(PackageRecord(manager: .apt, before: ["dpkg"]))
      try journal.record(second)
      let record = PackageRecord(manager: .apt, added: ["dpdk"])
      try journal.write(record)
      #expect(try journal.entries().map(\.effect) == [first, .packages(record), second])
    }
  }

  @Test("a line that a crash cut short is dropped, and the next is not appended to it")
  func cutShort() throws {
    try withJournal { journal in
      try journal.record(first)
      let file = try FileDescriptor.open(journal.path, .writeOnly, options: .append)
      _ = try file.closeAfter { try file.writeAll(#"{"boot":"ab"#.utf8) }
      #expect(try journal.entries().map(\.effect) == [first])
      try journal.record(second)
      #expect(try journal.entries().map(\.effect) == [first, second])
    }
  }

  @Test("a line in the middle that is no entry is an error that names it, never skipped")
  func damaged() throws {
    try withJournal { journal in
      try journal.record(first)
      let file = try FileDescriptor.open(journal.path, .writeOnly, options: .append)
      _ = try file.closeAfter { try file.writeAll("rubbish\n".utf8) }
      try journal.record(second)
      let error = #expect(throws: HostError.self) { try journal.entries() }
      #expect(error?.message.contains("line 2") == true)
    }
  }

  @Test("removing it leaves nothing, and removing it twice is no error")
  func removed() throws {
    try withJournal { journal in
      try journal.record(first)
      try journal.remove()
      #expect(access(journal.path.removingLastComponent().string, F_OK) != 0)
      try journal.remove()
    }
  }

  @Test("a journal is never written through a symbolic link")
  func symbolicLink() throws {
    try withJournal { journal in
      let directory = journal.path.removingLastComponent().string
      try #require(mkdir(directory, 0o755) == 0)
      try #require(symlink("/tmp/dpdk-host-elsewhere", journal.path.string) == 0)
      #expect(throws: HostError.self) { try journal.record(first) }
      #expect(access("/tmp/dpdk-host-elsewhere", F_OK) != 0)
    }
  }
}
