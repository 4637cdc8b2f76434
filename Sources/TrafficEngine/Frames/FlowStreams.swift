/// How the flows of one sending port are numbered and divided over its workers.
///
/// A stream is what one worker sends of one flow, and is numbered by itself. Where there are as many flows as workers or
/// more, each flow is one stream of one worker; where there are fewer, workers share them.
struct FlowStreams: Equatable, Sendable {
  let flows: Int
  let workers: Int

  /// Streams are numbered from zero on.
  var count: Int { max(flows, workers) }

  /// The streams that a worker sends, in the order in which it takes them in turn.
  func streams(ofWorker worker: Int) -> [Int] { Array(stride(from: worker, to: count, by: workers)) }

  /// The flow that a stream is of.
  func flow(ofStream stream: Int) -> Int { stream % flows }
}
