/// Bytes of netlink messages, as tests lay them out by hand.
enum NetlinkBytes {
  /// A number in the machine's byte order.
  static func number(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

  static func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
    let bytes = number(UInt16(4 + value.count)) + number(type) + value
    return bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
  }

  static func attribute(_ type: UInt16, _ number: UInt32) -> [UInt8] { attribute(type, Self.number(number)) }

  static func message(_ type: UInt16, flags: UInt16 = 0, sequence: UInt32 = 7, _ payload: [UInt8]) -> [UInt8] {
    number(UInt32(16 + payload.count)) + number(type) + number(flags) + number(sequence) + number(UInt32(0)) + payload
  }

  /// `RTM_NEWROUTE` with a `rtmsg`.
  static func route(
    family: UInt8 = 2, destinationLength: UInt8 = 0, table: UInt8 = 254, type: UInt8 = 1, flags: UInt32 = 0,
    _ attributes: [UInt8]...
  ) -> [UInt8] {
    message(
      24, [family, destinationLength, 0, 0, table, 3, 0, type] + number(flags) + attributes.flatMap { $0 })
  }

  /// `RTM_NEWLINK` with an `ifinfomsg`.
  static func link(_ index: Int32, _ attributes: [UInt8]...) -> [UInt8] {
    message(
      16,
      [0, 0] + number(UInt16(1)) + number(index) + number(UInt32(0)) + number(UInt32(0)) + attributes.flatMap { $0 })
  }

  /// `RTM_NEWADDR` with an `ifaddrmsg`.
  static func address(_ index: UInt32, family: UInt8, length: UInt8, _ attributes: [UInt8]...) -> [UInt8] {
    message(20, [family, length, 0, 0] + number(index) + attributes.flatMap { $0 })
  }

  static func done(_ code: Int32 = 0, flags: UInt16 = 2, sequence: UInt32 = 7) -> [UInt8] {
    message(3, flags: flags, sequence: sequence, number(code))
  }
}
