import Provisioning
import Testing

@Suite("Huge pages on the command line")
struct HugepageArgumentsTests {
  typealias Amounts = [PageSize: HugepageArguments.Amount]

  private func read(
    _ line: String, kernel: String = "6.1.0-37-cloud-amd64", nodes: Set<Int>? = nil,
    supported: Set<PageSize>? = [.twoMegabytes, .oneGigabyte]
  ) -> HugepageArguments {
    HugepageArguments(KernelCommandLine(line), kernel: KernelRelease(kernel), nodes: nodes, supported: supported)
  }

  @Test(
    "are those that a kernel of today makes of it",
    arguments: [
      ("ro quiet", [:], nil), ("hugepages=128", [.twoMegabytes: .total(128)], nil),
      ("default_hugepagesz=1G hugepagesz=1G hugepages=4", [.oneGigabyte: .total(4)], nil),
      ("default_hugepagesz=1G hugepages=4", [.oneGigabyte: .total(4)], nil),
      ("hugepages=4 default_hugepagesz=1G", [.oneGigabyte: .total(4)], nil),
      (
        "default_hugepagesz=1G hugepagesz=1G hugepages=1 hugepagesz=2M hugepages=64",
        [.oneGigabyte: .total(1), .twoMegabytes: .total(64)], nil
      ),
      ("hugepagesz=2M hugepages=1024 default_hugepagesz=2M", [.twoMegabytes: .total(1024)], nil),
      ("hugepagesz=1GB hugepages=4", [.oneGigabyte: .total(4)], nil),
      ("hugepagesz=0x200000 hugepages=010", [.twoMegabytes: .total(10)], nil),
      ("hugepagesz=3M hugepages=4 hugepages=5", [.twoMegabytes: .total(5)], "hugepagesz=3M hugepages=4"),
      ("hugepagesz=1G hugepages=1 hugepagesz=1G hugepages=9", [.oneGigabyte: .total(1)], "hugepagesz=1G hugepages=9"),
      ("hugepagesz=2M hugepagesz=1G hugepagesz=2M hugepages=5", [:], "hugepagesz=2M hugepages=5"),
      ("hugepages=1024 hugepages=2048", [.twoMegabytes: .total(1024)], "hugepages=2048"),
      ("hugepages=256 hugepagesz=2M hugepages=512", [.twoMegabytes: .total(256)], "hugepages=512"),
      (
        "hugepages=8 hugepagesz=2M hugepages=16 hugepagesz=3M hugepages=4 default_hugepagesz=1G",
        [.oneGigabyte: .total(8), .twoMegabytes: .total(16)], "hugepagesz=3M hugepages=4"
      ),
      ("nr_hugepages=512 hugepagesz=2M", [:], nil), ("hugepages hugepagesz", [:], nil),
      ("hugepages=", [.twoMegabytes: .total(0)], nil), ("hugepages=many", [:], "hugepages=many"),
      ("hugepages=many hugepages=3", [.twoMegabytes: .total(3)], "hugepages=many"),
      ("hugepages=-1", [:], "hugepages=-1"), ("hugepages=5,7", [.twoMegabytes: .total(5)], nil),
      ("hugepages=\" 7\"", [.twoMegabytes: .total(7)], nil), ("-- hugepages=5", [:], nil),
      (
        "default_hugepagesz=1G default_hugepagesz=2M hugepages=3", [:], "default_hugepagesz=2M hugepages=3"
      ),
      (
        "hugepagesz=2M hugepagesz=1G hugepages=1 default_hugepagesz=2M hugepages=5", [.oneGigabyte: .total(1)],
        "hugepages=5"
      ),
      ("hugepages=8 default_hugepagesz=2M hugepages=4", [.twoMegabytes: .total(4)], nil),
    ] as [(String, Amounts, String?)])
  func today(line: String, expected: Amounts, ignored: String?) {
    let arguments = read(line)
    #expect(arguments.amounts == expected)
    let words = arguments.ignored.map(\.argument).joined(separator: " ")
    #expect(words == ignored ?? "")
  }

  @Test("name the default size wherever they do")
  func defaultSize() {
    #expect(read("hugepages=1 default_hugepagesz=1G").defaultSize == .oneGigabyte)
    #expect(read("hugepagesz=1G hugepages=1").defaultSize == .twoMegabytes)
    #expect(read("default_hugepagesz=5M").defaultSize == .twoMegabytes)
    #expect(read("default_hugepagesz=2M default_hugepagesz=1G", kernel: "5.4.0-1022-azure").defaultSize == .oneGigabyte)
    #expect(read("default_hugepagesz=5M", kernel: "5.4.0").defaultSize == .twoMegabytes)
  }

  @Test(
    "may name nodes from 5.16 on",
    arguments: [
      ("hugepages=0:128,1:64", [.twoMegabytes: .nodes([0: 128, 1: 64])], nil),
      ("hugepages=1:64", [.twoMegabytes: .nodes([1: 64])], nil),
      ("hugepagesz=1G hugepages=0:2,1:2", [.oneGigabyte: .nodes([0: 2, 1: 2])], nil),
      ("hugepages=0:0,1:0", [.twoMegabytes: .total(0)], nil),
      ("hugepages=0:16,5:10", [:], "hugepages=0:16,5:10"), ("hugepages=0:16,1", [:], "hugepages=0:16,1"),
      ("hugepages=0:16,1:", [:], "hugepages=0:16,1:"), ("hugepages=:4", [:], "hugepages=:4"),
      ("hugepages=0:16,", [.twoMegabytes: .nodes([0: 16])], nil),
      ("hugepages=99999999999999999999:4", [:], "hugepages=99999999999999999999:4"),
    ] as [(String, Amounts, String?)])
  func nodes(line: String, expected: Amounts, ignored: String?) {
    let arguments = read(line, nodes: [0, 1])
    #expect(arguments.amounts == expected)
    #expect(arguments.ignored.first?.argument == ignored)
  }

  @Test("are none where an older kernel reads the number of a node")
  func nodesBefore() throws {
    for kernel in ["5.10.0-32-cloud-amd64", "5.15.0-1089-azure", "3.10.0-1160.el7.x86_64"] {
      let arguments = read("default_hugepagesz=2M hugepagesz=2M hugepages=0:128,1:64", kernel: kernel)
      #expect(arguments.amounts == [.twoMegabytes: .total(0)])
      #expect(try #require(arguments.ignored.first).reason.contains("5.16"))
    }
    #expect(read("hugepages=0:128", kernel: "5.16.0").amounts == [.twoMegabytes: .nodes([0: 128])])
  }

  @Test(
    "are read otherwise by older kernels",
    arguments: [
      ("hugepages=256 hugepagesz=2M hugepages=512", "5.4.0-1022-azure", [.twoMegabytes: .total(512)]),
      // The size said twice is passed over, and the pages go to the one before.
      ("hugepagesz=2M hugepagesz=1G hugepagesz=2M hugepages=5", "5.4.0", [.oneGigabyte: .total(5)]),
      ("hugepagesz=3M hugepagesz=2M hugepages=5", "5.4.0", [:]),
      ("hugepagesz=3M hugepagesz=2M hugepages=5", "5.10.0", [.twoMegabytes: .total(5)]),
      ("hugepagesz=2M hugepagesz=3M hugepages=5", "3.10.0-1160.el7.x86_64", [.twoMegabytes: .total(5)]),
      ("default_hugepagesz=1G hugepages=4", "4.18.0-553.16.1.el8_10.x86_64", [:]),
      ("default_hugepagesz=1G hugepagesz=1G hugepages=4", "4.18.0-553.16.1.el8_10.x86_64", [.oneGigabyte: .total(4)]),
      ("default_hugepagesz=2M hugepages=4", "4.18.0", [.twoMegabytes: .total(4)]),
      ("hugepages=abc", "5.4.0", [.twoMegabytes: .total(0)]),
    ] as [(String, String, Amounts)])
  func older(line: String, kernel: String, expected: Amounts) {
    #expect(read(line, kernel: kernel).amounts == expected)
  }

  @Test("are void where the machine lacks the size")
  func unsupported() {
    let arguments = read("hugepagesz=1G hugepages=1 hugepages=16", supported: [.twoMegabytes])
    #expect(arguments.amounts == [.twoMegabytes: .total(16)])
    #expect(arguments.ignored.map(\.argument) == ["hugepagesz=1G", "hugepages=1"])
    #expect(read("hugepagesz=32M hugepages=1", supported: nil).amounts == [PageSize(kilobytes: 32768): .total(1)])
    #expect(read("hugepagesz=3M hugepages=1", supported: nil).amounts.isEmpty)
  }

  @Test("are kept up to a number by kernels from 6.15 on")
  func limit() {
    let line = "hugepagesz=2M hugepages=1 hugepagesz=1G hugepages=1 hugepagesz=2M default_hugepagesz=1G"
    #expect(read(line, kernel: "6.17.0-1008-azure").defaultSize == .twoMegabytes)
    #expect(read(line, kernel: "6.14.0-1014-azure").defaultSize == .oneGigabyte)
  }

  @Test("of any text have an answer", arguments: 0..<200)
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let keys = ["hugepages=", "hugepagesz=", "default_hugepagesz=", "default-hugepagesz="]
    let values = [
      "2M", "1G", "0", "", "1", "0:1", "0:1,1:2", "7:1", "18446744073709551615", "\"", "9e", "0x", "K", "é",
    ]
    let words = (0..<generator.number(0...9)).compactMap { _ in
      generator.pick(keys).flatMap { key in generator.pick(values).map { key + $0 } }
    }
    let kernel = generator.oneOf("3.10.0", "4.18.0", "5.10.0", "6.1.0", "6.17.0")
    let arguments = read(words.joined(separator: " "), kernel: kernel, nodes: [0, 1], supported: nil)
    // An open quote makes one argument of what follows.
    #expect(arguments.ignored.allSatisfy { words.contains($0.argument) || $0.argument.contains("\"") })
  }
}
