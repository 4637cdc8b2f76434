import Provisioning

/// What was built from source, or would be: the commands as they can be typed.
func sourceLines(_ source: SourceReport, verdict: Verdict, style: Style) -> [String] {
  let place = source.destination + source.prefix
  if source.dryRun {
    return [style.bold("to do") + "  DPDK \(source.version) into '\(place)'"]
      + source.commands.map { "  " + $0.map(\.shellQuoted).joined(separator: " ") }
  }
  var lines: [String] = []
  // Of what came to no good end, the finding or the failure tells.
  if verdict == .ready {
    lines.append(style.bold("done") + "  DPDK \(source.version) into '\(place)', \(source.files) files")
    lines += source.drivers.joined(separator: " ").wrapped(width: 76).map { $0.indented(2) }
  }
  if let log = source.log { lines.append("the log of the build is '\(log)'") }
  return lines
}
