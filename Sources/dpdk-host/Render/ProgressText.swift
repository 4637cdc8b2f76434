import EngineMessages
import LinuxHost
import Provisioning

/// One line an event, on standard error.
func progress(_ event: ApplyEvent, style: Style) -> String {
  switch event {
  case .started(let action): "\(style.dim("[started]"))  \(title(action.action))"
  case .finished(let action, let note): "\(style.green("[finished]")) \(title(action.action)): \(note)"
  case .failed(let action, let error): "\(style.red("[failed]"))   \(title(action.action)): \(error)"
  }
}

func progress(_ event: RevertEvent, style: Style) -> String {
  switch event {
  case .finished(let step): "\(style.green("[finished]")) \(title(step))"
  case .failed(let step, let error): "\(style.red("[failed]"))   \(title(step)): \(error)"
  }
}

/// What a step back does, in one line.
func title(_ step: RevertStep) -> String {
  switch step {
  case .unloadModule(let name): "unload module \(name)"
  case .unmount(let target, let size): "unmount hugetlbfs of \(size) from \(target)"
  case .removeDirectory(let path): "remove the directory \(path) if it is empty"
  case .restorePool(let request):
    "restore \(request.pages) pages of \(request.pageSize) on node \(request.node)"
  case .returnDevice(let binding):
    "\(binding.formerDriver.map { "give back to \($0)" } ?? "take from \(binding.driver)"): \(binding.title)"
  case .restoreParameter(let module, let parameter, let value): "set \(parameter) of module \(module) to \(value)"
  case .restoreFile(let path, let before): before == nil ? "remove \(path)" : "put \(path) back"
  case .restoreLink(let path, let before): before == nil ? "remove \(path)" : "put \(path) back"
  case .restoreBoot(_, let arguments):
    "take '\(arguments.map { $0.joined(separator: " ") }.joined(separator: "', '"))' out of the boot configuration"
  }
}

/// The engine's rates while it runs: one line that is written over on a terminal, plain lines elsewhere.
final class TrafficProgress: Sendable {
  private let duration: Double
  private let status = StatusLine()

  /// - Parameter duration: seconds of measured traffic.
  init(duration: Double) { self.duration = duration }

  func show(_ event: EngineEvent) {
    switch event {
    case .started(let start):
      let ports = start.ports.map { "\($0.name) (\($0.driver))" }.joined(separator: ", ")
      status.line("\(start.mode.rawValue) with \(start.dpdk) over \(ports)")
    case .sample(let sample):
      let received = sample.ports.reduce(0) { $0 + $1.rxPps }
      let sent = sample.ports.reduce(0) { $0 + $1.txPps }
      let left = max(0, duration - sample.elapsed)
      let text =
        "\(grouped(received)) packets/s received, \(grouped(sent)) sent, "
        + "\(grouped(sample.elapsed)) s elapsed, \(grouped(left)) s to go"
      status.show(text, plain: text)
    case .port(let event): status.line("\(event.device): \(event.kind.rawValue)")
    case .trial(let trial):
      status.line(
        "\(trial.frameSize) bytes, \(trial.test.rawValue) \(trial.number): \(grouped(trial.txPps)) packets/s"
          + (trial.askedPps.map { " of \(grouped($0))" } ?? "") + ", \(grouped(trial.loss.lost)) lost, "
          + (trial.failure.map { "failed: \($0.text)" } ?? "passed"))
    case .notice(let notice): status.line(notice.message)
    case .result, .failed: break
    }
  }

  /// Leaves the line that was written over.
  func end() { status.end() }
}
