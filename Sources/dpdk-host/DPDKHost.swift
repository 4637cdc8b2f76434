import ArgumentParser
import EngineMessages
import Glibc

/// `dpdk-host`: one file a command beside this one.
@main
struct DPDKHost: AsyncParsableCommand {
  static func main() async {
    // `apply | head` must not be ended in the middle of its work.
    signal(SIGPIPE, SIG_IGN)
    await main(nil)
  }

  static let configuration = CommandConfiguration(
    commandName: "dpdk-host",
    abstract: "Prepares a Linux host for DPDK, keeps it so, and proves that it moves packets.",
    discussion: """
      A host is compared with a profile, and what differs is either an action that \
      'apply' takes or a finding that names its remedy.

      EXAMPLES
        dpdk-host provision --profile virtual   everything, on any machine
        dpdk-host check                         what is missing here?
        dpdk-host install                       DPDK, from the distribution's packages
        dpdk-host plan --format json            what would 'apply' do?
        dpdk-host revert                        as it was before

      EXIT CODES
        0 done or ready   1 failed   2 actions needed   3 reboot needed
        4 blocked by a finding   5 below the expected rate
        64 usage   77 needs root   127 of a bundle: not started
      """,
    version: programVersion,
    subcommands: [
      FactsCommand.self, CheckCommand.self, InstallCommand.self, PlanCommand.self, ApplyCommand.self,
      VerifyCommand.self, ProvisionCommand.self, ConfirmCommand.self, RevertCommand.self, InterfacesCommand.self,
      TestpmdCommand.self,
      EnterImageCommand.self, GiveBackFunctionCommand.self,
    ])
}
