import EngineMessages
import Foundation
import SystemPackage
import Testing

extension EngineProgram {
  @Suite("On a terminal")
  struct TerminalTests {
    private struct NoTerminal: Error {
      let code: Int32
    }

    /// What a run writes to a pseudo-terminal of this size.
    private func screen(columns: UInt16, rows: UInt16, environment: [String]) throws -> String {
      let primary = try FileDescriptor.open("/dev/ptmx", .readWrite, options: .closeOnExec)
      defer { try? primary.close() }
      // TIOCSPTLCK and TIOCGPTN, macros over sizes that Swift does not see: what unlockpt and ptsname do.
      var (lock, number) = (Int32(0), UInt32(0))
      guard ioctl(primary.rawValue, 0x4004_5431, &lock) == 0, ioctl(primary.rawValue, 0x8004_5430, &number) == 0 else {
        throw NoTerminal(code: errno)
      }
      let secondary = FileDescriptor(rawValue: open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC))
      guard secondary.rawValue >= 0 else { throw NoTerminal(code: errno) }
      var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
      guard ioctl(secondary.rawValue, UInt(TIOCSWINSZ), &size) == 0 else { throw NoTerminal(code: errno) }
      let engine = try EngineProcess(
        [
          "rx", "--no-huge", "64", "--duration", "0.5", "--warm-up", "0.1", "--stats-period", "0.1", "--vdev",
          "net_null0", "--vdev", "net_null1", "--file-prefix", EngineProcess.newPrefix(),
        ], output: secondary, environment: environment)
      try secondary.close()
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 4_096)
      // The last writer's end shows as an error of the read.
      while let count = try? chunk.withUnsafeMutableBytes({ try primary.read(into: $0) }), count > 0 {
        bytes += chunk[..<count]
      }
      #expect(try engine.finish().code == 0)
      return String(decoding: bytes, as: UTF8.self)
    }

    @Test("the block is redrawn in place, within the terminal's size, and stays with the result")
    func redrawn() throws {
      let text = try screen(columns: 60, rows: 10, environment: ["TERM=xterm"])
      let parts = text.components(separatedBy: "\u{1B}[J")
      #expect(parts.count >= 4, "\(text.debugDescription)")
      #expect(parts[0].contains("rx with DPDK") && parts[0].contains("net_null1"))
      // A block of five lines: every one but the first is drawn where the one before stands.
      #expect(parts[1].hasSuffix("\r\u{1B}[5A") && parts[parts.count - 2].hasSuffix("\r"))
      // The terminal makes a carriage return and a line feed of each line feed.
      for part in parts.dropFirst().dropLast() {
        let lines = part.replacingOccurrences(of: "\u{1B}[5A", with: "").components(separatedBy: "\r\n")
        #expect(lines.count == 6 && lines.allSatisfy { $0.count < 60 }, "\(lines)")
        #expect(lines[0].hasSuffix(" s left") && lines[1].hasPrefix("port 0  rx ") && lines[2].contains("net_null0"))
      }
      #expect(parts.last?.hasPrefix("measured 0.") == true && parts.last?.contains("\u{1B}") == false)
    }

    @Test("a terminal of few rows shows as many lines at most")
    func low() throws {
      let text = try screen(columns: 80, rows: 4, environment: ["TERM=xterm"])
      #expect(text.contains("\u{1B}[3A") || text.contains("\u{1B}[2A"))
      #expect(!text.contains("\u{1B}[4A") && !text.contains("\u{1B}[5A"))
    }

    @Test(
      "plain lines come where the terminal is dumb or unknown, or its user wants no colour",
      arguments: [[], ["TERM=dumb"], ["TERM=xterm", "NO_COLOR=1"]])
    func plain(environment: [String]) throws {
      let text = try screen(columns: 80, rows: 24, environment: environment)
      #expect(!text.contains("\u{1B}") && text.contains(" s  port 1  rx ") && text.contains("measured 0."))
    }
  }
}
