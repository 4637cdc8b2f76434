internal import FoundationEssentials
internal import Glibc
public import Provisioning
internal import SystemPackage

/// `/run/dpdk-host/unconfirmed.json`: there while an `apply` waits to be confirmed, and gone with the boot.
///
/// It is written under ``HostLock``, whole at once, so that a watch reads it without.
struct UnconfirmedFile {
  static let directory: FilePath = "/run/dpdk-host"
  private var directory: FilePath { Self.directory }
  private var path: FilePath { directory.appending("unconfirmed.json") }
  /// What a watch of our own has to tell.
  var logPath: FilePath { directory.appending("unconfirmed.log") }

  /// Whether it is there, whatever is in it.
  var exists: Bool { access(path.string, F_OK) == 0 }

  /// Nil where nothing waits in this boot.
  func read() throws(HostError) -> UnconfirmedApply? {
    let text: String?
    do { text = try HostRoot.runningHost.contents(path.string) } catch {
      throw HostError("cannot read '\(path)'", errno: error)
    }
    guard let text else { return nil }
    guard let pending = try? JSONDecoder().decode(UnconfirmedApply.self, from: Data(text.utf8)) else {
      throw HostError("'\(path)' is damaged", remedy: "remove it, then run 'dpdk-host revert'")
    }
    return pending.boot == (try Journal.bootID()) ? pending : nil
  }

  func write(_ pending: UnconfirmedApply) throws(HostError) {
    do {
      try makeDirectory(directory)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      try replaceFile(path, with: try encoder.encode(pending))
    } catch { throw HostError("cannot write '\(path)'", errno: error as? Errno) }
  }

  /// - Parameter keepsLog: whether what the watch told stays, for whoever wonders who undid all that.
  func remove(keepsLog: Bool) throws(HostError) {
    do { try systemCall { unlink(path.string) } } catch {
      guard error == .noSuchFileOrDirectory else { throw HostError("cannot remove '\(path)'", errno: error) }
    }
    for name in (try? HostRoot.runningHost.entries(directory.string, prefix: WatchSign.prefix)) ?? nil ?? [] {
      unlink(directory.appending(name).string)
    }
    if !keepsLog { unlink(logPath.string) }
    rmdir(directory.string)
  }
}

/// Whether what an `apply` did waits to be confirmed, as a finding that says for how long; for whoever may read the file.
public func unconfirmedFindings() -> [Finding] {
  guard let pending = (try? UnconfirmedFile().read()) ?? nil else { return [] }
  return [.unconfirmed(within: max(0, Int(pending.deadline - bootTime())))]
}
