import EngineMessages

/// A value of `--source-address` and `--destination-address`: one address, or a range from a first one to a last one.
struct AddressRange: Equatable {
  /// As it was written.
  var first: String
  /// Addresses in the range; nil where one alone was written.
  var count: Int?
}

/// Why a range of addresses, or of ports, is not understood.
struct RangeError: Error, Equatable, CustomStringConvertible {
  var description: String
}

extension AddressRange {
  /// Reads `198.18.0.1`, `198.18.0.1-198.18.0.16`, `2001:2::1` and `2001:2::1-2001:2::10`.
  init(parsing text: String) throws(RangeError) {
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let values = try ends.map { end throws(RangeError) in
      guard let value = AddressValue(parsing: end) else {
        throw RangeError(
          description: "'\(end)' is not an IP address: write one as 198.18.0.1 or 2001:2::1, or two with a hyphen")
      }
      return value
    }
    guard let first = values.first, let last = values.last, values.count == 2 else {
      self.init(first: text)
      return
    }
    guard first.isV6 == last.isV6 else {
      throw RangeError(description: "range '\(text)' mixes IPv4 and IPv6: give both ends one family")
    }
    guard last.number >= first.number else {
      throw RangeError(description: "range '\(text)' runs backwards: put the lower address first")
    }
    let distance = last.number - first.number
    guard distance < UInt128(FlowEndpoints.longestRange) else {
      throw RangeError(
        description: "range '\(text)' is of more than \(FlowEndpoints.longestRange) addresses: make it smaller")
    }
    self.init(first: ends[0], count: Int(distance) + 1)
  }
}

/// An address as a number.
private struct AddressValue {
  let number: UInt128
  let isV6: Bool

  init?(parsing text: String) {
    guard let found = addressBytes(text) else { return nil }
    number = found.reduce(0) { $0 << 8 | UInt128($1) }
    isV6 = found.count == 16
  }
}

/// A value of `--destination-port`: one port, or a range from a first one to a last one.
struct PortRange: Equatable {
  var first: Int
  /// Ports in the range; nil where one alone was written.
  var count: Int?
}

extension PortRange {
  /// Reads `9` and `9-24`.
  init(parsing text: String) throws(RangeError) {
    let ends = try text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map {
      end throws(RangeError) in
      guard let port = UInt16(end), end.first != "+" else {
        throw RangeError(
          description: "'\(end)' is not a UDP port: write one of 0 to 65535, or two with a hyphen")
      }
      return Int(port)
    }
    guard ends.count == 2 else {
      self.init(first: ends[0])
      return
    }
    guard ends[1] >= ends[0] else {
      throw RangeError(description: "range '\(text)' runs backwards: put the lower port first")
    }
    let count = ends[1] - ends[0] + 1
    guard count <= FlowEndpoints.longestRange else {
      throw RangeError(
        description: "range '\(text)' is of more than \(FlowEndpoints.longestRange) ports: make it smaller")
    }
    self.init(first: ends[0], count: count)
  }
}
