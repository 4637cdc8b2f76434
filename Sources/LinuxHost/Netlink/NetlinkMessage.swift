import CNetlink
import SystemPackage

/// One message of a netlink datagram.
///
/// Source: `netlink(7)`.
struct NetlinkMessage: Equatable {
  /// `RTM_*`, or one of the control types below `NLMSG_MIN_TYPE`.
  var type: Int
  /// `NLM_F_*`
  var flags: Int32
  /// That of the request which it answers.
  var sequence: UInt32
  var payload: ArraySlice<UInt8>

  /// The messages of one datagram.
  ///
  /// - Throws: `EBADMSG` where a length leads out of the datagram, as in one that was cut.
  static func messages(in datagram: [UInt8]) throws(Errno) -> [NetlinkMessage] {
    var messages: [NetlinkMessage] = []
    var rest = datagram[...]
    while !rest.isEmpty {
      guard let header = rest.load(nlmsghdr.self),
        let payload = rest.payload(length: Int(header.nlmsg_len), header: MemoryLayout<nlmsghdr>.size)
      else { throw .badMessage }
      messages.append(
        NetlinkMessage(
          type: Int(header.nlmsg_type), flags: Int32(header.nlmsg_flags), sequence: header.nlmsg_seq, payload: payload))
      rest = rest.dropFirst(netlinkAligned(Int(header.nlmsg_len)))
    }
    return messages
  }

  /// The fixed part of the payload and the attributes behind it.
  ///
  /// - Throws: `EBADMSG` where either is cut.
  func parts<Header: BitwiseCopyable>(_ header: Header.Type) throws(Errno) -> (Header, [NetlinkAttribute]) {
    guard let value = payload.load(header) else { throw .badMessage }
    return (value, try NetlinkAttribute.attributes(in: payload.dropFirst(netlinkAligned(MemoryLayout<Header>.size))))
  }
}

/// A type with a value of any length (`rtnetlink(7)`, "Routing attributes").
struct NetlinkAttribute: Equatable {
  var type: Int
  var value: ArraySlice<UInt8>

  /// - Throws: `EBADMSG` where a length leads out of the bytes.
  static func attributes(in bytes: ArraySlice<UInt8>) throws(Errno) -> [NetlinkAttribute] {
    var attributes: [NetlinkAttribute] = []
    var rest = bytes
    while !rest.isEmpty {
      guard let header = rest.load(rtattr.self),
        let value = rest.payload(length: Int(header.rta_len), header: MemoryLayout<rtattr>.size)
      else { throw .badMessage }
      attributes.append(
        NetlinkAttribute(type: Int(header.rta_type & cnetlink_attribute_type_mask), value: value))
      rest = rest.dropFirst(netlinkAligned(Int(header.rta_len)))
    }
    return attributes
  }

  /// The attributes within this one.
  func nested() throws(Errno) -> [NetlinkAttribute] { try Self.attributes(in: value) }

  /// The value as a number; nil where it is too short for one.
  var number: Int? { value.load(UInt32.self).map(Int.init) }

  /// The value as text, without the zero byte at its end.
  var text: String { String(decoding: value.prefix { $0 != 0 }, as: UTF8.self) }

  /// The bytes of an attribute in a request.
  static func bytes(_ type: Int, _ value: some Collection<UInt8>) -> [UInt8] {
    let length = MemoryLayout<rtattr>.size + value.count
    let header = rtattr(rta_len: UInt16(length), rta_type: UInt16(type))
    let padding = repeatElement(UInt8(0), count: netlinkAligned(length) - length)
    return withUnsafeBytes(of: header) { Array($0) } + value + padding
  }
}

/// Messages and attributes begin at multiples of four (`NLMSG_ALIGN`, `RTA_ALIGN`).
func netlinkAligned(_ length: Int) -> Int { (length + 3) & ~3 }

extension ArraySlice<UInt8> {
  /// A value in the machine's byte order at the beginning; nil where there are too few bytes.
  func load<Value: BitwiseCopyable>(_ type: Value.Type) -> Value? {
    guard count >= MemoryLayout<Value>.size else { return nil }
    return withUnsafeBytes { $0.loadUnaligned(as: type) }
  }

  /// What is behind the header of a part whose length counts the header too; nil where the length cannot be right.
  func payload(length: Int, header: Int) -> ArraySlice<UInt8>? {
    guard length >= header, length <= count else { return nil }
    return self[startIndex + header..<startIndex + length]
  }
}
