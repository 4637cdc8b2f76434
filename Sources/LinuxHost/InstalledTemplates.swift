internal import Glibc
public import Provisioning
internal import SystemPackage

extension Installation {
  /// What it takes to make a profile last on a host: the templates of this program, and where the host has it.
  ///
  /// - Parameters:
  ///   - profileText: the profile as it was read.
  ///   - root: the running host, where this program itself is meant, or an image, which must have one of its own.
  public func persistence(
    of profileText: String, waiving waived: Set<String>, on root: HostRoot
  ) throws(HostError) -> Persistence {
    let folder = try profiles().removingLastComponent()
    var templates: [String: String] = [:]
    for name in ["grub.d", "systemd"] {
      let place = folder.appending(name)
      do {
        for file in try HostRoot.runningHost.entries(place.string) ?? [] {
          templates[file] = try HostRoot.runningHost.contents(place.appending(file).string)
        }
      } catch { throw HostError("cannot read '\(place)'", errno: error) }
    }
    return Persistence(
      templates: templates, program: program(on: root), profileText: profileText, waived: waived.sorted())
  }

  private func program(on root: HostRoot) -> String? {
    guard !root.isRunningHost else { return program.lastComponent == nil ? nil : program.string }
    return ["/usr/bin", "/usr/local/bin", "/usr/sbin", "/usr/local/sbin"].map { "\($0)/dpdk-host" }.first { path in
      ((try? root.status(path, followingLast: true)) ?? nil)?.kind == .file
    }
  }
}
