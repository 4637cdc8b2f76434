import CDPDK

/// Runs `work` on every one of the lcores at once, and `watch` on this one.
///
/// Returns when all have returned; `work` has to end when `phase` says so, which it does as soon as `watch` is
/// over or an lcore could not be launched. The corresponding C functions are `rte_eal_remote_launch` and
/// `rte_eal_wait_lcore`.
///
/// - Parameter work: gets the position of its lcore in `lcores`.
func withWorkers<Result>(
  _ lcores: [Lcore], phase: RunPhase, work: @Sendable (Int) -> Void, watch: () throws -> Result
) throws -> Result {
  try withoutActuallyEscaping(work) { work in
    let launches = UnsafeMutablePointer<Launch>.allocate(capacity: lcores.count)
    for index in lcores.indices { (launches + index).initialize(to: Launch(worker: index, work: work)) }
    var launched: [Lcore] = []
    defer {
      phase.move(to: .over)
      for lcore in launched { _ = rte_eal_wait_lcore(lcore.id) }
      launches.deinitialize(count: lcores.count)
      launches.deallocate()
    }
    for (index, lcore) in lcores.enumerated() {
      try check(
        rte_eal_remote_launch({ Launch.run($0) }, launches + index, lcore.id), "rte_eal_remote_launch",
        on: "lcore \(lcore.id)")
      launched.append(lcore)
    }
    return try watch()
  }
}

/// What one lcore is handed.
private struct Launch {
  let worker: Int
  let work: @Sendable (Int) -> Void

  static func run(_ argument: UnsafeMutableRawPointer?) -> Int32 {
    guard let launch = argument?.assumingMemoryBound(to: Launch.self) else { return -1 }
    launch.pointee.work(launch.pointee.worker)
    return 0
  }
}
