import EngineMessages
import Provisioning

/// The report as a person reads it, at 80 columns.
func reportText(_ report: Report, style: Style) -> String {
  var lines: [String] = []
  for finding in report.findings { lines += findingLines(finding, style: style) }
  if !report.findings.isEmpty { lines.append("") }
  if !report.showsActions, !report.actions.isEmpty {
    let count = report.actions.count
    lines += [
      "\(count) \(count == 1 ? "action is" : "actions are") to be done: see 'dpdk-host plan\(report.options)'", "",
    ]
  } else if !report.actions.isEmpty {
    lines.append(style.bold(report.actionsArePending ? "to do" : "done"))
    for action in report.actions {
      lines.append("  \(title(action.action))")
      if report.actionsArePending { lines += action.reason.wrapped(width: 74).map { style.dim($0.indented(4)) } }
    }
    lines.append("")
  }
  if let packages = report.packages { lines += packageLines(packages, style: style) + [""] }
  if let source = report.source {
    let about = sourceLines(source, verdict: report.verdict, style: style)
    if !about.isEmpty { lines += about + [""] }
  }
  if !report.bootEntries.isEmpty { lines += bootLines(report.bootEntries, style: style) + [""] }
  if let traffic = report.traffic { lines += trafficLines(traffic, style: style) + [""] }
  if let failure = report.failure {
    lines += "failure: \(failure)".wrapped(width: 78).map(style.red) + [""]
  }
  lines.append(verdictLine(report, style: style))
  return lines.joined(separator: "\n")
}

/// The report in one line, for a console on which nobody asked for more.
func consoleLine(_ report: Report) -> String {
  var words = ["dpdk-host \(report.command): \(report.verdict.text)"]
  if let traffic = report.traffic, let best = traffic.ports.map(\.rxPps).max() {
    words.append("\(grouped(best)) packets/s received")
  }
  words += report.findings.filter { $0.severity == .blocker }.map { "\($0.id) \($0.subject)" }
  if let failure = report.failure { words.append(failure) }
  return words.joined(separator: ", ")
}

/// What an action does, in one line.
func title(_ action: Action) -> String {
  switch action {
  case .removeStaleMapFiles(let directory, let files):
    "delete \(files.count) stale map \(files.count == 1 ? "file" : "files") in \(directory)"
  case .reserveHugepages(let request):
    "reserve \(request.pages) pages of \(request.pageSize) on node \(request.node)"
  case .mountHugetlbfs(let mount): "mount hugetlbfs (\(mount.options)) on \(mount.target)"
  case .loadModule(let name): "load module \(name)"
  case .bindDevice(let binding):
    "bind to \(binding.driver)\(binding.withoutIOMMU ? " WITHOUT IOMMU" : ""): \(binding.title)"
  case .writeFile(let file):
    switch file.content {
    case .text: "write \(file.path)"
    case .link(let target): "link \(file.path) to \(target)"
    }
  case .removeFile(let path): "remove \(path)"
  case .writeBootArguments(let change): "write '\(change.arguments.joined(separator: " "))' to \(change.settingsPath)"
  case .regenerateBootConfiguration(let change):
    "run \(change.commands.map { $0.joined(separator: " ") }.joined(separator: "; ")), and prove what comes out"
  }
}

func findingLines(_ finding: Finding, style: Style) -> [String] {
  let severity =
    switch finding.severity {
    case .blocker: style.red("blocker")
    case .warning: finding.waived ? style.yellow("waived ") : style.yellow("warning")
    case .info: style.dim("info   ")
    }
  var lines = ["\(severity)  \(style.bold(finding.id))  \(finding.subject)"]
  lines += finding.message.wrapped(width: 71).map { $0.indented(9) }
  let remedy = finding.remedy.wrapped(width: 69)
  if !finding.remedy.isEmpty {
    lines += remedy.enumerated().map { index, line in (index == 0 ? "> " : "  ") + line }.map { $0.indented(9) }
  }
  return lines
}

/// What each kernel would be handed.
private func bootLines(_ entries: [BootEntry], style: Style) -> [String] {
  var lines = [style.bold("boot") + "  what the menu hands to each kernel"]
  for entry in entries {
    lines.append("  \(entry.kernel ?? entry.title)" + (entry.isRecovery ? style.dim("  recovery") : ""))
    lines += entry.commandLine.wrapped(width: 74).map { style.dim($0.indented(4)) }
  }
  return lines
}

private func trafficLines(_ traffic: TrafficResult, style: Style) -> [String] {
  var lines = [style.bold("traffic") + "  measured for \(tenths(traffic.seconds)) s"]
  let columns = ["port  driver", "received/s", "sent/s", "missed", "dropped"]
  let widths = [24, 14, 14, 12, 12]
  func row(_ cells: [String]) -> String {
    "  " + zip(cells, widths).enumerated().map { $1.0.padded(to: $1.1, right: $0 > 0) }.joined()
  }
  lines.append(style.dim(row(columns)))
  for port in traffic.ports {
    let name = "\(port.port)".padded(to: 6) + port.driver
    lines.append(
      row([
        name, grouped(port.rxPps), grouped(port.txPps), grouped(port.rxMissed),
        grouped(port.txDropped),
      ]))
  }
  if let loss = traffic.loss {
    lines.append(
      "  lost \(grouped(loss.lost)) of \(grouped(loss.sent)), "
        + "out of order \(grouped(loss.reordered))")
  }
  if let latency = traffic.latency { lines += latencyLines(latency) }
  for interruption in traffic.interruptions ?? [] {
    lines += "\(interruption.device): \(interruption.text)".wrapped(width: 76).map { $0.indented(2) }
  }
  if let benchmark = traffic.benchmark { lines += [""] + benchmarkLines(benchmark, style: style) }
  return lines
}

private func verdictLine(_ report: Report, style: Style) -> String {
  let verdict = report.verdict
  let hint =
    switch verdict {
    case .ready: ""
    case .actionNeeded: ": run 'sudo dpdk-host apply\(report.options)'"
    case .rebootNeeded where report.command == "revert": ""
    case .rebootNeeded: ": reboot, then run 'dpdk-host check\(report.options)'"
    case .blocked: ": see the blockers above"
    case .failed, .belowRate: ""
    }
  let ready = [
    "revert": report.undone.isEmpty ? "nothing to revert" : "reverted", "confirm": "confirmed",
    "install": report.packages?.dryRun ?? report.source?.dryRun ?? false
      ? "dry run, nothing was installed" : "installed",
  ]
  let text = (verdict == .ready ? ready[report.command] : nil) ?? verdict.text
  let word = verdict == .ready ? style.green(text) : style.red(text)
  return "\(style.bold("verdict"))  \(word)\(hint)"
}

func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
