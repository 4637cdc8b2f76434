internal import Glibc
internal import Provisioning
internal import SystemPackage

/// Takes away the DPDK that `install --from-source` put on this host: the files that the journal names, as far as nobody
/// replaced them, and the directories that were not there before, unless others have put something in.
///
/// Safe to run twice, and after an interruption.
///
/// - Privileges: root.
/// - Returns: what was taken away, in words, and what was kept.
func removeSource(
  _ record: SourceRecord, _ journal: Journal, tell: @Sendable @escaping (PackageEvent) -> Void
) async throws(HostError) -> (removed: String, kept: Finding?) {
  let (count, left) = try removeIntact(record.files, thenRun: "'dpdk-host revert --packages'")
  for path in record.directories.reversed() { _ = rmdir(path) }
  try await BuildCommands(tell: tell).run(SourceStep("tell the loader", [SourceTools().ldconfig]))
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
