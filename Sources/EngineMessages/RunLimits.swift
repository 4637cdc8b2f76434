extension EngineRequest {
  /// Why no run can be made of what the request asks beside its flows; nil where one may.
  var runObjection: String? {
    if !hashes.isEmpty, queues == 1 {
      return "RSS hash '\(hashes.map(\.rawValue).joined(separator: ","))' has one queue to choose from: "
        + "raise --queues, or leave --rss out"
    }
    return drill?.objection(in: self) ?? benchmark.objection ?? capture?.objection ?? textObjection
  }

  /// What EAL would be given cut off at the zero, or understand as something else.
  private var textObjection: String? {
    let texts =
      virtualDevices.map { ("virtual device", $0, "--vdev") } + allowedDevices.map { ("device", $0, "--allow") }
      + ealArguments.map { ("EAL argument", $0, "--eal") }
      + [
        ("lcores", lcores, "--lcores"), ("file prefix", filePrefix, "--file-prefix"),
        ("directory", hugeDirectory, "--huge-dir"),
      ]
      .compactMap { name, text, option in text.map { (name, $0, option) } }
    for (name, text, option) in texts {
      if text.isEmpty { return "\(name) '' is empty: change \(option)" }
      if text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
        return "\(name) '\(printable(text))' has a control character: change \(option)"
      }
      if text.utf8.count > 4_000 {
        return "\(name) '\(text.prefix(40))…' is longer than 4000 bytes: change \(option)"
      }
    }
    // EAL ends the process with its usage.
    if let help = ealArguments.first(where: { $0.hasPrefix("-h") || ($0.hasPrefix("--he") && "--help".hasPrefix($0)) })
    {
      return "EAL argument '\(help)' makes no run: leave --eal=\(help) out"
    }
    return nil
  }

  private var hugeDirectory: String? {
    if case .hugetlbfs(let directory) = memory { return directory }
    return nil
  }
}

extension Capture {
  /// Copies of a port's packets lie in memory until the run is over.
  static let most = 65_536

  fileprivate var objection: String? {
    if path.isEmpty { return "capture path '' is empty: change --capture" }
    if path.unicodeScalars.contains(where: { $0.value == 0 }) {
      return "capture path '\(printable(path))' has a control character: change --capture"
    }
    if !(1...Self.most).contains(packets) {
      return "capture packets '\(packets)' are not between 1 and \(Self.most): change --capture-packets"
    }
    return nil
  }
}

/// The beginning of a text, with a `?` for each control character.
private func printable(_ text: String) -> String {
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars.prefix(40) { shown.append(scalar.value < 32 || scalar.value == 127 ? "?" : scalar) }
  return String(shown)
}
