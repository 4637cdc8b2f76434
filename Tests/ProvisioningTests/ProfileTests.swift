import Provisioning
import Testing

@Suite("Profiles")
struct ProfileTests {
  static let names = ["azure", "azure-mana", "azure-netvsc", "image", "virtual"]

  @Test("Every shipped profile is known here, and has its file's name")
  func shipped() throws {
    #expect(try ShippedFile.profiles() == Self.names)
    for name in Self.names {
      #expect(try Profile(yaml: ShippedFile.text(name), source: "\(name).yml").name == name)
    }
  }

  @Test("virtual asks for no NIC and is met by any machine")
  func virtual() throws {
    #expect(
      try Profile(yaml: ShippedFile.text("virtual"), source: "v")
        == Profile(
          name: "virtual",
          hugepages: [.init(size: .twoMegabytes, amount: .perNode(256), mount: .init(path: "/mnt/huge"))],
          interfaces: .init(data: .none, pmd: .failsafe), boot: .init(units: .none),
          verification: .init(method: .loopback, duration: 5, minimum: .init(packetsPerSecond: 1_000_000))))
  }

  @Test("azure is the set-up of Microsoft's page", arguments: ["azure", "azure-netvsc", "azure-mana"])
  func azure(name: String) throws {
    let pmd: [String: Profile.Interfaces.PMD] = ["azure": .failsafe, "azure-netvsc": .netvsc, "azure-mana": .mana]
    #expect(
      try Profile(yaml: ShippedFile.text(name), source: "a")
        == Profile(
          name: name,
          hugepages: [.init(size: .twoMegabytes, amount: .perNode(1024), mount: .init(path: "/mnt/huge"))],
          modules: .auto, interfaces: .init(pmd: try #require(pmd[name])), boot: .init(arguments: .auto),
          verification: .init(minimum: .init(packetsPerSecond: 1_200_000))))
  }

  @Test("Everything that a profile can say is read")
  func everything() throws {
    let yaml = """
      name: full
      hugepages:
        - size: 2M
          nodes: {0: 1024, 1: 512}
          mount: {path: /mnt/huge, owner: root, group: dpdk, mode: 0770}
        - {size: 1G, perNode: "4", mount: /mnt/huge-1G}
      modules: [ib_uverbs, vfio-pci]
      interfaces:
        management: 00:0d:3a:01:02:03
        data: [00-0D-3A-01-02-04, 000d3a010205]
        pmd: vfio
      boot: {arguments: auto, units: none, isolatedCPUs: "2-4,7"}
      verification:
        method: rfc2544
        peer: {address: 10.0.1.5, mac: "12:34:56:78:9a:bc"}
        duration: 60
        frameSizes: [64, 9018]
        minimum: {packetsPerSecond: 5}
      """
    let mac = { (text: String) in try #require(MACAddress(text)) }
    let expected = try Profile(
      name: "full",
      hugepages: [
        .init(
          size: .twoMegabytes, amount: .nodes([0: 1024, 1: 512]),
          mount: .init(path: "/mnt/huge", owner: .name("root"), group: .name("dpdk"), mode: 0o770)),
        .init(size: .oneGigabyte, amount: .perNode(4), mount: .init(path: "/mnt/huge-1G")),
      ],
      modules: .listed(["ib_uverbs", "vfio_pci"]),
      interfaces: .init(
        management: .mac(mac("00:0d:3a:01:02:03")),
        data: .listed([mac("00:0d:3a:01:02:04"), mac("00:0d:3a:01:02:05")]), pmd: .vfio),
      boot: .init(arguments: .auto, units: .none, isolatedCPUs: [2, 3, 4, 7]),
      verification: .init(
        method: .rfc2544, peer: .init(address: "10.0.1.5", mac: mac("12:34:56:78:9a:bc")), duration: 60,
        frameSizes: [64, 9018], minimum: .init(packetsPerSecond: 5)))
    #expect(try Profile(yaml: yaml, source: "f") == expected)
  }

  @Test(
    "What is absent has its default", arguments: ["{}", "name: p", "boot: {}", "verification: {}", "interfaces: {}"])
  func defaults(yaml: String) throws {
    #expect(
      try Profile(yaml: yaml, source: "p")
        == Profile(
          name: "p", hugepages: [], modules: .listed([]), interfaces: .init(management: .auto, data: .auto, pmd: .auto),
          boot: .init(arguments: .none, units: .auto, isolatedCPUs: []),
          verification: .init(method: .auto, peer: nil, duration: 10, frameSizes: [64], minimum: nil)))
  }

  @Test("A host with a NETVSC or Azure's DMI gets azure, every other one virtual")
  func defaultName() {
    let device = { (driver: String?, bus: String?) in
      HostFacts(devices: [NetworkDevice(name: "eth0", index: 2, driver: driver, bus: bus)])
    }
    #expect(defaultProfileName(on: HostFacts()) == "virtual")
    #expect(defaultProfileName(on: device("virtio_net", "virtio")) == "virtual")
    #expect(defaultProfileName(on: device("hv_netvsc", "vmbus")) == "azure")
    #expect(defaultProfileName(on: device("hv_netvsc", nil)) == "azure")
    #expect(defaultProfileName(on: device("uio_hv_generic", "vmbus")) == "azure")
    let tag = Platform(vendor: "Microsoft Corporation", chassisAssetTag: "7783-7084-3265-9085-8269-3286-77")
    #expect(defaultProfileName(on: HostFacts(platform: tag)) == "azure")
    #expect(defaultProfileName(on: HostFacts(platform: Platform(vendor: "Microsoft Corporation"))) == "virtual")
  }

  @Test("Modules come from the NICs that are there, the PMD and the distribution")
  func modules() {
    let wanted = { (profile: Profile, ids: [String], sles: String?) in
      wantedModules(
        profile,
        on: HostFacts(
          distribution: sles.map { Distribution(id: "sles", release: $0) },
          devices: ids.map { NetworkDevice(name: "x", index: 1, pciID: $0) }))
    }
    let auto = Profile(name: "a", modules: .auto)
    let connectX3 = ["mlx4_core", "mlx4_en", "mlx4_ib", "ib_uverbs"]
    let connectX5 = ["mlx5_core", "mlx5_ib", "ib_uverbs"]
    #expect(wanted(auto, [], nil) == ["ib_uverbs"])
    #expect(wanted(auto, ["15b3:1004", "15b3:1004"], nil) == connectX3)
    #expect(wanted(auto, ["15b3:1003"], nil) == connectX3)
    for id in ["15b3:1014", "15b3:1016", "15b3:1018", "15b3:101a"] {
      #expect(wanted(auto, [id], nil) == connectX5)
    }
    #expect(wanted(auto, ["1414:00ba", "15b3:1016"], nil) == connectX5 + ["mana", "mana_ib"])
    #expect(wanted(auto, ["8086:10fb"], nil) == ["ib_uverbs"])
    #expect(wanted(auto, ["15b3:1016"], "15.1") == connectX5 + ["mlx4_ib"])
    #expect(wanted(auto, ["15b3:1004"], "15.1") == connectX3)
    #expect(wanted(auto, [], "12.5") == ["ib_uverbs"])
    var netvsc = auto
    netvsc.interfaces.pmd = .netvsc
    #expect(wanted(netvsc, ["15b3:1004"], nil) == connectX3 + ["uio", "uio_hv_generic"])
    var failsafe = auto
    failsafe.interfaces.pmd = .failsafe
    #expect(
      wanted(failsafe, ["15b3:1016"], nil)
        == connectX5 + ["tun", "sch_multiq", "sch_ingress", "cls_flower", "act_mirred"])
    var vfio = auto
    vfio.interfaces.pmd = .vfio
    #expect(wanted(vfio, [], nil) == ["vfio_pci"])
    var plain = auto
    plain.interfaces = .init(data: .auto, pmd: .auto)
    let nic = NetworkDevice(
      name: "eth1", index: 2, mac: "52:54:00:00:01:01", driver: "e1000e", bus: "pci", busAddress: "0000:00:07.0",
      pciID: "8086:10d3")
    var facts = HostFacts(devices: [NetworkDevice(name: "eth0", index: 1, bus: "virtio"), nic])
    facts.routing.defaultRoutes = [DefaultRoute(.ipv4, interface: "eth0")]
    facts.kernel.running = "6.1.0-56-amd64"
    #expect(wantedModules(plain, on: facts) == ["vfio_pci"], "no verbs beneath a NIC that vfio-pci has")
    var none = auto
    none.interfaces.data = .none
    #expect(wanted(none, ["15b3:1004"], nil) == [])
    #expect(wanted(Profile(name: "l", modules: .listed(["b", "a"])), ["15b3:1004"], "15.1") == ["b", "a"])
  }

  @Test(
    "The scope has every module that could be wanted, the mount points with their ancestors, accounts and files of ours"
  )
  func scope() {
    let profile = Profile(
      name: "p",
      hugepages: [
        .init(
          size: .twoMegabytes, amount: .perNode(1),
          mount: .init(path: "/mnt/huge", owner: .name("dpdk"), group: .name("dpdk"))),
        .init(
          size: .oneGigabyte, amount: .perNode(1),
          mount: .init(path: "/mnt/big/1G", owner: .id(7), group: .name("dpdk"))),
      ], modules: .auto)
    #expect(
      gatherScope(for: profile)
        == GatherScope(
          modules: [
            "mlx4_core", "mlx4_en", "mlx4_ib", "ib_uverbs", "mlx5_core", "mlx5_ib", "mana", "mana_ib", "tun",
            "sch_multiq", "sch_ingress", "cls_flower", "act_mirred", "uio", "uio_hv_generic", "vfio_pci",
          ],
          paths: ["/", "/mnt", "/mnt/huge", "/mnt/big", "/mnt/big/1G"], users: ["dpdk"], groups: ["dpdk"],
          files: lastingPaths(for: profile)))
    let list = Profile(name: "l", modules: .listed(["x"]))
    #expect(gatherScope(for: list) == GatherScope(modules: ["x"], files: lastingPaths(for: list)))
  }

  @Test("An account is a number, or a name that exists")
  func accounts() {
    #expect(Profile.Account.id(7).id(in: [:]) == 7)
    #expect(Profile.Account.name("dpdk").id(in: ["dpdk": 1002]) == 1002)
    #expect(Profile.Account.name("nobody").id(in: ["dpdk": 1002]) == nil)
  }

  @Test("A MAC address is read in three spellings and printed in one")
  func macAddresses() throws {
    for text in ["00:0D:3a:ff:02:0a", "00-0d-3A-FF-02-0A", "000D3AFF020A"] {
      #expect(try #require(MACAddress(text)).description == "00:0d:3a:ff:02:0a")
    }
    let bad = [
      "", ":", "00:0d:3a:ff:02", "00:0d:3a:ff:02:0a:0b", "00:0d-3a:ff:02:0a", "0:0d:3a:ff:02:0a", "00:0d:3a:ff:02:0g",
      "000d:3aff:020a", "00:0d:3a:ff:02:0a ", "００0d3aff020a", "+00d3aff020a",
    ]
    for text in bad { #expect(MACAddress(text) == nil) }
    #expect(try #require(MACAddress("01:00:5e:00:00:01")).isMulticast)
  }
}
