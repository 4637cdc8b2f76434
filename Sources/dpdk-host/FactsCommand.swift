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
        dpdk-host facts --format json > host.json
        dpdk-host facts --root /mnt/image
      """)

  @OptionGroup var root: RootOptions

  @Option(help: "How the facts are written: text or json.")
  var format: Format = .text

  @Option(
    help: ArgumentHelp("Look for this kernel module, too. Repeatable.", valueName: "name"))
  var module: [String] = []

  func run() throws {
    var scope = GatherScope.anyProfile
    scope.modules += module
    let facts = gather(try root.hostRoot(), scope: scope)
    switch format {
    case .text: write(factsText(facts, style: .forStandardOutput()))
    case .json: write(try json(facts))
    }
  }
}
