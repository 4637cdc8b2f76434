/// What asks for the MAC address of a neighbour, and what may tell it.
struct NeighbourRequest: Equatable, Sendable {
  /// Whose MAC address is wanted.
  let address: IPAddress
  /// Of the port that asks.
  let mac: MACAddress
  /// In whose name it asks; nil, or one of the other family, in nobody's: as a probe for a duplicate (RFC 5227, RFC 4862).
  let source: IPAddress?
  /// The VLAN to ask in; nil asks untagged.
  let vlan: Int?

  /// An ARP request, or a neighbour solicitation to the solicited-node multicast address, of 60 bytes or more.
  var frame: [UInt8] {
    let own = source.flatMap { $0.isV6 == address.isV6 ? $0 : nil }
    let frame = address.isV6 ? solicitation(from: own) : arpRequest(from: own)
    return frame + [UInt8](repeating: 0, count: max(0, 60 - frame.count))
  }

  /// The MAC address of the wanted neighbour where a frame tells it: a reply or an advertisement, and also a question that
  /// the neighbour asks in its own name (RFC 826). What comes in another VLAN tells of another link.
  func answer(in frame: FrameBytes) -> MACAddress? {
    guard frame.vlan == vlan ?? 0 else { return nil }
    let layer = frame.networkLayer
    let found: UInt64? =
      switch layer.type {
      case EtherType.arp where !address.isV6: arpSender(of: frame, at: layer.offset)
      case EtherType.ipv6 where address.isV6: advertised(in: frame, at: layer.offset)
      default: nil
      }
    // Neither a multicast address nor none.
    guard let found, found & 1 == 0, found != 0 else { return nil }
    return withUnsafeBytes(of: found) { MACAddress($0) }
  }

  private func ethernet(to destination: [UInt8], type: UInt16) -> [UInt8] {
    let tag = vlan.map { EtherType.vlan.networkBytes + UInt16(truncatingIfNeeded: $0).networkBytes } ?? []
    return destination + mac.bytes + tag + type.networkBytes
  }

  private func arpRequest(from source: IPAddress?) -> [UInt8] {
    ethernet(to: [UInt8](repeating: 0xff, count: 6), type: EtherType.arp) + ARP.kind + ARP.request.networkBytes
      + mac.bytes + (source?.bytes ?? [0, 0, 0, 0]) + [0, 0, 0, 0, 0, 0] + address.bytes
  }

  private func solicitation(from source: IPAddress?) -> [UInt8] {
    let node: [UInt8] = [0xff, 2] + [UInt8](repeating: 0, count: 9) + [1, 0xff] + address.bytes.suffix(3)
    var message = [NeighbourDiscovery.solicitation, 0, 0, 0, 0, 0, 0, 0] + address.bytes
    if source != nil { message += [NeighbourDiscovery.sourceMAC, 1] + mac.bytes }
    let header: [UInt8] = [0x60, 0, 0, 0, 0, UInt8(message.count), IPProtocol.icmpV6, NeighbourDiscovery.hopLimit]
    let ethernet = ethernet(to: [0x33, 0x33] + node.suffix(4), type: EtherType.ipv6)
    var frame = ethernet + header + (source?.bytes ?? [UInt8](repeating: 0, count: 16)) + node + message
    frame.withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      let bytes = FrameBytes(base, length: buffer.count)
      bytes.setChecksum(
        at: ethernet.count + FrameBytes.ipv6Header + 2,
        over: bytes.icmpV6Sum(at: ethernet.count, payload: message.count))
    }
    return frame
  }

  private func arpSender(of frame: FrameBytes, at offset: Int) -> UInt64? {
    guard let operation = frame.arpOperation(at: offset), operation == ARP.request || operation == ARP.reply,
      frame.memoryLong(at: offset + ARP.senderAddress) == OwnAddress(mac: mac, address: address).v4
    else { return nil }
    return frame.memoryMAC(at: offset + ARP.senderMAC)
  }

  private func advertised(in frame: FrameBytes, at offset: Int) -> UInt64? {
    let wanted = OwnAddress(mac: mac, address: address).address
    if let payload = frame.discoveryLength(NeighbourDiscovery.advertisement, at: offset) {
      guard frame.v6(at: offset + FrameBytes.ipv6Header + NeighbourDiscovery.target) == wanted else { return nil }
      // An answer to one may leave it out: who asked knew it already.
      return frame.discoveryMAC(NeighbourDiscovery.targetMAC, at: offset, payload: payload) ?? frame.memoryMAC(at: 6)
    }
    guard let payload = frame.discoveryLength(NeighbourDiscovery.solicitation, at: offset),
      frame.v6(at: offset + 8) == wanted
    else { return nil }
    return frame.discoveryMAC(NeighbourDiscovery.sourceMAC, at: offset, payload: payload)
  }
}
