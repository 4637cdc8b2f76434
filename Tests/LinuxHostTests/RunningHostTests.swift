import Foundation
import Glibc
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
    let devices = reader.devices()
    #expect(devices == reader.devicesByFiles())
    #expect(reader.busDevices() == reader.busDevicesByFiles())
    #expect(reader.unreadable.isEmpty)
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

  @Test("has the addresses that getifaddrs has, and nothing that could not be read of its links and routes")
  func addresses() throws {
    let facts = gather(.runningHost)
    var list: UnsafeMutablePointer<ifaddrs>?
    try #require(getifaddrs(&list) == 0)
    defer { freeifaddrs(list) }
    var expected: Set<String> = []
    for entry in sequence(first: list, next: { $0?.pointee.ifa_next }) {
      guard let entry, let address = entry.pointee.ifa_addr else { continue }
      let family = Int32(address.pointee.sa_family)
      guard family == AF_INET || family == AF_INET6 else { continue }
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      let length = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
      getnameinfo(address, socklen_t(length), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
      let name = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
      expected.insert("\(String(cString: entry.pointee.ifa_name)) \(name.prefix { $0 != "%" })")
    }
    let found = facts.devices.flatMap { device in device.addresses.map { "\(device.name) \($0.prefix { $0 != "/" })" } }
    #expect(Set(found) == expected)
    #expect(!facts.unreadable.contains { ["rtnetlink", "/sys/class/net", "/sys/bus"].contains($0.path) })
  }

  @Test("is gathered in under 50 ms of a CPU")
  func duration() {
    // Not of time: the tests of the engine have the CPUs meanwhile.
    func used() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let times = (0..<5).map { _ in
      let start = used()
      _ = gather(.runningHost)
      return used() - start
    }
    #expect(times.min().map { $0 > 0 && $0 < 0.05 } == true)
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
