import EngineMessages
import Foundation
import SystemPackage
import Testing

/// Runs of the engine as a program of its own, one after the other.
@Suite("The engine as a program", .serialized)
enum EngineProgram {}

/// One run of the program that lies beside the tests; its input and output are files, so that nothing can block.
final class EngineProcess {
  let id: pid_t
  private let directory: URL
  private var read = 0
  private var status: Int32?

  /// - Parameters:
  ///   - program: one of those that lie beside the tests.
  ///   - launcher: a program and arguments that start the rest, as `nsenter` does.
  ///   - input: what it finds on standard input.
  ///   - output: takes its standard output, which then cannot be asked for here.
  ///   - environment: its variables, each as `NAME=value`.
  convenience init(
    _ arguments: [String], program: String = "dpdk-host-engine", launcher: [String] = [], input: String = "",
    output: FileDescriptor? = nil, environment: [String] = []
  ) throws {
    try self.init(
      arguments, program: program, launcher: launcher, bytes: Array(input.utf8), output: output,
      environment: environment)
  }

  /// As the other one, with an input that need not be text.
  init(
    _ arguments: [String], program: String = "dpdk-host-engine", launcher: [String] = [], bytes: [UInt8],
    output: FileDescriptor? = nil, environment: [String] = []
  ) throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(Self.newPrefix())
    self.directory = directory
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try Data(bytes).write(to: directory.appendingPathComponent("in"))
    let files = try [("in", FileDescriptor.AccessMode.readOnly), ("out", .writeOnly), ("err", .writeOnly)].map {
      try FileDescriptor.open(
        FilePath(directory.path).appending($0.0), $0.1, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
    }
    defer { for file in files { try? file.close() } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, file) in files.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, (number == 1 ? output ?? file : file).rawValue, Int32(number))
    }
    let command = launcher + [try Self.path(of: program)] + arguments
    let words = command.map { strdup($0) } + [nil]
    let variables = environment.map { strdup($0) } + [nil]
    defer { for word in words + variables { free(word) } }
    var id: pid_t = 0
    try #require(posix_spawn(&id, command[0], &actions, nil, words, variables) == 0)
    self.id = id
  }

  deinit {
    if status == nil {
      kill(id, SIGKILL)
      waitpid(id, nil, 0)
    }
    try? FileManager.default.removeItem(at: directory)
  }

  private static func path(of program: String) throws -> String {
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let path = tests.deletingLastPathComponent().appendingPathComponent(program).path
    try #require(FileManager.default.isExecutableFile(atPath: path))
    return path
  }

  /// What it wrote so far.
  func output() throws -> String { try text(of: "out") }

  private func text(of name: String) throws -> String {
    try String(contentsOf: directory.appendingPathComponent(name), encoding: .utf8)
  }

  /// The next line of its output, while it runs.
  func nextLine() throws -> String {
    for _ in 0..<2_000 {
      let lines = try text(of: "out").split(separator: "\n", omittingEmptySubsequences: false)
      if read < lines.count - 1 {
        read += 1
        return String(lines[read - 1])
      }
      Thread.sleep(forTimeInterval: 0.01)
    }
    throw NoResult(ended: Ended(code: -1, output: try text(of: "out"), errors: try text(of: "err")))
  }

  /// Waits for its end.
  func finish() throws -> Ended {
    var status: Int32 = 0
    try #require(waitpid(id, &status, 0) == id)
    self.status = status
    let isSignalled = status & 0x7f != 0
    let ended = Ended(
      code: isSignalled ? -(status & 0x7f) : status >> 8 & 0xff, output: try text(of: "out"),
      errors: try text(of: "err"))
    return ended
  }

  struct Ended {
    /// The exit code, or the number of the signal that ended it as a negative one.
    let code: Int32
    let output: String
    let errors: String

    func events() throws -> [EngineEvent] {
      try output.split(separator: "\n").map { try JSONDecoder().decode(EngineEvent.self, from: Data($0.utf8)) }
    }

    /// The result of a run that came to its end.
    func result() throws -> TrafficResult {
      guard case .result(let result) = try events().last else { throw NoResult(ended: self) }
      #expect(code == 0, "\(errors)")
      return result
    }

    func failure() throws -> EngineFailure {
      guard case .failed(let failure) = try events().last else { throw NoResult(ended: self) }
      return failure
    }
  }

  struct NoResult: Error {
    let ended: Ended
  }

  /// A run in JSON on ordinary pages, to its end.
  static func run(_ mode: String, _ arguments: [String], duration: Double = 0.3) throws -> Ended {
    try EngineProcess(
      [mode, "--no-huge", "128", "--format", "json", "--duration", "\(duration)", "--file-prefix", newPrefix()]
        + arguments
    ).finish()
  }

  static func newPrefix() -> String { "dpdk-host-test-\(UUID().uuidString.prefix(8))" }
}

/// Devargs of two memory interfaces that face each other over a socket of their own.
func memoryInterfaces(within wrap: (Int, String) -> String = { $1 }) -> [String] {
  let socket = "/tmp/\(EngineProcess.newPrefix()).sock"
  let roles = ["server", "client"]
  return roles.indices.flatMap { index in
    ["--vdev", wrap(index, "net_memif\(index),role=\(roles[index]),id=0,socket=\(socket)")]
  }
}
