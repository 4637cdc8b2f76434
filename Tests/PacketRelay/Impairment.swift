/// What befalls one packet.
enum Fate: Equatable {
  case forward
  case drop
  /// A second copy goes out when so many others went by.
  case duplicate(after: Int)
  /// Goes out when so many others went by.
  case delay(Int)
  /// Changes places with the packet so far behind it.
  case swap(Int)
}

/// A seeded plan of faults: the same seed gives the same fates, packet by packet.
struct Impairment {
  /// Of a thousand packets each.
  struct Shares: Equatable {
    var drop = 0
    var duplicate = 0
    var delay = 0
    var swap = 0
    var corrupt = 0

    var isNone: Bool { self == Shares() }
  }

  let shares: Shares
  private var random: SplitMix64

  init(seed: UInt64, shares: Shares) {
    self.shares = shares
    random = SplitMix64(state: seed)
  }

  mutating func next() -> Fate {
    var draw = Int(random.next() % 1000)
    func falls(within share: Int) -> Bool {
      draw -= share
      return draw < 0
    }
    if falls(within: shares.drop) { return .drop }
    if falls(within: shares.duplicate) { return .duplicate(after: Int(random.next() % 33)) }
    if falls(within: shares.delay) { return .delay(1 + Int(random.next() % 64)) }
    if falls(within: shares.swap) { return .swap(1 + Int(random.next() % 16)) }
    return .forward
  }

  /// How far from the end of its frame a byte of the next packet is changed, and to what (by exclusive or); nil for none.
  mutating func corruption() -> (fromEnd: Int, change: UInt8)? {
    guard shares.corrupt > 0, Int(random.next() % 1000) < shares.corrupt else { return nil }
    let draw = random.next()
    return (1 + Int(draw % 16), UInt8(1 + (draw >> 8) % 255))
  }
}

/// The generator of Steele, Lea and Flood (OOPSLA 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
