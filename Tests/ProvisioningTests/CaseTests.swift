import Foundation
import Provisioning
import Testing

/// Each folder of `Cases` is a host and a profile with the plan that they come to: `facts.json` as
/// `dpdk-host facts --format json` prints it, `profile.yml`, `plan.json`. A bug report becomes a folder.
///
/// With `UPDATE_CASES=1` the plans are written anew, to be read in the diff before they are committed.
@Suite("Cases: a host, a profile, a plan")
struct CaseTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

  static var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  struct Outcome: Encodable {
    var findings: [Finding]
    var actions: [PlannedAction]
  }

  @Test("the plan is the one on file", arguments: try names)
  func plans(name: String) throws {
    let folder = Self.folder.appending(path: name)
    func text(_ file: String) throws -> String {
      try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    }
    let facts = try JSONDecoder().decode(HostFacts.self, from: Data(text("facts.json").utf8))
    let profile = try Profile(yaml: text("profile.yml"), source: "\(name)/profile.yml")
    let table = Self.folder.appending(path: "../../../profiles/distributions.yml")
    let requirements = try Requirements(
      yaml: String(contentsOf: table, encoding: .utf8), source: "distributions.yml")

    let plan = plan(profile, requirements, on: facts)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let json =
      String(decoding: try encoder.encode(Outcome(findings: plan.findings, actions: plan.actions)), as: UTF8.self)
      + "\n"
    if ProcessInfo.processInfo.environment["UPDATE_CASES"] == "1" {
      try json.write(to: folder.appending(path: "plan.json"), atomically: true, encoding: .utf8)
    }
    #expect(try text("plan.json") == json)
  }

  @Test("there are cases")
  func some() throws { #expect(try Self.names.count >= 5) }
}
