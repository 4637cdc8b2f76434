/// The unit that brings `provision` to its end after the reboot that it asked for, and then takes itself away.
public struct Continuation: Equatable, Sendable {
  public static let unit = "dpdk-host-provision.service"

  /// In the order in which they are written; in the other one they go.
  public let files: [LastingFile]

  /// Where the unit and its link stand, whoever wrote them.
  public static let paths = [LastingPath.unit(unit), LastingPath.link(unit, wantedBy: "multi-user.target")]

  /// What goes on after the reboot by the profile's copy on the host; nil where the program or the result's path cannot
  /// stand in a unit, or its template is not installed.
  ///
  /// - Parameters:
  ///   - persistence: the templates, the program and the waivers.
  ///   - result: the absolute path that the report goes to; nil for none.
  ///   - console: whether the result is told on the console.
  public init?(_ persistence: Persistence, result: String?, console: Bool) {
    guard let program = persistence.programInUnits, let template = persistence.templates[Self.unit],
      result.map(Persistence.canStandInUnit) ?? true
    else { return nil }
    let options = (result.map { " --result \($0)" } ?? "") + (console ? " --console" : "")
    let unit = UnitFiles(
      Self.unit, template: template,
      ["PROGRAM": program, "WAIVERS": persistence.waiverWords, "OPTIONS": options], wantedBy: "multi-user.target")
    files = [unit.file] + [unit.link].compactMap { $0 }
  }
}
