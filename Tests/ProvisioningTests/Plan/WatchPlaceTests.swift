import Provisioning
import Testing

@Suite("Where the watch of an unconfirmed apply runs")
struct WatchPlaceTests {
  static let initial = "pid:[4026531836]"
  static let container = "pid:[4026532200]"

  static let cases: [(systemdRuns: Bool, namespace: String?, pid: Int, parent: Int, expected: WatchPlace)] = [
    (true, initial, 4000, 3000, .service),
    // A container with an init of its own.
    (true, container, 40, 1, .service),
    (false, initial, 4000, 3000, .process),
    // Without namespaces, the first process of the machine is the machine's.
    (false, nil, 4000, 1, .process), (false, initial, 4000, 1, .process),
    (false, container, 1, 0, .nowhere), (false, container, 7, 1, .nowhere),
    // `docker exec`: the parent is outside, the first process another.
    (false, container, 40, 0, .process), (false, container, 41, 40, .process),
  ]

  @Test(
    "in a service where systemd runs, else in a process, but never in one that ends with the session",
    arguments: cases)
  func place(systemdRuns: Bool, namespace: String?, pid: Int, parent: Int, expected: WatchPlace) {
    #expect(WatchPlace(systemdRuns: systemdRuns, pidNamespace: namespace, pid: pid, parent: parent) == expected)
  }
}
