import Foundation

/// The frames in a capture file of `net_pcap`, in the machine's byte order.
func capturedFrames(_ file: URL) throws -> [[UInt8]] {
  var rest = Array(try Data(contentsOf: file)).dropFirst(24)
  var frames: [[UInt8]] = []
  while rest.count > 16 {
    let length = rest.dropFirst(8).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    frames.append(Array(rest.dropFirst(16).prefix(length)))
    rest = rest.dropFirst(16 + length)
  }
  return frames
}
