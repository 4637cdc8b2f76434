/// One `librte_eal.so.ABI` on disk.
public struct EALLibrary: Codable, Equatable, Sendable {
  public var path: String
  /// The ABI version in the soname: `23`, `20.0` in the days before 20.11, and `9` before 19.11.
  public var abi: String
  /// The release series that has this ABI (`22.11`); nil for an ABI that we do not know.
  public var release: String?

  public init(path: String, abi: String, release: String?) {
    self.path = path
    self.abi = abi
    self.release = release
  }
}

extension EALLibrary {
  /// The libraries among the names of one directory: one for each ABI, the newest first.
  ///
  /// `librte_eal.so.23` is the soname's link and `librte_eal.so.23.0` the file; the link is what a program loads, so
  /// its path is taken where both are there.
  public static func libraries(in names: [String], of directory: String) -> [EALLibrary] {
    var chosen: [String: String] = [:]
    for name in names {
      guard let abi = abi(ofFile: name) else { continue }
      if let other = chosen[abi], other.count <= name.count { continue }
      chosen[abi] = name
    }
    return chosen.map { EALLibrary(path: "\(directory)/\($1)", abi: $0, release: release(ofABI: $0)) }
      .sorted { ($0.version, $0.path) > ($1.version, $1.path) }
  }

  /// The ABI in the name of a library file; nil for the development link `librte_eal.so` and for other libraries.
  ///
  /// Source: DPDK's `ABI_VERSION` and `lib/meson.build`: since 20.11 the soname has the first number alone, and so it had
  /// before 19.11, where Debian and Ubuntu put the release in its place.
  public static func abi(ofFile name: String) -> String? {
    let prefix = "librte_eal.so."
    guard name.hasPrefix(prefix) else { return nil }
    let numbers = name.dropFirst(prefix.count).split(separator: ".", omittingEmptySubsequences: false)
    guard numbers.allSatisfy({ Int($0) != nil }), let first = numbers.first, let major = Int(first) else { return nil }
    return 16...20 ~= major ? numbers.prefix(2).joined(separator: ".") : String(first)
  }

  /// `22.11` for `23`; nil for an ABI that we do not know.
  ///
  /// Debian and Ubuntu named the libraries of 16.04 to 19.08 by the release itself.
  static func release(ofABI abi: String) -> String? {
    if let known = releases[abi] { return known }
    let parts = abi.split(separator: ".")
    guard parts.count == 2, let year = Int(parts[0]), 16...19 ~= year,
      ["02", "04", "05", "07", "08", "11"].contains(parts[1])
    else { return nil }
    return abi
  }

  /// `DPDK 22.11 (ABI 23)`, or the ABI alone.
  static func title(ofABI abi: String) -> String {
    release(ofABI: abi).map { "DPDK \($0) (ABI \(abi))" } ?? "a DPDK with ABI \(abi)"
  }

  /// The long-term release that brought each ABI; the short-term releases after it keep the ABI. Before 19.11 the first
  /// release that had the library's version: 18.02 had that of 17.11, 19.02 that of 18.11.
  ///
  /// Source: the release notes, "Shared Library Versions".
  private static let releases = [
    "6": "17.11", "7": "18.05", "8": "18.08", "9": "18.11", "10": "19.05", "11": "19.08",
    "20.0": "19.11", "21": "20.11", "22": "21.11", "23": "22.11", "24": "23.11", "25": "24.11", "26": "25.11",
  ]

  private var version: Int { Int(abi.prefix { $0 != "." }) ?? 0 }
}
