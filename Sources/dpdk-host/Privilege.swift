import ArgumentParser
import Glibc

/// Ends the program with exit code 77 and what to type, unless root runs it. Called before anything is written.
func requireRoot(for command: String) throws {
  guard geteuid() != 0 else { return }
  let words = CommandLine.arguments.map { word in
    word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=,:".contains($0) } ? word : "'\(word)'"
  }
  complain("'\(command)' needs root; type: sudo \(words.joined(separator: " "))")
  throw ExitCode(EX.noPermission)
}
