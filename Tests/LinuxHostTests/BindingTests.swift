import Foundation
import Glibc
import Provisioning
import SystemPackage
import Testing

@testable import LinuxHost

@Suite("Binding a device, on a sysfs with the kernel's semantics", .timeLimit(.minutes(1)))
struct BindingTests {
  /// One attempt, with a journal of its own below the fake root.
  struct Host {
    let kernel: FakeKernel
    var journal: Journal { Journal(directory: FilePath(kernel.fake.path("journal"))) }

    var device: NetworkDevice {
      NetworkDevice(
        name: "eth1", index: 3, mac: kernel.mac, addresses: ["10.0.0.20/24"], driver: kernel.nativeDriver,
        bus: kernel.bus,
        busAddress: kernel.address)
    }

    var wanted: DeviceBinding {
      DeviceBinding(
        bus: kernel.bus, address: kernel.address, driver: kernel.bus == "pci" ? "vfio-pci" : "uio_hv_generic",
        device: device)
    }

    @discardableResult
    func bind(_ wanted: DeviceBinding? = nil) throws(HostError) -> String {
      try bindDevice(
        wanted ?? self.wanted, journal, root: kernel.root, links: kernel.links, patience: .milliseconds(300))
    }

    func giveBack() throws {
      for case .binding(let binding) in try journal.entries().map(\.effect).prefix(1) {
        try returnDevice(binding, root: kernel.root, links: kernel.links, patience: .milliseconds(300))
      }
    }

    func expectUntouched() throws {
      #expect(kernel.log == [])
      #expect(kernel.override == "(null)")
      #expect(try journal.entries() == [])
    }
  }

  func with(_ kernel: @autoclosure () throws -> FakeKernel, _ body: (Host) throws -> Void) throws {
    try FakeKernel.with(kernel()) { try body(Host(kernel: $0)) }
  }

  @Test("the link goes down, the override shuts others out, and the driver is read back", arguments: ["pci", "vmbus"])
  func binds(bus: String) throws {
    let kernel =
      bus == "pci"
      ? try FakeKernel()
      : try FakeKernel(
        bus: "vmbus", address: "7c1e523e-fd9f-7c1e-523e-fd9f7c1e523e", nativeDriver: "hv_netvsc",
        userDriver: "uio_hv_generic")
    try with(kernel) { host in
      let driver = host.wanted.driver
      #expect(try host.bind() == "bound")
      #expect(kernel.driver == driver)
      #expect(kernel.override == driver)
      #expect(kernel.log == ["eth1 down", "unbind \(kernel.nativeDriver)", "bind \(driver)"])
      guard case .binding(let binding) = try #require(host.journal.entries().last).effect else {
        Issue.record("not journalled")
        return
      }
      #expect(binding.formerDriver == kernel.nativeDriver)
      #expect(binding.formerOverride == nil)
      #expect(binding.device?.addresses == ["10.0.0.20/24"])
      #expect(binding.device?.flags == 0x1003, "that it was up is known from the moment itself")
    }
  }

  @Test("bound already is nothing to do, and nothing is journalled twice")
  func idempotent() throws {
    try with(FakeKernel()) { host in
      try host.bind()
      let log = host.kernel.log
      #expect(try host.bind() == "was bound already")
      #expect(host.kernel.log == log)
      #expect(try host.journal.entries().count == 1)
    }
  }

  @Test("given back, the interface has its name, its link and its driver, and nothing is reserved")
  func returned() throws {
    try with(FakeKernel()) { host in
      try host.bind()
      try host.giveBack()
      #expect(host.kernel.driver == "e1000e")
      #expect(host.kernel.override.isEmpty)
      #expect(host.kernel.isUp)
      #expect(Array(host.kernel.log.suffix(3)) == ["unbind vfio-pci", "bind e1000e", "eth1 up"])
      let log = host.kernel.log
      try host.giveBack()
      #expect(host.kernel.log == log, "a second time there is nothing to do")
    }
  }

  @Test("an interface that comes back under the kernel's name is renamed while it is down")
  func renamed() throws {
    try with(FakeKernel(kernelName: "eth0")) { host in
      try host.bind()
      try host.giveBack()
      #expect(host.kernel.name == "eth1")
      #expect(Array(host.kernel.log.suffix(2)) == ["eth0 renamed eth1", "eth1 up"])
    }
  }

  @Test("an interface that networkd takes up between our two steps gets its name all the same")
  func takenUp() throws {
    try with(FakeKernel(kernelName: "eth0")) { host in
      try host.bind()
      host.kernel.change { $0.takenUp = 2 }
      try host.giveBack()
      #expect(host.kernel.name == "eth1")
      #expect(host.kernel.isUp)
    }
  }

  @Test("a name that another interface has meanwhile is told, and the interface is left under its own")
  func nameTaken() throws {
    try with(FakeKernel(kernelName: "eth0")) { host in
      try host.bind()
      host.kernel.change { $0.others["eth1"] = ("02:00:00:00:00:01", true) }
      let error = #expect(throws: HostError.self) { try host.giveBack() }
      #expect(error?.remedy.contains("another interface has that name") == true)
      #expect(host.kernel.driver == "e1000e")
    }
  }

  @Test("a link that was down stays down")
  func down() throws {
    try with(FakeKernel()) { host in
      host.kernel.change { $0.isUp = false }
      try host.bind()
      try host.giveBack()
      #expect(!host.kernel.log.contains { $0.hasSuffix("down") || $0.hasSuffix("up") })
    }
  }

  @Test("an override that was there before is there again")
  func formerOverride() throws {
    try with(FakeKernel(nodes: ["sys/bus/pci/devices/0000:00:04.0/driver_override": "e1000e\n"])) { host in
      try host.bind()
      try host.giveBack()
      #expect(host.kernel.override == "e1000e")
      #expect(host.kernel.driver == "e1000e")
    }
  }

  @Test("a driver that does not take the device gets it taken away again, and all is as before")
  func refused() throws {
    try with(FakeKernel()) { host in
      host.kernel.change { $0.refusing = ["vfio-pci"] }
      let error = #expect(throws: HostError.self) { try host.bind() }
      #expect(error?.message == "driver 'vfio-pci' did not take pci device '0000:00:04.0'")
      #expect(error?.remedy.hasSuffix("the device is as it was") == true)
      #expect(host.kernel.driver == "e1000e")
      #expect(host.kernel.override.isEmpty)
      #expect(host.kernel.isUp)
    }
  }

  @Test("what the kernel answers to the write is told, and all is as before")
  func writeFails() throws {
    try with(FakeKernel()) { host in
      // /dev/full in its place: as root, permissions stop nothing.
      let bind = host.kernel.fake.path("sys/bus/pci/drivers/vfio-pci/bind")
      try #require(unlink(bind) == 0 && mknod(bind, S_IFCHR | 0o600, 1 << 8 | 7) == 0)
      let error = #expect(throws: HostError.self) { try host.bind() }
      #expect(error?.errno == .noSpace)
      #expect(error?.message == "driver 'vfio-pci' refuses pci device '0000:00:04.0'")
      #expect(host.kernel.driver == "e1000e")
      #expect(host.kernel.isUp)
    }
  }

  @Test("when the former driver does not take it back either, both reasons are told, and revert can try again")
  func putBackFails() throws {
    try with(FakeKernel()) { host in
      host.kernel.change { $0.refusing = ["vfio-pci", "e1000e"] }
      let error = #expect(throws: HostError.self) { try host.bind() }
      #expect(error?.remedy.contains("could not be put back: driver 'e1000e' did not take") == true)
      host.kernel.change { $0.refusing = [] }
      try host.giveBack()
      #expect(host.kernel.driver == "e1000e")
      #expect(host.kernel.isUp)
    }
  }

  @Test("an interface with another MAC address than planned, or a second one, is never taken")
  func stranger() throws {
    try with(FakeKernel()) { host in
      var wanted = host.wanted
      wanted.device?.mac = "02:00:00:00:00:02"
      #expect(throws: HostError.self) { try host.bind(wanted) }
      try host.expectUntouched()
    }
    try with(FakeKernel(nodes: ["sys/bus/pci/devices/0000:00:04.0/net/eth7/address": "02:00:00:00:00:07\n"])) { host in
      let error = #expect(throws: HostError.self) { try host.bind() }
      #expect(error?.message.contains("carries 'eth7' (02:00:00:00:00:07), which was not planned for") == true)
      try host.expectUntouched()
    }
  }

  @Test("an interface where none was planned is never taken")
  func unplanned() throws {
    try with(FakeKernel()) { host in
      var wanted = host.wanted
      wanted.device = nil
      #expect(throws: HostError.self) { try host.bind(wanted) }
      try host.expectUntouched()
    }
  }

  @Test("a name that means another interface in our network namespace is never taken down")
  func otherNamespace() throws {
    try with(FakeKernel()) { host in
      var links = host.kernel.links
      links.mac = { _ in "02:00:00:00:00:09" }
      let error = #expect(throws: HostError.self) {
        try bindDevice(host.wanted, host.journal, root: host.kernel.root, links: links, patience: .milliseconds(300))
      }
      #expect(error?.message.contains("is not an interface of this network namespace") == true)
      try host.expectUntouched()
    }
  }

  @Test("no device, no driver and no override are told before anything is changed")
  func missing() throws {
    try with(FakeKernel()) { host in
      var wanted = host.wanted
      wanted.address = "0000:00:09.0"
      #expect(throws: HostError.self) { try host.bind(wanted) }
      wanted = host.wanted
      wanted.driver = "uio_pci_generic"
      let error = #expect(throws: HostError.self) { try host.bind(wanted) }
      #expect(error?.remedy == "load its module: modprobe uio_pci_generic")
      unlink(host.kernel.fake.path("sys/bus/pci/devices/0000:00:04.0/driver_override"))
      let old = #expect(throws: HostError.self) { try host.bind() }
      #expect(old?.remedy.contains("4.18") == true)
      #expect(host.kernel.log == [])
      let entries = try host.journal.entries()
      #expect(entries == [])
    }
  }

  @Test("the VF's link goes down with the interface's, and comes up again with it")
  func virtualFunction() throws {
    try with(FakeKernel()) { host in
      host.kernel.change { $0.others["enP1s1"] = (host.kernel.mac, true) }
      var wanted = host.wanted
      wanted.virtualFunction = NetworkDevice(name: "enP1s1", index: 4, mac: host.kernel.mac)
      try host.bind(wanted)
      #expect(Array(host.kernel.log.prefix(2)) == ["eth1 down", "enP1s1 down"])
      try host.giveBack()
      #expect(host.kernel.log.last == "enP1s1 up")
    }
  }

  @Test("a device that an apply left without a driver is bound by the next, and given back to its first driver")
  func halfWay() throws {
    try with(FakeKernel()) { host in
      host.kernel.change { $0.refusing = ["vfio-pci", "e1000e"] }
      #expect(throws: HostError.self) { try host.bind() }
      host.kernel.change { $0.refusing = [] }
      try host.bind()
      #expect(host.kernel.driver == "vfio-pci")
      try host.giveBack()
      #expect(host.kernel.driver == "e1000e")
      #expect(host.kernel.isUp)
    }
  }

  @Test("a device that somebody gave to a third driver, or that is gone, is left alone by the way back")
  func foreign() throws {
    try with(FakeKernel(nodes: ["sys/bus/pci/drivers/uio_pci_generic/bind": ""])) { host in
      try host.bind()
      let link = host.kernel.fake.path("sys/bus/pci/devices/0000:00:04.0/driver")
      try #require(unlink(link) == 0 && symlink("../../drivers/uio_pci_generic", link) == 0)
      let log = host.kernel.log
      try host.giveBack()
      #expect(host.kernel.log == log)
      try FileManager.default.removeItem(atPath: host.kernel.fake.path("sys/bus/pci/devices/0000:00:04.0"))
      try host.giveBack()
    }
  }

  @Test("without an IOMMU vfio is told so, the former value is journalled first, and comes back")
  func withoutIOMMU() throws {
    let parameter = "sys/module/vfio/parameters/enable_unsafe_noiommu_mode"
    try with(FakeKernel(nodes: [parameter: "N\n"])) { host in
      var wanted = host.wanted
      wanted.withoutIOMMU = true
      #expect(try host.bind(wanted) == "bound, without IOMMU")
      #expect(try host.kernel.root.contents("/" + parameter) == "Y\n")
      let effects = try host.journal.entries().map(\.effect)
      #expect(effects.first == .moduleParameter(module: "vfio", parameter: "enable_unsafe_noiommu_mode", before: "N"))
      try restoreParameter("vfio", "enable_unsafe_noiommu_mode", to: "N", root: host.kernel.root)
      #expect(try host.kernel.root.contents("/" + parameter) == "N\n")
    }
    try with(FakeKernel()) { host in
      var wanted = host.wanted
      wanted.withoutIOMMU = true
      let error = #expect(throws: HostError.self) { try host.bind(wanted) }
      #expect(error?.remedy.contains("CONFIG_VFIO_NOIOMMU") == true)
      try host.expectUntouched()
      try restoreParameter("vfio", "enable_unsafe_noiommu_mode", to: "N", root: host.kernel.root)
    }
  }

  @Test("a process that has the device open is named, and nothing is taken from it")
  func inUse() throws {
    let nodes: [String: FakeRoot.Node] = [
      "sys/bus/pci/devices/0000:00:04.0/iommu_group": .link("../../../../kernel/iommu_groups/7"),
      "proc/40/fd/3": .link("/dev/vfio/vfio"), "proc/40/comm": "other\n",
      "proc/41/fd/3": .link("/dev/vfio/8"), "proc/41/comm": "neighbour\n",
      "proc/42/fd/5": .link("/dev/vfio/7"), "proc/42/comm": "testpmd\n",
      "proc/43/fd/5": .link("/dev/vfio/noiommu-7"), "proc/43/comm": "vpp\n",
    ]
    try with(FakeKernel(nodes: nodes)) { host in
      try host.bind()
      let error = #expect(throws: HostError.self) { try host.giveBack() }
      #expect(error?.message == "pci device '0000:00:04.0' is in use by 'testpmd' (pid 42)")
      #expect(host.kernel.driver == "vfio-pci")
      guard case .binding(let binding) = try #require(host.journal.entries().first).effect else { return }
      #expect(deviceUsers(of: [binding], in: host.kernel.root).map(\.pid) == [42, 43])
    }
  }

  @Test("a process that has a UIO device open is found by its number")
  func uioInUse() throws {
    let uuid = "7c1e523e-fd9f-7c1e-523e-fd9f7c1e523e"
    let fake = try FakeRoot([
      "sys/bus/vmbus/devices/\(uuid)/uio/uio3/name": "hv_vmbus:hv_netvsc\n",
      "proc/41/fd/4": .link("/dev/uio30"), "proc/41/comm": "neighbour\n",
      "proc/42/fd/4": .link("/dev/uio3"), "proc/42/comm": "testpmd\n",
    ])
    let binding = Binding(
      bus: "vmbus", address: uuid, driver: "uio_hv_generic", formerDriver: "hv_netvsc", device: nil)
    #expect(
      deviceUsers(of: [binding], in: fake.root) == [
        DeviceUser(pid: 42, command: "testpmd", bus: "vmbus", address: uuid)
      ])
  }

  @Test(
    "each refusal of the kernel has a remedy that fits",
    arguments: [
      (Errno.noSuchFileOrDirectory, "modprobe vfio-pci"), (.invalidArgument, "IOMMU"),
      (.resourceBusy, "set sriov_numvfs to 0"),
      (.operationNotSupportedByDevice, "see 'dmesg'"), (.ioError, "see 'dmesg'"),
    ])
  func refusals(error: Errno, words: String) {
    let remedy = refusalRemedy(error, of: "vfio-pci")
    #expect(remedy.contains(words))
    #expect(!remedy.contains("group"), "another device may be the way to this host")
  }

  @Test("before Linux 5.14 ENODEV stands for every failed probe, so that no reason is guessed from it")
  func unknownReason() {
    #expect(refusalRemedy(.operationNotSupportedByDevice, of: "uio_hv_generic") == "see 'dmesg'")
  }
}

@Suite("Network links")
struct NetworkLinksTests {
  @Test("loopback is up, and what is no interface is told so")
  func kernel() throws {
    #expect(try NetworkLinks.kernel.isUp("lo"))
    #expect(try NetworkLinks.kernel.mac("lo") == "00:00:00:00:00:00")
    #expect(throws: Errno.operationNotSupportedByDevice) { try NetworkLinks.kernel.flags("no-such") }
    #expect(throws: Errno.operationNotSupportedByDevice) { try NetworkLinks.kernel.flags("longer-than-15-bytes") }
  }
}
