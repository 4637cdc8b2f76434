import Provisioning
import Testing

@Suite("A configuration of GRUB")
struct GrubConfigurationTests {
  /// The command lines of all entries.
  private func lines(_ text: String, _ environments: [String: String] = [:], existing: Set<String> = []) -> [String] {
    menu(text, environments, existing: existing).entries.map(\.commandLine)
  }

  private func menu(
    _ text: String, _ environments: [String: String] = [:], existing: Set<String> = []
  ) -> BootFiles.Menu {
    BootFiles(
      configuration: BootFiles.Configuration(path: "/boot/grub/grub.cfg", text: text), environments: environments,
      existing: existing
    ).menu()
  }

  @Test(
    "quotes as GRUB does, and hands on what the kernel can read",
    arguments: [
      ("a 'b c' d", #"a "b c" d"#), (#"a=b\ c"#, #""a=b c""#), (#"x="b c""#, #""x=b c""#), (#"\$a"#, "$a"),
      (#""\$a \x""#, #""$a \\x""#), ("'$a'", "$a"), ("a\\\nb", "ab"), ("a \\\n b", "a b"), ("a # b", "a"),
      ("a#b", "a#b"), ("a; b", "a"), ("'a'\"b\"c", "abc"), ("''", ""), ("$", "$"), ("a$", "a$"), ("\"${a\"", "${a"),
      ("a\t\tb  c", "a b c"), ("'it\"s'", #"it\"s"#),
    ])
  func quoting(text: String, expected: String) {
    #expect(lines("menuentry x {\nlinux /vmlinuz \(text)\n}\n") == [expected])
  }

  @Test(
    "puts variables in, split where they are not quoted",
    arguments: [
      ("$v", "a b"), ("${v}", "a b"), ("x$v", "xa b"), ("$v$v", "a ba b"), ("\"$v\"", "\"a b\""), ("'$v'", "$v"),
      ("$none", ""), ("x${none}y", "xy"), ("$vx", ""), ("$s", "c"), ("x${s}y", "xcy"), ("x$s$v", "xca b"),
      ("\"$none\"", ""),
    ])
  func variables(text: String, expected: String) {
    let all = lines("set v=\"a b\"\ns=' c '\nmenuentry x { linux /vmlinuz \(text)\n}\n")
    #expect(all == [expected])
  }

  @Test(
    "follows a condition that can be told",
    arguments: [
      ("[ -z \"$none\" ]", "yes"), ("[ -n \"$none\" ]", "no"), ("[ -z \"$v\" ]", "no"), ("[ \"$v\" ]", "yes"),
      ("[ $none ]", "yes"), ("[ \"$none\" ]", "no"), ("[ ! \"\" ]", "yes"), ("[ x$v = x1 ]", "yes"),
      ("[ $v == 1 ]", "yes"), ("[ $v != 1 ]", "no"),
      ("[ ! $v = 1 ]", "no"), ("! [ $v = 1 ]", "no"), ("test $v = 1", "yes"), ("[ $v -ge 2 ]", "no"),
      ("[ -f /boot/there ]", "yes"), ("[ -s /there ]", "yes"), ("[ -e (hd0)/there ]", "yes"), ("true", "yes"),
      ("false", "no"), ("[ ! -f /boot/there ]", "no"),
    ])
  func condition(test: String, expected: String) {
    let text = "set v=1\nif \(test); then set r=yes; else set r=no; fi\nmenuentry x { linux /vmlinuz $r\n}"
    #expect(lines(text, existing: ["/boot/there"]) == [expected])
  }

  @Test(
    "looks at both branches of one that cannot be told",
    arguments: [
      "[ -f /boot/elsewhere ]", "[ $grub_platform = efi ]", "[ $feature_x = y ]", "[ a -a b ]", "[ -d /boot ]",
      "[ a = a ] && [ b = b ]", "probe -f", "[ a = a", "[ $searched = 1 ]", "[ a -lt b ]",
    ])
  func undecided(test: String) {
    let text = """
      set known=1
      search --set=searched --file /a
      if \(test); then
        set known=2; set first=3
        menuentry x { linux /vmlinuz then
        }
      else
        set first=4
        menuentry y { linux /vmlinuz else
        }
      fi
      menuentry z { linux /vmlinuz $known $first
      }
      """
    #expect(lines(text) == ["then", "else", "1 3"])
  }

  @Test("takes the first of its branches that holds")
  func elif() {
    let text = """
      if [ a = b ]; then set r=1
      elif [ a = a ]; then set r=2
      elif [ b = b ]; then set r=3
      else set r=4
      fi
      menuentry x { linux /vmlinuz $r
      }
      """
    #expect(lines(text) == ["2"])
  }

  @Test("does not run functions, and looks into loops once")
  func functions() {
    let text = """
      function f {
        set a=1
        menuentry inner { linux /vmlinuz f
        }
      }
      for i in 1 2 3; do menuentry x { linux /vmlinuz loop $a $i
      }
      done
      while [ a = b ]
      do
        set w=1
      done
      """
    #expect(lines(text) == ["loop"])
  }

  @Test("hands an entry what was set when it is chosen, of which a submenu has what was exported")
  func scopes() {
    let text = """
      set a=1
      set b=2
      export b
      submenu s { menuentry x { linux /vmlinuz $a $b
      set b=3
      }
      menuentry y { linux /vmlinuz $b
      } }
      menuentry z { linux /vmlinuz $a $b $c
      }
      set c=behind
      """
    #expect(lines(text) == ["2", "2", "1 2 behind"])
  }

  @Test("loads an environment block, or the names that are asked for")
  func loadEnvironment() {
    let block = SampleBootFiles.environment("a=1\nb=2")
    let entry = "\nmenuentry x { linux /vmlinuz $a $b\n}"
    #expect(lines("load_env\(entry)", ["/boot/grub/grubenv": block]) == ["1 2"])
    #expect(lines("load_env -f (hd0,gpt1)/x.cfg b\(entry)", ["/boot/x.cfg": block]) == ["2"])
    #expect(lines("load_env --file=/x.cfg\(entry)", ["/boot/efi/x.cfg": block]) == ["1 2"])
    #expect(lines("load_env -f /y.cfg\(entry)", ["/boot/x.cfg": block]) == [""])
    #expect(menu("load_env", ["/boot/grub/grubenv": "a=1"]).problems.count == 1)
    // What could not be read may have set anything.
    let asked = "if [ -z \"$a\" ]; then set b=1; menuentry x { linux /vmlinuz none\n}\nelse\(entry)\nfi"
    #expect(lines(asked) == ["none"])
    #expect(lines("load_env -f /y.cfg\n" + asked) == ["none", "1"])
  }

  @Test(
    "leads to another one, or does not",
    arguments: [
      ("search.fs_uuid 1-2 root hd0,gpt1\nset prefix=($root)'/boot/grub'\nconfigfile $prefix/grub.cfg\n", true),
      ("search --no-floppy --set=dev 1\nset prefix=($dev)/grub2\nexport $prefix\nconfigfile $prefix/grub.cfg", true),
      ("search -n -u 1 -s\nset bootprefix=/boot\nconfigfile $bootprefix/grub2/grub.cfg", true),
      ("set prefix=/boot\nif [ -e a ]; then\nconfigfile a\nelse\nsource b\nfi", true),
      ("set prefix=/boot/grub\n", false), ("", false), ("configfile a\nblscfg\n", false),
      ("configfile a\nmenuentry x { linux /vmlinuz\n}", false),
      ("if [ -f a ]; then source a; fi\nterminal_input console", false),
    ])
  func wrapper(text: String, expected: Bool) {
    let configuration = GrubConfiguration(text, path: "/boot/efi/EFI/x/grub.cfg")
    #expect(configuration.isWrapper == expected)
    #expect(configuration.problems.isEmpty)
  }

  @Test("that takes in another file says so, where that is there")
  func source() {
    let text = "if [ -f $prefix/custom.cfg ]; then\n  source $prefix/custom.cfg\nfi\nblscfg\n"
    #expect(menu(text).problems.isEmpty)
    #expect(
      menu(text, existing: ["/boot/grub/custom.cfg"]).problems == [
        "/boot/grub/grub.cfg: line 2: what '/boot/grub/custom.cfg' adds is not looked at"
      ])
  }

  @Test(
    "with blocks that do not fit together is reported",
    arguments: [
      ("if [ a ]; then\nset b=1\n", "line 1: 'if' is never closed"), ("set a=1\nfi\n", "line 2: 'fi' ends nothing"),
      ("}", "line 1: '}' ends nothing"), ("menuentry x {\nfi\n}", "line 2: 'fi' ends nothing"),
      ("\nmenuentry x {\n", "line 2: 'menuentry' is never closed"),
      ("menuentry 'x {\n}", "line 1: a single quote is never closed"),
      ("\n\nset a=\"b", "line 3: a double quote is never closed"), ("for i in a\n", "line 1: 'for' is never closed"),
      ("function {\n}", "line 1: a function without a name"),
      ("function f\nset a=1", "line 1: a function without a block"),
      ("if a; else b; fi", "line 1: 'if' is never closed"), ("menuentry x { linux\n}", "line 1: no kernel is named"),
      ("linux /vmlinuz a{b}", "line 1: 'linux' takes no block"),
    ])
  func unbalanced(text: String, problem: String) {
    #expect(GrubConfiguration(text, path: "/boot/grub/grub.cfg").problems.first == problem)
  }

  @Test("that is nested too deep is given up", arguments: ["{", "menuentry x {", "if a; then ", "while a; do ", "if "])
  func depth(opener: String) {
    let text = String(repeating: opener + "\n", count: 20_000)
    let problems = GrubConfiguration(text, path: "/boot/grub/grub.cfg").problems
    #expect(problems.contains { $0.contains("more than 64 blocks") })
    #expect(problems.count < 200)
  }

  @Test("without an end is read in time that grows with its length")
  func long() {
    let text = String(repeating: "menuentry x { if [ $a = b ]; then linux /vmlinuz $a ; fi }\n", count: 3000)
    #expect(lines(text).count == 3000)
    #expect(lines(String(repeating: "} fi done ", count: 5000)).isEmpty)
  }
}
