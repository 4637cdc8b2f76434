/// A network device as libudev and netlink show it.
public struct NetworkDevice: Codable, Equatable, Sendable {
  public var name: String
  /// Other names of the same device (`ip link property`), in the kernel's order.
  public var alternativeNames: [String]
  /// `ifindex`
  public var index: Int
  /// `ARPHRD_*` of `if_arp.h`: 1 Ethernet, 32 InfiniBand, 772 loopback; nil where it could not be read.
  public var linkType: Int?
  /// What rtnetlink calls the kind of a virtual device: `bond`, `vlan`, `veth`; nil for a device of its own.
  public var kind: String?
  /// Lower case, with colons; nil where the device has none (a tunnel).
  public var mac: String?
  /// The address that the hardware came with, whatever ``mac`` was set to; nil where the driver does not tell.
  public var permanentMAC: String?
  /// `IFF_*` of `netdevice(7)`: bit 0 is UP, bit 11 is SLAVE; nil where it could not be read.
  public var flags: Int?
  /// Mbit/s; nil where the link is down or the driver does not tell.
  public var speed: Int?
  /// Addresses with their prefix length: `10.0.0.20/24`, `fe80::1/64`.
  public var addresses: [String]
  /// The kernel driver of the device below; nil for a virtual device.
  public var driver: String?
  /// `pci`, `vmbus`, `virtio` …: the subsystem of the device below; nil for a virtual device.
  public var bus: String?
  /// The bus address of the device below: a PCI address, a VMBus UUID; nil for a virtual device.
  public var busAddress: String?
  /// The PCI function that a device of the virtio bus sits on; nil for every other.
  public var virtioFunction: String?
  /// PCI `vendor:device`, four lower-case hexadecimal digits each.
  public var pciID: String?
  /// PCI class, six lower-case hexadecimal digits: `020000` Ethernet, `020700` InfiniBand.
  public var pciClass: String?
  /// How many VFs are enabled on the PCI function below (`sriov_numvfs`); nil where it can have none.
  public var enabledVFs: Int?
  /// The class of the VMBus device below, lower case without braces (``BusDevice/vmbusNetworkClass``).
  public var vmbusClass: String?
  public var numaNode: Int?
  /// Names of the devices that are made of this one (`upper_*`): its bond, its NETVSC, its VLANs.
  public var uppers: [String]
  /// Names of the devices that this one is made of (`lower_*`).
  public var lowers: [String]
  /// `phys_switch_id`: equal on all ports of one embedded switch; nil where there is none.
  public var switchID: String?
  /// `phys_port_name`: `p0` for an uplink, `pf0vf1` for the representor of a VF; nil where there is none.
  public var portName: String?

  public init(
    name: String, alternativeNames: [String] = [], index: Int, linkType: Int? = nil, kind: String? = nil,
    mac: String? = nil, permanentMAC: String? = nil, flags: Int? = nil, speed: Int? = nil, addresses: [String] = [],
    driver: String? = nil, bus: String? = nil, busAddress: String? = nil, virtioFunction: String? = nil,
    pciID: String? = nil, pciClass: String? = nil, enabledVFs: Int? = nil, vmbusClass: String? = nil,
    numaNode: Int? = nil,
    uppers: [String] = [],
    lowers: [String] = [], switchID: String? = nil, portName: String? = nil
  ) {
    self.name = name
    self.alternativeNames = alternativeNames
    self.index = index
    self.linkType = linkType
    self.kind = kind
    self.mac = mac
    self.permanentMAC = permanentMAC
    self.flags = flags
    self.speed = speed
    self.addresses = addresses
    self.driver = driver
    self.bus = bus
    self.busAddress = busAddress
    self.virtioFunction = virtioFunction
    self.pciID = pciID
    self.pciClass = pciClass
    self.enabledVFs = enabledVFs
    self.vmbusClass = vmbusClass
    self.numaNode = numaNode
    self.uppers = uppers
    self.lowers = lowers
    self.switchID = switchID
    self.portName = portName
  }
}

extension NetworkDevice {
  /// The PCI function that carries it, directly or below a virtio device; nil on other buses.
  public var pciAddress: String? { bus == "pci" ? busAddress : virtioFunction }

  /// `IFF_UP`: whether somebody wants it to carry traffic, link or not.
  package var isUp: Bool { (flags ?? 0) & 1 == 1 }

  /// A MAC address as sysfs shows it, in lower case; nil for one of zeros and for the addresses of tunnels and InfiniBand.
  public static func mac(sysfs text: String) -> String? {
    let address = text.trimmingBlanks.lowercased()
    let octets = address.split(separator: ":", omittingEmptySubsequences: false)
    guard octets.count == 6, octets.allSatisfy({ $0.utf8.count == 2 && $0.allSatisfy(\.isHexDigit) }) else {
      return nil
    }
    return octets.contains { $0 != "00" } ? address : nil
  }

  /// The node of a device; nil for -1, which says that the firmware did not tell.
  public static func numaNode(sysfs text: String) -> Int? {
    Int(text.trimmingBlanks).flatMap { $0 >= 0 ? $0 : nil }
  }
}
