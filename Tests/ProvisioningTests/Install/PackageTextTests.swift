import Provisioning
import Testing

@Suite("What package managers say")
struct PackageTextTests {
  static let dpkg = """
    dpkg\tdpkg\tamd64\tii \t\n\
    librte-eal23:amd64\tlibrte-eal23\tamd64\tii \t\n\
    libc6:i386\tlibc6\ti386\tii \t\n\
    dpdk\tdpdk\tamd64\tiF \t\n\
    tzdata\ttzdata\tall\tit \t\n\
    exim4-config\texim4-config\tall\trc \t\n\
    old\told\tamd64\tun \t\n\
    mail\tmail\tamd64\tii \tmail-agent, smtp (= 2)\n
    """
  static let rpm = """
    bash\t5.1.8\t9.el9\tx86_64
    kernel-devel\t5.14.0\t427.13.1.el9_4\tx86_64
    gpg-pubkey\tfd431d51\t4ae0493b\t(none)
    """

  @Test(
    "dpkg-query's answer says what is there",
    arguments: [
      ("librte-eal23", true), ("tzdata", true), ("dpdk", false), ("exim4-config", false), ("old", false),
      ("libc6", false), ("librte", false), ("librte-eal23-dbg", false), ("mail-agent", true), ("smtp", true),
      ("smt", false),
    ])
  func dpkgHas(word: String, isThere: Bool) throws {
    let installed = try #require(InstalledPackages(Self.dpkg, from: .dpkg))
    #expect(installed.has(word) == isThere)
  }

  @Test("half done, and only configured, are told apart from there")
  func states() throws {
    let installed = try #require(InstalledPackages(Self.dpkg, from: .dpkg))
    #expect(installed.unfinished == ["dpdk"])
    #expect(installed.configurations == ["exim4-config"])
    #expect(installed.ids == ["dpkg", "librte-eal23:amd64", "libc6:i386", "dpdk", "tzdata", "mail"])
  }

  @Test(
    "rpm's answer says what is there, by name, version, release and architecture",
    arguments: [
      ("bash", true), ("bash.x86_64", true), ("bash-5.1.8", true), ("kernel-devel-5.14.0-427.13.1.el9_4.x86_64", true),
      ("kernel-devel-5.14.0-427.18.1.el9_4.x86_64", false), ("bash.i686", false), ("kernel", false),
      ("gpg-pubkey", false),
    ])
  func rpmHas(word: String, isThere: Bool) throws {
    let installed = try #require(InstalledPackages(Self.rpm, from: .rpm))
    #expect(installed.has(word) == isThere)
    #expect(installed.ids == ["bash.x86_64", "kernel-devel.x86_64"])
  }

  @Test("a trial of apt's says what is not there yet, and would be")
  func planned() {
    let said = """
      NOTE: This is only a simulation!
      Inst libbpf1 (1:1.1.0-1 Debian:12.1/stable [amd64])
      Inst libc6 [2.36-9] (2.36-10 Debian:12.1/stable [amd64]) []
      Inst libgcc1:i386 (12 Debian:12.1/stable [i386])
      Conf libbpf1 (1:1.1.0-1 Debian:12.1/stable [amd64])
      """
    #expect(PackageManager.planned(said) == ["libbpf1", "libgcc1:i386"])
    #expect(
      PackageManager.apt.trial(of: ["/usr/bin/apt-get", "install", "-y", "x"])
        == ["/usr/bin/apt-get", "--simulate", "install", "-y", "x"])
  }

  @Test(
    "an answer that is none is not taken for an empty host", arguments: ["", "error: rpmdb open failed\n", "a\tb\n"])
  func noAnswer(output: String) {
    #expect(InstalledPackages(output, from: .dpkg) == nil)
    #expect(InstalledPackages(output, from: .rpm) == nil)
  }

  @Test("what was killed while it was unpacked is to be installed anew, and dpkg told to take it all the same")
  func reinstall() throws {
    let installed = try #require(
      InstalledPackages("libdep:amd64\tlibdep\tamd64\tiHR\t\ndpdk\tdpdk\tamd64\tiU \t\n", from: .dpkg))
    #expect(installed.packages.map(\.needsReinstall) == [true, false])
    #expect(installed.unfinished == ["libdep:amd64", "dpdk"])
    #expect(
      PackageDatabase.dpkg.remove(["libdep:amd64"], isForced: true, isTrial: true)
        == ["/usr/bin/dpkg", "--dry-run", "--force-remove-reinstreq", "--purge", "libdep:amd64"])
    #expect(PackageDatabase.dpkg.remove(["dpdk"]) == ["/usr/bin/dpkg", "--purge", "dpdk"])
  }

  static let troubles: [(PackageManager, Int32, String, PackageTrouble?)] = [
    (.apt, 0, "", nil), (.zypper, 102, "", nil), (.dnf, 102, "it broke", .other("it broke")),
    (
      .apt, 100,
      "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (unattended-upgr)\n"
        + "E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?",
      .locked(by: "process 4711 (unattended-upgr)")
    ),
    (
      .apt, 100,
      "E: Could not get lock /var/lib/apt/lists/lock - open (11: Resource temporarily unavailable)\n"
        + "E: Unable to lock directory /var/lib/apt/lists/", .locked(by: nil)
    ),
    (
      .apt, 2, "dpkg: error: dpkg frontend lock was locked by another process with pid 4711",
      .locked(by: "process 4711")
    ),
    (
      .zypper, 7, "System management is locked by the application with pid 4711 (zypper).\nClose this application",
      .locked(by: "process 4711 (zypper)")
    ),
    (
      .yum, 200, "Existing lock /var/run/yum.pid: another copy is running as pid 4711.\nAnother app holds the lock",
      .locked(by: "process 4711")
    ),
    (
      .apt, 100, "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 0", .locked(by: nil)
    ),
    (
      .apt, 100,
      "E: Could not get lock /var/lib/dpkg/lock. It is held by process 2940 (python3)\n"
        + "E: Unable to lock the administration directory (/var/lib/dpkg/), is another process using it?",
      .locked(by: "process 2940 (python3)")
    ),
    (
      .apt, 100,
      "E: Failed to fetch http://a/libbpf-dev.deb  404  Not Found [IP: 1.2.3.4 80]\nE: Unable to fetch some archives",
      .notServed("E: Failed to fetch http://a/libbpf-dev.deb  404  Not Found [IP: 1.2.3.4 80]")
    ),
    (.apt, 100, "E: Package 'alleyoop' has no installation candidate", .unknownPackages(["alleyoop"])),
    (.dnf, 200, "Failed to obtain the transaction lock (logged in as: root).", .locked(by: nil)),
    (
      .apt, 100, "E: You don't have enough free space in /var/cache/apt/archives/.",
      .diskFull("E: You don't have enough free space in /var/cache/apt/archives/.")
    ),
    (
      .apt, 100,
      "dpkg: error processing archive /a.deb (--unpack):\n cannot copy extracted data for './usr/x' to "
        + "'/usr/x.dpkg-new': failed to write (No space left on device)\nE: Sub-process /usr/bin/dpkg returned an error",
      .diskFull(
        " cannot copy extracted data for './usr/x' to '/usr/x.dpkg-new': failed to write (No space left on device)")
    ),
    (
      .dnf, 1,
      "Error: Transaction test error:\n  installing package x needs 5MB more space on the / filesystem\n"
        + "Error Summary\nDisk Requirements:\n  At least 5MB more space needed on the / filesystem.",
      .diskFull("  installing package x needs 5MB more space on the / filesystem")
    ),
    (
      .dnf, 1, "Error Summary\nDisk Requirements:\n  At least 5MB more space needed on the / filesystem.",
      .diskFull("  At least 5MB more space needed on the / filesystem.")
    ),
    (
      .apt, 100,
      "The following packages have unmet dependencies:\n dpdk : Depends: libc6 (>= 2.38) but 2.36 is to be installed\n"
        + "E: Unable to correct problems, you have held broken packages.",
      .unsatisfiable(" dpdk : Depends: libc6 (>= 2.38) but 2.36 is to be installed")
    ),
    (
      .apt, 100,
      "The following packages have unmet dependencies:\n theirs : Depends: gone but it is not installed\n"
        + "E: Unmet dependencies. Try 'apt --fix-broken install' with no packages (or specify a solution).",
      .broken("E: Unmet dependencies. Try 'apt --fix-broken install' with no packages (or specify a solution).")
    ),
    (
      .dnf, 1, "Error: \n Problem: conflicting requests\n  - nothing provides libx needed by dpdk-22.11-1.el9.x86_64",
      .unsatisfiable(" Problem: conflicting requests")
    ),
    (.tdnf, 5, "waiting for tdnf_instance lock on /var/run/.tdnf-instance-lockfile", .locked(by: nil)),
    (.tdnf, 5, "Failed to acquire tdnf_instance lock", .locked(by: nil)),
    (.apt, 2, "dpkg: error: dpkg frontend is locked by another process", .locked(by: nil)),
    (.apt, 2, "dpkg: error: dpkg frontend lock is locked by another process", .locked(by: nil)),
    (
      .apt, 100,
      "dpkg: error: dpkg frontend lock was locked by another process with pid 4711\n"
        + "E: Sub-process /usr/bin/dpkg returned an error code (2)", .locked(by: "process 4711")
    ),
    (
      .apt, 100,
      "Waiting for cache lock: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 4711 (apt)...\n"
        + "E: Unable to locate package dpdk", .unknownPackages(["dpdk"])
    ),
    (
      .yum, 1, "Another app is currently holding the yum lock; waiting for it to exit...\nNo package meson available.",
      .unknownPackages(["meson"])
    ),
    (
      .apt, 100,
      "E: Malformed entry 1 in list file /etc/apt/sources.list.d/x.list (Component)\n"
        + "E: The list of sources could not be read.",
      .other("E: Malformed entry 1 in list file /etc/apt/sources.list.d/x.list (Component)")
    ),
    (
      .apt, 100,
      "dpkg: error processing package dpdk (--configure):\n installed dpdk package post-installation script subprocess "
        + "returned error exit status 1\nE: Sub-process /usr/bin/dpkg returned an error code (1)",
      .other("dpkg: error processing package dpdk (--configure):")
    ),
    (
      .apt, 100, "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. ",
      .broken("E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem. ")
    ),
    (.yum, 1, "error: rpmdb open failed", .broken("error: rpmdb open failed")),
    (
      .apt, 100, "Reading package lists...\nE: Unable to locate package dpdk\nE: Unable to locate package rdma-core",
      .unknownPackages(["dpdk", "rdma-core"])
    ),
    (.yum, 1, "No package meson available.\nError: Nothing to do", .unknownPackages(["meson"])),
    (.dnf, 1, "Error: Unable to find a match: meson", .unknownPackages(["meson"])),
    (.zypper, 104, "Package 'dpdk22' not found.", .unknownPackages(["dpdk22"])),
    (.apt, 100, "E: Failed to fetch x\nW: later", .unreachable("E: Failed to fetch x")),
    (.apt, 0, "Ign:1 http://a b InRelease\nW: Failed to fetch http://a", .unreachable("W: Failed to fetch http://a")),
    (.apt, 0, "Hit:1 http://a b InRelease\nW: Failed to fetch http://c", nil),
    (
      .apt, 100, "E: Packages need to be removed but remove is disabled.",
      .needsRemoval("E: Packages need to be removed but remove is disabled.")
    ),
    (.apt, 100, "E: Sub-process x returned an error\nrest", .other("E: Sub-process x returned an error")),
    (.tdnf, 5, "", .other("it said nothing, and ended with exit code 5")),
  ]

  @Test("a failure is told by its kind", arguments: troubles.indices)
  func trouble(index: Int) {
    let (manager, code, said, expected) = Self.troubles[index]
    let lines = said.split(separator: "\n").map(String.init)
    #expect(PackageTrouble(manager, program: manager.program, exitCode: code, lines: lines) == expected)
  }

  @Test(
    "the exit codes of other programs are not the package manager's",
    arguments: [
      (.zypper, "/usr/bin/rpm", 7), (.zypper, "/usr/bin/rpm", 102), (.yum, "/usr/bin/rpm", 200),
      (.yum, "/usr/sbin/dracut", 200), (.dnf, "/usr/bin/rpm", 200),
    ] as [(PackageManager, String, Int32)])
  func otherPrograms(manager: PackageManager, program: String, code: Int32) {
    #expect(PackageTrouble(manager, program: program, exitCode: code, lines: ["it broke"]) == .other("it broke"))
  }

  @Test("a warning of apt's counts where apt says it")
  func otherWarnings() {
    let lines = ["W: Failed to fetch http://a"]
    #expect(PackageTrouble(.apt, program: "/usr/bin/add-apt-repository", exitCode: 0, lines: lines) == nil)
  }

  @Test(
    "a source that could not be read is told where others were",
    arguments: [
      (
        "Hit:1 http://a b InRelease\nErr:2 http://c d Release\nE: The repository 'http://c d Release' has gone.",
        "E: The repository 'http://c d Release' has gone."
      ),
      ("Get:1 http://a b InRelease\nW: Failed to fetch http://c  timeout", "W: Failed to fetch http://c  timeout"),
      ("Err:1 http://c d Release\nE: The repository 'http://c d Release' has gone.", nil),
      ("Hit:1 http://a b InRelease\nReading package lists...", nil),
    ] as [(String, String?)])
  func unreadSource(said: String, expected: String?) {
    #expect(PackageTrouble.unreadSource(said.split(separator: "\n").map(String.init)) == expected)
  }
}
