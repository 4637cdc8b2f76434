import ArgumentParser

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Prints what 'apply' would do, and why.",
    discussion: """
      Changes nothing: this is the dry run. Exit codes as of 'check'.

      EXAMPLES
        dpdk-host plan
        dpdk-host plan --profile ./my.yml
        dpdk-host plan --format json | jq .actions
      """)

  @OptionGroup var options: ProfileOptions
  @OptionGroup var root: RootOptions

  func run() throws {
    try judge("plan", options, root: root.hostRoot())
  }
}
