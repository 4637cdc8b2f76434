import Provisioning
import Testing

@Suite("Profiles that cannot be used")
struct ProfileErrorTests {
  static let documents: [(String, [String])] = [
    ("", ["$: the file is empty"]),
    ("# only a comment\n", ["$: the file is empty"]),
    ("- name\n", ["$ (line 1): is a list, must be a mapping"]),
    ("azure\n", ["$ (line 1): is a single value, must be a mapping"]),
    ("name: [\n", ["$ (line 2): not YAML: while parsing a flow node, did not find expected node content"]),
    (
      "name: a\n\tmodules: auto\n",
      ["$ (line 2): not YAML: while scanning a plain scalar, found a tab character that violates indentation"]
    ),
    (
      "name: a\n---\nname: b\n",
      ["$ (line 2): not YAML: expected a single document in the stream, but found another document"]
    ),
    ("name: *x\n", ["$ (line 1): not YAML: found undefined alias"]),
    (
      "nmae: a\n",
      ["$.nmae (line 1): unknown key 'nmae'; known are name, hugepages, modules, interfaces, boot, verification"]
    ),
    ("name:\n", ["$.name (line 1): has no value"]),
    ("name: ~\n", ["$.name (line 1): has no value"]),
    ("name: ''\n", ["$.name (line 1): has no value"]),
    ("name: a\nboot: {}\nname: b\n", ["$.name (line 3): key 'name' stands twice, first in line 1"]),
    (
      "\"name\": a\n? name\n: b\nname: c\n",
      [
        "$.name (line 2): key 'name' stands twice, first in line 1",
        "$.name (line 4): key 'name' stands twice, first in line 1",
      ]
    ),
    ("[a]: b\n", ["$ (line 1): a key must be text"]),
    ("<<: {name: a}\n", unknown("<<")),
    // The key's line, not that of the value.
    ("hugepage:\n  - size: 2M\n", unknown("hugepage")),
  ]

  static func unknown(_ key: String) -> [String] {
    [
      "$.\(key) (line 1): unknown key '\(key)'; known are name, hugepages, modules, interfaces, boot, verification"
    ]
  }

  @Test("A document that is no profile says why", arguments: documents)
  func document(yaml: String, problems: [String]) { check(yaml, problems) }

  static let hugepages: [(String, [String])] = [
    ("2M", ["$.hugepages (line 1): is a single value, must be a list"]),
    ("[2M]", ["$.hugepages[0] (line 1): is a single value, must be a mapping"]),
    (
      "[{}]",
      [
        "$.hugepages[0] (line 1): key 'size' is missing",
        "$.hugepages[0] (line 1): key 'perNode' or 'nodes' is missing",
      ]
    ),
    ("[{size: 4M, perNode: 1}]", ["$.hugepages[0].size (line 1): '4M' is neither 2M nor 1G"]),
    ("[{size: 2048, perNode: 1}]", ["$.hugepages[0].size (line 1): '2048' is neither 2M nor 1G"]),
    (
      "[{size: 2M, pages: 1}]",
      [
        "$.hugepages[0].pages (line 1): unknown key 'pages'; known are size, perNode, nodes, mount",
        "$.hugepages[0] (line 1): key 'perNode' or 'nodes' is missing",
      ]
    ),
    (
      "[{size: 2M, perNode: 1, nodes: {0: 1}}]",
      ["$.hugepages[0] (line 1): has both perNode and nodes; one of them says how many"]
    ),
    (
      "[{size: 2M, perNode: 010}]",
      [
        "$.hugepages[0].perNode (line 1): '010' has a leading zero, which some readers take for octal; write it without"
      ]
    ),
    (
      "[{size: 2M, perNode: 1:30}]", ["$.hugepages[0].perNode (line 1): '1:30' is not a whole number in decimal digits"]
    ),
    (
      "[{size: 2M, perNode: 0x10}]", ["$.hugepages[0].perNode (line 1): '0x10' is not a whole number in decimal digits"]
    ),
    (
      "[{size: 2M, perNode: 1_000}]",
      ["$.hugepages[0].perNode (line 1): '1_000' is not a whole number in decimal digits"]
    ),
    ("[{size: 2M, perNode: 1e3}]", ["$.hugepages[0].perNode (line 1): '1e3' is not a whole number in decimal digits"]),
    ("[{size: 2M, perNode: -1}]", ["$.hugepages[0].perNode (line 1): '-1' is not a whole number in decimal digits"]),
    (
      "[{size: 2M, perNode: 1024.0}]",
      ["$.hugepages[0].perNode (line 1): '1024.0' is not a whole number in decimal digits"]
    ),
    ("[{size: 2M, perNode: yes}]", ["$.hugepages[0].perNode (line 1): 'yes' is not a whole number in decimal digits"]),
    (
      "[{size: 2M, perNode: 16777217}]",
      ["$.hugepages[0].perNode (line 1): 16777217 is out of range; from 0 to 16777216"]
    ),
    (
      "[{size: 2M, perNode: 99999999999999999999}]",
      ["$.hugepages[0].perNode (line 1): 99999999999999999999 is out of range; from 0 to 16777216"]
    ),
    ("[{size: 2M, perNode: [1]}]", ["$.hugepages[0].perNode (line 1): is a list, must be a single value"]),
    ("[{size: 2M, nodes: {}}]", ["$.hugepages[0].nodes (line 1): names no node"]),
    ("[{size: 2M, nodes: {a: 1}}]", ["$.hugepages[0].nodes.a (line 1): 'a' is not a whole number in decimal digits"]),
    ("[{size: 2M, nodes: {1024: 1}}]", ["$.hugepages[0].nodes.1024 (line 1): 1024 is out of range; from 0 to 1023"]),
    ("[{size: 2M, nodes: {0: 1, 0: 2}}]", ["$.hugepages[0].nodes.0 (line 1): key '0' stands twice, first in line 1"]),
    (
      "[{size: 2M, perNode: 1}, {size: 2M, perNode: 2}]",
      ["$.hugepages[1].size (line 1): page size 2M stands twice; one entry a size"]
    ),
    (
      "[{size: 2M, perNode: 1, mount: /m}, {size: 1G, perNode: 2, mount: {path: /m}}]",
      ["$.hugepages[1].mount (line 1): mount path '/m' stands twice; one page size a mount"]
    ),
    ("[{size: 2M, perNode: 1, mount: huge}]", ["$.hugepages[0].mount (line 1): path 'huge' is not absolute"]),
    ("[{size: 2M, perNode: 1, mount: /}]", ["$.hugepages[0].mount (line 1): path '/' is the root of the host"]),
    ("[{size: 2M, perNode: 1, mount: /mnt/}]", notNormalised("/mnt/")),
    ("[{size: 2M, perNode: 1, mount: //mnt}]", notNormalised("//mnt")),
    ("[{size: 2M, perNode: 1, mount: /mnt/../etc}]", notNormalised("/mnt/../etc")),
    ("[{size: 2M, perNode: 1, mount: /mnt/./huge}]", notNormalised("/mnt/./huge")),
    (
      "[{size: 2M, perNode: 1, mount: \"/mnt\\nx\"}]",
      ["$.hugepages[0].mount (line 1): path '/mnt\nx' has a control character"]
    ),
    (
      "[{size: 2M, perNode: 1, mount: {owner: a b, group: 007, mode: 0789}}]",
      [
        "$.hugepages[0].mount (line 1): key 'path' is missing",
        "$.hugepages[0].mount.owner (line 1): 'a b' is not the name of a user or a group",
        "$.hugepages[0].mount.group (line 1): '007' has a leading zero, which some readers take for octal; write it without",
        "$.hugepages[0].mount.mode (line 1): '0789' is not a mode in three or four octal digits such as 0770",
      ]
    ),
    (
      "[{size: 2M, perNode: 1, mount: {path: /m, mode: 0o770}}]",
      ["$.hugepages[0].mount.mode (line 1): '0o770' is not a mode in three or four octal digits such as 0770"]
    ),
  ]

  static func notNormalised(_ path: String) -> [String] {
    [
      "$.hugepages[0].mount (line 1): path '\(path)' is not normalised: no '//', '.', '..', and no '/' at the end"
    ]
  }

  @Test("Huge pages that cannot be meant", arguments: hugepages)
  func hugepageEntry(value: String, problems: [String]) { check("hugepages: \(value)\n", problems) }

  static let others: [(String, [String])] = [
    ("modules: all", ["$.modules (line 1): 'all' is neither auto nor a list of module names"]),
    ("modules: {a: b}", ["$.modules (line 1): is a mapping, must be a list"]),
    (
      "modules: [a/b, vfio-pci, vfio_pci]",
      [
        "$.modules[0] (line 1): 'a/b' is not a module name", "$.modules[2] (line 1): module 'vfio_pci' stands twice",
      ]
    ),
    ("interfaces: {management: none of it}", management("none of it")),
    ("interfaces: {management: interface-number-12}", management("interface-number-12")),
    (
      "interfaces: {management: 00:0d:3a:01:02}",
      [
        "$.interfaces.management (line 1): '00:0d:3a:01:02' is not a MAC address such as 12:34:56:78:9a:bc"
      ]
    ),
    (
      "interfaces: {data: eth1}",
      ["$.interfaces.data (line 1): 'eth1' is neither auto nor none nor a list of MAC addresses"]
    ),
    (
      "interfaces: {data: []}", ["$.interfaces.data (line 1): is empty; write none where there is no data interface"]
    ),
    (
      "interfaces: {management: 02:00:00:00:00:01, data: [02:00:00:00:00:01, 02:00:00:00:00:02, 020000000002, eth1]}",
      [
        "$.interfaces.data[0] (line 1): 02:00:00:00:00:01 is the management interface, which carries no data",
        "$.interfaces.data[2] (line 1): 02:00:00:00:00:02 stands twice",
        "$.interfaces.data[3] (line 1): 'eth1' is not a MAC address such as 12:34:56:78:9a:bc",
      ]
    ),
    (
      "interfaces: {data: [ff:ff:ff:ff:ff:ff, 00:00:00:00:00:00]}",
      [
        "$.interfaces.data[0] (line 1): 'ff:ff:ff:ff:ff:ff' is not the address of one interface",
        "$.interfaces.data[1] (line 1): '00:00:00:00:00:00' is not the address of one interface",
      ]
    ),
    (
      "interfaces: {pmd: mlx5}", ["$.interfaces.pmd (line 1): 'mlx5' is none of auto, failsafe, netvsc, mana, vfio"]
    ),
    ("boot: {arguments: all}", ["$.boot.arguments (line 1): 'all' is none of auto, none"]),
    ("boot: {units: all}", ["$.boot.units (line 1): 'all' is none of auto, none"]),
    ("boot: {isolatedCPUs: '2-'}", cpuList("2-")),
    ("boot: {isolatedCPUs: '1-2-3'}", cpuList("1-2-3")),
    ("boot: {isolatedCPUs: '2,,3'}", cpuList("2,,3")),
    ("boot: {isolatedCPUs: 5-2}", ["$.boot.isolatedCPUs (line 1): range '5-2' runs backwards"]),
    ("boot: {isolatedCPUs: 1-99999999}", ["$.boot.isolatedCPUs (line 1): 99999999 is out of range; from 0 to 8191"]),
    ("boot: {isolatedCPUs: all}", ["$.boot.isolatedCPUs (line 1): 'all' is not a whole number in decimal digits"]),
    ("boot: {isolatedCPUs: [1, 2]}", ["$.boot.isolatedCPUs (line 1): is a list, must be a single value"]),
    (
      "verification: {method: ping}",
      [
        "$.verification.method (line 1): 'ping' is none of auto, forward, tx, rx, reflect, loopback, rfc2544"
      ]
    ),
    ("verification: {duration: 0}", ["$.verification.duration (line 1): 0 is out of range; from 1 to 86400"]),
    (
      "verification: {duration: 10s}",
      ["$.verification.duration (line 1): '10s' is not a whole number in decimal digits"]
    ),
    ("verification: {frameSizes: 64}", ["$.verification.frameSizes (line 1): is a single value, must be a list"]),
    ("verification: {frameSizes: []}", ["$.verification.frameSizes (line 1): is empty; one size at least"]),
    (
      "verification: {frameSizes: [63, 64, 9018, 9019, 64]}",
      [
        "$.verification.frameSizes[0] (line 1): 63 is out of range; from 64 to 9018",
        "$.verification.frameSizes[3] (line 1): 9019 is out of range; from 64 to 9018",
        "$.verification.frameSizes[4] (line 1): frame size 64 stands twice",
      ]
    ),
    ("verification: {minimum: 5}", ["$.verification.minimum (line 1): is a single value, must be a mapping"]),
    ("verification: {minimum: {}}", ["$.verification.minimum (line 1): key 'packetsPerSecond' is missing"]),
    (
      "verification: {minimum: {packetsPerSecond: 0}}",
      [
        "$.verification.minimum.packetsPerSecond (line 1): 0 is out of range; from 1 to 100000000000"
      ]
    ),
    (
      "verification: {peer: 10.0.0.1}",
      ["$.verification.peer (line 1): '10.0.0.1' is neither none nor a mapping with address and mac"]
    ),
    (
      "verification: {peer: {mac: '02:00:00:00:00:01'}}", ["$.verification.peer (line 1): key 'address' is missing"]
    ),
    (
      "verification: {peer: {address: 10.0.0.010, mac: '1'}}",
      [
        "$.verification.peer.address (line 1): '10.0.0.010' is not an IPv4 address",
        "$.verification.peer.mac (line 1): '1' is not a MAC address such as 12:34:56:78:9a:bc",
      ]
    ),
    (
      "verification: {peer: {address: '::1', mac: '02:00:00:00:00:01'}}",
      ["$.verification.peer.address (line 1): '::1' is not an IPv4 address"]
    ),
  ]

  static func management(_ text: String) -> [String] {
    ["$.interfaces.management (line 1): '\(text)' is neither auto nor a MAC address nor an interface name"]
  }

  static func cpuList(_ text: String) -> [String] {
    ["$.boot.isolatedCPUs (line 1): '\(text)' is neither none nor a CPU list such as 2-5,7"]
  }

  @Test("Other sections that cannot be meant", arguments: others)
  func other(yaml: String, problems: [String]) { check(yaml, problems) }

  @Test("All problems of a file come at once, each with its line, and the error names the file")
  func allAtOnce() {
    let yaml = """
      name: broken
      hugepages:
        - size: 2M
          pages: 010
          size: 1G
        - size: 3M
          perNode: 1:30
      modules: auto
      boot:
        arguments: maybe
      modules: []
      """
    let problems = [
      "$.modules (line 11): key 'modules' stands twice, first in line 8",
      "$.hugepages[0].size (line 5): key 'size' stands twice, first in line 3",
      "$.hugepages[0].pages (line 4): unknown key 'pages'; known are size, perNode, nodes, mount",
      "$.hugepages[0] (line 3): key 'perNode' or 'nodes' is missing",
      "$.hugepages[1].size (line 6): '3M' is neither 2M nor 1G",
      "$.hugepages[1].perNode (line 7): '1:30' is not a whole number in decimal digits",
      "$.boot.arguments (line 10): 'maybe' is none of auto, none",
    ]
    check(yaml, problems)
    let error = ProfileError(source: "broken.yml", problems: problems)
    #expect(error.description.hasPrefix("'broken.yml' cannot be used:\n  $.modules (line 11): key"))
    #expect(error.description.split(separator: "\n").count == problems.count + 1)
  }

  @Test("A file with more keys twice than anyone reads is refused, and soon")
  func manyTwice() {
    check(String(repeating: "name: a\n", count: 300), ["$: too many keys stand twice"])
  }

  func check(_ yaml: String, _ problems: [String]) {
    let error = #expect(throws: ProfileError.self) { try Profile(yaml: yaml, source: "p.yml") }
    #expect(error?.source == "p.yml")
    #expect(error?.problems == problems)
  }
}
