import ArgumentParser
import FoundationEssentials
import Glibc
import Provisioning
import SystemPackage

/// Writes to standard output at once and whole: `print` holds back in a pipe.
func write(_ text: String) {
  // A reader that is gone (`| head`) is no error of ours: see `DPDKHost.main`, which ignores the signal.
  do {
    _ = try FileDescriptor.standardOutput.writeAll((text.hasSuffix("\n") ? text : text + "\n").utf8)
  } catch {
    guard (error as? Errno) != .brokenPipe else { return }
    complain("cannot write to standard output: \(error)")
    exit(Verdict.failed.exitCode)
  }
}

/// Progress and logs: standard error, so that standard output can always be piped.
func log(_ line: String) {
  _ = try? FileDescriptor.standardError.writeAll((line + "\n").utf8)
}

/// An error that ends the program.
func complain(_ message: String) { log("dpdk-host: \(message)") }

/// What a relative path of the command line is relative to.
func workingDirectory() -> FilePath {
  guard let path = getcwd(nil, 0) else { return "/" }
  defer { free(path) }
  return FilePath(String(cString: path))
}

/// One object, keys sorted, slashes unescaped: stable enough to be compared and committed.
func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// Writes the report and ends with its verdict's exit code.
///
/// A waiver that met nothing is told: it is a slip of the pen, or no longer needed.
func finish(_ report: Report, _ format: OutputFormat, waived: Set<String> = []) throws {
  try tell(report, format, waived: waived)
  if report.verdict.exitCode != 0 { throw ExitCode(report.verdict.exitCode) }
}

/// Writes the report; what ends the program with its exit code is ``finish(_:_:waived:)``.
func tell(_ report: Report, _ format: OutputFormat, waived: Set<String> = []) throws {
  let answer = waive(waived, in: report.findings)
  for id in answer.unused { complain("nothing to waive: no finding '\(id)'") }
  for id in answer.refused { complain("'\(id)' is not to be waived") }
  switch format {
  case .text: write(reportText(report, style: .forStandardOutput()))
  case .json: write(try json(report))
  case .junit: write(junit(report))
  }
}

/// One line where somebody sees it who looks at the machine itself, or at its serial log; where there is no console, none.
func tellConsole(_ line: String) {
  // Another process may have stopped the output of a terminal: not waited for.
  let options: FileDescriptor.OpenOptions = [.nonBlocking, .init(rawValue: O_NOCTTY)]
  guard let console = try? FileDescriptor.open("/dev/console", .writeOnly, options: options) else { return }
  try? console.closeAfter { _ = try console.writeAll((line + "\r\n").utf8) }
}
