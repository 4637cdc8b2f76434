/// A drop-in of ours for `/etc/default/grub.d`, which is read behind `/etc/default/grub`.
public struct GrubDropIn: Equatable, Sendable {
  public let text: String

  /// - Parameter text: a file as it is found on a host.
  public init(_ text: String) { self.text = text }

  /// The template with the arguments in place of `@ARGUMENTS@`; nil where only comments have such a place.
  ///
  /// - Parameter template: the text of `grub.d/60-dpdk-host.cfg`, as it is shipped.
  public init?(template: String, arguments: [String]) {
    let placeholder = "@ARGUMENTS@"
    let quoted = GrubArgumentAssignment(arguments).quotedArguments
    var isFound = false
    let lines = template.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let parts = line.split(separator: placeholder, maxSplits: 1, omittingEmptySubsequences: false)
      guard !line.trimmingBlanks.hasPrefix("#"), parts.count == 2 else { return String(line) }
      isFound = true
      return parts[0] + quoted + parts[1]
    }
    guard isFound else { return nil }
    text = lines.joined(separator: "\n")
  }

  /// The arguments that were put in, as words of the command line; nil where there is no line of ours.
  public var arguments: [String]? {
    text.split(separator: "\n").lazy.compactMap { GrubArgumentAssignment(line: $0)?.arguments }.first
  }
}
