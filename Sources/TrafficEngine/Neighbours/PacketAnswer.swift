import CDPDK

extension FrameBytes {
  /// What of a packet lies in its first mbuf.
  @inline(__always)
  init(of packet: OpaquePointer?) {
    self.init(cdpdk_mbuf_data(packet), length: Int(cdpdk_mbuf_first_length(packet)))
  }
}

extension OwnAddress {
  /// Turns a packet that asks for this address into the answer, in its own mbuf.
  ///
  /// One of several mbufs is not answered, nor one to which the mbuf has too little room for the answer.
  ///
  /// - Returns: whether it is an answer now.
  @inline(never)
  func answer(_ packet: OpaquePointer?) -> Bool {
    let frame = FrameBytes(of: packet)
    guard Int(cdpdk_mbuf_length(packet)) == frame.length,
      let length = answer(frame, room: Int(cdpdk_mbuf_room(packet)))
    else { return false }
    cdpdk_mbuf_set_length(packet, UInt16(truncatingIfNeeded: length))
    return true
  }

  /// Answers what in a burst asks for this address, on the queue that it came from, and counts it there.
  ///
  /// - Parameters:
  ///   - count: of the packets; the others move up.
  ///   - answers: room for as many.
  /// - Returns: how many are left.
  @inline(__always)
  func answer(
    _ packets: UnsafeMutablePointer<OpaquePointer?>, count: Int, on port: WorkerPort,
    with answers: UnsafeMutablePointer<OpaquePointer?>
  ) -> Int {
    var left = 0
    var answered = 0
    for index in 0..<count {
      let packet = packets[index]
      if mayConcern(FrameBytes(of: packet)), answer(packet) {
        answers[answered] = packet
        answered &+= 1
      } else {
        packets[left] = packet
        left &+= 1
      }
    }
    if answered > 0 { port.sendOrDrop(answers, count: answered, bytes: totalBytes(answers, count: answered)) }
    return left
  }
}

extension WorkerPort {
  /// Sends packets, frees what a full transmit queue does not take, and counts both.
  ///
  /// - Parameter bytes: of all of them.
  @inline(__always)
  func sendOrDrop(_ packets: UnsafeMutablePointer<OpaquePointer?>, count: Int, bytes: Int) {
    let sent = queue.send(packets, count: count)
    if sent == count {
      line.countSent(sent, bytes: bytes)
    } else {
      let left = count &- sent
      line.countSent(sent, bytes: bytes &- totalBytes(packets + sent, count: left))
      freePackets(packets + sent, count: left)
      line.countDropped(left)
    }
  }
}

/// Bytes of `count` packets, frame check sequence excluded.
@inline(__always)
func totalBytes(_ packets: UnsafeMutablePointer<OpaquePointer?>, count: Int) -> Int {
  var bytes = 0
  for index in 0..<count { bytes &+= Int(cdpdk_mbuf_length(packets[index])) }
  return bytes
}
