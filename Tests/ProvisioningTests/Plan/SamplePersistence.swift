import Foundation
import Provisioning

/// The shipped templates, a program, and a profile that only its text matters of.
func samplePersistence(
  program: String? = "/usr/local/bin/dpdk-host", profileText: String = "name: test\n", waived: [String] = []
) throws -> Persistence {
  let folder = ShippedFile.directory.deletingLastPathComponent().appending(path: "systemd")
  var templates: [String: String] = [:]
  for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
    templates[name] = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }
  return Persistence(templates: templates, program: program, profileText: profileText, waived: waived)
}

extension HostFacts {
  /// The host after one action on its files was carried out.
  func after(_ action: Action) -> HostFacts {
    var host = self
    switch action {
    case .writeFile(let file):
      switch file.content {
      case .text(let text): host.files[file.path] = FileFacts(kind: .file, text: text, mode: 0o644)
      case .link(let target): host.files[file.path] = FileFacts(kind: .symbolicLink, text: target)
      }
    case .removeFile(let path): host.files[path] = FileFacts(kind: .absent)
    default: break
    }
    return host
  }
}

extension Plan {
  /// `+ PATH` for what is written, `- PATH` for what goes, in order.
  var fileChanges: [String] {
    actions.compactMap { planned in
      switch planned.action {
      case .writeFile(let file): "+ \(file.path)"
      case .removeFile(let path): "- \(path)"
      default: nil
      }
    }
  }
}
