/// The modules that the profile asks for, as systemd's module loader judges them: live and built in are fine,
/// a deny-listed one is never forced.
///
/// - Parameter requirements: names the package that has a missing module for this distribution.
public func planModules(_ profile: Profile, _ requirements: Requirements, on facts: HostFacts) -> Plan {
  var plan = Plan()
  for name in wantedModules(profile, on: facts) {
    guard let module = facts.modules.first(where: { $0.name == name }) else {
      plan.findings.append(missing(name, requirements, on: facts))
      continue
    }
    switch (module.state, module.deniedBy) {
    case (.live, _), (.builtIn, _):
      continue
    case (_, let reason?):
      plan.findings.append(
        Finding(
          "module.denied", .blocker, subject: name, message: "must not be loaded: \(reason)",
          remedy: "remove that line if the module is wanted after all"))
    case (.loadable, nil) where facts.isImage:
      continue
    case (.loadable, nil) where facts.kernel.loadsModules:
      plan.actions.append(PlannedAction(.loadModule(name: name), reason: "is not loaded"))
    case (.loadable, nil), (.absent, nil):
      plan.findings.append(missing(name, requirements, on: facts))
    }
  }
  return plan
}

private func missing(_ name: String, _ requirements: Requirements, on facts: HostFacts) -> Finding {
  if !facts.isImage, !facts.kernel.loadsModules {
    return Finding(
      "module.missing", .blocker, subject: name,
      message: "the running kernel cannot load modules, and does not list it among those that it has built in",
      remedy: "boot a kernel with module support, or a profile with 'modules: []'")
  }
  let kernels = facts.kernel.running.map { [$0] } ?? facts.kernel.installed
  let package = requirements.package(of: name, on: facts.distribution)
  return Finding(
    "module.missing", .blocker, subject: name,
    message: "is neither built in nor in '/lib/modules'"
      + (kernels.isEmpty ? ", which has no kernel" : " for \(kernels.joined(separator: ", "))"),
    remedy: package.map { "install the package '\($0)' for this kernel" }
      ?? "install the package that has the extra modules of this kernel")
}
