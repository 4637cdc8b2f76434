/// A file that a process maps, as `/proc/PID/maps` shows it.
public struct MappedFile: Equatable, Sendable {
  /// Device and inode, which do not depend on the mount namespace.
  public var identity: FileIdentity
  /// The path in the process's own mount namespace.
  public var path: String
  /// Whether the file was unlinked since; its pages stay taken as long as it is mapped.
  public var isDeleted: Bool
  /// The size of all its mappings in kilobytes.
  public var kilobytes: UInt64

  public init(identity: FileIdentity, path: String, isDeleted: Bool, kilobytes: UInt64) {
    self.identity = identity
    self.path = path
    self.isDeleted = isDeleted
    self.kilobytes = kilobytes
  }

  /// The files on the given devices, each once, in the order of their first mapping.
  ///
  /// Source: `proc_pid_maps(5)`; of a path only the newline is escaped, and `" (deleted)"` follows an unlinked one.
  public static func files(inMaps text: String, on devices: Set<DeviceNumber>) -> [MappedFile] {
    var files: [MappedFile] = []
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5).map { Substring($0) }
      // Without a path it is anonymous memory.
      guard fields.count == 6, let device = DeviceNumber(fields[3]), devices.contains(device),
        let inode = UInt64(fields[4])
      else { continue }
      let identity = FileIdentity(device: device, inode: inode)
      let size = kilobytes(ofRange: fields[0])
      if let known = files.firstIndex(where: { $0.identity == identity }) {
        files[known].kilobytes += size
        continue
      }
      let path = fields[5].drop { $0 == " " }
      let isDeleted = path.hasSuffix(" (deleted)")
      files.append(
        MappedFile(
          identity: identity, path: path.dropLast(isDeleted ? " (deleted)".count : 0).resolvingOctalEscapes,
          isDeleted: isDeleted, kilobytes: size))
    }
    return files
  }

  private static func kilobytes(ofRange range: Substring) -> UInt64 {
    let bounds = range.split(separator: "-").map { UInt64($0, radix: 16) ?? 0 }
    return bounds.count == 2 && bounds[0] < bounds[1] ? (bounds[1] - bounds[0]) >> 10 : 0
  }
}
