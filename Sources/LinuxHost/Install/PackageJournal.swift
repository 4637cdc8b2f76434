internal import Provisioning

extension Journal {
  /// What `install` did up to now; nil where nothing is left of it.
  func packageRecord() throws(HostError) -> PackageRecord? {
    for entry in try entries().reversed() {
      if case .packages(let record) = entry.effect { return record }
    }
    return nil
  }

  /// Writes the one entry about packages, in the place of the one before; an empty record takes it away, and the journal
  /// with it where nothing else is in there.
  func write(_ record: PackageRecord) throws(HostError) {
    let all = try entries()
    let others = all.filter { !$0.effect.isOfPackages }
    guard !record.isEmpty else {
      return if others.isEmpty { try remove() } else { try rewrite(others) }
    }
    guard let index = all.lastIndex(where: \.effect.isOfPackages) else { return try self.record(.packages(record)) }
    var entry = all[index]
    entry.effect = .packages(record)
    try rewrite(others + [entry])
  }
}
