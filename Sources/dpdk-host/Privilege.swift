import ArgumentParser
import Glibc

/// Ends the program with exit code 77 and what to type, unless root runs it. Called before anything is written.
func requireRoot(for command: String) throws {
  guard geteuid() != 0 else { return }
  let words = CommandLine.arguments.dropFirst().joined(separator: " ")
  complain("'\(command)' changes the host and needs root: sudo dpdk-host \(words)")
  throw ExitCode(EX.noPermission)
}
