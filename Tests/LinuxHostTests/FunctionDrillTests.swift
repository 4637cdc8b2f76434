import EngineMessages
import Foundation
import Glibc
import Provisioning
import Synchronization
import SystemPackage
import Testing

@testable import LinuxHost

@Suite("Taking a VF away and giving it back, on a sysfs with the kernel's semantics", .timeLimit(.minutes(2)))
struct FunctionDrillTests {
  private static let address = "acf1:00:02.0"
  private static let device = "sys/bus/pci/devices/\(address)"

  /// A PCI bus on which `remove` takes the device away, and `rescan` finds it again, where it is to be found.
  private final class Bus: Sendable {
    let fake: FakeRoot
    let log = Mutex<[String]>([])
    private let isOver = Atomic(false)

    init(finds: Bool = true) throws {
      let fake = try FakeRoot(["\(device)/remove": "", "sys/bus/pci/rescan": ""])
      self.fake = fake
      Thread { [self] in
        while !isOver.load(ordering: .relaxed) {
          if written("\(device)/remove") {
            log.withLock { $0.append("remove") }
            try? FileManager.default.removeItem(atPath: fake.path(device))
          }
          if written("sys/bus/pci/rescan") {
            truncate(fake.path("sys/bus/pci/rescan"), 0)
            log.withLock { $0.append("rescan") }
            if finds {
              try? FileManager.default.createDirectory(
                atPath: fake.path(device), withIntermediateDirectories: true)
            }
          }
          usleep(1000)
        }
      }.start()
    }

    func end() { isOver.store(true, ordering: .relaxed) }

    private func written(_ file: String) -> Bool {
      !((try? String(contentsOfFile: fake.path(file), encoding: .utf8)) ?? "").isEmpty
    }

    func drill(rescue: @Sendable @escaping () throws(Errno) -> Int? = { nil }) -> FunctionDrill {
      FunctionDrill(
        BusDeviceFiles(fake.root, bus: "pci", address: address, patience: .seconds(20)), after: 2,
        absence: .milliseconds(20), rescue: rescue)
    }
  }

  private func sample(_ elapsed: Double) -> EngineEvent { .sample(TrafficSample(elapsed: elapsed, ports: [])) }

  @Test("once, when traffic has run for long enough, and with its way back started before")
  func revokes() async throws {
    let bus = try Bus()
    defer { bus.end() }
    let drill = bus.drill {
      bus.log.withLock { $0.append("rescue") }
      return nil
    }
    drill.see(sample(-0.2))
    drill.see(sample(1.9))
    #expect(await drill.finish() == nil)
    #expect(bus.log.withLock { $0 }.isEmpty)
    drill.see(sample(2))
    drill.see(sample(3))
    #expect(await drill.finish() == nil)
    #expect(bus.log.withLock { $0 } == ["rescue", "remove", "rescan"])
    #expect(FileManager.default.fileExists(atPath: bus.fake.path(Self.device)))
  }

  @Test("who would have given the VF back is ended when it is back")
  func rescuerEnds() async throws {
    let bus = try Bus()
    defer { bus.end() }
    let rescuer = try spawnDetached("/bin/sleep", ["60"], output: "/dev/null")
    let drill = bus.drill { rescuer }
    drill.see(sample(2))
    #expect(await drill.finish() == nil)
    var status: Int32 = 0
    #expect(waitpid(pid_t(rescuer), &status, 0) == pid_t(rescuer) && status & 0x7f == SIGKILL)
  }

  @Test("nothing is taken away without a way back")
  func noRescue() async throws {
    let bus = try Bus()
    defer { bus.end() }
    let drill = bus.drill { () throws(Errno) in throw .noMemory }
    drill.see(sample(2))
    #expect(await drill.finish()?.description.hasPrefix("nothing was removed") == true)
    #expect(bus.log.withLock { $0 }.isEmpty)
  }

  @Test("who gives a VF back waits for a removal that takes its time, and does nothing where none comes")
  func lateRemoval() async throws {
    let bus = try Bus()
    defer { bus.end() }
    let files = BusDeviceFiles(bus.fake.root, bus: "pci", address: Self.address, patience: .seconds(20))
    try await files.giveBack(within: .milliseconds(300))
    #expect(bus.log.withLock { $0 }.isEmpty)
    Thread.detachNewThread {
      usleep(300_000)
      try? FileManager.default.removeItem(atPath: bus.fake.path(Self.device))
    }
    try await files.giveBack(within: .seconds(20))
    #expect(bus.log.withLock { $0 } == ["rescan"])
    #expect(FileManager.default.fileExists(atPath: bus.fake.path(Self.device)))
  }

  @Test("a host that does not allow it is told why, and nothing is touched")
  func refused() throws {
    let fake = try FakeRoot(["\(Self.device)/remove": ""])
    func refusal(_ address: String?) -> Finding? {
      guard case .failure(let refused) = FunctionDrill.make(of: address, after: 1, in: fake.root) else { return nil }
      return refused.finding
    }
    #expect(refusal(Self.address)?.id == "verification.nothingToRevoke")
    #expect(refusal(Self.address)?.message.contains("'rescan' of the bus") == true)
    #expect(refusal(nil)?.message == "no data interface has a VF of its own")
    #expect(refusal("0000:00:09.0")?.message.contains("'remove' of the device") == true)
  }
}
