import Provisioning
import Testing

@Suite("What sysfs says of a device")
struct SysfsTextTests {
  @Test(
    "flags are hexadecimal", arguments: [("0x1003\n", 0x1003), ("0x0\n", 0), ("4099\n", nil), ("", nil), ("0x\n", nil)])
  func flags(text: String, expected: Int?) { #expect(NetworkDevice.flags(sysfs: text) == expected) }

  @Test(
    "a speed is above zero, or not known",
    arguments: [("50000\n", 50000), ("-1\n", nil), ("0\n", nil), ("4294967295\n", nil), ("", nil), ("fast", nil)])
  func speed(text: String, expected: Int?) { #expect(NetworkDevice.speed(sysfs: text) == expected) }

  @Test(
    "an override is a name, or none",
    arguments: [("vfio-pci\n", "vfio-pci"), ("(null)\n", nil), ("\n", nil), ("", nil)])
  func driverOverride(text: String, expected: String?) { #expect(BusDevice.driverOverride(sysfs: text) == expected) }
}
