internal import Glibc
internal import Subprocess
internal import SystemPackage

/// Runs a boot loader's own tool, on this host or inside an image.
///
/// Inside an image it runs after `chroot(2)`, in a mount namespace of its own (``enterImage(_:_:)``), so that nothing of
/// this host decides what it writes.
///
/// - Parameter command: absolute path in the host, and arguments.
/// - Privileges: root.
/// - Returns: its standard output.
/// - Throws: with the last line of its standard error, where it cannot be started or does not end with 0.
@discardableResult
func runBootCommand(_ command: [String], in root: HostRoot) async throws(HostError) -> String {
  guard let program = command.first else { return "" }
  var words = Array(command.dropFirst())
  var executable = FilePath(program)
  if !root.isRunningHost {
    words = ["enter-image", root.path.string] + command
    executable = Installation().directory.appending("dpdk-host")
  }
  let title = "'\(command.joined(separator: " "))'"
  let failure: String
  do {
    let outcome = try await Subprocess.run(
      .path(executable), arguments: Arguments(words), environment: bootEnvironment,
      output: .string(limit: 1 << 25), error: .string(limit: 1 << 20))
    if outcome.terminationStatus.isSuccess { return outcome.standardOutput }
    let lines = outcome.standardError.split(separator: "\n")
    failure = "\(outcome.terminationStatus)" + (lines.last.map { ": \($0)" } ?? "")
  } catch { failure = "\(error)" }
  throw HostError("\(title) failed: \(failure)")
}

/// Of a known language, as grub-mkconfig translates its titles into that of its caller.
private let bootEnvironment = Environment.custom(["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"])
