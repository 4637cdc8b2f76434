import ArgumentParser
import Glibc

/// Ends the program with exit code 77 and what to type, unless root runs it. Called before anything is written.
func requireRoot(for command: String) throws {
  guard geteuid() != 0 else { return }
  complain("'\(command)' needs root; type: sudo \(CommandLine.arguments.map(\.shellQuoted).joined(separator: " "))")
  throw ExitCode(EX.noPermission)
}
