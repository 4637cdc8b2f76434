import Provisioning
import Testing

@Suite("A kernel command line")
struct KernelCommandLineTests {
  @Test(
    "is split where no quote is open, and keeps its words",
    arguments: [
      ("ro quiet", ["ro", "quiet"]), ("  ro\t quiet\n", ["ro", "quiet"]), ("", []), (" \n", []),
      ("console=ttyS0,115200n8 earlyprintk=ttyS0", ["console=ttyS0,115200n8", "earlyprintk=ttyS0"]),
      (#"a="b c" d"#, [#"a="b c""#, "d"]), (#""a=b c" d"#, [#""a=b c""#, "d"]), (#"a=b" "c d"#, [#"a=b" "c"#, "d"]),
      (#"a="b c"#, [#"a="b c"#]), (#"a="b""c d" e"#, [#"a="b""c d""#, "e"]), ("a=é\u{301} b", ["a=é\u{301}", "b"]),
      ("a \u{301}b", ["a", "\u{301}b"]), ("a\r\nb", ["a", "b"]),
    ] as [(String, [String])])
  func words(text: String, expected: [String]) {
    let line = KernelCommandLine(text)
    #expect(line.words == expected)
    #expect(KernelCommandLine(line.description).words == expected)
  }

  @Test(
    "has keys and values without their quotes",
    arguments: [
      ("ro", "ro", nil), ("root=PARTUUID=1-2", "root", "PARTUUID=1-2"), ("rd.lvm.lv=", "rd.lvm.lv", ""),
      (#"a="b c""#, "a", "b c"), (#""a=b c""#, "a", "b c"), (#"a="b"c"#, "a", #"b"c"#), (#"a=b"c""#, "a", #"b"c""#),
      (#"a=""#, "a", ""), (#"a="""#, "a", ""), (#""""#, "", nil), (#"""#, "", nil), ("=a", "=a", nil),
      ("=a=b", "=a", "b"), (#""a="b c""#, "a", "b c"), (#"a="b"#, "a", "b"),
    ] as [(String, String, String?)])
  func argument(word: String, key: String, value: String?) {
    let argument = KernelArgument(word)
    #expect(argument.text == word)
    #expect(argument.key == key)
    #expect(argument.value == value)
  }

  @Test("tells all values of a key, under either spelling")
  func values() {
    let line = KernelCommandLine("console=tty1 pci-hp=1 console=ttyS0 pci_hp quiet -- console=none")
    #expect(line.values(of: "console") == ["tty1", "ttyS0"])
    #expect(line.values(of: "pci_hp") == ["1", nil])
    #expect(line.values(of: "pci-hp") == ["1", nil])
    #expect(line.values(of: "consol").isEmpty)
  }

  @Test("hands what stands behind two hyphens to init")
  func hyphens() {
    let line = KernelCommandLine("ro quiet -- single --")
    #expect(Array(line.kernelWords) == ["ro", "quiet"])
    #expect(Array(line.initWords) == ["single", "--"])
    #expect(line.appending(["hugepages=2"]).description == "ro quiet hugepages=2 -- single --")
    #expect(Array(KernelCommandLine("ro \"--\" single").initWords) == ["single"])
    #expect(KernelCommandLine("ro --x=1 --=").initWords.isEmpty)
  }

  @Test("takes words that are not there as a sequence, and only then")
  func appending() {
    let ours = ["hugepagesz=1G", "hugepages=8"]
    let line = KernelCommandLine("ro hugepagesz=2M hugepages=8")
    #expect(line.appending(ours).description == "ro hugepagesz=2M hugepages=8 hugepagesz=1G hugepages=8")
    #expect(line.appending(ours).appending(ours) == line.appending(ours))
    #expect(KernelCommandLine("hugepages=8 hugepagesz=1G").appending(ours).words.count == 4)
    #expect(line.contains(sequence: ["hugepagesz=2M", "hugepages=8"]))
    #expect(!line.contains(sequence: ["ro", "hugepages=8"]))
    #expect(!KernelCommandLine("ro -- hugepages=8").contains(sequence: ["hugepages=8"]))
    #expect(line.contains(sequence: []))
  }

  @Test("has a word however it is quoted, and loses it so")
  func quoting() {
    let line = KernelCommandLine(#"ro "dyndbg=file a +p" quiet"#)
    #expect(line.contains(sequence: [#"dyndbg="file a +p""#]))
    #expect(line.removing([#"dyndbg="file a +p""#]).description == "ro quiet")
    #expect(line.removing(["quiet", "ro"]) == line)
  }

  @Test("loses the last of two sequences, which is the one that was appended")
  func overlap() {
    let line = KernelCommandLine("a b").appending(["a", "b", "a"])
    #expect(line.description == "a b a b a")
    #expect(line.removing(["a", "b", "a"]).description == "a b")
  }

  @Test("is as before when what was appended is removed", arguments: 0..<200)
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let pool = ["a", "b", "a-b=1", "a_b=1", #"c="x y""#, #""c=x y""#, "hugepages=2", "--", "=", "\""]
    let words = { (count: Int) in (0..<count).compactMap { _ in generator.pick(pool) } }
    let line = KernelCommandLine(words(generator.number(0...8)).joined(separator: "  "))
    let ours = words(generator.number(1...4)).filter { $0 != "--" && $0 != "\"" }
    let merged = line.appending(ours)
    #expect(merged.contains(sequence: ours))
    #expect(merged.appending(ours) == merged)
    if !line.contains(sequence: ours) { #expect(merged.removing(ours) == line) }
    #expect(KernelCommandLine(line.description) == line)
  }
}
