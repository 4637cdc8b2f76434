import EngineMessages
import Provisioning

/// The report as JUnit XML, which CI systems show: a test case a finding and an action, the verdict last.
///
/// Blockers and pending actions are failures; other findings pass and carry their text as output.
func junit(_ report: Report) -> String {
  var cases: [String] = report.findings.map { finding in
    let text = finding.message + (finding.remedy.isEmpty ? "" : "\nremedy: \(finding.remedy)")
    return testCase(
      "\(finding.id) \(finding.subject)", text, failure: finding.severity == .blocker ? finding.message : nil)
  }
  cases += (report.showsActions ? report.actions : []).map {
    testCase(title($0.action), $0.reason, failure: report.actionsArePending ? $0.reason : nil)
  }
  cases += report.undone.map { testCase($0, "undone", failure: nil) }
  cases += (report.traffic?.ports ?? []).map { port in
    testCase(
      "traffic \(port.name)", "\(grouped(port.rxPps)) packets/s received, \(grouped(port.txPps)) sent", failure: nil)
  }
  cases += (report.traffic?.interruptions ?? []).map {
    testCase("interruption \($0.device)", $0.text, failure: nil)
  }
  cases += (report.traffic?.benchmark?.sizes ?? []).map { size in
    let rate =
      size.throughput.map { ($0.limit == nil ? "" : "≥ ") + "\(grouped($0.packetsPerSecond)) packets/s" }
      ?? "no rate found"
    let latency = size.latency.map { "\n" + latencyLines($0).joined(separator: "\n") } ?? ""
    return testCase(
      "throughput \(size.frameSize) bytes", rate + latency, failure: size.throughput == nil ? rate : nil)
  }
  let verdict = report.verdict
  cases.append(testCase("verdict", verdict.text, failure: verdict == .ready ? nil : report.failure ?? verdict.text))
  let failures = cases.count { $0.contains("<failure") }
  let name = "dpdk-host \(report.command)"
  return """
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
      <testsuite name="\(escaped(name))" tests="\(cases.count)" failures="\(failures)">
    \(cases.joined(separator: "\n"))
      </testsuite>
    </testsuites>
    """
}

private func testCase(_ name: String, _ output: String, failure: String?) -> String {
  let body =
    failure.map { "<failure message=\"\(escaped($0))\">\(escaped(output))</failure>" }
    ?? "<system-out>\(escaped(output))</system-out>"
  return "    <testcase classname=\"dpdk-host\" name=\"\(escaped(name))\">\(body)</testcase>"
}

/// Escapes markup, and drops the control characters that XML 1.0 cannot hold at all.
private func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "\n", "\t": result.unicodeScalars.append(scalar)
    case _ where scalar.value < 0x20: result += "?"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
