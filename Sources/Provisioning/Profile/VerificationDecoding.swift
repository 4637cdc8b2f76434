extension YAMLReader {
  mutating func verification(_ place: YAMLPlace) -> Profile.Verification {
    var verification = Profile.Verification()
    let keys = ["method", "peer", "duration", "frameSizes", "minimum"]
    guard let mapping = mapping(place, keys: keys) else { return verification }
    if let place = mapping["method"], let method: Profile.Verification.Method = word(place) {
      verification.method = method
    }
    if let place = mapping["peer"] { verification.peer = peer(place) }
    // A day is the longest soak test that one run should be.
    if let place = mapping["duration"], let duration = integer(place, in: 1...86_400) {
      verification.duration = duration
    }
    if let place = mapping["frameSizes"] { verification.frameSizes = frameSizes(place) }
    if let place = mapping["minimum"], let minimum = self.mapping(place, keys: ["packetsPerSecond"]) {
      if let place = minimum["packetsPerSecond"] {
        verification.minimum = integer(place, in: 1...100_000_000_000).map { .init(packetsPerSecond: $0) }
      } else {
        note(place, "key 'packetsPerSecond' is missing")
      }
    }
    return verification
  }

  private mutating func peer(_ place: YAMLPlace) -> Profile.Verification.Peer? {
    if place.isScalar {
      if let text = text(place), text != "none" {
        note(place, "'\(text)' is neither none nor a mapping with address and mac")
      }
      return nil
    }
    guard let mapping = mapping(place, keys: ["address", "mac"], required: ["address"]) else { return nil }
    let address = mapping["address"].flatMap { self.address($0) }
    let mac = mapping["mac"].flatMap { stationAddress($0) }
    guard let address, mapping["mac"] == nil || mac != nil else { return nil }
    return Profile.Verification.Peer(address: address, mac: mac)
  }

  private mutating func address(_ place: YAMLPlace) -> String? {
    guard let text = text(place) else { return nil }
    let octets = text.split(separator: ".", omittingEmptySubsequences: false)
    // A leading zero is octal to inet_aton(3) and decimal to others.
    let isAddress =
      octets.count == 4
      && octets.allSatisfy { UInt8($0) != nil && !$0.hasPrefix("+") && ($0.count == 1 || !$0.hasPrefix("0")) }
    if !isAddress { note(place, "'\(text)' is not an IPv4 address") }
    return isAddress ? text : nil
  }

  private mutating func frameSizes(_ place: YAMLPlace) -> [Int] {
    guard let places = list(place) else { return [] }
    if places.isEmpty { note(place, "is empty; one size at least") }
    var sizes: [Int] = []
    for place in places {
      // From the shortest frame of Ethernet to a jumbo frame of 9000 bytes with its header and checksum.
      guard let size = integer(place, in: 64...9018) else { continue }
      if sizes.contains(size) { note(place, "frame size \(size) stands twice") } else { sizes.append(size) }
    }
    return sizes
  }
}
