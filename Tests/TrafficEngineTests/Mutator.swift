@testable import packet_relay

/// Makes wrong requests and option lists of right ones; a seed repeats them all.
struct Mutator: RandomNumberGenerator {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(state: seed) }

  mutating func next() -> UInt64 { random.next() }

  private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &self) }

  private mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

  // MARK: Requests

  /// A request with one to three faults, or what is left of its text.
  mutating func request() -> (bytes: [UInt8], keys: Set<String>) {
    var value = pick(Self.requests)
    for _ in 0..<1 + below(3) {
      let place = below(value.count)
      let (shape, other) = (below(9), junk())
      let (key, index) = (word(), below(1_000))
      value = value.changed(at: place) { Self.fault($0, shape, other, key, index) }
    }
    let text = value.text
    guard below(5) == 0 else { return (Array(text.utf8), value.keys) }
    return (broken(Array(text.utf8)), value.keys)
  }

  private static func fault(_ value: JSONText, _ shape: Int, _ other: JSONText, _ key: String, _ at: Int) -> JSONText {
    switch (value, shape) {
    case (.object(var members), 0) where !members.isEmpty:
      members.remove(at: at % members.count)
      return .object(members)
    case (.object(var members), 1) where !members.isEmpty:
      members.append((members[at % members.count].key, other))
      return .object(members)
    case (.object(var members), 2) where !members.isEmpty:
      members[at % members.count].key = key
      return .object(members)
    case (.object(var members), 3):
      members.append((key, other))
      return .object(members)
    case (.object(let members), 4): return .array(members.map(\.value))
    case (.array(let values), 4): return .object(values.map { (key, $0) })
    case (.array(let values), 0): return .array(Array(values.dropFirst()))
    case (.array(let values), 1): return .array(values + [other] + values)
    case (.array, 2): return .array([])
    case (_, 5): return .array([value])
    case (_, 6): return .object([(key, value)])
    default: return other
    }
  }

  /// A value that hardly any field has.
  private mutating func junk() -> JSONText {
    switch below(10) {
    case 0...4: .raw(pick(Self.numbers))
    case 5, 6: .string(word())
    case 7: .array((0..<below(4)).map { _ in .raw(pick(Self.numbers)) })
    case 8: .object([(word(), .raw(pick(Self.numbers)))])
    default: .raw(nested(pick([3, 100, 600, 5_000])))
    }
  }

  private func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
  }

  private mutating func word() -> String {
    switch below(8) {
    case 0: String(repeating: pick(["a", "é", "9", "-"]), count: pick([1, 300, 5_000]))
    case 1: String((0..<below(12)).map { _ in Character(Unicode.Scalar(UInt8(32 + below(95)))) })
    default: pick(Self.words)
    }
  }

  /// What is no text any more, or no whole one.
  private mutating func broken(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    switch below(4) {
    case 0: bytes.removeLast(1 + below(bytes.count))
    case 1: bytes.insert(pick([0x80, 0xff, 0xc3, 0xed, 0x00, 0x22, 0x5c]), at: below(bytes.count))
    case 2: bytes[below(bytes.count)] ^= UInt8(1 << below(8))
    default:
      let start = below(bytes.count)
      bytes.removeSubrange(start..<min(bytes.count, start + 1 + below(20)))
    }
    return bytes
  }

  // MARK: Options

  /// The arguments of a command with one to three faults; none has a zero byte, which no program can be handed.
  mutating func options() -> [String] {
    var words = pick(Self.optionLists)
    for _ in 0..<1 + below(3) {
      let place = below(words.count)
      switch below(8) {
      case 0 where words.count > 1: words.remove(at: place)
      case 1: words.insert(words[place], at: below(words.count))
      case 2: words.swapAt(place, below(words.count))
      case 3: words[place] = String(word().prefix(300))
      case 4: words[place] = pick(Self.numbers)
      case 5: words.insert(pick(Self.optionNames), at: place)
      case 6: words[place] += pick(["=", "=1", "x", "\u{301}", " "])
      default: words.insert(String(word().prefix(300)), at: place)
      }
    }
    return words.map { $0.filter { $0 != "\0" } }
  }

  private static let numbers = [
    "0", "-1", "1", "2", "64", "1e308", "-1e308", "1e400", "9223372036854775807", "9223372036854775808",
    "-9223372036854775809", "18446744073709551615", "18446744073709551616", "99999999999999999999999999", "NaN",
    "Infinity", "-0", "0.5", "1e-320", "4095", "65536", "1e9", "1e10", "null", "true", "false", "01", "+1", ".5",
    "0x10",
  ]

  private static let words = [
    "", " ", "max", "0", "-1", "fast", "1e999pps", "0bps", "nanpps", "1e-300pps", "tx", "rfc2544", "imix", "\0", "a\0b",
    "\n",
    "\u{202e}", "🦆", "e\u{301}", "ﬁ", "../../etc/passwd", "%s%n", "02:00:00:00:00:01", "198.18.0.1", "2001:2::1", "--",
    "-",
    "--help=", "net_null0", "net_null0,size=", "\u{feff}", "Burst", "burts", "virtual_devices", "mebibytes",
  ]

  private static let optionNames = [
    "--burst", "--queues", "--vdev", "--duration", "--warm-up", "--stats-period", "--no-huge", "--in-memory",
    "--huge-dir",
    "--lcores", "--file-prefix", "--eal", "--format", "--rss", "--capture", "--capture-packets", "--no-telemetry",
    "--rate",
    "--frame-size", "--flows", "--source-mac", "--source-address", "--destination-port", "--forwarding", "--send-first",
    "--brust", "-x", "--",
  ]

  private static func numbers(_ names: String..., value: String) -> [(key: String, value: JSONText)] {
    names.map { ($0, .raw(value)) }
  }

  /// Right requests that together have every key that there is.
  private static let requests: [JSONText] = [
    .object([
      ("mode", .string("rx")), ("virtualDevices", .array([.string("net_null0")])), ("duration", .raw("0.1")),
      ("memory", .object([("ordinaryPages", .object([("mebibytes", .raw("64"))]))])),
    ]),
    .object(
      [
        ("mode", .string("loopback")), ("lcores", .string("0-1")), ("rate", .string("1Mpps")),
        ("virtualDevices", .array([.string("net_ring0"), .string("net_ring1")])),
        ("allowedDevices", .array([.string("00:02.0")])), ("frameSizes", .array([.raw("64"), .raw("1518")])),
        (
          "endpoints",
          .object([
            ("sourceMAC", .string("02:00:00:00:00:01")), ("destinationMAC", .string("02:00:00:00:00:02")),
            ("sourceAddress", .string("198.18.0.1")), ("destinationAddress", .string("198.18.0.2")),
            ("sourceAddresses", .raw("16")), ("destinationAddresses", .raw("4")), ("sourcePort", .raw("1000")),
            ("destinationPort", .raw("2000")), ("destinationPorts", .raw("8")),
          ])
        ),
        ("portEndpoints", .object([("02:00:00:00:00:01", .object([("sourceAddress", .string("10.0.0.1"))]))])),
        ("usedPorts", .array([.string("02:00:00:00:00:01")])), ("packets", .raw("1000")), ("vlan", .raw("7")),
        ("hashes", .array([.string("ip"), .string("udp")])), ("telemetry", .raw("false")),
        ("filePrefix", .string("p")), ("ealArguments", .array([.string("--iova-mode=va")])),
        ("memory", .object([("hugetlbfs", .object([("directory", .string("/dev/hugepages"))]))])),
      ] + numbers("queues", value: "2") + numbers("burst", "flows", value: "32")),
    .object(
      [
        ("mode", .string("rfc2544")), ("virtualDevices", .array([.string("net_ring0")])),
        (
          "benchmark",
          .object([
            ("tests", .array([.string("throughput"), .string("backToBack")])), ("resolution", .raw("0.01")),
            ("allowedLoss", .raw("0")), ("trials", .raw("20")),
          ])
        ),
        ("capture", .object([("path", .string("/dev/null")), ("packets", .raw("10"))])),
        ("memory", .object([("anonymousHugepages", .object([]))])),
      ] + numbers("warmUp", "statisticsPeriod", "duration", value: "1")),
    .object([
      ("mode", .string("forward")), ("forwarding", .string("mac")), ("sendFirst", .raw("2")), ("duration", .raw("3")),
      ("virtualDevices", .array([.string("net_failsafe0,dev(net_null0)")])),
      ("drill", .object([("kind", .string("revoke")), ("after", .raw("1"))])),
    ]),
  ]

  private static let optionLists: [[String]] = [
    ["rx", "--vdev", "net_null0", "--no-huge", "64", "--duration", "1", "--format", "json"],
    [
      "tx", "--vdev", "net_null0", "--frame-size", "imix", "--flows", "16", "--rate", "1Mpps", "--source-mac",
      "02:00:00:00:00:01", "--source-address", "10.0.0.1", "--destination-port", "53", "--warm-up", "0",
    ],
    [
      "loopback", "--vdev", "net_ring0", "--queues", "2", "--rss", "ip,udp", "--lcores", "0-2", "--burst", "64",
      "--capture",
      "/dev/null", "--capture-packets", "10", "--no-telemetry", "--file-prefix", "p", "--eal=--iova-mode=va",
    ],
    [
      "forward", "--allow", "00:02.0", "--forwarding", "io", "--send-first", "4", "--stats-period", "0", "--huge-dir",
      "/dev/hugepages",
    ],
    ["rx", "--in-memory", "--vdev", "net_null0", "--vdev", "net_null1", "--duration", "0.5"],
  ]
}
