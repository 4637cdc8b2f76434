/// The modules of one kernel, by the indexes that `depmod(8)` and the kernel's build leave in `/lib/modules/KERNEL`.
public struct ModuleIndex: Equatable, Sendable {
  /// Module files by canonical name, relative to the kernel's directory as the index has them.
  public var files: [String: String]
  /// Canonical names of what is compiled into the kernel.
  public var builtIn: Set<String>

  /// Reads `modules.dep` (`path: path path`) and `modules.builtin` (one path a line).
  ///
  /// Source: `modules.dep(5)`, `Documentation/kbuild/kbuild.rst`.
  public init(dependencies: String, builtIn: String) {
    files = [:]
    for line in dependencies.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let path = line[..<colon]
      guard let name = KernelModule.canonicalName(ofFile: path) else { continue }
      files[name] = String(path)
    }
    self.builtIn = Set(builtIn.split(separator: "\n").compactMap { KernelModule.canonicalName(ofFile: $0) })
  }
}

extension KernelModule {
  /// The name as the kernel has it: `-` and `_` are the same to every tool, and the kernel shows `_`.
  public static func canonicalName(_ name: some StringProtocol) -> String {
    String(name.map { $0 == "-" ? "_" : $0 })
  }

  /// The canonical name of a module by its file, compressed or not: `kernel/net/foo-bar.ko.xz` gives `foo_bar`.
  static func canonicalName(ofFile path: some StringProtocol) -> String? {
    guard let file = path.split(separator: "/").last else { return nil }
    let parts = file.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, !parts[0].isEmpty, parts[1].trimmingBlanks == "ko" else { return nil }
    return canonicalName(parts[0])
  }
}
