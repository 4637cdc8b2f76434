import Provisioning
import Testing

@Suite("The entries of a boot menu")
struct BootEntriesTests {
  @Test("of Ubuntu have a line with initrd and one without")
  func ubuntu() {
    let menu = SampleBootFiles.ubuntu.menu()
    let kernel = "6.8.0-1029-azure"
    let file = "/boot/vmlinuz-\(kernel)"
    let path = "/boot/grub/grub.cfg"
    let line = "root=PARTUUID=a-b ro console=tty1 console=ttyS0"
    #expect(
      Array(menu.entries.prefix(3)) == [
        BootEntry(title: "Ubuntu", kernel: kernel, kernelFile: file, commandLine: line, declaredIn: path),
        BootEntry(title: "Ubuntu", kernel: kernel, kernelFile: file, commandLine: "\(line) panic=-1", declaredIn: path),
        BootEntry(
          title: "Ubuntu, with Linux \(kernel) (recovery mode)", kernel: kernel, kernelFile: file,
          commandLine: "root=PARTUUID=a-b ro recovery nomodeset dis_ucode_ldr console=ttyS0", isRecovery: true,
          declaredIn: path),
      ])
    // A memory test has a line of its own on a BIOS, and is no Linux.
    #expect(menu.entries.count == 3)
    #expect(!menu.usesLoaderEntries)
    #expect(menu.problems.isEmpty)
  }

  @Test("of Red Hat 7 have tuned's parameters, and one for rescue")
  func redHat7() {
    let menu = SampleBootFiles.redHat7.menu()
    #expect(menu.entries.map(\.kernel) == ["3.10.0-1160.15.2.el7.x86_64", nil])
    #expect(menu.entries[0].commandLine == "root=UUID=1 ro console=ttyS0,115200n8 isolcpus=2-3 nohz=on")
    #expect(menu.entries.map(\.isRecovery) == [false, true])
    #expect(menu.problems.isEmpty)
  }

  @Test("of Red Hat 8 have what grubenv says, or what the configuration does where that says nothing")
  func redHat8() {
    let menu = SampleBootFiles.redHat8(kernelOptions: "root=/dev/mapper/rhel-root ro hugepages=4").menu()
    #expect(menu.usesLoaderEntries)
    #expect(menu.problems.isEmpty)
    #expect(
      menu.entries == [
        BootEntry(
          title: "Red Hat Enterprise Linux (0-rescue-2f) 8.10 (Ootpa)", kernel: nil, kernelFile: "/vmlinuz-0-rescue-2f",
          commandLine: "root=/dev/mapper/rhel-root ro hugepages=4", isRecovery: true,
          declaredIn: "/boot/loader/entries/2f-0-rescue.conf"),
        BootEntry(
          title: "Red Hat Enterprise Linux (4.18.0-553.el8_10.x86_64) 8.10 (Ootpa)",
          kernel: "4.18.0-553.el8_10.x86_64", kernelFile: "/vmlinuz-4.18.0-553.el8_10.x86_64",
          commandLine: "root=/dev/mapper/rhel-root ro hugepages=4",
          declaredIn: "/boot/loader/entries/2f-4.18.0-553.el8_10.x86_64.conf"),
      ])
    let fallback = SampleBootFiles.redHat8(kernelOptions: nil).menu()
    #expect(fallback.entries.map(\.commandLine) == Array(repeating: "root=/dev/mapper/rhel-root ro fallback", count: 2))
  }

  @Test("that rely on a variable which nobody sets are reported")
  func unsetVariable() {
    var files = SampleBootFiles.redHat8(kernelOptions: nil)
    files.configuration?.text = "blscfg\n"
    #expect(files.menu().problems.count == 2)
    #expect(files.menu().problems[0] == "/boot/loader/entries/2f-0-rescue.conf: $kernelopts is not set")
  }

  @Test("of SLES leave out what is not set, and know recovery")
  func suse() {
    let menu = SampleBootFiles.suse.menu()
    #expect(menu.entries.map(\.title) == ["SLES 15-SP3", "SLES 15-SP3, with Linux 5.3.18 (recovery mode)"])
    #expect(menu.entries[0].commandLine == "root=UUID=1 console=ttyS0 net.ifnames=0")
    #expect(menu.entries.map(\.kernel) == Array(repeating: "5.3.18-150300.59.112-default", count: 2))
    #expect(menu.entries.map(\.isRecovery) == [false, true])
  }

  @Test("of CBL-Mariner are those of every kernel, as an update only moves a link")
  func mariner() {
    let block = { (release: String) in
      SampleBootFiles.environment(
        "mariner_cmdline=ro loglevel=3\nmariner_linux=vmlinuz-\(release)\nmariner_initrd=initrd.img-\(release)")
    }
    let menu = SampleBootFiles.mariner([
      "/boot/mariner.cfg": block("5.15.2-1.cm2"), "/boot/linux-5.15.1-1.cm2.cfg": block("5.15.1-1.cm2"),
      "/boot/linux-5.15.2-1.cm2.cfg": block("5.15.2-1.cm2"),
      "/boot/grub2/grubenv": SampleBootFiles.environment("kernelopts=hugepages=4"),
    ]).menu()
    #expect(menu.problems.isEmpty)
    #expect(menu.entries.map(\.kernel) == ["5.15.2-1.cm2", "5.15.1-1.cm2"])
    #expect(menu.entries.map(\.declaredIn) == ["/boot/grub2/grub.cfg", "/boot/linux-5.15.1-1.cm2.cfg"])
    #expect(
      menu.entries.allSatisfy {
        $0.commandLine == "rd.auto=1 root=PARTUUID=29-4 ro loglevel=3 net.ifnames=0 hugepages=4"
      })
    let systemd = SampleBootFiles.mariner([
      "/boot/mariner.cfg": block("5.15.2-1.cm2"),
      "/boot/systemd.cfg": SampleBootFiles.environment("systemd_cmdline=x=1"),
    ]).menu()
    #expect(systemd.entries.map(\.commandLine) == ["rd.auto=1 root=PARTUUID=29-4 ro loglevel=3 x=1"])
  }

  @Test("of sdbootutil tell the release behind the number of the snapshot, and snapper's are for recovery")
  func snapshots() {
    let text = "version 2@6.16.8-1-default\nlinux /o/6.16.8-1-default/linux-3f78\noptions a\n"
    let menu = BootFiles(loaderEntries: [
      "/boot/efi/loader/entries/o-1.conf": "title Snapper: openSUSE (1)\n" + text,
      "/boot/efi/loader/entries/o-2.conf": "title openSUSE\n" + text,
    ]).menu()
    #expect(menu.entries.map(\.kernel) == ["6.16.8-1-default", "6.16.8-1-default"])
    #expect(menu.entries.map(\.isRecovery) == [true, false])
  }

  @Test("of systemd-boot are taken as they stand")
  func systemdBoot() {
    let debian = "title\tDebian\nversion 6.12.1-amd64\nlinux /2f/6.12.1-amd64/linux\noptions  a=$b\noptions c\n"
    let menu = BootFiles(loaderEntries: [
      "/efi/loader/entries/a.conf": debian,
      "/efi/loader/entries/b.conf": "title Windows\nefi /w.efi\n", "/efi/loader/entries/c.conf": "# nothing",
    ]).menu()
    #expect(
      menu.entries == [
        BootEntry(
          title: "Debian", kernel: "6.12.1-amd64", kernelFile: "/2f/6.12.1-amd64/linux", commandLine: "a=$b c",
          declaredIn: "/efi/loader/entries/a.conf")
      ])
    #expect(menu.usesLoaderEntries)
    #expect(!BootFiles().menu().usesLoaderEntries)
  }

  @Test("of the loader do not count where the configuration does not ask for them")
  func otherLoader() {
    var files = SampleBootFiles.ubuntu
    files.loaderEntries = ["/boot/loader/entries/a.conf": SampleBootFiles.redHat8Entry]
    #expect(files.menu() == SampleBootFiles.ubuntu.menu())
  }

  @Test(
    "tell the release by the file of the kernel",
    arguments: [
      ("/vmlinuz-6.1.0-37-cloud-amd64", "6.1.0-37-cloud-amd64"), ("(hd0,gpt2)/vmlinuz-6.1.0", "6.1.0"),
      ("/boot/Image-5.14.21-azure", "5.14.21-azure"), ("/boot/vmlinuz-6.1.0.old", "6.1.0"), ("/boot/vmlinuz", nil),
      ("/boot/vmlinuz-linux", nil), ("/boot/vmlinuz-", nil), ("vmlinuz-0-rescue-2f3e", nil), ("/", nil),
    ] as [(String, String?)])
  func release(file: String, expected: String?) {
    let text = "menuentry x { linux '\(file)' ro }"
    let files = BootFiles(configuration: SampleBootFiles.grub("/boot/grub/grub.cfg", text))
    #expect(files.menu().entries.map(\.kernel) == [expected])
  }

  @Test("keep their words where grub-mkconfig hands on quotes")
  func quotes() throws {
    let text = #"menuentry 'a' --id b { linux /vmlinuz-6.1.0 ro dyndbg="file a +p" hugepages=4 }"#
    let files = BootFiles(configuration: SampleBootFiles.grub("/boot/grub/grub.cfg", text))
    let entry = try #require(files.menu().entries.first)
    #expect(entry.title == "a")
    let line = KernelCommandLine(entry.commandLine)
    #expect(line.contains(sequence: [#"dyndbg="file a +p""#, "hugepages=4"]))
  }

  @Test(
    "are for recovery by their words",
    arguments: [
      ("ro single", true), ("ro systemd.unit=rescue.target", true), ("ro emergency", true), ("-- single", true),
      ("ro recovery=1", false), ("ro quiet", false),
    ])
  func recovery(line: String, expected: Bool) {
    let files = BootFiles(
      configuration: SampleBootFiles.grub("/boot/grub/grub.cfg", "menuentry x { linux /vmlinuz \(line)\n}"))
    #expect(files.menu().entries.map(\.isRecovery) == [expected])
  }

  static let samples = [
    SampleBootFiles.ubuntu, SampleBootFiles.redHat7, SampleBootFiles.redHat8(kernelOptions: "ro"), SampleBootFiles.suse,
    SampleBootFiles.mariner(["/boot/mariner.cfg": SampleBootFiles.environment("mariner_linux=vmlinuz-5.15.1")]),
  ]

  @Test("are read from any part of a file", arguments: samples)
  func truncated(files: BootFiles) throws {
    let whole = try #require(files.configuration)
    let entries = files.menu().entries
    for count in stride(from: 0, to: whole.text.utf8.count, by: 7) {
      var cut = files
      cut.configuration?.text = String(decoding: whole.text.utf8.prefix(count), as: UTF8.self)
      // Half a name is that of no memory test.
      #expect(cut.menu().entries.count <= entries.count + 1)
    }
  }

  @Test("are read from any bytes", arguments: 0..<300)
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let pieces = [
      "if", "[", "]", "-f", "then", "else", "elif", "fi", "for", "while", "do", "done", "function", "menuentry",
      "submenu", "linux", "set", "a=1", "load_env", "blscfg", "{", "}", ";", "\n", "&&", "|", "'", "\"", "\\", "$",
      "${", "${a}", "$a",
      "#", "=", "(", "\u{0}", "é", "\r\n", "!", "source", "unset", "test", "--set", "-z",
    ]
    let text = (0..<generator.number(0...80)).compactMap { _ in generator.pick(pieces) }
      .joined(separator: generator.oneOf(" ", "", "\n"))
    var files = SampleBootFiles.redHat8(kernelOptions: text)
    files.configuration?.text = text
    files.loaderEntries = ["/boot/loader/entries/a.conf": "linux /a\n" + text]
    #expect(files.menu().entries.count <= 1 + text.count)
    let bytes = (0..<generator.number(0...200)).map { _ in UInt8(generator.number(0...255)) }
    files.configuration?.text = String(decoding: bytes, as: UTF8.self)
    #expect(files.menu().entries.count <= 200)
  }
}
