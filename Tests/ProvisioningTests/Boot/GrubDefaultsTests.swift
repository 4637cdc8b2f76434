import Provisioning
import Testing

@Suite("The settings of grub-mkconfig")
struct GrubDefaultsTests {
  static let arguments = ["default_hugepagesz=2M", "hugepagesz=2M", "hugepages=512"]
  static let texts = [
    "", "\n", "GRUB_TIMEOUT=0\n", "GRUB_TIMEOUT=0", "# a\r\nGRUB_TIMEOUT=0\r", "GRUB_CMDLINE_LINUX=\"ro\"\n\n",
    "# dpdk-host begin\nGRUB_TIMEOUT=0\n", "# dpdk-host end\n",
    "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT quiet\"\n",
  ]

  @Test("take our block at the end, and are byte for byte as before without it", arguments: texts)
  func roundTrip(text: String) {
    let before = GrubDefaults(text)
    #expect(before.arguments == nil)
    #expect(before.removingArguments == before)
    let with = before.appending(Self.arguments)
    #expect(with.text.utf8.starts(with: text.utf8))
    #expect(with.arguments == Self.arguments)
    #expect(Array(with.removingArguments.text.utf8) == Array(text.utf8))
  }

  @Test("hold one block, whatever was written before", arguments: texts)
  func replacing(text: String) {
    let first = GrubDefaults(text).appending(["hugepages=1"])
    let second = first.appending(Self.arguments)
    #expect(second == GrubDefaults(text).appending(Self.arguments))
    #expect(second.appending(Self.arguments) == second)
  }

  @Test("keep what was written behind our block")
  func linesBehind() {
    let edited = GrubDefaults(GrubDefaults("A=1").appending(["hugepages=1"]).text + "B=2\n")
    #expect(edited.removingArguments.text == "A=1\nB=2\n")
    #expect(edited.appending(["hugepages=2"]).text.hasSuffix("# dpdk-host end\nB=2\n"))
    let cut = GrubDefaults(String(GrubDefaults("A=1\n").appending(["hugepages=1"]).text.dropLast()))
    #expect(cut.appending(["hugepages=2"]).arguments == ["hugepages=2"])
    #expect(cut.removingArguments.text == "A=1\n")
  }

  @Test("are what a shell reads")
  func block() {
    #expect(
      GrubDefaults("A=1\n").appending(["a=\"b c\"", "d=$e`f\\"]).text.contains(
        #"""

        GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT a=\"b c\" d=\$e\`f\\"

        """#))
  }

  @Test(
    "give back the arguments that were put in",
    arguments: [["hugepages=1"], ["a=\"b c\"", "d"], ["$x", "`y`", "\\", "\\\\\"q\\\""], ["é\u{301}"]])
  func quoting(arguments: [String]) throws {
    #expect(GrubDefaults("A=1").appending(arguments).arguments == arguments)
    let template = """
      # put them for @ARGUMENTS@
      GRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT @ARGUMENTS@"

      """
    let dropIn = try #require(GrubDropIn(template: template, arguments: arguments))
    #expect(dropIn.arguments == arguments)
    #expect(dropIn.text.hasPrefix("# put them for @ARGUMENTS@\n"))
    #expect(dropIn.text.hasSuffix("\"\n"))
  }

  @Test("need a place for the arguments in the template of a drop-in")
  func template() {
    #expect(GrubDropIn(template: "# @ARGUMENTS@\nA=1\n", arguments: ["a"]) == nil)
    #expect(GrubDropIn(template: "", arguments: ["a"]) == nil)
    #expect(GrubDropIn("GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n").arguments == nil)
  }
}
