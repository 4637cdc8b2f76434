/// A process that holds huge pages, by `HugetlbPages` in `/proc/PID/status`.
public struct HugepageUser: Codable, Equatable, Sendable {
  public var pid: Int
  /// The program's short name (`/proc/PID/comm`).
  public var command: String
  public var kilobytes: UInt64
  /// The files that it maps on hugetlbfs mounts; empty for anonymous huge pages.
  public var files: [String]

  public init(pid: Int, command: String, kilobytes: UInt64, files: [String]) {
    self.pid = pid
    self.command = command
    self.kilobytes = kilobytes
    self.files = files
  }
}

extension HugepageUser {
  /// What `/proc/PID/status` says about huge pages.
  public enum Memory: Equatable, Sendable {
    /// A kernel thread or a zombie: it has no memory.
    case none
    /// `HugetlbPages` in kilobytes.
    case kilobytes(UInt64)
    /// The kernel does not tell (before 4.4): the mappings must.
    case unknown
  }

  /// Reads `/proc/PID/status`.
  ///
  /// Source: `proc_pid_status(5)`.
  public static func memory(inStatus text: String) -> Memory {
    var memory = Memory.none
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      if line.starts(with: "HugetlbPages:".utf8) {
        let words = Substring(line).split(whereSeparator: \.isWhitespace)
        return words.count >= 2 ? UInt64(words[1]).map(Memory.kilobytes) ?? .unknown : .unknown
      }
      if line.starts(with: "VmSize:".utf8) { memory = .unknown }
    }
    return memory
  }
}

extension HugepageUser {
  /// Whether a file on a hugetlbfs mount has a name of EAL's: `rtemap_0`, or with `--file-prefix=a` `amap_0`.
  ///
  /// Source: DPDK's `HUGEFILE_FMT`, `%s/%smap_%d`. Other programs' files (`bitmap_cache`) are none of ours.
  public static func isMapFile(_ name: String) -> Bool {
    let number = name.reversed().prefix { $0.isASCII && $0.isNumber }
    return !number.isEmpty && name.dropLast(number.count).hasSuffix("map_")
  }
}
