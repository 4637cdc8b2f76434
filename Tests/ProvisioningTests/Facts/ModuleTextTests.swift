import Provisioning
import Testing

@Suite("Module indexes and modprobe.d")
struct ModuleTextTests {
  @Test("an index names compressed files, and what is built in")
  func index() {
    let index = ModuleIndex(
      dependencies: """
        kernel/drivers/infiniband/hw/mlx5/mlx5_ib.ko.xz: kernel/drivers/infiniband/core/ib_uverbs.ko.xz
        kernel/drivers/uio/uio-hv-generic.ko.zst:
        /lib/modules/3.10/extra/mana.ko.gz:
        kernel/drivers/uio/uio.ko:
        no colon here.ko
        kernel/no_module.txt:
        :
        """,
      builtIn: "kernel/drivers/net/hyperv/hv_netvsc.ko\nkernel/net/tls-x.ko\n\njunk\n")
    #expect(
      index.files == [
        "mlx5_ib": "kernel/drivers/infiniband/hw/mlx5/mlx5_ib.ko.xz", "uio": "kernel/drivers/uio/uio.ko",
        "uio_hv_generic": "kernel/drivers/uio/uio-hv-generic.ko.zst", "mana": "/lib/modules/3.10/extra/mana.ko.gz",
      ])
    #expect(index.builtIn == ["hv_netvsc", "tls_x"])
    #expect(ModuleIndex(dependencies: "", builtIn: "").files.isEmpty)
  }

  @Test("blacklist and install lines forbid a module, under either spelling of its name")
  func denials() {
    var denials = ModuleDenials()
    denials.add(
      modprobe: """
        # blacklist commented
        blacklist mlx4-ib
        \tblacklist   ib_uverbs
        install mlx5_ib /bin/false
        install mlx5_ib /sbin/modprobe --ignore-install mlx5_ib
        install mana \\
          /bin/true
        install uio /sbin/modprobe --ignore-install uio && echo loaded
        options vfio enable_unsafe_noiommu_mode=1
        blacklist
        install
        install nothing
        """, path: "/etc/modprobe.d/a.conf")
    #expect(denials["mlx4_ib"] == "/etc/modprobe.d/a.conf: blacklist mlx4-ib")
    #expect(denials["ib-uverbs"] == "/etc/modprobe.d/a.conf: blacklist ib_uverbs")
    #expect(denials["mlx5_ib"] == "/etc/modprobe.d/a.conf: install mlx5_ib /bin/false")
    #expect(denials["mana"] == "/etc/modprobe.d/a.conf: install mana /bin/true")
    #expect(denials["uio"] == nil)
    #expect(denials["vfio"] == nil)
    #expect(denials["commented"] == nil)
    #expect(denials["nothing"] == nil)
  }

  @Test("the first install line of a module counts")
  func firstInstall() {
    var denials = ModuleDenials()
    denials.add(modprobe: "install mana /sbin/modprobe -i mana", path: "/etc/modprobe.d/a.conf")
    denials.add(modprobe: "install mana /bin/false", path: "/etc/modprobe.d/b.conf")
    #expect(denials["mana"] == nil)
  }

  @Test("the kernel command line forbids modules too")
  func commandLine() {
    var denials = ModuleDenials()
    denials.add(commandLine: "quiet module_blacklist=mlx5_ib,mana modprobe.blacklist=uio-hv-generic module_blacklist=")
    #expect(denials["mana"] == "kernel command line: module_blacklist=mlx5_ib,mana")
    #expect(denials["uio_hv_generic"] == "kernel command line: modprobe.blacklist=uio-hv-generic")
    #expect(denials["quiet"] == nil)
  }

  @Test(
    "a command that loads nothing is known",
    arguments: [
      ("/bin/false", true), ("/usr/bin/true", true), (":", true), ("exit 1", true), ("", false),
      ("/bin/true; modprobe x", false), ("/sbin/modprobe -i x", false), ("/bin/false-positive", false),
    ])
  func commands(command: String, expected: Bool) { #expect(ModuleDenials.loadsNothing(command: command) == expected) }

  @Test("a file hides those of its name in later directories, and files are read sorted by name")
  func masking() {
    let files = ModuleDenials.files(in: [
      ("/etc/modprobe.d", ["z.conf", "m.conf", "m.conf.bak"]), ("/run/modprobe.d", []),
      ("/lib/modprobe.d", ["m.conf", "a.conf", "README"]),
    ])
    #expect(files == ["/lib/modprobe.d/a.conf", "/etc/modprobe.d/m.conf", "/etc/modprobe.d/z.conf"])
  }
}
