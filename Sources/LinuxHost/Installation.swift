internal import Glibc
public import SystemPackage

/// Where this program's own files are: beside it in a build folder or a bundle, or below the prefix that it was installed to.
public struct Installation: Sendable {
  /// The running program, links resolved, as the kernel, systemd and others can start it.
  public let program: FilePath

  /// The libraries that a bundle carries; nil where the host's are used.
  public let carriedLibraries: FilePath?

  /// The directory of the running program.
  public var directory: FilePath { program.removingLastComponent() }

  /// Of the running program (`/proc/self/exe`).
  public init() {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : "/"
    self.init(executable: FilePath(path))
  }

  /// - Parameter executable: what the kernel runs. In a bundle that is `lib/loader/NAME`, its own loader under the name of
  ///   the program, which only `NAME` in the bundle's directory knows to start.
  public init(executable: FilePath) {
    let loaders = executable.removingLastComponent()
    let libraries = loaders.removingLastComponent()
    guard let name = executable.lastComponent, loaders.lastComponent == "loader", libraries.lastComponent == "lib"
    else {
      program = executable
      carriedLibraries = nil
      return
    }
    program = libraries.removingLastComponent().appending(name)
    carriedLibraries = libraries
  }

  /// The packet engine: beside this program, or in `libexec` of its prefix.
  public func engine() throws(HostError) -> FilePath {
    let candidates = [
      directory.appending("dpdk-host-engine"),
      directory.removingLastComponent().appending("libexec/dpdk-host/dpdk-host-engine"),
    ]
    guard let engine = candidates.first(where: { access($0.string, X_OK) == 0 }) else {
      throw HostError(
        "the packet engine 'dpdk-host-engine' is not beside this program",
        remedy: "build it with libdpdk-dev installed ('make'), or install its package; looked for "
          + candidates.map { "'\($0)'" }.joined(separator: " and "))
    }
    return engine
  }

  /// The folder of profiles and of `distributions.yml`: `share/dpdk-host/profiles` of the prefix, or `profiles` of the
  /// source tree that a build folder lies in; a bundle's are its own alone, wherever it was unpacked.
  public func profiles() throws(HostError) -> FilePath {
    var candidates = [directory.appending("profiles")]
    if carriedLibraries == nil {
      candidates = [directory.removingLastComponent().appending("share/dpdk-host/profiles")]
      var ancestor = directory
      while !ancestor.components.isEmpty {
        candidates.append(ancestor.appending("profiles"))
        ancestor.removeLastComponent()
      }
    }
    guard let folder = candidates.first(where: { access($0.appending("distributions.yml").string, R_OK) == 0 }) else {
      throw HostError(
        "the profiles of dpdk-host are not there", remedy: "install them with 'make install PREFIX=…'")
    }
    return folder
  }
}
