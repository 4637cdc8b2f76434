import CDPDK
import Glibc

/// Whether `net_vdev_netvsc` takes every NETVSC without an address when EAL starts, unless an argument names that driver.
///
/// It does on Hyper-V alone (`rte_hypervisor_get`), and where it is there. Where it is not, an argument that names it would
/// keep EAL from starting.
var netvscStartsByItself: Bool {
  rte_hypervisor_get() == RTE_HYPERVISOR_HYPERV && driverIsInstalled("net_vdev_netvsc")
}

/// Whether EAL will load a driver: it loads whatever lies in ``pluginDirectory``.
///
/// It cannot be asked before it has.
func driverIsInstalled(_ driver: String, in directory: String = pluginDirectory) -> Bool {
  ["", ".\(abi(of: directory))"].contains { access("\(directory)/librte_\(driver).so\($0)", R_OK) == 0 }
}

/// As `23.0` of `/usr/lib/x86_64-linux-gnu/dpdk/pmds-23.0`; of the plugins without a link EAL loads those that end so.
private func abi(of directory: String) -> Substring { directory.split(separator: "-").last ?? "" }
