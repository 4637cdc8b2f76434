import EngineMessages

/// The command line of EAL for a request, program name first.
///
/// Nothing is shared with other processes and nothing is left behind: no runtime files are written but the telemetry socket.
/// On a mount that the request names, the hugepage files can be seen while the run lasts and are deleted by ``MapFiles`` in
/// the end; on one that EAL picks they are unlinked as soon as they are mapped.
///
/// - Parameters:
///   - affinity: CPUs to use where the request names none.
///   - mainCPU: the main lcore's then, where it must not be the first of them.
///   - filePrefix: keeps this process apart from others; the request's own, where it names one.
///   - telemetry: whether the telemetry socket is wanted, and can be.
///   - netvscStartsByItself: see the variable of that name.
func ealArguments(
  for request: EngineRequest, affinity: [Int], mainCPU: Int? = nil, filePrefix: String, telemetry: Bool,
  netvscStartsByItself: Bool
) -> [String] {
  var arguments = ["dpdk-host-engine"]
  if let lcores = request.lcores {
    arguments += ["--lcores", plainCPUList(lcores).map { lcoreMap(for: $0) } ?? lcores]
  } else if !affinity.isEmpty {
    arguments += ["--lcores", lcoreMap(for: affinity, mainCPU: mainCPU)]
  }
  arguments += ["--file-prefix", filePrefix]
  if !telemetry { arguments.append("--no-telemetry") }
  switch request.memory {
  case .hugetlbfs(let directory):
    arguments.append("--no-shconf")
    if let directory { arguments += ["--huge-dir", directory] } else { arguments.append("--huge-unlink") }
  case .anonymousHugepages:
    arguments += ["--in-memory"]
  case .ordinaryPages(let mebibytes):
    arguments += ["--no-shconf", "--no-huge", "-m", String(mebibytes)]
  }
  arguments += deviceArguments(
    for: request, netvscStartsByItself: netvscStartsByItself, canHoldPlace: PlaceholderPort.isInstalled)
  return arguments + request.ealArguments
}
