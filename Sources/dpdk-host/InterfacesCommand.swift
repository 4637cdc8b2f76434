import ArgumentParser
import LinuxHost
import Provisioning

struct InterfacesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interfaces",
    abstract: "Says which interface is which, what is never touched, and how DPDK takes the rest.",
    discussion: """
      Pairs every VF with its synthetic interface, by link and MAC address, and marks \
      management: default route, the way to Azure's own addresses, SSH sessions, and \
      what the profile names. Changes nothing.

      EXAMPLES
        dpdk-host interfaces
        dpdk-host interfaces --profile azure-netvsc
        dpdk-host interfaces --format json | jq -r .ealArguments[]
      """)

  @OptionGroup var choice: ProfileChoice

  @Option(help: "How the result is written: text or json.")
  var format: Format = .text

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  func run() throws {
    let inputs = try Inputs(profile: choice.profile, root: .runningHost)
    let facts = gatherInterfaces(for: inputs.profile)
    var plan = planInterfaces(inputs.profile, on: facts)
    plan.findings += facts.unreadableFindings
    let report = InterfaceReport(profile: inputs.profile.name, plan: plan, release: facts.dpdk.release)
    switch format {
    case .text: write(interfacesText(report, style: .forStandardOutput(), marks: .forLocale()))
    case .json: write(try json(report))
    }
  }
}
