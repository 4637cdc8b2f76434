import CDPDK
import EngineMessages

/// The burst functions of a failsafe that look whether a sub-device is there before they use it.
///
/// A failsafe has two sets, and takes the other one, which looks at nothing, while all its sub-devices are there. From DPDK 21.11
/// on `rte_eth_rx_burst` calls a copy that was made when the port started (`rte_eth_fp_ops`), and failsafe does not change that
/// when a sub-device goes: its next burst calls a null pointer (seen with 22.11). So the careful ones are called from the start
/// on; they cost some instructions a burst.
struct CarefulBursts {
  private let port: UInt16
  private let name: String
  private let careful: cdpdk_bursts

  /// To be made before the port starts, while the device still has them; nil for any other driver.
  init?(of description: PortDescription) {
    guard description.driver == "net_failsafe" else { return nil }
    port = UInt16(description.port)
    name = description.name
    careful = cdpdk_device_bursts(description.name)
  }

  /// Has them called from now on; to be done when the port has started, and before anybody uses it.
  func install() { cdpdk_call_bursts(port, cdpdk_device_bursts(name), careful) }
}

/// A virtual device that takes port 0 where a failsafe would have it.
///
/// From DPDK 21.11 on a failsafe that removes a sub-device resets what `rte_eth_rx_burst` uses of port 0, whichever that is: it
/// releases the removed port a second time, when the port's number is zero already (`rte_eth_dev_release_port`, seen with 22.11).
/// With a VF on the PCI bus, port 0 is the VF, of which failsafe does not use that.
enum PlaceholderPort {
  static let device = "net_null_placeholder"

  static var isInstalled: Bool { driverIsInstalled("net_null") }

  /// Whether a request's failsafes need it: those of net_vdev_netvsc come with a VF.
  static func isNeeded(for request: EngineRequest) -> Bool {
    request.virtualDevices.contains { $0.hasPrefix("net_failsafe") }
  }
}
