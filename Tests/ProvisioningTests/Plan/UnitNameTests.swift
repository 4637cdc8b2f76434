import Provisioning
import Testing

@Suite("Names of units for paths")
struct UnitNameTests {
  /// What systemd-escape of 252 prints; `ShippedUnitsTests` asks the one that is installed.
  static let table = [
    ("/", "-"), ("/mnt/huge", "mnt-huge"), ("/mnt/huge-1G", "mnt-huge\\x2d1G"), ("/mnt/my pages", "mnt-my\\x20pages"),
    ("/.huge", "\\x2ehuge"), ("/mnt/.huge", "mnt-.huge"), ("/mnt/größe", "mnt-gr\\xc3\\xb6\\xc3\\x9fe"),
    ("/a:b_c.d", "a:b_c.d"), ("/a\\b", "a\\x5cb"), ("/a+b@c", "a\\x2bb\\x40c"), ("/dev/hugepages", "dev-hugepages"),
  ]

  @Test("a path is escaped as systemd does it", arguments: table)
  func escapes(path: String, name: String) {
    #expect(UnitName.escaped(path: path) == name)
  }
}
