import Provisioning
import Testing

@Suite("Requirements of distribution and kernel")
struct RequirementsTests {
  let requirements: Requirements

  init() throws {
    requirements = try Requirements(yaml: ShippedFile.text("distributions"), source: "distributions.yml")
  }

  func findings(
    _ id: String, _ release: String?, _ kernel: String?, installed: [String] = [], table: Requirements.Table = .base
  ) -> [Finding] {
    let facts = HostFacts(
      distribution: Distribution(id: id, release: release), kernel: KernelFacts(running: kernel, installed: installed))
    return planRequirements(requirements, table: table, on: facts)
  }

  struct Host: Sendable, CustomTestStringConvertible {
    var kernel: String
    var id: String
    var release: String?
    var expected: [String]
    var testDescription: String { "\(id) \(release ?? "?") with \(kernel)" }

    init(_ kernel: String, _ id: String, _ release: String?, _ expected: String...) {
      self.kernel = kernel
      self.id = id
      self.release = release
      self.expected = expected
    }
  }

  static let seen = [
    Host("4.15.0-1009-azure", "ubuntu", "18.04", "kernel.tooOld"),
    Host("4.15.0-1013-azure", "ubuntu", "18.04", "kernel.tooOld"),
    Host("4.15.0-1014-azure", "ubuntu", "18.04"),
    Host("4.15.0-1015-azure", "ubuntu", "18.04"),
    Host("4.15.0-1015-azure", "ubuntu", "16.04", "distribution.tooOld"),
    Host("4.15.0-1045-azure", "ubuntu", "14.04", "distribution.tooOld"),
    Host("4.15.0-142-generic", "ubuntu", "16.04", "distribution.tooOld"),
    Host("4.15.0-142-generic", "ubuntu", "18.04", "kernel.flavourUnlisted"),
    Host("4.4.0-210-generic", "ubuntu", "18.04", "kernel.tooOld"),
    Host("4.15.0-9999-azure-fips", "ubuntu", "18.04", "kernel.flavourUnlisted"),
    Host("4.18.0-1006-azure", "ubuntu", "18.04"),
    // The ABI number is lower, the base is higher.
    Host("5.0.0-1012-azure", "ubuntu", "18.04"),
    Host("5.4.0-1022-azure-fips", "ubuntu", "20.04"),
    Host("5.15.0-1089-azure", "ubuntu", "20.04"),
    Host("6.8.0-1029-azure", "ubuntu", "22.04"),
    Host("6.14.0-1014-azure", "ubuntu", "24.04"),
    Host("6.14.0-1014-azure", "ubuntu", "25.04"),
    Host("4.15.0-rc9+", "ubuntu", "18.04", "kernel.tooOld"),
    Host("4.16.0-rc1", "ubuntu", "18.04"),
    Host("5.15.0-1014-azure+", "ubuntu", "22.04"),
    Host("4.15.0-1013-azure+", "ubuntu", "18.04", "kernel.tooOld"),
    Host("4.15.0", "ubuntu", "18.04", "kernel.flavourUnlisted"),
    Host("4.15.0-azure", "ubuntu", "18.04", "kernel.flavourUnlisted"),
    Host("4.15-1014-azure", "ubuntu", "18.04"),
    Host("4.14.999-1014-azure", "ubuntu", "18.04", "kernel.tooOld"),
    Host("4.15.1-1-azure", "ubuntu", "18.04"),
    Host("nonsense", "ubuntu", "18.04", "kernel.unknown"),

    Host("4.12.14-5.47-azure", "sles", "15", "distribution.tooOld"),
    Host("4.12.14-5.47-azure", "sles", "15.1", "kernel.tooOld"),
    Host("4.12.14-8.19-azure", "sles", "15.1"),
    Host("4.12.14-8.27-azure", "sles", "15.1"),
    Host("4.12.14-8.9-azure", "sles", "15.1", "kernel.tooOld"),
    Host("4.12.14-8-azure", "sles", "15.1", "kernel.tooOld"),
    Host("4.12.14-6.3-azure", "sles", "12.4", "distribution.tooOld"),
    // 16.7 is more than 8.19, and still another release.
    Host("4.12.14-16.7-azure", "sles", "12.5", "distribution.tooOld"),
    Host("4.12.14-122.54-default", "sles", "12.5", "distribution.tooOld"),
    Host("4.12.14-197.4-default", "sles", "15.1", "kernel.flavourUnlisted"),
    Host("5.3.18-16-azure", "sles", "15.2"),
    Host("5.3.18-59.24-default", "sles", "15.3"),
    Host("4.4.143-4.13-azure", "sles", "12.3", "distribution.tooOld"),

    Host("3.10.0-693.11.6.el7.x86_64", "centos", "7.4", "distribution.tooOld"),
    Host("3.10.0-693.11.6.el7.x86_64", "centos", "7.5", "kernel.tooOld"),
    Host("3.10.0-862.el7.x86_64", "centos", "7.5", "kernel.tooOld"),
    Host("3.10.0-862.2.3.el7.x86_64", "centos", "7.5", "kernel.tooOld"),
    Host("3.10.0-862.11.6.el7.x86_64", "centos", "7.5"),
    Host("3.10.0-862.11.6.el7.x86_64", "rhel", "7.5"),
    Host("3.10.0-862.11.7.el7.x86_64", "rhel", "7.5"),
    Host("3.10.0-957.el7.x86_64", "centos", "7.6"),
    Host("3.10.0-1160.15.2.el7.x86_64", "centos", "7.9"),
    Host("3.10.0-1160.102.1.el7.x86_64", "centos", "7.9"),
    Host("3.10.0-862.2.3.el7_4.x86_64", "rhel", "7.5", "kernel.tooOld"),
    Host("3.10.0-1160.el7.centos.plus.x86_64", "centos", "7.9", "kernel.flavourUnlisted"),
    Host("4.18.0-147.57.1.el8_1.x86_64", "rhel", "8.1"),
    Host("5.14.0-70.13.1.el9_0.x86_64", "rhel", "9.0"),
    Host("5.14.0-362.el9.x86_64", "centos", "9"),
    Host("3.10.0-693.el7.x86_64", "rhel", "7.4", "distribution.tooOld"),
    Host("3.10.0-1160.102.1.el7.x86_64", "centos", "7", "distribution.releaseUnknown"),
    Host("3.10.0-693.el7.x86_64", "centos", "7", "distribution.releaseUnknown", "kernel.tooOld"),
    Host("2.6.32-754.el6.x86_64", "centos", "6", "distribution.tooOld"),
    Host("4.18.0-553.el8.x86_64", "rhel", "8.10"),

    Host("4.19.0-1-cloud-amd64", "debian", "10"),
    Host("4.19.0-16-cloud-amd64", "debian", "10"),
    Host("4.19.0-0.bpo.9-cloud-amd64", "debian", "9", "distribution.tooOld"),
    Host("4.19.0-0.bpo.9-cloud-amd64", "debian", "10", "kernel.tooOld"),
    Host("4.19.0-16-amd64", "debian", "10", "kernel.flavourUnlisted"),
    Host("4.19.0-1014-azure", "debian", "10", "kernel.flavourUnlisted"),
    Host("4.19.0+deb10-cloud-amd64", "debian", "10", "kernel.flavourUnlisted"),
    Host("5.8.0-0.bpo.2-cloud-amd64", "debian", "10"),
    Host("5.10.0-32-cloud-amd64", "debian", "11"),
    Host("6.12.41+deb13-cloud-amd64", "debian", "13"),
    Host("6.12.41+deb13-cloud-amd64", "debian", nil, "distribution.releaseUnknown"),
    Host("5.10.120-4.custom", "debian", "10"),
    Host("4.19.0-4.custom", "debian", "10", "kernel.flavourUnlisted"),

    // No kernel verdict, however old the kernel is.
    Host("5.14.0-70.13.1.el9_0.x86_64", "rocky", "9.0", "distribution.unlisted"),
    Host("5.14.0-687.39.1.el9_8.x86_64", "rocky", "9.8", "distribution.unlisted"),
    Host("2.6.32", "ol", "6.10", "distribution.unlisted"),
    Host("5.15.138.1-4.cm2", "mariner", "2.0", "distribution.unlisted"),
    Host("5.15.157.mshv1-2.cm2", "mariner", "2.0", "distribution.unlisted"),
    Host("6.6.126.1-1.azl3", "azurelinux", "3.0", "distribution.unlisted"),
    Host("5.10.84-flatcar", "flatcar", "4459.0.0", "distribution.unlisted"),
    Host("6.18.41-vyos", "vyos", nil, "distribution.unlisted"),
    Host("6.4.0-150600.21-default", "opensuse-leap", "15.6", "distribution.unlisted"),
  ]

  @Test("Kernels seen on distributions get the contract's findings", arguments: seen)
  func verdict(host: Host) {
    #expect(findings(host.id, host.release, host.kernel).map(\.id) == host.expected)
  }

  static let mana = [
    Host("5.15.0-1044-azure", "ubuntu", "20.04", "kernel.tooOld"),
    Host("5.15.0-1045-azure", "ubuntu", "20.04"),
    Host("5.15.0-1045-azure", "ubuntu", "22.04"),
    Host("4.15.0-1014-azure", "ubuntu", "18.04", "distribution.tooOld"),
    Host("5.15.0-91-generic", "ubuntu", "22.04", "kernel.flavourUnlisted"),
    Host("4.18.0-477.el8_8.x86_64", "rhel", "8.8", "distribution.tooOld"),
    Host("4.18.0-513.el8_9.x86_64", "rhel", "8.9"),
    Host("4.18.0-553.el8_10.x86_64", "rhel", "8.10"),
    // Newer than 8.9, and older than what its own series needs.
    Host("5.14.0-70.13.1.el9_0.x86_64", "rhel", "9.0", "distribution.tooOld"),
    Host("5.14.0-427.el9_4.x86_64", "rhel", "9.4"),
    Host("6.12.0-55.el10_0.x86_64", "rhel", "10.0"),
    Host("6.1.0-32-cloud-amd64", "debian", "12", "distribution.unlisted"),
  ]

  @Test("The table for MANA asks for more", arguments: mana)
  func manaVerdict(host: Host) {
    #expect(findings(host.id, host.release, host.kernel, table: .mana).map(\.id) == host.expected)
  }

  @Test("Findings carry what is required, what is, and a remedy")
  func wording() throws {
    #expect(
      findings("ubuntu", "18.04", "4.15.0-1009-azure") == [
        Finding(
          "kernel.tooOld", .blocker, subject: "4.15.0-1009-azure",
          message: "requires 4.15.0-1014-azure, is 4.15.0-1009-azure",
          remedy: "run 'sudo apt-get update && sudo apt-get install linux-azure' and reboot")
      ])
    #expect(
      findings("ubuntu", "14.04", "4.15.0-1045-azure") == [
        Finding(
          "distribution.tooOld", .blocker, subject: "ubuntu", message: "requires Ubuntu 18.04, is 14.04",
          remedy: "upgrade to Ubuntu 18.04 or newer")
      ])
    let custom = try #require(findings("ubuntu", "18.04", "4.15.0-142-generic").first)
    #expect(
      custom.message == "requires 4.15.0-1014-azure, is 4.15.0-142-generic: the numbers of flavour 'generic' cannot be "
        + "compared with those of 'azure'")
    #expect(custom.remedy.contains("https://github.com/microsoft/azure-linux-kernel"))
    let bare = try #require(findings("debian", "10", "4.19.0+deb10-cloud-amd64").first)
    #expect(bare.message.hasSuffix(": it has no release number to compare"))
    #expect(
      findings("centos", "7", "3.10.0-957.el7.x86_64") == [
        Finding(
          "distribution.releaseUnknown", .warning, subject: "centos",
          message: "requires CentOS 7.5, VERSION_ID '7' does not say which",
          remedy:
            "make sure that it is 7.5 or newer; what says so is VERSION_ID in /etc/os-release or the minor release "
            + "in /etc/redhat-release")
      ])
    #expect(findings("debian", nil, "6.1.0").first?.message == "requires Debian 10, there is no VERSION_ID")
    #expect(
      findings("debian", "bookworm/sid", "6.1.0").first?.message
        == "requires Debian 10, VERSION_ID 'bookworm/sid' does not say which")
    let unlisted = try #require(findings("fedora", "40", nil).first)
    #expect(unlisted.severity == .warning)
    #expect(unlisted.message.contains("Ubuntu 18.04") && unlisted.message.contains("is 'fedora'"))
  }

  @Test("An image is judged by every installed kernel, a running host by the running one")
  func installedKernels() {
    let installed = ["4.15.0-1009-azure", "4.15.0-1014-azure", "4.15.0-20-generic"]
    let image = findings("ubuntu", "18.04", nil, installed: installed)
    #expect(image.map(\.id) == ["kernel.tooOld", "kernel.flavourUnlisted"])
    #expect(image.map(\.subject) == ["4.15.0-1009-azure", "4.15.0-20-generic"])
    #expect(image.first?.remedy.hasSuffix("in the image, and remove this kernel") == true)
    #expect(findings("ubuntu", "18.04", "4.15.0-1014-azure", installed: installed).isEmpty)
    #expect(findings("ubuntu", "18.04", nil).map(\.id) == ["kernel.unknown"])
  }

  @Test("A host without os-release has an unknown distribution and no kernel verdict")
  func unknownDistribution() {
    let facts = HostFacts(kernel: KernelFacts(running: "2.6.32"))
    #expect(planRequirements(requirements, table: .base, on: facts).map(\.id) == ["distribution.unknown"])
  }

  @Test("The table for MANA is in force where such a NIC or its PMD is")
  func tableInForce() {
    let nic = NetworkDevice(name: "enP30832p0s0", index: 3, pciID: "1414:00ba")
    let profile = Profile(name: "p")
    #expect(Requirements.Table.inForce(profile, on: HostFacts()) == .base)
    #expect(Requirements.Table.inForce(profile, on: HostFacts(devices: [nic])) == .mana)
    var mana = profile
    mana.interfaces.pmd = .mana
    #expect(Requirements.Table.inForce(mana, on: HostFacts()) == .mana)
  }

  @Test("The package of a module is that of the release")
  func packages() {
    let package = { (module: String, id: String, release: String?) in
      requirements.package(of: module, on: Distribution(id: id, release: release))
    }
    #expect(package("ib_uverbs", "rhel", "7.9") == "kernel")
    #expect(package("ib_uverbs", "centos", "8.4") == "kernel-modules")
    #expect(package("mlx5_ib", "rhel", "9.4") == "kernel-modules")
    #expect(package("mana_ib", "rhel", "7.9") == nil)
    #expect(package("mana_ib", "ubuntu", "22.04") == "linux-modules-extra-azure")
    #expect(package("mlx4_ib", "sles", "15.5") == "kernel-azure")
    #expect(package("mana_ib", "debian", "12") == nil)
    #expect(package("ib_uverbs", "fedora", "40") == nil)
    #expect(requirements.package(of: "ib_uverbs", on: nil) == nil)
  }

  static let broken: [(String, [String])] = [
    ("", ["$: the file is empty"]),
    (
      "distributions: {}\n",
      ["$ (line 1): key 'tables' is missing"]
    ),
    (
      """
      distributions:
        ubuntu: {name: Ubuntu, update: apt, colour: red}
        debian: {name: Debian}
      tables:
        base:
          ubuntu: [{release: trusty}, {release: 18.04, kernel: 4.15.0}]
          fedora: [{release: 40}]
          debian: [{release: 10}, {release: 10.1}]
        mana: {}
        extra: {}
      """,
      [
        "$.distributions.ubuntu.colour (line 2): unknown key 'colour'; known are name, bareRelease, update, modulePackages, packages",
        "$.distributions.debian (line 3): key 'update' is missing",
        "$.tables.extra (line 10): unknown key 'extra'; known are base, mana",
        "$.tables.base.ubuntu[0].release (line 6): 'trusty' is not a release such as 18.04",
        "$.tables.base.ubuntu[1].kernel (line 6): '4.15.0' is not a kernel release with release number and flavour",
        "$.tables.base.fedora (line 7): 'fedora' is not in $.distributions",
        "$.tables.base.debian[1].release (line 8): release 10.1 must be of a later series than the one before it",
      ]
    ),
  ]

  @Test("A table that cannot be used says everything that is wrong with it", arguments: broken)
  func brokenTable(yaml: String, problems: [String]) {
    let error = #expect(throws: ProfileError.self) { try Requirements(yaml: yaml, source: "table.yml") }
    #expect(error?.problems == problems)
  }
}

@Suite("Waiving findings")
struct WaiverTests {
  let findings = [
    Finding("kernel.tooOld", .blocker, subject: "a", message: "m"),
    Finding("kernel.flavourUnlisted", .warning, subject: "b", message: "m"),
    Finding("distribution.tooOld", .blocker, subject: "c", message: "m"),
  ]

  @Test("A blocker that is named becomes a waived warning, everything else stays")
  func demotes() {
    let result = waive(["kernel.tooOld", "kernel.flavourUnlisted"], in: findings)
    #expect(result.findings.map(\.severity) == [.warning, .warning, .blocker])
    #expect(result.findings.map(\.waived) == [true, false, false])
    #expect(result.unused.isEmpty)
  }

  @Test(
    "What no word of the user's makes harmless, or makes be there, is not waived",
    arguments: [
      "interface.dataIsManagement", "packages.unlisted", "packages.unfinished", "source.occupied", "source.toolMissing",
      "source.notDPDK", "source.incomplete", "source.pathUnsuitable",
    ])
  func unwaivable(id: String) {
    let finding = Finding(id, .blocker, subject: "a", message: "m")
    let result = waive([id, "a.b"], in: [finding])
    #expect(result.findings == [finding])
    #expect(result.refused == [id])
    #expect(waive([id], in: []).refused.isEmpty)
  }

  @Test("Ids that no finding has are given back")
  func unused() {
    let result = waive(["kernel.old", "a.b", "kernel.tooOld"], in: findings)
    #expect(result.unused == ["a.b", "kernel.old"])
  }
}
