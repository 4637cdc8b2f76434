import Foundation
import Provisioning
import Testing

@testable import LinuxHost

/// libudev looks at `/sys` alone, so an Azure host is put there by `umockdev-run`, under which this test program runs
/// once more.
@Suite("libudev on an Azure host")
struct UmockdevTests {
  private static let program = "/usr/bin/umockdev-run"
  private static let isInside = ProcessInfo.processInfo.environment["UMOCKDEV_DIR"] != nil

  /// A NETVSC interface, its VF on PCI, and a tunnel.
  private static let devices = """
    P: /devices/LNXSYSTM:00/VMBUS:00/000d3a00-0001-0002-0003-000d3a000001
    E: SUBSYSTEM=vmbus
    E: DRIVER=hv_netvsc
    L: driver=../../../../bus/vmbus/drivers/hv_netvsc

    P: /devices/LNXSYSTM:00/VMBUS:00/000d3a00-0001-0002-0003-000d3a000001/net/eth1
    E: SUBSYSTEM=net
    E: INTERFACE=eth1
    E: IFINDEX=3
    A: address=00:0d:3a:aa:bb:01\\n
    A: ifindex=3\\n
    L: device=../../../000d3a00-0001-0002-0003-000d3a000001

    P: /devices/pci0000:00/0000:00:02.0
    E: SUBSYSTEM=pci
    E: DRIVER=mlx5_core
    A: vendor=0x15b3\\n
    A: device=0x1016\\n
    A: numa_node=1\\n
    L: driver=../../../bus/pci/drivers/mlx5_core

    P: /devices/pci0000:00/0000:00:02.0/net/eth2
    E: SUBSYSTEM=net
    E: INTERFACE=eth2
    E: IFINDEX=2
    A: address=00:0D:3A:AA:BB:01\\n
    A: ifindex=2\\n
    L: device=../../../0000:00:02.0

    P: /devices/virtual/net/tunl0
    E: SUBSYSTEM=net
    E: INTERFACE=tunl0
    E: IFINDEX=9
    A: address=0.0.0.0\\n
    A: ifindex=9\\n

    """

  @Test(
    "is read as it is", .enabled(if: FileManager.default.isExecutableFile(atPath: program), "needs umockdev-run"),
    .disabled(if: isInside, "runs itself"))
  func outside() throws {
    let fake = try FakeRoot(["azure.umockdev": .text(Self.devices)])
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.program)
    process.arguments = [
      "-d", fake.path("azure.umockdev"), "--",
      try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
      "--testing-library", "swift-testing", "--filter", "UmockdevTests",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text.contains("\"gives the devices below the interfaces\" passed"), "\(text)")
  }

  @Test("gives the devices below the interfaces", .enabled(if: isInside, "only inside umockdev-run"))
  func inside() throws {
    let devices = try UdevContext().networkDevices()
    #expect(
      devices == [
        NetworkDevice(
          name: "eth2", index: 2, mac: "00:0d:3a:aa:bb:01", driver: "mlx5_core", bus: "pci", busAddress: "0000:00:02.0",
          pciID: "15b3:1016", numaNode: 1),
        NetworkDevice(
          name: "eth1", index: 3, mac: "00:0d:3a:aa:bb:01", driver: "hv_netvsc", bus: "vmbus",
          busAddress: "000d3a00-0001-0002-0003-000d3a000001"),
        NetworkDevice(name: "tunl0", index: 9),
      ])
    var reader = FactReader(.runningHost)
    #expect(reader.devicesByFiles() == devices)
  }
}
