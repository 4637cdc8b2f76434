import Provisioning
import Testing

@Suite("A tree of DPDK's source")
struct SourceTreeTests {
  static let mesonFiles: Set<String> = [
    "VERSION", "meson.build", "config/meson.build", "lib/meson.build", "drivers/meson.build", "meson_options.txt",
    "drivers/net/mlx5/meson.build", "drivers/net/meson.build", "drivers/bus/vmbus/meson.build",
    "drivers/net/mlx5/linux/meson.build",
  ]
  static let options = """
    # sorted
    option('enable_drivers', type: 'string', value: '', description:
           'Comma-separated')
    option('tests', type: 'boolean', value: true)
    """
  static let makeFiles: Set<String> = [
    "GNUmakefile", "mk/rte.sdkinstall.mk", "config/common_base", "config/defconfig_x86_64-native-linuxapp-gcc",
    "drivers/net/mlx5/Makefile",
  ]

  @Test("is read by what it has: release, options, drivers")
  func meson() throws {
    let tree = try SourceTree.read(
      "dpdk", paths: Self.mesonFiles, texts: ["VERSION": "22.11.11\n", "meson_options.txt": Self.options])
    #expect(tree.version == "22.11.11")
    #expect(tree.release == DottedNumber("22.11"))
    #expect(tree.isBuiltByMeson)
    #expect(tree.mesonOptions == ["enable_drivers", "tests"])
    #expect(tree.drivers == ["net/mlx5", "bus/vmbus"])
  }

  @Test(
    "in an archive is what lies below its one directory",
    arguments: [
      ("dpdk-22.11/\ndpdk-22.11/VERSION\ndpdk-22.11/lib/\n", "dpdk-22.11", ["VERSION"]),
      ("./\n./VERSION\n./lib/meson.build\n", ".", ["VERSION", "lib/meson.build"]), ("VERSION\n", "VERSION", []),
    ])
  func listing(text: String, top: String, paths: [String]) throws {
    let found = try SourceTree.entries(of: "x", listing: text)
    #expect(found.top == top)
    #expect(found.paths == Set(paths))
  }

  @Test(
    "in an archive that has more at its top, or a name that would mean something else to tar, is refused",
    arguments: [
      "", "a/VERSION\nb/VERSION\n", "a/x\nREADME\n", "-e/VERSION\n", "--to-command=id/VERSION\n", "../VERSION\n",
      "/VERSION\n",
    ])
  func listingRefused(text: String) {
    let error = #expect(throws: SourceRefusal.self) { try SourceTree.entries(of: "x", listing: text) }
    #expect(error?.finding.id == "source.notDPDK")
    #expect(error?.finding.message.contains("at its top") ?? false)
  }

  @Test("of 18.11 has its version in a header alone, and is built by make")
  func header() throws {
    let header = """
      #define RTE_VER_PREFIX "DPDK"
      #define RTE_VER_YEAR 18
      #define RTE_VER_MONTH 11
      #define RTE_VER_MINOR 2
      #define RTE_VERSION_NUM(a,b,c,d) ((a) << 24 | (b) << 16 | (c) << 8 | (d))
      """
    let tree = try SourceTree.read(
      "dpdk", paths: Self.makeFiles, texts: ["lib/librte_eal/common/include/rte_version.h": header])
    #expect(tree.version == "18.11.2")
    #expect(!tree.isBuiltByMeson)
    #expect(tree.makeTargets == ["x86_64-native-linuxapp-gcc"])
    #expect(tree.drivers == ["net/mlx5"])
  }

  @Test(
    "is built by make up to 20.08, and by meson from then on",
    arguments: [("19.11.14", false), ("20.08.0", false), ("20.11.10", true), ("24.11.0-rc3", true)])
  func builder(version: String, byMeson: Bool) throws {
    let tree = try SourceTree.read(
      "dpdk", paths: Self.mesonFiles.union(Self.makeFiles),
      texts: ["VERSION": version, "meson_options.txt": Self.options])
    #expect(tree.isBuiltByMeson == byMeson)
  }

  @Test(
    "that is none, or too old, is refused with the reason",
    arguments: [
      ("18.08.1", "dpdk.tooOld", "requires 18.11, is 18.08.1"), ("17.11", "dpdk.tooOld", "is 17.11"),
      ("1.2.3", "source.notDPDK", "'1.2.3'"), ("6.1", "source.notDPDK", "'6.1'"), ("22.13.0", "source.notDPDK", ""),
      ("", "source.notDPDK", ""), ("hello", "source.notDPDK", "'hello'"), ("22", "source.notDPDK", ""),
      ("22.11.1.2.3", "source.notDPDK", ""), ("-rc1", "source.notDPDK", ""),
    ])
  func refused(version: String, id: String, reason: String) {
    let error = #expect(throws: SourceRefusal.self) {
      try SourceTree.read("x", paths: Self.mesonFiles, texts: ["VERSION": version, "meson_options.txt": Self.options])
    }
    #expect(error?.finding.id == id)
    #expect(error?.finding.severity == .blocker)
    #expect(error?.finding.message.contains(reason) ?? false)
  }

  @Test(
    "that was cut short is told from one of something else",
    arguments: [
      (["VERSION", "drivers/meson.build"], "source.incomplete", "'VERSION'"),
      (["meson.build"], "source.incomplete", "'meson.build'"),
      (["config/meson.build", "lib/meson.build"], "source.incomplete", "'config/meson.build', 'lib/meson.build'"),
      (["meson_options.txt"], "source.incomplete", "'meson_options.txt'"),
    ])
  func cutShort(lacking: [String], id: String, named: String) {
    var texts = ["VERSION": "22.11.11", "meson_options.txt": Self.options]
    for path in lacking { texts[path] = nil }
    let paths = Self.mesonFiles.subtracting(lacking).union(["ABI_VERSION"])
    let error = #expect(throws: SourceRefusal.self) { try SourceTree.read("x", paths: paths, texts: texts) }
    #expect(error?.finding.id == id)
    #expect(error?.finding.message.contains("it is without \(named)") ?? false)
  }

  @Test("of make that was cut short is refused, too")
  func cutShortMake() {
    let error = #expect(throws: SourceRefusal.self) {
      try SourceTree.read("x", paths: ["GNUmakefile", "config/common_base"], texts: ["VERSION": "19.11.14"])
    }
    #expect(error?.finding.message.contains("'mk/rte.sdkinstall.mk'") ?? false)
  }

  @Test("of another project, that is built by meson as well, is no tree of DPDK")
  func foreign() {
    let error = #expect(throws: SourceRefusal.self) {
      try SourceTree.read("x", paths: ["meson.build", "meson_options.txt", "src/main.c"], texts: [:])
    }
    #expect(error?.finding.id == "source.notDPDK")
  }
}
