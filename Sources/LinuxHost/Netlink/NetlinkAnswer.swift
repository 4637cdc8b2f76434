import CNetlink
import SystemPackage

/// The answer to one request, put together from as many datagrams as the kernel makes of it.
struct NetlinkAnswer {
  /// The sequence number of the request; messages with another one answer an earlier request, and are left out.
  let sequence: UInt32
  private(set) var messages: [NetlinkMessage] = []
  private(set) var isComplete = false
  /// What was listed changed meanwhile (`NLM_F_DUMP_INTR`): entries may be missing, or be there twice.
  private(set) var isInterrupted = false

  init(sequence: UInt32) { self.sequence = sequence }

  /// Takes the next datagram.
  ///
  /// - Throws: the error that the kernel answers; `EBADMSG` for a datagram that makes no sense; `ENOBUFS` where the kernel
  ///   lost a part.
  mutating func take(_ datagram: [UInt8]) throws(Errno) {
    for message in try NetlinkMessage.messages(in: datagram) where message.sequence == sequence && !isComplete {
      if message.flags & NLM_F_DUMP_INTR != 0 { isInterrupted = true }
      switch Int32(message.type) {
      case NLMSG_NOOP: continue
      case NLMSG_OVERRUN: throw .noBufferSpace
      case NLMSG_ERROR:
        // Code 0 is an acknowledgement.
        guard let code = message.payload.load(Int32.self) else { throw .badMessage }
        guard code == 0 else { throw Errno(rawValue: -code) }
        isComplete = true
      case NLMSG_DONE:
        // Kernels before 2.6 put nothing into it.
        let code = message.payload.load(Int32.self) ?? 0
        guard code >= 0 else { throw Errno(rawValue: -code) }
        isComplete = true
      default:
        messages.append(message)
        isComplete = message.flags & NLM_F_MULTI == 0
      }
    }
  }

  /// The entries of a table, all of one moment: where it changed meanwhile, or a part was lost, it is asked for again.
  ///
  /// - Throws: what ``take(_:)`` throws; `EAGAIN` where every attempt was disturbed.
  static func whole(_ ask: () throws(Errno) -> NetlinkAnswer) throws(Errno) -> [NetlinkMessage] {
    for _ in 0..<8 {
      do throws(Errno) {
        let answer = try ask()
        if !answer.isInterrupted { return answer.messages }
      } catch {
        guard error == .noBufferSpace else { throw error }
      }
    }
    throw .resourceTemporarilyUnavailable
  }
}
