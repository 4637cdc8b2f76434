import Foundation
import LinuxHost
import Provisioning
import Testing

@testable import LinuxHost

@Suite("The running host")
struct RunningHostTests {
  private static func sysfs(_ path: String) -> String? {
    (try? HostRoot.runningHost.contents("/sys/class/net/\(path)"))?.flatMap { $0.trimmingCharacters(in: .newlines) }
  }

  @Test("has in libudev what sysfs has in files")
  func devices() throws {
    var reader = FactReader(.runningHost)
    let devices = try UdevContext().networkDevices()
    #expect(devices == reader.devicesByFiles())
    #expect(devices.map(\.index) == devices.map(\.index).sorted())
    let loopback = try #require(devices.first { $0.name == "lo" })
    #expect(loopback.index == Self.sysfs("lo/ifindex").flatMap { Int($0) })
    #expect(loopback.mac == nil)
    #expect(loopback.bus == nil)
  }

  @Test(
    "shows a virtio device below its interface",
    .enabled(if: sysfs("eth0/device/uevent")?.contains("virtio") == true, "needs a virtio interface named eth0"))
  func virtio() throws {
    let device = try #require(gather(.runningHost).devices.first { $0.name == "eth0" })
    #expect(device.driver == "virtio_net")
    #expect(device.bus == "virtio")
    #expect(device.busAddress?.hasPrefix("virtio") == true)
    #expect(device.mac == Self.sysfs("eth0/address"))
  }

  @Test("is what uname, /proc and /sys say it is")
  func facts() throws {
    let facts = gather(.runningHost, scope: GatherScope(paths: ["/", "/proc/mounts"], users: ["root"]))
    #expect(facts.kernel.running == ProcessInfo.processInfo.unameRelease)
    #expect(facts.mounts.contains { $0.type == "proc" && $0.target == "/proc" })
    #expect(!facts.onlineCPUs.isEmpty)
    #expect(facts.nodes.contains { $0.hasMemory && $0.memory.total > 0 })
    #expect(facts.accounts.users == ["root": 0])
    #expect(facts.paths[0].kind == .directory)
    #expect(facts.paths[0].isEmpty == false)
  }

  @Test("shows a module without a file as built in, if /sys/module has it, and a wrong name as absent")
  func modules() throws {
    let facts = gather(.runningHost, scope: GatherScope(modules: ["no-such-module", "printk", "kernel"]))
    #expect(facts.modules.map(\.state) == [.absent, .builtIn, .builtIn])
    #expect(facts.modules.map(\.path) == [nil, nil, nil])
  }

  @Test("is gathered in under 50 ms")
  func duration() {
    let clock = ContinuousClock()
    let fastest = (0..<5).map { _ in clock.measure { _ = gather(.runningHost) } }.min()
    #expect(fastest.map { $0 < .milliseconds(50) } == true)
  }
}

extension ProcessInfo {
  fileprivate var unameRelease: String {
    var name = utsname()
    uname(&name)
    return withUnsafePointer(to: &name.release) {
      $0.withMemoryRebound(to: CChar.self, capacity: 65) { String(cString: $0) }
    }
  }
}
