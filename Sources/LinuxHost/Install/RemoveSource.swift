internal import Glibc
internal import Provisioning
internal import SystemPackage

/// Takes away the DPDK that `install --from-source` put on this host: the files that the journal names, as far as nobody
/// replaced them, and the directories that were not there before, unless others have put something in.
///
/// Safe to run twice, and after an interruption. A signal does not end it half-way.
///
/// - Privileges: root.
/// - Returns: what was taken away, in words, and what was kept.
func removeSource(
  _ record: SourceRecord, _ journal: Journal, tell: @Sendable @escaping (PackageEvent) -> Void
) async throws(HostError) -> (removed: String, kept: Finding?) {
  let (count, left) = try removeIntact(record.files, thenRun: "'dpdk-host revert --packages'")
  for path in record.directories.reversed() { _ = rmdir(path) }
  // A task of its own, which is not cancelled with ours: nothing of it is there any more, which the loader is to know.
  let telling = Task { () -> HostError? in
    do throws(HostError) {
      try await BuildCommands(tell: tell).run(SourceStep("tell the loader", [SourceTools().ldconfig]))
      return nil
    } catch { return error }
  }
  if let error = await telling.value { throw error }
  try journal.write(nil as SourceRecord?)
  return ("DPDK \(record.version) from '\(record.prefix)', \(count) files", .sourceReplaced(left))
}

/// Takes away where it was built: the log, and what a run that was killed left.
///
/// - Parameter lock: so that nobody builds there meanwhile.
func removeSourceDirectory(_ lock: borrowing SourceLock) throws(HostError) {
  try removeTree(SourceDirectory.path)
  rmdir(SourceDirectory.parent)
}
