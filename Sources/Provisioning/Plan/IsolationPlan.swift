/// Whether the CPUs that the profile isolates leave the host any to work with.
///
/// Source: `Documentation/timers/no_hz.rst`: the boot CPU keeps the time and cannot be without ticks; at least one CPU must
/// do the housekeeping for all others.
func planIsolation(_ profile: Profile, on facts: HostFacts) -> [Finding] {
  let isolated = profile.boot.isolatedCPUs
  guard !isolated.isEmpty else { return [] }
  let list = isolated.kernelList
  func finding(_ severity: Finding.Severity, _ message: String, _ remedy: String) -> Finding {
    Finding("boot.isolationUnsafe", severity, subject: "isolatedCPUs \(list)", message: message, remedy: remedy)
  }
  if isolated.contains(0) {
    return [
      finding(.blocker, "CPU 0 keeps the time and does the housekeeping", "leave CPU 0 out of 'boot.isolatedCPUs'")
    ]
  }
  guard !facts.onlineCPUs.isEmpty else { return [] }
  if Set(isolated).isSuperset(of: facts.onlineCPUs) {
    return [finding(.blocker, "no CPU is left for the host itself", "leave at least one out of 'boot.isolatedCPUs'")]
  }
  let absent = isolated.filter { !facts.onlineCPUs.contains($0) }
  guard !absent.isEmpty else { return [] }
  return [
    finding(
      .warning, "this host has no CPU \(absent.kernelList)", "name CPUs among \(facts.onlineCPUs.kernelList)")
  ]
}
