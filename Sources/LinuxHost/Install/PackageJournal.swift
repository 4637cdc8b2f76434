internal import Provisioning

extension Journal {
  /// What `install` did up to now; nil where nothing is left of it.
  func packageRecord() throws(HostError) -> PackageRecord? {
    for entry in try entries().reversed() {
      if case .packages(let record) = entry.effect { return record }
    }
    return nil
  }

  /// What `install --from-source` put here; nil where nothing is left of it.
  func sourceRecord() throws(HostError) -> SourceRecord? {
    for entry in try entries().reversed() {
      if case .source(let record) = entry.effect { return record }
    }
    return nil
  }

  /// Writes the one entry about packages, in the place of the one before; an empty record takes it away.
  func write(_ record: PackageRecord) throws(HostError) {
    try write(record.isEmpty ? nil : .packages(record)) { if case .packages = $0 { true } else { false } }
  }

  /// Writes the one entry about a source, in the place of the one before; nil takes it away.
  func write(_ record: SourceRecord?) throws(HostError) {
    try write(record.map { .source($0) }) { if case .source = $0 { true } else { false } }
  }

  /// The journal goes with its last entry. The others stay where they are: what waits to be confirmed is known by its place.
  private func write(_ effect: Effect?, inPlaceOf isFormer: (Effect) -> Bool) throws(HostError) {
    var all = try entries()
    guard let effect else {
      all.removeAll { isFormer($0.effect) }
      return if all.isEmpty { try remove() } else { try rewrite(all) }
    }
    guard let index = all.lastIndex(where: { isFormer($0.effect) }) else { return try record(effect) }
    all[index].effect = effect
    try rewrite(all)
  }
}
