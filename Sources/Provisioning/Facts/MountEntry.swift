/// One line of `/proc/mounts`, its octal escapes resolved.
public struct MountEntry: Codable, Equatable, Sendable {
  public var source: String
  public var target: String
  public var type: String
  public var options: [String]

  public init(source: String, target: String, type: String, options: [String]) {
    self.source = source
    self.target = target
    self.type = type
    self.options = options
  }
}

extension MountEntry {
  /// Reads the whole of `/proc/mounts`; nil when a line has fewer than four fields.
  ///
  /// Source: `proc_pid_mounts(5)`, which has the format of `fstab(5)`.
  public static func table(_ text: String) -> [MountEntry]? {
    var entries: [MountEntry] = []
    for line in text.split(separator: "\n") {
      guard let entry = MountEntry(line: line) else { return nil }
      entries.append(entry)
    }
    return entries
  }

  /// Reads one line: source, target, type and options, separated by blanks.
  public init?(line: Substring) {
    // One blank each: a mount can have an empty source.
    let fields = line.split(separator: " ", omittingEmptySubsequences: false)
    guard fields.count >= 4 else { return nil }
    self.init(
      source: fields[0].resolvingOctalEscapes, target: fields[1].resolvingOctalEscapes, type: String(fields[2]),
      options: fields[3].split(separator: ",").map(\.resolvingOctalEscapes))
  }

  /// The value of `key=value` among the options; of two, the later, as the kernel takes them.
  public func option(_ key: String) -> String? {
    let prefix = key + "="
    return options.last { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
  }

  /// `uid=`: the owner that a hugetlbfs gives its root directory; nil where the option is not shown, as for root.
  public var uid: Int? { option("uid").flatMap { Int($0) } }
  /// `gid=`: the group that a hugetlbfs gives its root directory.
  public var gid: Int? { option("gid").flatMap { Int($0) } }
  /// `mode=`, which is octal: the permission bits that a hugetlbfs gives its root directory.
  public var mode: Int? { option("mode").flatMap { Int($0, radix: 8) } }

  /// The page size of a hugetlbfs mount; nil for another file system, or a size that cannot be read.
  ///
  /// Kernels from 4.13 on always show `pagesize=`, in megabytes also for a gigabyte (`1024M`). Older ones repeat the
  /// options as they were given, perhaps none, which means the default size.
  ///
  /// - Parameter defaultSize: `Hugepagesize` of `/proc/meminfo`.
  public func hugetlbfsPageSize(default defaultSize: PageSize?) -> PageSize? {
    guard type == "hugetlbfs" else { return nil }
    guard let size = option("pagesize") else { return defaultSize }
    return PageSize(size)
  }
}

extension [MountEntry] {
  /// Whether what is mounted there can still be reached by its path: no later mount stands on it or on a directory above.
  public func isReachable(_ index: Int) -> Bool {
    let target = self[index].target
    return !self[(index + 1)...].contains { target.isPath(atOrBelow: $0.target) }
  }
}

extension String {
  /// Whether this absolute path is `directory` itself or below it, by its text.
  func isPath(atOrBelow directory: String) -> Bool {
    self == directory || directory == "/" || hasPrefix(directory + "/")
  }
}

extension String {
  /// Whether this absolute path is below `directory`, by its text.
  func isPath(below directory: String) -> Bool { self != directory && isPath(atOrBelow: directory) }
}

extension StringProtocol {
  /// The text with `\040` and other three-digit octal escapes resolved, in which the kernel and `getmntent(3)` write
  /// blanks, newlines, `#` and backslashes.
  var resolvingOctalEscapes: String {
    guard utf8.contains(UInt8(ascii: "\\")) else { return String(self) }
    var bytes: [UInt8] = []
    var rest = Array(utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      guard byte == UInt8(ascii: "\\"), digits.count == 3,
        let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8),
        digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) })
      else {
        bytes.append(byte)
        continue
      }
      bytes.append(value)
      rest.removeFirst(3)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
