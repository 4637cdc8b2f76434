import Provisioning
import Testing

@Suite("os-release")
struct DistributionTests {
  static let quoting: [(String, String?)] = [
    ("VERSION_ID=18.04", "18.04"),
    ("VERSION_ID=\"18.04\"", "18.04"),
    ("VERSION_ID='18.04'", "18.04"),
    ("  VERSION_ID=18.04", "18.04"),
    ("VERSION_ID=18.04   ", "18.04"),
    ("VERSION_ID=18.04 # bionic", "18.04"),
    ("VERSION_ID=\"18.04\"\r", "18.04"),
    ("VERSION_ID=\"a\\\"b\\$c\\\\d\\`e\"", "a\"b$c\\d`e"),
    ("VERSION_ID=\"a\\nb\"", "a\\nb"),
    ("VERSION_ID='a\\b'", "a\\b"),
    ("VERSION_ID=a\\ b", "a b"),
    ("VERSION_ID=18'.'\"04\"", "18.04"),
    ("VERSION_ID=\"18 # 04\"", "18 # 04"),
    ("VERSION_ID=18=04", "18=04"),
    ("VERSION_ID=16.04\nVERSION_ID=18.04", "18.04"),
    // No assignment a shell would make.
    ("#VERSION_ID=18.04", nil),
    ("export VERSION_ID=18.04", nil),
    ("VERSION_ID =18.04", nil),
    ("VERSION_ID= 18.04", nil),
    ("VERSION_ID=18 04", nil),
    ("VERSION_ID=\"18.04", nil),
    ("VERSION_ID='18.04", nil),
    ("VERSION_ID=18.04\\", nil),
    ("VERSION_ID", nil),
    ("1VERSION_ID=18.04", nil),
    ("VERSION_ID=", nil),
    ("VERSION_ID=\"\"", nil),
    // A line that cannot be read leaves the earlier one standing.
    ("VERSION_ID=18.04\nVERSION_ID=\"20.04", "18.04"),
  ]

  @Test("Values are unquoted as a shell would", arguments: quoting)
  func quotes(line: String, release: String?) throws {
    let distribution = try #require(Distribution(osRelease: "ID=ubuntu\n\(line)\n", centosRelease: nil))
    #expect(distribution.id == "ubuntu")
    #expect(distribution.release == release)
  }

  @Test("Every field comes from its variable, and what is missing has the default of os-release(5)")
  func fields() {
    let text = """
      NAME="Rocky Linux"
      ID="rocky"
      ID_LIKE="rhel centos  fedora"
      VERSION_ID="8.10"
      PRETTY_NAME="Rocky Linux 8.10 (Green Obsidian)"
      """
    #expect(
      Distribution(osRelease: text, centosRelease: "Rocky Linux release 8.10 (Green Obsidian)")
        == Distribution(
          id: "rocky", like: ["rhel", "centos", "fedora"], release: "8.10", name: "Rocky Linux 8.10 (Green Obsidian)"))
    #expect(Distribution(osRelease: "NAME=x", centosRelease: nil) == Distribution(id: "linux"))
    #expect(Distribution(osRelease: "PRETTY_NAME=\"\"\nID=sles", centosRelease: nil)?.name == "sles")
  }

  @Test("A text without an assignment is no os-release", arguments: ["", "\n\n", "# nothing", "\u{0}\u{1}", "<html>"])
  func nothing(text: String) {
    #expect(Distribution(osRelease: text, centosRelease: nil) == nil)
  }

  static let releaseFiles: [(String, String, String?, String?)] = [
    ("centos", "VERSION_ID=\"7\"", "CentOS Linux release 7.5.1804 (Core) \n", "7.5"),
    ("centos", "VERSION_ID=\"7\"", "CentOS Linux release 7.4.1708 (Core)", "7.4"),
    ("rhel", "VERSION_ID=\"7\"", "Red Hat Enterprise Linux Server release 7.9 (Maipo)", "7.9"),
    ("rhel", "VERSION_ID=\"7.5\"", "Red Hat Enterprise Linux Server release 7.9 (Maipo)", "7.5"),
    ("centos", "VERSION_ID=\"9\"", "CentOS Stream release 9", "9"),
    ("centos", "VERSION_ID=\"7\"", nil, "7"),
    ("centos", "VERSION_ID=\"7\"", "", "7"),
    ("centos", "VERSION_ID=\"7\"", "CentOS Linux release", "7"),
    ("centos", "VERSION_ID=\"7\"", "CentOS Linux release seven", "7"),
    ("centos", "VERSION_ID=\"7\"", "CentOS Linux release 8.4.2105", "7"),
    ("centos", "NAME=CentOS", "CentOS Linux release 7.5.1804 (Core)", nil),
    ("sles", "VERSION_ID=\"15\"", "CentOS Linux release 15.3", "15"),
  ]

  @Test("CentOS has its minor release in a file of its own", arguments: releaseFiles)
  func minor(id: String, line: String, file: String?, release: String?) {
    #expect(Distribution(osRelease: "ID=\(id)\n\(line)", centosRelease: file)?.release == release)
  }
}
