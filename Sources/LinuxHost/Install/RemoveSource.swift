internal import Glibc
internal import Provisioning
internal import SystemPackage

/// Takes away the DPDK that `install --from-source` put on this host: the files that the journal names, and the directories
/// that were not there before, unless others have put something in.
///
/// Safe to run twice, and after an interruption.
///
/// - Privileges: root.
/// - Returns: what was taken away, in words.
func removeSource(
  _ record: SourceRecord, _ journal: Journal, tell: @Sendable @escaping (PackageEvent) -> Void
) async throws(HostError) -> String {
  var count = 0
  for path in record.files {
    do {
      try systemCall { unlink(path) }
      count += 1
    } catch {
      guard error == .noSuchFileOrDirectory || error == .notDirectory else {
        throw HostError(
          "cannot remove '\(path)'", errno: error, remedy: "then run 'dpdk-host revert --packages' again")
      }
    }
  }
  for path in record.directories.reversed() { _ = rmdir(path) }
  try await BuildCommands(tell: tell).run(SourceStep("tell the loader", [SourceTools().ldconfig]))
  try removeTree(SourceDirectory.path)
  _ = rmdir(SourceDirectory.parent)
  try journal.write(nil as SourceRecord?)
  return "DPDK \(record.version) from '\(record.prefix)', \(count) files"
}
