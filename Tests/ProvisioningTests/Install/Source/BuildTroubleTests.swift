import Provisioning
import Testing

@Suite("What a build says")
struct BuildTroubleTests {
  static let troubles: [(String, BuildTrouble)] = [
    (
      "[1/9] x\nFAILED: lib/a.o\n../lib/a.c:3:10: fatal error: numa.h: No such file or directory\nninja: build stopped",
      .failed("../lib/a.c:3:10: fatal error: numa.h: No such file or directory")
    ),
    (
      "Dependency x\nconfig/meson.build:12:0: ERROR: Problem encountered: missing python module: elftools\n\nA full log",
      .failed("config/meson.build:12:0: ERROR: Problem encountered: missing python module: elftools")
    ),
    (
      "../a.c: fatal error: error writing to /w/tmp/cc.s: No space left on device\ncompilation terminated.",
      .diskFull("../a.c: fatal error: error writing to /w/tmp/cc.s: No space left on device")
    ),
    (
      "gcc: fatal error: Killed signal terminated program cc1\ncompilation terminated.",
      .outOfMemory("gcc: fatal error: Killed signal terminated program cc1")
    ),
    (
      "xz: (stdin): Unexpected end of input\n/bin/tar: Unexpected EOF in archive\n/bin/tar: Error is not recoverable",
      .cutShort("xz: (stdin): Unexpected end of input")
    ),
    (
      "\ngzip: stdin: not in gzip format\n/bin/tar: Child returned status 1\n/bin/tar: Error is not recoverable",
      .notArchive("gzip: stdin: not in gzip format")
    ),
    (
      "/bin/tar (child): xz: Cannot exec: No such file or directory\n/bin/tar: Error is not recoverable",
      .unpackerMissing("xz")
    ),
    (
      // What a compiler quotes of a source is no cause.
      "../a.c:9:3: error: 'x' undeclared\n  9 |   puts(\"No space left on device\");\n",
      .failed("../a.c:9:3: error: 'x' undeclared")
    ),
    (
      "../a.sh: line 9: syntax error: unexpected end of file\nFAILED: a",
      .failed("FAILED: a")
    ),
    ("ld: a.o: File format not recognized\nFAILED: a", .failed("FAILED: a")),
    ("ERROR: Unknown options: \"x\"\n\nA full log", .failed("ERROR: Unknown options: \"x\"")),
    ("as: b.o: Cannot allocate memory\nFAILED: b", .outOfMemory("as: b.o: Cannot allocate memory")),
    ("make: *** No rule to make target 'x'.  Stop.", .failed("make: *** No rule to make target 'x'.  Stop.")),
    ("one\ntwo\n\n", .failed("two")), ("", .failed("it said nothing, and ended with exit code 2")),
  ]

  @Test("is told by its first error", arguments: troubles.indices)
  func first(index: Int) {
    let (said, expected) = Self.troubles[index]
    let lines = said.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(BuildTrouble(said.isEmpty ? [] : lines, exitCode: 2, ofArchive: said.contains("/bin/tar")) == expected)
  }
}
