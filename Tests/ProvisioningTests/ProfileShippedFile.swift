import Foundation

/// The files of `profiles/`, found by where this source lies.
enum ShippedFile {
  static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "profiles")

  static func text(_ name: String) throws -> String {
    try String(contentsOf: directory.appending(path: "\(name).yml"), encoding: .utf8)
  }

  /// Every profile that is shipped, by name; `distributions` is a table, not a profile.
  static func profiles() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.path)
      .filter { $0.hasSuffix(".yml") }.map { String($0.dropLast(4)) }.filter { $0 != "distributions" }.sorted()
  }
}
