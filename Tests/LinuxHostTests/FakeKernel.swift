import Foundation
import Glibc
import Provisioning
import Synchronization
import SystemPackage

@testable import LinuxHost

/// A sysfs with the kernel's semantics for one device: what is written to `driver_override`, `unbind` and `bind` has
/// the effects that it has in the driver core, a moment later and in order.
///
/// - `driver_override` shuts out every other driver; its empty line clears it.
/// - `unbind` takes the interface away; `bind` to the NIC's own driver makes a new one, down, under the kernel's name.
/// - A driver that does not match, or is told to refuse, leaves the device free.
final class FakeKernel: Sendable {
  struct State {
    var driver: String?
    var name: String
    var isUp = true
    /// What else is up; by name.
    var others: [String: (mac: String, isUp: Bool)] = [:]
    var refusing: Set<String> = []
    /// How often somebody takes the interface up just before it is renamed.
    var takenUp = 0
    /// In order: `eth1 down`, `bind vfio-pci`.
    var log: [String] = []
  }

  let bus: String
  let address: String
  let nativeDriver: String
  let mac = "7c:1e:52:3e:fd:9f"
  /// What a new interface is called until somebody renames it.
  let kernelName: String
  let fake: FakeRoot
  private let state: Mutex<State>
  private let isOver = Atomic(false)
  private let hasEnded = DispatchSemaphore(value: 0)

  var root: HostRoot { fake.root }
  private var folder: String { "sys/bus/\(bus)" }

  init(
    bus: String = "pci", address: String = "0000:00:04.0", nativeDriver: String = "e1000e",
    userDriver: String = "vfio-pci", name: String = "eth1", kernelName: String = "eth1",
    nodes: [String: FakeRoot.Node] = [:]
  ) throws {
    self.bus = bus
    self.address = address
    self.nativeDriver = nativeDriver
    self.kernelName = kernelName
    state = Mutex(State(driver: nativeDriver, name: name))
    let folder = "sys/bus/\(bus)"
    var tree: [String: FakeRoot.Node] = [
      "\(folder)/devices/\(address)/driver_override": "(null)\n",
      "\(folder)/devices/\(address)/driver": .link("../../drivers/\(nativeDriver)"),
      "\(folder)/devices/\(address)/net/\(name)/address": "\(mac)\n",
    ]
    for driver in [nativeDriver, userDriver] {
      tree["\(folder)/drivers/\(driver)/bind"] = ""
      tree["\(folder)/drivers/\(driver)/unbind"] = ""
    }
    fake = try FakeRoot(tree.merging(nodes) { $1 })
    Thread { [self] in
      while !isOver.load(ordering: .relaxed) {
        state.withLock { step(&$0) }
        usleep(1000)
      }
      hasEnded.signal()
    }.start()
  }

  /// Runs `body` while the kernel runs.
  static func with(_ kernel: FakeKernel, _ body: (FakeKernel) throws -> Void) rethrows {
    defer {
      kernel.isOver.store(true, ordering: .relaxed)
      kernel.hasEnded.wait()
    }
    try body(kernel)
  }

  func change(_ change: (inout sending State) -> Void) { state.withLock { change(&$0) } }
  var log: [String] { state.withLock { $0.log } }
  var driver: String? { state.withLock { $0.driver } }
  var name: String { state.withLock { $0.name } }
  var isUp: Bool { state.withLock { $0.isUp } }
  var override: String { line("devices/\(address)/driver_override") }

  /// `netdevice(7)` for the interfaces here.
  var links: NetworkLinks {
    NetworkLinks(
      mac: { [self] name throws(Errno) in try find(name).mac },
      flags: { [self] name throws(Errno) in try find(name).isUp ? 0x1003 : 0x1002 },
      setUp: { [self] name, isUp throws(Errno) in
        _ = try find(name)
        state.withLock { state in
          state.log.append("\(name) \(isUp ? "up" : "down")")
          if name == state.name { state.isUp = isUp } else { state.others[name]?.isUp = isUp }
        }
      },
      rename: { [self] name, newName throws(Errno) in
        state.withLock { state in
          guard state.takenUp > 0 else { return }
          state.takenUp -= 1
          state.isUp = true
        }
        guard try !find(name).isUp else { throw .resourceBusy }
        guard state.withLock({ $0.others[newName] == nil }) else { throw .fileExists }
        state.withLock { state in
          state.log.append("\(name) renamed \(newName)")
          state.name = newName
          try? FileManager.default.moveItem(
            atPath: path("devices/\(address)/net/\(name)"), toPath: path("devices/\(address)/net/\(newName)"))
        }
      })
  }

  private func find(_ name: String) throws(Errno) -> (mac: String, isUp: Bool) {
    let found: (mac: String, isUp: Bool)? = state.withLock { state in
      name == state.name && state.driver == nativeDriver ? (mac, state.isUp) : state.others[name]
    }
    guard let found else { throw .operationNotSupportedByDevice }
    return found
  }

  private func path(_ path: String) -> String { fake.path("\(folder)/\(path)") }

  private func line(_ file: String) -> String {
    let text = (try? String(contentsOfFile: path(file), encoding: .utf8)) ?? ""
    return String(text.prefix { $0 != "\n" })
  }

  /// What was written to a command file since the last look, which empties it.
  private func take(_ file: String) -> String? {
    let written = line(file)
    guard !written.isEmpty else { return nil }
    truncate(path(file), 0)
    return written
  }

  private func step(_ state: inout State) {
    let drivers = (try? FileManager.default.contentsOfDirectory(atPath: path("drivers"))) ?? []
    for driver in drivers.sorted() where take("drivers/\(driver)/unbind") == address && state.driver == driver {
      state.log.append("unbind \(driver)")
      state.driver = nil
      try? FileManager.default.removeItem(atPath: path("devices/\(address)/driver"))
      try? FileManager.default.removeItem(atPath: path("devices/\(address)/net"))
    }
    for driver in drivers.sorted() where take("drivers/\(driver)/bind") == address {
      let override = line("devices/\(address)/driver_override")
      let isMatch = override.isEmpty || override == "(null)" ? driver == nativeDriver : override == driver
      guard state.driver == nil, isMatch, !state.refusing.contains(driver) else {
        state.log.append("\(driver) refuses")
        continue
      }
      state.log.append("bind \(driver)")
      state.driver = driver
      try? FileManager.default.createSymbolicLink(
        atPath: path("devices/\(address)/driver"), withDestinationPath: "../../drivers/\(driver)")
      guard driver == nativeDriver else { continue }
      state.name = kernelName
      state.isUp = false
      let interface = path("devices/\(address)/net/\(kernelName)")
      // Whole at once, as the kernel shows it.
      let beside = path("devices/\(address)/made")
      try? FileManager.default.createDirectory(atPath: "\(beside)/\(kernelName)", withIntermediateDirectories: true)
      try? "\(mac)\n".write(toFile: "\(beside)/\(kernelName)/address", atomically: false, encoding: .utf8)
      try? FileManager.default.moveItem(atPath: beside, toPath: (interface as NSString).deletingLastPathComponent)
    }
  }
}
