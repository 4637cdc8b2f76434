import Provisioning
import Testing

@Suite("An environment block of GRUB")
struct GrubEnvironmentBlockTests {
  @Test("has its variables, escapes resolved and padding left out")
  func variables() throws {
    let text = """
      # GRUB Environment Block
      # WARNING: made by a tool
      saved_entry=0123-6.1.0
      kernelopts=root=UUID=1 ro rd.lvm.lv=a/b
      odd=one\\\\two\\
      three
      no assignment
      =nothing
      empty=
      ##########
      """
    let block = try #require(GrubEnvironmentBlock(text + String(repeating: "#", count: 700)))
    #expect(
      block.variables == [
        "saved_entry": "0123-6.1.0", "kernelopts": "root=UUID=1 ro rd.lvm.lv=a/b", "odd": "one\\two\nthree",
        "empty": "",
      ])
  }

  @Test("is read without padding too, as CBL-Mariner has it")
  func plain() throws {
    let text = "# GRUB Environment Block\nmariner_cmdline=ro loglevel=3\nmariner_linux=vmlinuz-5.15.1-2.cm2\n"
    #expect(
      try #require(GrubEnvironmentBlock(text)).variables == [
        "mariner_cmdline": "ro loglevel=3", "mariner_linux": "vmlinuz-5.15.1-2.cm2",
      ])
  }

  @Test("needs its signature", arguments: ["", "a=1\n", "# GRUB Environment Block", "#GRUB Environment Block\na=1\n"])
  func signature(text: String) { #expect(GrubEnvironmentBlock(text) == nil) }

  @Test(
    "drops a line that is cut off", arguments: ["a=1\nb=2", "a=1\nb=2\\", "a=1\nb", "a=1\n\\", "a=1\n", "a=1\nb=2\\\n"])
  func cut(lines: String) throws {
    #expect(try #require(GrubEnvironmentBlock("# GRUB Environment Block\n" + lines)).variables == ["a": "1"])
  }
}
