import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

/// The tree of an image that never booted, in a temporary directory that goes with the value: a Debian of two kernels, by
/// the configuration of a boot case.
final class ImageTree: Sendable {
  let path: String
  let profile: String

  init(_ name: String = "debian12") throws {
    path = "/tmp/dpdk-host-image-\(UUID().uuidString)"
    profile = path + ".yml"
    let source = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../LinuxHostTests/BootCases/\(name)/before").standardizedFileURL
    try FileManager.default.copyItem(atPath: source.path, toPath: path)
    try FileManager.default.createDirectory(atPath: path + "/var/lib", withIntermediateDirectories: true)
    try put("#!/bin/sh\n", at: "/usr/bin/dpdk-host")
    try """
    name: image-test
    hugepages: [{size: 2M, nodes: {0: 64}, mount: /mnt/huge}]
    modules: []
    boot: {arguments: auto}
    """.write(toFile: profile, atomically: true, encoding: .utf8)
  }

  func put(_ text: String, at file: String) throws {
    let place = URL(filePath: path + file)
    try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: place)
  }

  func text(_ file: String) throws -> String { try String(contentsOfFile: path + file, encoding: .utf8) }

  func run(_ command: String, _ more: String...) async throws -> ProgramResult {
    try await TestSupport.run(dpdkHost, arguments(command) + more)
  }

  func arguments(_ command: String) -> [String] {
    [command, "--root", path] + (command == "revert" ? [] : ["--profile", profile])
  }

  /// Everything in the tree but times: names, kinds, modes, owners, where links lead, and what is in files.
  func list() throws -> [String] {
    let files = FileManager.default
    return try files.subpathsOfDirectory(atPath: path).sorted().map { name in
      var status = stat()
      lstat("\(path)/\(name)", &status)
      let content: String
      switch status.st_mode & S_IFMT {
      case S_IFLNK: content = try files.destinationOfSymbolicLink(atPath: "\(path)/\(name)")
      case S_IFREG: content = try Data(contentsOf: URL(filePath: "\(path)/\(name)")).base64EncodedString()
      default: content = ""
      }
      return "\(name) \(String(status.st_mode, radix: 8)) \(status.st_uid):\(status.st_gid) \(content)"
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
    try? FileManager.default.removeItem(atPath: profile)
  }
}
