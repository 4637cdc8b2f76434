import EngineMessages

/// The command line of EAL for a request, program name first.
///
/// Nothing is shared with other processes and nothing is left behind: hugepage files are unlinked as soon as
/// they are mapped, and no runtime files are written.
///
/// - Parameters:
///   - affinity: CPUs to use where the request names none.
///   - defaultFilePrefix: keeps this process apart from others where the request names no prefix.
func ealArguments(for request: EngineRequest, affinity: [Int], defaultFilePrefix: String) -> [String] {
  var arguments = ["dpdk-host-engine"]
  if let lcores = request.lcores {
    arguments += ["--lcores", plainCPUList(lcores).map(lcoreMap(for:)) ?? lcores]
  } else if !affinity.isEmpty {
    arguments += ["--lcores", lcoreMap(for: affinity)]
  }
  arguments += ["--file-prefix", request.filePrefix ?? defaultFilePrefix, "--no-telemetry"]
  switch request.memory {
  case .hugetlbfs(let directory):
    arguments += ["--no-shconf", "--huge-unlink"]
    if let directory { arguments += ["--huge-dir", directory] }
  case .anonymousHugepages:
    arguments += ["--in-memory"]
  case .ordinaryPages(let mebibytes):
    arguments += ["--no-shconf", "--no-huge", "-m", String(mebibytes)]
  }
  if request.allowedDevices.isEmpty { arguments.append("--no-pci") }
  for device in request.allowedDevices { arguments += ["-a", device] }
  for device in request.virtualDevices { arguments.append("--vdev=\(device)") }
  return arguments + request.ealArguments
}
