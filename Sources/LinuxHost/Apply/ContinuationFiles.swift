internal import Glibc
public import Provisioning
internal import SystemPackage

/// Leaves the unit that goes on with `provision` after the reboot. It is not in the journal: it takes itself away.
///
/// - Privileges: root.
/// - On failure: a unit without its link may be left, which starts nothing.
public func leaveContinuation(_ continuation: Continuation) throws(HostError) {
  for file in continuation.files {
    let path = FilePath(file.path)
    do {
      try makeDirectory(path.removingLastComponent())
      switch file.content {
      case .text(let text): try replaceFile(path, with: text.utf8)
      case .link(let target):
        unlink(file.path)
        try systemCall { symlink(target, file.path) }
        try syncDirectory(path.removingLastComponent())
      }
    } catch { throw HostError("cannot write '\(path)'", errno: error as? Errno) }
  }
}

/// Takes it away, its link first; what is not there is no error.
///
/// - Privileges: root.
public func removeContinuation() throws(HostError) {
  for path in Continuation.paths.reversed() {
    do { try systemCall { unlink(path) } } catch {
      guard [.noSuchFileOrDirectory, .notDirectory].contains(error) else {
        throw HostError("cannot remove '\(path)'", errno: error)
      }
      continue
    }
    // After a loss of power it would come again.
    try? syncDirectory(FilePath(path).removingLastComponent())
  }
}

extension Installation {
  /// What it takes to leave units on this host, without a profile's text: templates, and this program by its path.
  public func unitSources(waiving waived: Set<String>) throws(HostError) -> Persistence {
    let folder = try systemdTemplates()
    var templates: [String: String] = [:]
    do {
      for name in try HostRoot.runningHost.entries(folder.string) ?? [] {
        templates[name] = try HostRoot.runningHost.contents(folder.appending(name).string)
      }
    } catch { throw HostError("cannot read '\(folder)'", errno: error) }
    let program = (try? HostRoot.runningHost.link("/proc/self/exe")) ?? nil
    return Persistence(templates: templates, program: program, profileText: "", waived: waived.sorted())
  }

  /// `share/dpdk-host/systemd` of the prefix, or `systemd` of the source tree: beside the profiles.
  private func systemdTemplates() throws(HostError) -> FilePath {
    try profiles().removingLastComponent().appending("systemd")
  }
}

/// Writes a report where somebody will look for it, whole at once; an earlier one stays until then.
///
/// - Privileges: those that the path needs.
public func writeResult(_ text: String, to path: String) throws(HostError) {
  do { try replaceFile(FilePath(path), with: text.utf8) } catch {
    throw HostError("cannot write '\(path)'", errno: error as? Errno)
  }
}
