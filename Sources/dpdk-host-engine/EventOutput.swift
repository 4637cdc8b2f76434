import ArgumentParser
import EngineMessages
import FoundationEssentials
import SystemPackage
import TrafficEngine

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// Standard output as the events see it.
///
/// DPDK prints to standard output in places, its usage on a wrong EAL argument for one: that goes to standard error.
struct EventOutput {
  private let events: FileDescriptor
  private let format: OutputFormat
  private let encoder = JSONEncoder()

  init(format: OutputFormat) throws {
    self.format = format
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    events = try FileDescriptor.standardOutput.duplicate()
    _ = try FileDescriptor.standardError.duplicate(as: .standardOutput)
  }

  /// Makes a run, writes its events, and says how it failed where it did.
  ///
  /// - Throws: `ExitCode` of a run that failed.
  func run(_ request: EngineRequest, endsWithParent: Bool = false) throws {
    do {
      var text = EventText()
      let terminal = format == .text ? Terminal(descriptor: events.rawValue) : nil
      var display = LiveDisplay(duration: request.duration)
      try TrafficRun(request, endsWithParent: endsWithParent).run { event in
        switch format {
        case .json: try events.writeAll(encoder.encode(event) + [UInt8(ascii: "\n")])
        case .text:
          let lines = terminal.map { display.output(for: event, on: $0.size) } ?? text.lines(of: event)
          try events.writeAll(lines.utf8)
        }
      }
    } catch let failure as EngineFailure {
      fail(failure)
      throw ExitCode.failure
    } catch let error as DPDKError {
      fail(EngineFailure(function: error.function, message: error.description))
      throw ExitCode.failure
    } catch {
      fail(EngineFailure(message: "events cannot be written: \(error)"))
      throw ExitCode.failure
    }
  }

  /// The last words of a run without a result: an event in JSON, and a line on standard error.
  func fail(_ failure: EngineFailure) {
    if format == .json, let line = try? encoder.encode(EngineEvent.failed(failure)) {
      _ = try? events.writeAll(line + [UInt8(ascii: "\n")])
    }
    // There is nowhere to say that standard error is gone.
    _ = try? FileDescriptor.standardError.writeAll("error: \(failure.message)\n".utf8)
  }
}
