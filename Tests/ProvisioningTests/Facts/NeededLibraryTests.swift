import Foundation
import Provisioning
import Testing

@Suite("The libraries that a program needs")
struct NeededLibraryTests {
  func needed(_ bytes: some Sequence<UInt8>) -> [String]? {
    Array(bytes).withUnsafeBytes { neededLibraries(ofELF: $0) }
  }

  func ownProgram() throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: "/proc/self/exe"))) }

  @Test("are those that a real one names")
  func real() throws {
    let libraries = try #require(needed(try ownProgram()))
    #expect(libraries.contains("libc.so.6"))
    #expect(libraries.allSatisfy { $0.contains(".so") })
  }

  @Test(
    "of what is no program there is no answer", arguments: [[], [0x7F, 0x45, 0x4C, 0x46], Array("#!/bin/sh\n".utf8)])
  func none(bytes: [UInt8]) { #expect(needed(bytes) == nil) }

  @Test("a program that is cut short, or damaged, ends in no answer or a shorter one, never in a crash")
  func damaged() throws {
    let program = try ownProgram()
    let head = Array(program.prefix(1 << 16))
    for length in stride(from: 0, to: 4096, by: 7) { _ = needed(head.prefix(length)) }
    for place in 32..<2048 {
      var bytes = head
      bytes[place] = 0xFF
      _ = needed(bytes)
    }
    #expect(needed(head.prefix(64)) == nil)
  }
}
