extension Distribution {
  /// Reads `os-release(5)`, and `/etc/centos-release` or `/etc/redhat-release`, which have CentOS's minor release.
  public init?(osRelease: String, centosRelease: String?) {
    var fields: [Substring: String] = [:]
    for line in osRelease.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { continue }
      fields[parts[0].trimmingBlanks] = parts[1].filter { $0 != "\"" && $0 != "'" }
    }
    guard let id = fields["ID"] else { return nil }
    var release = fields["VERSION_ID"]
    if id == "centos", let word = centosRelease?.split(separator: " ").first(where: { $0.first?.isNumber == true }) {
      release = word.split(separator: ".").prefix(2).joined(separator: ".")
    }
    self.init(
      id: id, like: (fields["ID_LIKE"] ?? "").split(separator: " ").map(String.init), release: release,
      name: fields["PRETTY_NAME"])
  }
}
