/// A process that has a bound device open through `/dev/vfio` or `/dev/uio`.
///
/// `vfio-pci` does not let go of the device while it does: whoever takes it waits in the kernel until the process is gone.
/// `uio_hv_generic` and the other drivers of UIO do: `hv_uio_remove()` closes the channel under the process, which is left
/// with mappings of a device that others have. There only we keep it from happening.
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
