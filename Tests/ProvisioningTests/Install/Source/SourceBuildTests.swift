import Provisioning
import Testing

/// The commands of each release, word by word. 18.11, 19.11, 20.11 and 23.11 were never run here.
@Suite("The commands that build DPDK from source")
struct SourceBuildTests {
  static func commands(
    _ version: String, options: Set<String> = [], drivers: Set<String> = [], targets: Set<String> = [],
    machine: String = "x86_64", tarball: String? = "/d/dpdk.tar.xz", destination: String = "", isLimited: Bool = true
  ) throws -> [String] {
    let release = try #require(DottedNumber(version.prefix(5)))
    let tree = SourceTree(
      version: version, release: release, mesonOptions: options, drivers: drivers, makeTargets: targets)
    let paths = SourcePaths(tarball: tarball, source: "/w/tree/dpdk", work: "/w", destination: destination)
    return SourceBuild(
      tree, paths, machine: machine, jobs: 3, drivers: isLimited ? SourceDrivers.asked(of: release) : nil
    ).steps.map { $0.command.joined(separator: " ") }
  }

  private static let unpack = "/bin/tar --extract --file /d/dpdk.tar.xz --directory /w/tree --no-same-owner"
  private static let setup =
    "/usr/bin/meson setup /w/build /w/tree/dpdk --prefix /usr/local --buildtype release --default-library shared"
  private static let afterSetup = [
    "/usr/bin/ninja -C /w/build -j 3", "/usr/bin/env DESTDIR=/w/stage /usr/bin/ninja -C /w/build install",
    "/usr/bin/env DESTDIR= /usr/bin/ninja -C /w/build install", "/sbin/ldconfig",
  ]
  /// Those that decide; the others of each release are not asked for.
  private static let newOptions: Set<String> = [
    "disable_apps", "disable_drivers", "enable_apps", "enable_drivers", "enable_kmods", "machine", "platform", "tests",
  ]
  private static let virtualDrivers =
    "net/memif,net/mlx4,net/mlx5,net/netvsc,net/null,net/ring,net/tap,net/vdev_netvsc"

  @Test("22.11 and 23.11: for every machine, with the drivers that are wanted", arguments: ["22.11.11", "23.11.4"])
  func platform(version: String) throws {
    #expect(
      try Self.commands(version, options: Self.newOptions)
        == [
          Self.unpack,
          "\(Self.setup) -Dplatform=generic -Denable_drivers=bus/auxiliary,bus/pci,bus/vdev,bus/vmbus,common/mlx5,"
            + "mempool/ring,net/af_packet,net/failsafe,net/mana,\(Self.virtualDrivers) -Denable_apps=test-pmd "
            + "-Denable_kmods=false -Dtests=false",
        ] + Self.afterSetup)
  }

  @Test("20.11: the machine by its former name, and the drivers that are not wanted")
  func machine() throws {
    let drivers = Set(SourceDrivers.asked(of: try #require(DottedNumber("20.11"))))
    #expect(
      try Self.commands(
        "20.11.10", options: ["disable_drivers", "enable_kmods", "machine", "tests"],
        drivers: drivers.union(["net/ixgbe", "crypto/null", "net/virtio"]))
        == [
          Self.unpack,
          "\(Self.setup) -Dmachine=default -Ddisable_drivers=crypto/null,net/ixgbe,net/virtio -Denable_kmods=false "
            + "-Dtests=false",
        ] + Self.afterSetup)
  }

  private static let edits =
    #"s/^CONFIG_RTE_MACHINE=.*/CONFIG_RTE_MACHINE="default"/;"#
    + [
      "BUILD_SHARED_LIB", "LIBRTE_MLX4_PMD", "LIBRTE_MLX5_PMD", "LIBRTE_VMBUS", "LIBRTE_NETVSC_PMD",
      "LIBRTE_VDEV_NETVSC_PMD", "LIBRTE_PMD_FAILSAFE", "LIBRTE_PMD_TAP", "LIBRTE_PMD_AF_PACKET", "LIBRTE_PMD_MEMIF",
      "LIBRTE_PMD_NULL", "LIBRTE_PMD_RING",
    ].map { "s/^CONFIG_RTE_\($0)=.*/CONFIG_RTE_\($0)=y/" }.joined(separator: ";")
    + ";s/^CONFIG_RTE_EAL_IGB_UIO=.*/CONFIG_RTE_EAL_IGB_UIO=n/;s/^CONFIG_RTE_KNI_KMOD=.*/CONFIG_RTE_KNI_KMOD=n/"

  @Test(
    "18.11 and 19.11: by make, with the Mellanox PMDs switched on",
    arguments: [
      ("18.11.11", ["x86_64-native-linuxapp-gcc"], "x86_64-native-linuxapp-gcc"),
      ("19.11.14", ["x86_64-native-linuxapp-gcc", "x86_64-native-linux-gcc"], "x86_64-native-linux-gcc"),
    ])
  func make(version: String, targets: [String], target: String) throws {
    #expect(
      try Self.commands(version, targets: Set(targets), destination: "/srv/out") == [
        Self.unpack, "/usr/bin/make -C /w/tree/dpdk O=/w/build config T=\(target)",
        "/bin/sed -i -E \(Self.edits) /w/build/.config", "/usr/bin/make -C /w/tree/dpdk O=/w/build -j 3",
        "/usr/bin/make -C /w/tree/dpdk O=/w/build install DESTDIR=/w/stage prefix=/usr/local",
        "/usr/bin/make -C /w/tree/dpdk O=/w/build install DESTDIR=/srv/out prefix=/usr/local",
      ])
  }

  @Test("on Arm the target of make is another, and no machine is to be made general")
  func arm() throws {
    let commands = try Self.commands("19.11.14", targets: ["arm64-armv8a-linux-gcc"], machine: "aarch64", tarball: nil)
    #expect(commands[0].hasSuffix("config T=arm64-armv8a-linux-gcc"))
    #expect(!commands[1].contains("RTE_MACHINE"))
  }

  @Test("into a directory of its own, the loader of this host is told nothing")
  func destination() throws {
    let commands = try Self.commands("22.11.11", options: Self.newOptions, tarball: nil, destination: "/srv/out")
    #expect(commands.last == "/usr/bin/env DESTDIR=/srv/out /usr/bin/ninja -C /w/build install")
    #expect(commands.first?.hasPrefix("/usr/bin/meson setup") ?? false)
  }

  @Test("where any NIC can be meant, every driver is built")
  func unlimited() throws {
    let commands = try Self.commands("22.11.11", options: Self.newOptions, tarball: nil, isLimited: false)
    #expect(!commands[0].contains("drivers"))
  }

  @Test(
    "as many jobs as there are cores, and memory for",
    arguments: [(8, 64 << 20, 8), (8, 4 << 20, 2), (2, 1 << 20, 1), (4, nil, 1), (0, 64 << 20, 1)]
      as [(Int, UInt64?, Int)])
  func jobs(cores: Int, kilobytes: UInt64?, expected: Int) {
    #expect(SourceBuild.jobs(cores: cores, availableKilobytes: kilobytes) == expected)
  }

  @Test("a tool that is not there is named, with what brings it; ninja has two names")
  func tools() throws {
    let tree = SourceTree(version: "22.11.11", release: try #require(DottedNumber("22.11")))
    let all: Set<String> = ["tar", "meson", "ninja-build", "pkgconf", "clang"]
    let found = SourceTools.found(for: tree, isPacked: true) { all.contains($0) ? "/b/\($0)" : nil }
    #expect(found.finding == nil)
    #expect(found.tools.ninja == "/b/ninja-build")
    let none = SourceTools.found(for: tree, isPacked: true) { _ in nil }
    #expect(none.finding?.id == "source.toolMissing")
    #expect(none.finding?.subject == "tar, meson, ninja, pkg-config, gcc")
    #expect(none.finding?.remedy.contains("install --build-packages") ?? false)
    let old = SourceTree(version: "19.11", release: try #require(DottedNumber("19.11")))
    #expect(SourceTools.found(for: old, isPacked: false) { _ in nil }.finding?.subject == "make, gcc")
  }
}
