import Provisioning
import Testing

@Suite("Planning modules")
struct ModulePlanTests {
  func plan(_ module: KernelModule?, loadsModules: Bool = true) -> Plan {
    var host = sampleHost()
    host.kernel.loadsModules = loadsModules
    host.modules = [module].compactMap { $0 }
    let debian = Requirements.DistributionNotes(
      name: "Debian", update: "", modulePackages: ["ib_uverbs": [0: "linux-image-amd64"]])
    let requirements = Requirements(distributions: ["debian": debian])
    return planModules(profile(modules: ["ib_uverbs"]), requirements, on: host)
  }

  @Test("live and built-in modules need nothing", arguments: [KernelModule.State.live, .builtIn])
  func present(state: KernelModule.State) {
    #expect(plan(KernelModule(name: "ib_uverbs", state: state, deniedBy: "blacklist ib_uverbs")) == Plan())
  }

  @Test("a module on disk is loaded")
  func loadable() {
    let plan = plan(KernelModule(name: "ib_uverbs", state: .loadable, path: "/lib/modules/x/ib_uverbs.ko.xz"))
    #expect(plan.actions.map(\.action) == [.loadModule(name: "ib_uverbs")])
  }

  @Test("a deny-listed module is never forced")
  func denied() {
    let plan = plan(KernelModule(name: "ib_uverbs", state: .loadable, deniedBy: "blacklist ib_uverbs"))
    #expect(plan.ids == ["module.denied"])
    #expect(plan.actions.isEmpty)
  }

  @Test("an absent module is missing, with the package that has it")
  func missing() {
    let plan = plan(KernelModule(name: "ib_uverbs", state: .absent))
    #expect(plan.ids == ["module.missing"])
    #expect(plan.findings.first?.remedy == "install the package 'linux-image-amd64' for this kernel")
  }

  @Test("a module that nobody looked for is missing, not fine")
  func notGathered() {
    #expect(plan(nil).ids == ["module.missing"])
  }

  @Test("a kernel that cannot load modules is told as such, also with a file on disk")
  func noModuleSupport() {
    let plan = plan(KernelModule(name: "ib_uverbs", state: .loadable), loadsModules: false)
    #expect(plan.ids == ["module.missing"])
    #expect(plan.findings.first?.message.contains("cannot load modules") == true)
  }
}
