internal import Glibc
internal import Provisioning

/// The processes that run with a DPDK of this host's own: nothing is taken from under them.
///
/// - Parameters:
///   - directories: where that DPDK is. One that is elsewhere, as in a bundle or in a container, is none of ours.
///   - command: what to run once they have ended.
func dpdkUsers(below directories: [String], thenRun command: String) -> [Finding] {
  let root = HostRoot.runningHost
  // The kernel names files without the links that lead to them.
  let directories = directories.map { directory in
    guard let real = realpath(directory, nil) else { return directory }
    defer { free(real) }
    return String(cString: real)
  }
  let pids = ((try? root.entries("/proc")) ?? nil ?? []).compactMap { Int($0) }
  let users = pids.filter { pid in
    let maps = (try? root.contents("/proc/\(pid)/maps")) ?? nil ?? ""
    return maps.split(separator: "\n").contains { line in
      guard line.contains("/librte_eal.so"), let start = line.firstIndex(of: "/") else { return false }
      let path = line[start...]
      guard directories.contains(where: { path.hasPrefix("\($0)/") }) else { return false }
      // What was replaced, or removed, below its process has no path any more: then its root tells whose it was.
      return path.hasSuffix(" (deleted)")
        ? isSameFile("/proc/\(pid)/root", "/") : isSameFile("/proc/\(pid)/root\(path)", String(path))
    }
  }
  guard !users.isEmpty else { return [] }
  let names = users.map { pid in
    let command = ((try? root.contents("/proc/\(pid)/comm")) ?? nil)?.trimmingBlanks ?? ""
    return "'\(command)' (pid \(pid))"
  }
  return [
    Finding(
      "dpdk.inUse", .blocker, subject: "librte_eal", message: "DPDK is in use by \(names.joined(separator: ", "))",
      remedy: "end the process, then run \(command) again")
  ]
}

/// Where packages put libraries.
let packageDirectories = ["/usr/lib", "/usr/lib64", "/lib", "/lib64"]

private func isSameFile(_ one: String, _ other: String) -> Bool {
  func identity(_ path: String) -> FileIdentity? {
    (try? HostRoot.runningHost.status(path, followingLast: true))??.identity
  }
  guard let identityOfOne = identity(one) else { return false }
  return identityOfOne == identity(other)
}
