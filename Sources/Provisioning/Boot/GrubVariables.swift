/// GRUB's variables as far as they can be told: what was set for sure, and what was set under a condition only.
struct GrubVariables: Equatable, Sendable {
  private struct Binding: Equatable {
    var value: String
    var isCertain: Bool
  }

  private var bindings: [String: Binding] = [:]
  /// Set by a command whose result is not known here (`search`, `probe`, `regexp`).
  private var unknown: Set<String> = []
  private var exported: Set<String> = []
  /// Whether an environment block could not be read, so that any variable may have been set by it.
  var isIncomplete = false

  init(_ values: [String: String] = [:]) { bindings = values.mapValues { Binding(value: $0, isCertain: true) } }

  /// The value as it is put into a line: empty where it is not known.
  subscript(name: String) -> String { bindings[name]?.value ?? "" }

  func isSet(_ name: String) -> Bool { bindings[name] != nil }

  /// Whether the value is what GRUB will see, also where that is none.
  func isCertain(_ name: String) -> Bool {
    if let binding = bindings[name] { return binding.isCertain }
    let isOfGrub = ["grub_", "feature_", "net_", "pxe_"].contains { name.hasPrefix($0) }
    return !isOfGrub && !isIncomplete && !unknown.contains(name) && !Self.ownNames.contains(name)
      // A function's arguments, the result of a command.
      && name.utf8.first.map { $0 >= UInt8(ascii: "A") } ?? false
  }

  /// GRUB sets these itself.
  private static let ownNames: Set<String> = ["root", "cmdpath", "lockdown", "shim_lock", "fw_path", "lang"]

  /// - Parameter isCertain: false in a branch that may not be run: it does not override what is known.
  mutating func set(_ name: String, to value: String, isCertain: Bool) {
    guard isCertain || bindings[name] == nil else { return }
    bindings[name] = Binding(value: value, isCertain: isCertain)
  }

  mutating func unset(_ name: String, isCertain: Bool) {
    if isCertain {
      bindings[name] = nil
      unknown.remove(name)
    } else {
      bindings[name]?.isCertain = false
    }
  }

  /// The variable has a value from now on that is not known here.
  mutating func forget(_ name: String) {
    bindings[name] = nil
    unknown.insert(name)
  }

  mutating func export(_ name: String) { exported.insert(name) }

  /// What a submenu sees of them: those that were exported.
  ///
  /// Source: `grub_env_context_open` in `grub-core/normal/context.c`.
  var inSubmenu: GrubVariables {
    var inner = self
    inner.bindings = bindings.filter { exported.contains($0.key) || ["prefix", "config_directory"].contains($0.key) }
    return inner
  }
}
