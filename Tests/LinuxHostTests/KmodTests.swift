import Foundation
import Provisioning
import SystemPackage
import Testing

@testable import LinuxHost

/// A trie as `depmod(8)` writes it and libkmod reads it, so that no test needs depmod.
///
/// Source: `libkmod/libkmod-index.h`. All numbers are big-endian; the upper bits of an offset tell what its node holds.
private struct ModuleTrie {
  private var bytes: [UInt8] = []
  private static let (hasValues, hasChildren): (UInt32, UInt32) = (1 << 30, 1 << 29)

  static func file(_ values: [String: String]) -> Data {
    var trie = ModuleTrie()
    trie.append(0xb007_f457)
    trie.append(0x0002_0001)
    trie.append(0)
    let root = values.isEmpty ? 0 : trie.node(values.map { (Array($0.utf8)[...], $1) })
    withUnsafeBytes(of: root.bigEndian) { trie.bytes.replaceSubrange(8..<12, with: $0) }
    return Data(trie.bytes)
  }

  private mutating func append(_ number: UInt32) { withUnsafeBytes(of: number.bigEndian) { bytes += $0 } }

  /// Writes the children first, then the node; returns its offset with its flags.
  private mutating func node(_ entries: [(key: ArraySlice<UInt8>, value: String)]) -> UInt32 {
    let values = entries.filter(\.key.isEmpty).map(\.value)
    let groups = Dictionary(grouping: entries.filter { !$0.key.isEmpty }) { $0.key[$0.key.startIndex] }
    let children = groups.mapValues { node($0.map { ($0.key.dropFirst(), $0.value) }) }
    var offset = UInt32(bytes.count)
    if let first = children.keys.min(), let last = children.keys.max() {
      offset |= Self.hasChildren
      bytes += [first, last]
      for character in first...last { append(children[character] ?? 0) }
    }
    if !values.isEmpty {
      offset |= Self.hasValues
      append(UInt32(values.count))
      for value in values {
        append(0)
        bytes += Array(value.utf8) + [0]
      }
    }
    return offset
  }
}

@Suite("libkmod")
struct KmodTests {
  /// A directory of modules with indexes of its own, and a modprobe.d.
  private static func fakeModules(_ configuration: String = "") throws -> FakeRoot {
    let fake = try FakeRoot([
      "modules/kernel/no_such_a.ko": "", "modules/kernel/no-such-b.ko.xz": "", "modprobe.d": .directory,
    ])
    let indexes = [
      "dep": ["no_such_a": "kernel/no_such_a.ko:", "no_such_b": "kernel/no-such-b.ko.xz: kernel/no_such_a.ko"],
      "alias": ["pci:v000015B3d00001016": "no_such_b"], "symbols": [:], "builtin": ["no_such_c": ""],
      "builtin.alias": [:],
    ]
    for (name, values) in indexes {
      try ModuleTrie.file(values).write(to: URL(fileURLWithPath: fake.path("modules/modules.\(name).bin")))
    }
    try Data("kernel/no_such_c.ko\n".utf8).write(to: URL(fileURLWithPath: fake.path("modules/modules.builtin")))
    try Data(configuration.utf8).write(to: URL(fileURLWithPath: fake.path("modprobe.d/test.conf")))
    return fake
  }

  private static func open(_ fake: FakeRoot) throws -> KmodContext {
    try KmodContext(moduleDirectory: fake.path("modules"), configuration: [fake.path("modprobe.d")])
  }

  @Test("finds modules under either spelling, compressed ones, aliases, and what is built in")
  func lookUp() throws {
    let fake = try Self.fakeModules()
    let kmod = try Self.open(fake)
    for name in ["no_such_b", "no-such-b", "pci:v000015B3d00001016"] {
      let found = try kmod.modules(named: name)
      #expect(found.map(\.name) == ["no_such_b"])
      #expect(found.first?.path == fake.path("modules/kernel/no-such-b.ko.xz"))
      #expect(found.first?.presence == .notLoaded)
      #expect(found.first?.isDenyListed == false)
      #expect(found.first?.installCommand == nil)
    }
    #expect(try kmod.modules(named: "no_such_c").map(\.presence) == [.builtIn])
    #expect(try kmod.modules(named: "no_such_d") == [])
  }

  @Test("knows deny-listed modules and install commands")
  func denials() throws {
    let fake = try Self.fakeModules("blacklist no-such-a\ninstall no_such_b /bin/false\n")
    let kmod = try Self.open(fake)
    #expect(try kmod.modules(named: "no_such_a").map(\.isDenyListed) == [true])
    #expect(try kmod.modules(named: "no_such_b").map(\.isDenyListed) == [false])
    #expect(try kmod.modules(named: "no_such_b").map(\.installCommand) == ["/bin/false"])
    #expect(try kmod.load("no_such_a") == .denied(by: "blacklist no_such_a"))
    #expect(try kmod.load("no_such_b") == .denied(by: "install no_such_b /bin/false"))
  }

  @Test("loads nothing that is built in, absent, or no module")
  func load() throws {
    let fake = try Self.fakeModules()
    let kmod = try Self.open(fake)
    #expect(try kmod.load("no_such_c") == .builtIn)
    #expect(try kmod.load("no_such_d") == .notFound)
    guard case .failed(_, dependency: nil) = try kmod.load("no_such_a") else {
      Issue.record("an empty file was loaded as a module, or something else is said to have failed")
      return
    }
  }

  @Test("names the dependency at which loading ended")
  func brokenDependency() throws {
    let fake = try Self.fakeModules()
    let kmod = try Self.open(fake)
    guard case .failed(_, dependency: "no_such_a") = try kmod.load("no_such_b") else {
      Issue.record("'no_such_a' is empty, and not said to have failed")
      return
    }
  }

  @Test("unloads nothing that is not loaded")
  func unload() throws {
    let fake = try Self.fakeModules()
    let kmod = try Self.open(fake)
    // ENOENT; EPERM without the capability, ENOSYS on a kernel without modules.
    #expect(throws: Errno.self) { try kmod.unload("no_such_a") }
  }

  @Test("finds nothing, and fails at nothing, without a directory of modules")
  func withoutModules() throws {
    let fake = try FakeRoot([:])
    let kmod = try KmodContext(moduleDirectory: fake.path("nowhere"), configuration: [])
    #expect(try kmod.modules(named: "no_such_a") == [])
    #expect(try kmod.load("no_such_a") == .notFound)
  }
}
