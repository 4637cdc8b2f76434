/// Demotes the blockers that the user named (`--waive ID`) to warnings that say so; other findings stay as they are,
/// and so do those that no word of the user's makes harmless.
///
/// - Returns: the findings in their order; the ids that no finding has, and those of blockers that cannot be waived, each in
///   ascending order, for the caller to report.
public func waive(
  _ ids: Set<String>, in findings: [Finding]
) -> (findings: [Finding], unused: [String], refused: [String]) {
  let waived = findings.map { finding in
    guard finding.severity == .blocker, ids.contains(finding.id), !unwaivable.contains(finding.id) else {
      return finding
    }
    var finding = finding
    finding.severity = .warning
    finding.waived = true
    return finding
  }
  return (
    waived, ids.subtracting(findings.map(\.id)).sorted(),
    ids.intersection(unwaivable).intersection(findings.map(\.id)).sorted()
  )
}

/// What stands between this host and a lock-out, and between an installation and what is not there, or is somebody else's.
private let unwaivable: Set<String> = [
  Finding.dataIsManagementID, Finding.sourceOccupiedID, Finding.sourceToolMissingID, Finding.notDPDKID,
  Finding.sourceIncompleteID, Finding.sourcePathUnsuitableID, "packages.unlisted", "packages.unfinished",
]
