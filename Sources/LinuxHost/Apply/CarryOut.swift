internal import Provisioning
internal import SystemPackage

/// What came of one step.
struct StepOutcome {
  /// One an action.
  var notes: [String] = []
  /// What did not come out as asked, and was taken back; and what there is to be told of what did.
  var findings: [Finding] = []
  /// Map files that somebody still holds.
  var lockedFiles: [String] = []

  var isTakenBack: Bool { findings.contains { $0.severity == .blocker } }
}

/// Groups actions that run at once: all reservations are one step, as all nodes succeed or none, and so are the kernel's
/// arguments with the menu that is made from them.
func steps(of actions: [PlannedAction]) -> [[PlannedAction]] {
  var steps: [[PlannedAction]] = []
  for planned in actions {
    switch (planned.action, steps.last?.last?.action) {
    case (.reserveHugepages, .reserveHugepages), (.regenerateBootConfiguration, .writeBootArguments):
      steps[steps.count - 1].append(planned)
    default: steps.append([planned])
    }
  }
  return steps
}

/// Makes one step.
///
/// - Parameter facts: what it was planned on.
func carryOut(
  _ step: [PlannedAction], of profile: Profile, on facts: HostFacts, _ journal: Journal, in root: HostRoot
) async throws(HostError) -> StepOutcome {
  var outcome = StepOutcome()
  var requests: [PoolRequest] = []
  var bootChange: BootChange?
  for planned in step {
    switch planned.action {
    case .reserveHugepages(let request):
      requests.append(request)
    case .removeStaleMapFiles(let directory, let files):
      let removed = try removeStaleMapFiles(files, in: directory)
      outcome.lockedFiles += Set(files).subtracting(removed)
      outcome.notes.append("\(removed.count) deleted")
    case .mountHugetlbfs(let mount):
      try mountHugetlbfs(mount, journal)
      outcome.notes.append("mounted")
    case .loadModule(let name):
      try journal.record(.module(name: name))
      try loadModule(name)
      outcome.notes.append("loaded")
    case .bindDevice(let binding):
      outcome.notes.append(try bindDevice(binding, journal))
    case .writeFile(let file):
      try writeLastingFile(file, journal, in: root)
      outcome.notes.append("written")
    case .removeFile(let path):
      try removeLastingFile(path, journal, in: root)
      outcome.notes.append("removed")
    case .writeBootArguments(let change), .regenerateBootConfiguration(let change):
      bootChange = change
    }
  }
  if let bootChange, let boot = facts.boot {
    outcome.findings = try await changeBoot(bootChange, BootProof(profile, boot, on: facts), journal, in: root)
    let note =
      outcome.isTakenBack
      ? "what came out was not as asked, and all is as it was"
      : bootChange.commands.isEmpty
        ? "written" : "proven for \(boot.kernels.count == 1 ? "the kernel" : "all \(boot.kernels.count) kernels")"
    outcome.notes = step.map { _ in note }
  }
  guard !requests.isEmpty else { return outcome }
  for request in requests {
    let before = try PoolFiles(request).persistent()
    try journal.record(
      .hugepages(node: request.node, pageSize: request.pageSize, before: before, asked: request.pages))
  }
  let pools = try reservePools(requests)
  let isGivenBack = pools.contains(where: \.isShort)
  outcome.notes = pools.map { pool in
    pool.isShort ? "got \(pool.got) pages" : isGivenBack ? "given back with the rest" : "\(pool.got) pages"
  }
  outcome.findings = Finding.short(pools)
  return outcome
}
