extension EngineRequest {
  /// Why no engine can build the flows of the request; nil where one may.
  var flowObjection: String? {
    if let vlan, !(1...4094).contains(vlan) { return "VLAN '\(vlan)' is not between 1 and 4094: change --vlan" }
    if packets == 0 { return "packets '0' are not a positive number: change --packets" }
    if let objection = endpoints.objection ?? objection(toSizesOf: endpoints) { return objection }
    for (mac, own) in portEndpoints.sorted(by: { $0.key < $1.key }) {
      if macAddressBytes(mac) == nil {
        return "port endpoints '\(mac)' are not those of a MAC address: write it as 02:00:00:00:00:01"
      }
      // What both leave to be filled must fit together too.
      let filled = own.filled(from: endpoints)
      if let objection = filled.objection ?? objection(toSizesOf: filled) {
        return "port endpoints '\(mac)': \(objection)"
      }
    }
    if let mac = usedPorts.first(where: { macAddressBytes($0) == nil }) {
      return "used port '\(mac)' is not a MAC address: write it as 02:00:00:00:00:01"
    }
    return nil
  }
}

extension FlowEndpoints {
  /// Why no frame can carry these; nil where one may.
  fileprivate var objection: String? {
    for (text, name) in [(sourceMAC, "source"), (destinationMAC, "destination")] {
      if let text, macAddressBytes(text) == nil {
        return "\(name) MAC '\(text)' is not a MAC address: write --\(name)-mac as 02:00:00:00:00:01"
      }
    }
    for (text, name) in [(sourceAddress, "source"), (destinationAddress, "destination")] {
      if let text, addressBytes(text) == nil {
        return "\(name) address '\(text)' is no IP address: write --\(name)-address as 198.18.0.1 or 2001:2::1"
      }
    }
    if let source = sourceAddress, let destination = destinationAddress,
      addressBytes(source)?.count != addressBytes(destination)?.count
    {
      return "source address '\(source)' and destination address '\(destination)' are not of one family: "
        + "change --source-address or --destination-address"
    }
    return countObjection ?? portObjection
  }

  private var countObjection: String? {
    for (count, first, name) in [
      (sourceAddresses, sourceAddress, "source"), (destinationAddresses, destinationAddress, "destination"),
    ] {
      guard let count else { continue }
      if !(1...Self.longestRange).contains(count) {
        return "\(name) addresses '\(count)' are not between 1 and \(Self.longestRange): change --\(name)-address"
      }
      if let first, let bytes = addressBytes(first), isLast(bytes, before: count) {
        return "\(name) addresses '\(count)' go beyond the last one from '\(first)' on: change --\(name)-address"
      }
    }
    return nil
  }

  /// Whether fewer than `count` addresses begin at this one.
  private func isLast(_ bytes: [UInt8], before count: Int) -> Bool {
    let (high, low) = (bytes.dropLast(4), bytes.suffix(4))
    guard high.allSatisfy({ $0 == 0xff }) else { return false }
    return low.reduce(0) { $0 << 8 | Int($1) } + count - 1 > Int(UInt32.max)
  }

  private var portObjection: String? {
    for (port, name) in [(sourcePort, "source"), (destinationPort, "destination")] {
      if let port, !(0...65_535).contains(port) {
        return "\(name) port '\(port)' is not between 0 and 65535: change --\(name)-port"
      }
    }
    if let count = destinationPorts {
      if !(1...Self.longestRange).contains(count) {
        return "destination ports '\(count)' are not between 1 and \(Self.longestRange): change --destination-port"
      }
      let first = destinationPort ?? 9
      if first + count - 1 > 65_535 {
        return "destination ports '\(count)' go beyond 65535 from '\(first)' on: change --destination-port"
      }
    }
    return nil
  }
}
