import ArgumentParser
import LinuxHost
import Provisioning

struct FactsCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  static let configuration = CommandConfiguration(
    commandName: "facts",
    abstract: "Prints what this host is.",
    discussion: """
      Changes nothing and judges nothing. The JSON is complete: it is what a bug report \
      needs, and what this project's tests are written against.

      EXAMPLES
        dpdk-host facts
        dpdk-host facts --profile azure --format json > host.json
        dpdk-host facts --root /mnt/image
      """)

  @OptionGroup var root: RootOptions

  @Option(help: "How the facts are written: text or json.")
  var format: Format = .text

  @Option(
    help: ArgumentHelp("Look at the paths, accounts and modules of this profile, too.", valueName: "name|file"))
  var profile: String?

  @Option(
    help: ArgumentHelp("Look for this kernel module, too. Repeatable.", valueName: "name"))
  var module: [String] = []

  func run() throws {
    let root = try root.hostRoot()
    var scope = GatherScope.anyProfile
    if let profile {
      let wanted = gatherScope(for: try Inputs(profile: profile, root: root).profile)
      scope = GatherScope(
        modules: scope.modules + wanted.modules.filter { !GatherScope.anyProfile.modules.contains($0) },
        paths: wanted.paths, users: wanted.users, groups: wanted.groups)
    }
    scope.modules += module
    let facts = gather(root, scope: scope)
    switch format {
    case .text: write(factsText(facts, style: .forStandardOutput()))
    case .json: write(try json(FactsDocument(facts: facts)))
    }
  }
}

/// The facts as one JSON object, with the schema's name beside them.
private struct FactsDocument: Encodable {
  enum Key: String, CodingKey { case schema }

  let facts: HostFacts

  func encode(to encoder: any Encoder) throws {
    try facts.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("dpdk-host/facts/1", forKey: .schema)
  }
}
