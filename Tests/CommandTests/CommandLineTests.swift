import Foundation
import FoundationXML
import Glibc
import SystemPackage
import TestSupport
import Testing

@Suite("The command line")
struct CommandLineTests {
  @Test(
    "every command has help with an example",
    arguments: [
      "facts", "check", "plan", "apply", "verify", "provision", "confirm", "revert", "interfaces", "install", "testpmd",
    ])
  func help(command: String) async throws {
    let result = try await run(dpdkHost, [command, "--help"])
    #expect(result.code == 0)
    #expect(result.output.contains("EXAMPLES"))
    #expect(result.output.contains("dpdk-host \(command)"))
  }

  @Test(
    "wrong words end with exit code 64 and say what is wrong",
    arguments: [
      (["check", "--nonsense"], "nonsense"), (["frobnicate"], "frobnicate"),
      (["check", "--profile", "no-such"], "there is no profile 'no-such' (known are azure"),
      (["check", "--profile", "/no/such.yml"], "there is no profile '/no/such.yml'"),
      (["check", "--root", "/no/such"], "'/no/such' is not a directory"),
      (["testpmd", "sideways"], "'sideways' is no mode"),
      (["testpmd", "tx", "--peer-address", "10.0.1.555"], "'10.0.1.555' is not an IPv4 address"),
      (["testpmd", "tx", "--peer-mac", "12:34"], "'12:34' is not a MAC address"),
      (["testpmd", "tx", "--lcores", "0;reboot"], "'0;reboot' is not a list of 2 CPUs or more"),
      (["testpmd", "tx", "--lcores", "3"], "'3' is not a list of 2 CPUs or more"),
      (["testpmd", "rx", "--peer-mac", "12:34:56:78:9a:bc"], "--peer-mac is for the modes tx and forward"),
      (["testpmd", "tx", "--cores", "0"], "--cores takes 1 to 128"),
      (["check", "--format", "yaml"], "yaml"), (["check", "--root", ""], "--root is empty"),
      (["apply", "--confirm-within", "0"], "--confirm-within 0"),
      (["install", "--wait-for-lock", "3601"], "--wait-for-lock 3601"),
      (["install", "--destdir", "/srv"], "--destdir is for --from-source"),
      (["install", "--driver", "net/virtio"], "--driver is for --from-source"),
      (["install", "--jobs", "2"], "--jobs is for --from-source"),
      (["install", "--from-source", "x", "--build-packages"], "run one after the other"),
      (["install", "--from-source", "x", "--jobs", "0"], "--jobs 0"),
      (["install", "--from-source", "x", "--destdir", ""], "--destdir names no directory"),
      (["install", "--from-source", ""], "--from-source names no directory"),
      (["install", "--from-source", "x", "--driver", "net/*"], "'net/*' is no driver"),
      (["install", "--from-source", "x", "--driver", "../net"], "'../net' is no driver"),
      (["revert", "--wait-for-lock", "5"], "--wait-for-lock is for --packages"),
      (["revert", "--packages", "--root", "/mnt"], "--packages is about the running host"),
    ])
  func usage(arguments: [String], message: String) async throws {
    let result = try await run(dpdkHost, arguments)
    #expect(result.code == 64)
    #expect(result.errors.contains(message))
    #expect(result.output.isEmpty)
  }

  @Test("a profile with mistakes names them all, with their lines")
  func badProfile() async throws {
    let profile = try ProfileFile("name: x\nhugepages:\n  - {size: 3M, perNode: 010}\nmodule: auto\n")
    let result = try await run(dpdkHost, ["check", "--profile", profile.path])
    #expect(result.code == 64)
    for part in ["$.hugepages[0].size", "$.hugepages[0].perNode", "unknown key 'module'"] {
      #expect(result.errors.contains(part), "\(result.errors)")
    }
  }

  @Test("facts are the same JSON twice, but for what the machine itself changes")
  func stableFacts() async throws {
    func keys() async throws -> [String] {
      let object = try JSONSerialization.jsonObject(
        with: Data(try await run(dpdkHost, ["facts", "--format", "json"]).output.utf8))
      return (object as? [String: Any])?.keys.sorted() ?? []
    }
    let first = try await keys()
    let second = try await keys()
    #expect(second == first)
    #expect(first.contains("nodes") && first.contains("kernel") && first.contains("dpdk"))
  }

  @Test("an empty root is judged by itself: nothing of this machine is in it")
  func emptyRoot() async throws {
    let root = "/tmp/dpdk-host-root-\(UUID().uuidString)"
    try #require(mkdir(root, 0o755) == 0)
    defer { rmdir(root) }
    let result = try await run(dpdkHost, ["facts", "--root", root, "--format", "json"])
    #expect(result.code == 0)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect((object["nodes"] as? [Any])?.isEmpty == true)
    #expect((object["devices"] as? [Any])?.isEmpty == true)
    #expect(object["distribution"] == nil)
  }

  @Test("a reader that goes away changes nothing about the verdict")
  func brokenPipe() async throws {
    let script = "\"$1\" check --profile azure 2>/dev/null | true; exit ${PIPESTATUS[0]}"
    let piped = try await run("/bin/bash", ["-c", script, "bash", dpdkHost.string])
    let plain = try await run(dpdkHost, ["check", "--profile", "azure"])
    #expect(piped.code == plain.code)
  }

  @Test("there is no colour in a pipe")
  func noColour() async throws {
    let result = try await run(dpdkHost, ["check", "--profile", "virtual"])
    #expect(!result.output.contains("\u{1B}"))
  }

  @Test("text keeps to 80 columns")
  func columns() async throws {
    for arguments in [["check", "--profile", "azure"], ["facts"], ["plan", "--profile", "virtual"]] {
      for line in try await run(dpdkHost, arguments).output.split(separator: "\n") {
        #expect(line.count <= 80, "\(line)")
      }
    }
  }

  @Test("JUnit output is XML that counts its failures")
  func junit() async throws {
    let result = try await run(dpdkHost, ["check", "--profile", "virtual", "--format", "junit"])
    let document = try XMLCheck(result.output)
    #expect(document.failures == document.failureElements)
    #expect(document.testCases >= 1)
  }

  @Test(
    "who is not root is told what to type, and nothing is written",
    .enabled(if: isRoot, "needs root, to become somebody else"),
    arguments: ["apply", "verify", "provision", "confirm", "revert"])
  func notRoot(command: String) async throws {
    // The build folder may be closed to others: a copy of the program in a folder of its own is not.
    let folder = "/tmp/dpdk-host-user-\(UUID().uuidString)"
    try #require(mkdir(folder, 0o755) == 0)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // By a process of its own: a program that we had open for writing while another test forks is "busy".
    try #require(try await run("/usr/bin/install", ["-m", "0755", dpdkHost.string, folder]).code == 0)
    let result = try await MountNamespace.with { host in
      let result = try await host.run(
        "/usr/bin/setpriv",
        "--reuid=65534", "--regid=65534", "--clear-groups", "\(folder)/dpdk-host", command)
      let traces = try await host.traces()
      #expect(traces.isEmpty)
      return result
    }
    #expect(result.code == 77)
    #expect(result.errors.contains("type: sudo \(folder)/dpdk-host \(command)"))
  }
}

/// Enough of an XML reader to see that a document is well formed, and to count.
private final class XMLCheck: NSObject, XMLParserDelegate {
  private(set) var failures = -1
  private(set) var failureElements = 0
  private(set) var testCases = 0

  init(_ text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    switch name {
    case "testsuite": failures = attributes["failures"].flatMap { Int($0) } ?? -1
    case "testcase": testCases += 1
    case "failure": failureElements += 1
    default: break
    }
  }
}
