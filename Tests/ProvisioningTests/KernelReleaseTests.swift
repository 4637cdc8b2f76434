import Provisioning
import Testing

@Suite("Kernel releases")
struct KernelReleaseTests {
  struct Parts: Sendable, CustomTestStringConvertible {
    var text: String
    var base: String
    var release: [Int] = []
    var flavour: String?
    var architecture: String?
    var mark: String?
    var candidate: Int?
    var testDescription: String { text }
  }

  static let known = [
    Parts(text: "4.15.0-1009-azure", base: "4.15.0", release: [1009], flavour: "azure"),
    Parts(text: "5.4.0-1022-azure-fips", base: "5.4.0", release: [1022], flavour: "azure-fips"),
    Parts(text: "4.15.0-142-generic", base: "4.15.0", release: [142], flavour: "generic"),
    Parts(text: "4.12.14-8.19-azure", base: "4.12.14", release: [8, 19], flavour: "azure"),
    Parts(
      text: "3.10.0-862.11.6.el7.x86_64", base: "3.10.0", release: [862, 11, 6], flavour: "el7", architecture: "x86_64"),
    Parts(
      text: "4.18.0-147.57.1.el8_1.x86_64", base: "4.18.0", release: [147, 57, 1], flavour: "el8_1",
      architecture: "x86_64"),
    Parts(
      text: "3.10.0-1160.el7.x86_64+debug", base: "3.10.0", release: [1160], flavour: "el7", architecture: "x86_64",
      mark: "+debug"),
    Parts(text: "4.19.0-1-cloud-amd64", base: "4.19.0", release: [1], flavour: "cloud", architecture: "amd64"),
    Parts(text: "4.19.0-1-cloud", base: "4.19.0", release: [1], flavour: "cloud"),
    Parts(text: "5.10.0-32-amd64", base: "5.10.0", release: [32], architecture: "amd64"),
    Parts(text: "5.10.0-32-686-pae", base: "5.10.0", release: [32], flavour: "686-pae"),
    Parts(
      text: "5.8.0-0.bpo.2-cloud-amd64", base: "5.8.0", release: [0], flavour: "cloud", architecture: "amd64",
      mark: "bpo.2"),
    Parts(
      text: "6.1.0-0.deb11.5-cloud-amd64", base: "6.1.0", release: [0], flavour: "cloud", architecture: "amd64",
      mark: "deb11.5"),
    Parts(
      text: "6.12.41+deb13-cloud-amd64", base: "6.12.41", flavour: "cloud", architecture: "amd64", mark: "+deb13"),
    Parts(text: "5.15.138.1-4.cm2", base: "5.15.138.1", release: [4], flavour: "cm2"),
    Parts(text: "5.15.157.mshv1-2.cm2", base: "5.15.157", release: [2], flavour: "cm2", mark: ".mshv1"),
    Parts(text: "6.6.126.1-1.azl3", base: "6.6.126.1", release: [1], flavour: "azl3"),
    Parts(text: "5.10.84-flatcar", base: "5.10.84", flavour: "flatcar"),
    Parts(text: "6.18.41-vyos", base: "6.18.41", flavour: "vyos"),
    Parts(text: "4.15.0-rc9+", base: "4.15.0", mark: "+", candidate: 9),
    Parts(
      text: "4.15.0-rc9-00123-gabcdef-dirty", base: "4.15.0", release: [123], flavour: "gabcdef-dirty", candidate: 9),
    Parts(text: "5.15.0-051500rc7-generic", base: "5.15.0", flavour: "generic", candidate: 7),
    Parts(
      text: "6.10.0-0.rc4.39.fc41.x86_64", base: "6.10.0", release: [0], flavour: "39.fc41", architecture: "x86_64",
      candidate: 4),
    Parts(text: "5.15.0-1014-azure+", base: "5.15.0", release: [1014], flavour: "azure", mark: "+"),
    Parts(text: "5.10.120-4.custom", base: "5.10.120", release: [4], flavour: "custom"),
    Parts(text: "6.1", base: "6.1"),
    Parts(text: "5.15.153.1-microsoft-standard-WSL2", base: "5.15.153.1", flavour: "microsoft-standard-WSL2"),
    Parts(text: "6.8.0-", base: "6.8.0"),
    Parts(text: "6.8.0--azure", base: "6.8.0", flavour: "azure"),
  ]

  @Test("A release is taken apart, whatever the distribution's scheme", arguments: known)
  func parses(parts: Parts) throws {
    let kernel = try #require(KernelRelease(parts.text))
    #expect(kernel.text == parts.text)
    #expect(kernel.base.description == parts.base)
    #expect(kernel.release == parts.release)
    #expect(kernel.flavour == parts.flavour)
    #expect(kernel.architecture == parts.architecture)
    #expect(kernel.localMark == parts.mark)
    #expect(kernel.candidate == parts.candidate)
  }

  @Test(
    "What is no release is nil, and nothing traps",
    arguments: [
      "", "-", "+", ".", "..", "linux", "6", "6.", "6..1", ".6.1", "-6.1.0", "6.1.0x", "６.１.0", "6.1.0 -azure",
      "6.1.0\n",
      "99999999999999999999.1", "6.1.0-99999999999999999999-azure", "6.1.0-é",
    ])
  func rejects(text: String) {
    #expect(KernelRelease(text) == nil)
  }

  static let bases: [(String, String, KernelRelease.Order)] = [
    ("5.0.0-1012-azure", "4.15.0-1014-azure", .newer),
    ("4.9.0", "4.15.0", .older),
    ("4.15", "4.15.0", .same),
    ("4.15.0.0-1", "4.15", .same),
    ("4.15.0-rc9+", "4.15.0", .older),
    ("4.15.0-rc9", "4.15.0-rc10", .older),
    ("4.16.0-rc1", "4.15.0", .newer),
    ("5.15.138.1-4.cm2", "5.15.138-1.cm2", .newer),
  ]

  @Test("Base versions compare number by number, a candidate before its release", arguments: bases)
  func baseOrder(left: String, right: String, expected: KernelRelease.Order) throws {
    let (left, right) = try (#require(KernelRelease(left)), #require(KernelRelease(right)))
    #expect(KernelRelease.baseOrder(left, right) == expected)
  }

  static let releases: [(String, String, KernelRelease.Order?)] = [
    ("3.10.0-862.el7.x86_64", "3.10.0-862.11.6.el7.x86_64", .older),
    ("3.10.0-957.el7.x86_64", "3.10.0-862.11.6.el7.x86_64", .newer),
    ("3.10.0-862.11.6.el7.x86_64", "3.10.0-862.11.6.el7", .same),
    ("3.10.0-862.9.1.el7_5.x86_64", "3.10.0-862.11.6.el7.x86_64", .older),
    ("4.12.14-16.7-azure", "4.12.14-8.19-azure", .newer),
    ("4.12.14-8.9-azure", "4.12.14-8.19-azure", .older),
    ("4.19.0-1-cloud-amd64", "4.19.0-1-cloud", .same),
    ("5.4.0-1022-azure-fips", "5.4.0-1022-azure", nil),
    ("4.15.0-142-generic", "4.15.0-1014-azure", nil),
    ("5.10.84-flatcar", "5.10.84-flatcar", nil),
  ]

  @Test("Release numbers compare within a flavour alone", arguments: releases)
  func releaseOrder(left: String, right: String, expected: KernelRelease.Order?) throws {
    let (left, right) = try (#require(KernelRelease(left)), #require(KernelRelease(right)))
    #expect(KernelRelease.releaseOrder(left, right) == expected)
  }

  @Test("Dotted numbers are equal up to zeros at the end, and keep their text")
  func dottedNumbers() throws {
    let (short, long) = try (#require(DottedNumber("15")), #require(DottedNumber("15.0")))
    #expect(short == long)
    #expect(Set([short, long]).count == 1)
    #expect(try #require(DottedNumber("7.10")) > #require(DottedNumber("7.9")))
    #expect(DottedNumber("18.04")?.description == "18.04")
    #expect(DottedNumber("0") == DottedNumber("0.0"))
    for text in ["", ".", "7.", ".7", "7..5", "7a", "+7", "-7", "７"] { #expect(DottedNumber(text) == nil) }
  }
}
