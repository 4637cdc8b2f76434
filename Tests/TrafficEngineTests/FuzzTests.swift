import ArgumentParser
import EngineMessages
import Foundation
import Testing

@testable import dpdk_host_engine

/// Ten thousand wrong requests and option lists: never a crash, always an error that names what is wrong.
@Suite("Mutated requests and options")
struct FuzzTests {
  /// `FUZZ_SEED` repeats a run; whoever finds a failure reads the seed that it was found with.
  static let seed: UInt64 = {
    let given = ProcessInfo.processInfo.environment["FUZZ_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 1...UInt64(UInt32.max))
    // Not only with a failure: a trap ends the tests at once.
    FileHandle.standardError.write(Data("mutated requests and options are made with FUZZ_SEED=\(seed)\n".utf8))
    return seed
  }()

  // Ten thousand together. The parser of options takes a quarter of a second a list in a debug build.
  static let requests = 9_900
  static let optionLists = 100

  /// What a request in JSON comes to: why it is refused, or itself.
  static func outcome(_ bytes: [UInt8]) -> Result<EngineRequest, RequestError> {
    do throws(RequestError) {
      let request = try decodeRequest(bytes, from: "-")
      if let objection = request.objection { return .failure(RequestError(reason: objection)) }
      return .success(request)
    } catch {
      return .failure(error)
    }
  }

  /// What arguments come to: why they are refused, or their request; nil for those that ask for a request's file or help.
  static func outcome(_ arguments: [String]) -> Result<EngineRequest, any Error>? {
    do {
      guard let command = try EngineCommand.parseAsRoot(arguments) as? any ModeCommand else { return nil }
      let request = command.engineRequest
      if let objection = request.objection { throw ValidationError(objection) }
      return .success(request)
    } catch {
      return EngineCommand.exitCode(for: error) == .success ? nil : .failure(error)
    }
  }

  /// Whether a reason names a field of the request or the option that it comes from.
  static func names(_ reason: String, _ keys: Set<String>) -> Bool {
    reason.contains("--") || reason.contains("unknown key '")
      || (keys.union(known)).contains { !$0.isEmpty && reason.contains($0) }
  }

  /// What an objection calls a field that has no option.
  private static let known: Set<String> = ["mode", "port endpoints", "used port"]

  private static func isObject(_ bytes: [UInt8]) -> Bool {
    (try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]) != nil
  }

  @Test("Mutated requests are run or refused, with the field that is wrong")
  func requests() {
    var mutator = Mutator(seed: Self.seed)
    var refused = 0
    for number in 0..<Self.requests {
      let (bytes, keys) = mutator.request()
      guard case .failure(let error) = Self.outcome(bytes) else { continue }
      refused += 1
      // What is no JSON has no field to name.
      let names = Self.names(error.reason, keys) || !Self.isObject(bytes) && error.reason.contains("not understood")
      let text = String(decoding: bytes.prefix(600), as: UTF8.self)
      #expect(names, "FUZZ_SEED=\(Self.seed) request \(number): \(error.reason.prefix(300)) for \(text)")
      #expect(!error.reason.contains("\n"), "FUZZ_SEED=\(Self.seed) request \(number): \(error.reason.prefix(300))")
    }
    #expect(refused > Self.requests / 2 && refused < Self.requests, "FUZZ_SEED=\(Self.seed): \(refused) were refused")
  }

  @Test("Mutated option lists are run or refused, with the option that is wrong")
  func options() {
    var mutator = Mutator(seed: Self.seed)
    var refused = 0
    for number in 0..<Self.optionLists {
      let words = mutator.options()
      guard case .failure(let error) = Self.outcome(words) else { continue }
      refused += 1
      let message = EngineCommand.message(for: error)
      let place =
        "FUZZ_SEED=\(Self.seed) options \(number): \(message.prefix(300)) for \(words.joined(separator: " ").prefix(600))"
      #expect(EngineCommand.exitCode(for: error) == .validationFailure, "\(place)")
      #expect(message.contains("--") || words.contains { message.contains("'\($0)'") }, "\(place)")
    }
    #expect(
      refused > Self.optionLists / 3 && refused < Self.optionLists, "FUZZ_SEED=\(Self.seed): \(refused) were refused")
  }
}

extension EngineProgram {
  @Suite("Mutated requests and options")
  struct FuzzTests {
    private typealias Outcome = TrafficEngineTests.FuzzTests

    @Test("The program refuses as many requests as it is handed with exit code 64, and says why on both outputs")
    func requests() throws {
      var mutator = Mutator(seed: Outcome.seed)
      var left = 100
      while left > 0 {
        let (bytes, _) = mutator.request()
        guard case .failure(let error) = Outcome.outcome(bytes) else { continue }
        left -= 1
        let ended = try EngineProcess(["--request", "-"], bytes: bytes).finish()
        let place = "FUZZ_SEED=\(Outcome.seed), \(left) left: \(ended.errors.prefix(300))"
        #expect(ended.code == 64, "\(place)")
        #expect(try ended.failure().message == error.reason, "\(place)")
        #expect(ended.errors.hasPrefix("error: "), "\(place)")
      }
    }

    @Test("The program refuses wrong options with exit code 64")
    func options() throws {
      var mutator = Mutator(seed: Outcome.seed)
      var left = 40
      while left > 0 {
        let words = mutator.options()
        guard case .failure(let error) = Outcome.outcome(words) else { continue }
        left -= 1
        let ended = try EngineProcess(words).finish()
        let place = "FUZZ_SEED=\(Outcome.seed), \(left) left: \(words.joined(separator: " ").prefix(300))"
        #expect(ended.code == 64 && ended.output.isEmpty, "\(place)")
        #expect(ended.errors.contains(EngineCommand.message(for: error)), "\(place)")
      }
    }

    @Test("What is left of a request that is not refused runs, or fails with a reason")
    func runs() throws {
      var mutator = Mutator(seed: Outcome.seed)
      var left = 12
      while left > 0 {
        guard case .success(var request) = Outcome.outcome(mutator.request().bytes) else { continue }
        left -= 1
        // Bounded in time, and on what cannot do harm.
        request.duration = 0.1
        request.warmUp = min(request.warmUp, 0.1)
        request.virtualDevices = ["net_null0"]
        request.allowedDevices = []
        request.lcores = nil
        request.ealArguments = []
        request.memory = .ordinaryPages(mebibytes: 128)
        request.filePrefix = nil
        request.capture?.path = "/dev/null"
        request.drill = nil
        request.benchmark = BenchmarkPlan(tests: [.throughput], trials: 2)
        request.frameSizes = Array(request.frameSizes.prefix(1))
        let input = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
        let ended = try EngineProcess(["--request", "-"], input: input).finish()
        let place =
          "FUZZ_SEED=\(Outcome.seed), \(left) left: \(input) ended with \(ended.code): \(ended.errors.suffix(500))"
        #expect(ended.code == 0 || ended.code == 1, "\(place)")
        if ended.code == 1 { #expect(try !ended.failure().message.isEmpty, "\(place)") }
      }
    }
  }
}
