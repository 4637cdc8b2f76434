/// A unit of systemd that `apply` leaves, by its name, which is also that of its template.
enum LastingUnit: String, CaseIterable {
  /// Reserves before memory is in pieces; wanted where the kernel command line cannot say it.
  case hugepages = "dpdk-host-hugepages.service"
  case apply = "dpdk-host.service"
  case drift = "dpdk-host-drift.service"
  case driftTimer = "dpdk-host-drift.timer"

  /// What starts it; nil for what another unit starts.
  var target: String? {
    switch self {
    case .hugepages: "sysinit.target"
    case .apply: "multi-user.target"
    case .drift: nil
    case .driftTimer: "timers.target"
    }
  }
}

/// Where the files of ours stand in the host.
enum LastingPath {
  /// The copy of the profile by which the units work.
  static let profile = "/etc/dpdk-host/applied.yml"
  static let modules = "/etc/modules-load.d/dpdk-host.conf"
  static let units = "/etc/systemd/system"

  static func unit(_ name: String) -> String { "\(units)/\(name)" }

  /// The link by which `systemctl enable` says that a target wants a unit.
  static func link(_ unit: String, wantedBy target: String) -> String { "\(units)/\(target).wants/\(unit)" }
}

extension LastingFile {
  /// The copy of the profile that was applied.
  public static let profilePath = LastingPath.profile

  /// What each unit of ours has in its first line, by which those of an earlier profile are found.
  public static let marker = "# Written by dpdk-host"

  /// The template with the values in the place of `@KEY@`, each of which is put in as it is.
  static func filled(_ template: String, _ values: [String: String]) -> String {
    var rest = template[...]
    var text = ""
    while let opening = rest.firstIndex(of: "@") {
      let behind = rest.index(after: opening)
      text += rest[..<opening]
      if let closing = rest[behind...].firstIndex(of: "@"), let value = values[String(rest[behind..<closing])] {
        text += value
        rest = rest[rest.index(after: closing)...]
      } else {
        text += "@"
        rest = rest[behind...]
      }
    }
    return text + rest
  }
}

/// A unit's file from its template, and the link that enables it.
struct UnitFiles {
  var file: LastingFile
  var link: LastingFile?

  init(_ name: String, template: String, _ values: [String: String], wantedBy target: String?) {
    let path = LastingPath.unit(name)
    file = LastingFile(path: path, content: .text(LastingFile.filled(template, values)))
    link = target.map { LastingFile(path: LastingPath.link(name, wantedBy: $0), content: .link(to: path)) }
  }
}

extension Persistence {
  /// ` --waive ID` for each; what no identifier looks like waives nothing, and stays out of the units.
  var waiverWords: String {
    waived.filter { id in !id.isEmpty && id.utf8.allSatisfy { $0 == UInt8(ascii: ".") || $0.isASCIILetterOrDigit } }
      .map { " --waive \($0)" }.joined()
  }

  /// The program, where it can stand in a unit as it is, in every version of systemd.
  var programInUnits: String? {
    program.flatMap { Self.canStandInUnit($0) ? $0 : nil }
  }

  /// Whether this is an absolute path without a character that some version of systemd takes for its own.
  public static func canStandInUnit(_ path: String) -> Bool {
    let punctuation = Set("/._-+@:=,~".utf8)
    return path.hasPrefix("/") && path.utf8.allSatisfy { $0.isASCIILetterOrDigit || punctuation.contains($0) }
  }
}
