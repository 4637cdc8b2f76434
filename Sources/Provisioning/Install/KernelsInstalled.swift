/// What is to be said after an installation that brought kernels along: theirs are the modules that were installed with them.
///
/// - Parameters:
///   - before: the kernels in `/lib/modules` before it.
///   - after: those after it.
public func planNewKernels(before: [String], after: [String], running: String?) -> [Finding] {
  let new = Set(after).subtracting(before).subtracting([running].compactMap(\.self)).sorted()
  guard !new.isEmpty else { return [] }
  return [
    Finding(
      Finding.bootPendingID, .warning, subject: "kernel",
      message: "\(new.joined(separator: ", ")) was installed, and \(running ?? "another") is running",
      remedy: "reboot, then run 'dpdk-host check'")
  ]
}
