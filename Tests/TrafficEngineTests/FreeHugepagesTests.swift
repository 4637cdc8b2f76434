import Foundation
import Testing

@testable import TrafficEngine

@Suite("Hugepages that are free")
struct FreeHugepagesTests {
  @Test("one page of any size is enough, none of any is too few, and who does not tell has some")
  func free() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("pages-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    func set(_ size: String, _ number: String) throws {
      let directory = root.appendingPathComponent("hugepages-\(size)kB")
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
      try Data("\(number)\n".utf8).write(to: directory.appendingPathComponent("free_hugepages"))
    }
    #expect(hugepagesAreFree(in: root.path))
    try set("2048", "0")
    try set("1048576", "0")
    #expect(!hugepagesAreFree(in: root.path))
    try set("1048576", "2")
    #expect(hugepagesAreFree(in: root.path))
  }
}
