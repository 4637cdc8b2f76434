/// Demotes the blockers that the user named (`--waive ID`) to warnings that say so; other findings stay as they are,
/// and so does the one that stands between this host and a lock-out (``Finding/dataIsManagementID``).
///
/// - Returns: the findings in their order, and the ids that no finding has, in ascending order, for the caller to report.
public func waive(_ ids: Set<String>, in findings: [Finding]) -> (findings: [Finding], unused: [String]) {
  let waived = findings.map { finding in
    guard finding.severity == .blocker, ids.contains(finding.id), finding.id != Finding.dataIsManagementID else {
      return finding
    }
    var finding = finding
    finding.severity = .warning
    finding.waived = true
    return finding
  }
  return (waived, ids.subtracting(findings.map(\.id)).sorted())
}
