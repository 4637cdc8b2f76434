import Glibc
public import Subprocess
public import SystemPackage

/// What a program came to.
public struct ProgramResult: Sendable {
  public var status: TerminationStatus
  public var output: String
  public var errors: String

  /// -1 for a program that a signal ended.
  public var code: Int32 { if case .exited(let code) = status { code } else { -1 } }
}

/// Runs a program to its end, with nothing on its standard input.
public func run(
  _ program: FilePath, _ arguments: [String], environment: Environment = .inherit
) async throws -> ProgramResult {
  let result = try await Subprocess.run(
    .path(program), arguments: Arguments(arguments), environment: environment,
    output: .string(limit: 1 << 22), error: .string(limit: 1 << 22))
  return ProgramResult(
    status: result.terminationStatus, output: result.standardOutput, errors: result.standardError)
}

/// The directory that the programs are built into: that of the test bundle.
public let buildDirectory: FilePath = {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = readlink("/proc/self/exe", &buffer, buffer.count)
  let path = String(decoding: buffer[..<max(0, count)].map(UInt8.init(bitPattern:)), as: UTF8.self)
  return FilePath(path).removingLastComponent()
}()

public let dpdkHost = buildDirectory.appending("dpdk-host")

/// Whether effects on this machine can be tried at all.
public let isRoot = geteuid() == 0

/// Whether the packet engine was built, and huge pages of 2M are to be had on node 0.
public let hasEngine = access(buildDirectory.appending("dpdk-host-engine").string, X_OK) == 0
public let hasHugepages = access(Pools.twoMegabytesOfNode0, W_OK) == 0
