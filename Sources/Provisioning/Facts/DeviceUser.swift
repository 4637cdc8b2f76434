/// A process that has a bound device open through `/dev/vfio` or `/dev/uio`.
///
/// The kernel lets nobody take the device while it does: `vfio-pci` waits in the kernel until the process is gone.
public struct DeviceUser: Codable, Equatable, Sendable {
  public var pid: Int
  /// The program's short name (`/proc/PID/comm`).
  public var command: String
  /// `pci` or `vmbus`.
  public var bus: String
  /// The address of the device on its bus.
  public var address: String

  public init(pid: Int, command: String, bus: String, address: String) {
    self.pid = pid
    self.command = command
    self.bus = bus
    self.address = address
  }
}
