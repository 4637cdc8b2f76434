import Foundation
import Glibc
import LinuxHost
import SystemPackage

/// A host's tree built from a manifest in a temporary directory, and removed with the value.
///
/// git keeps neither empty directories nor a sysfs of links, so no tree is stored.
final class FakeRoot: Sendable {
  enum Node: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    case text(String)
    case link(String)
    case directory

    init(stringLiteral value: String) { self = .text(value) }
  }

  let directory: String
  var root: HostRoot { HostRoot(FilePath(directory)) }

  init(_ nodes: [String: Node]) throws {
    directory = NSTemporaryDirectory() + "dpdk-host-\(UUID().uuidString)"
    let files = FileManager.default
    try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
    for (path, node) in nodes.sorted(by: { $0.key < $1.key }) {
      let place = self.path(path)
      let parent = (place as NSString).deletingLastPathComponent
      try files.createDirectory(atPath: parent, withIntermediateDirectories: true)
      switch node {
      case .text(let text): try Data(text.utf8).write(to: URL(fileURLWithPath: place))
      case .link(let target): try files.createSymbolicLink(atPath: place, withDestinationPath: target)
      case .directory: try files.createDirectory(atPath: place, withIntermediateDirectories: true)
      }
    }
  }

  func path(_ path: String) -> String { directory + "/" + path }

  deinit { try? FileManager.default.removeItem(atPath: directory) }
}
