extension Requirements {
  /// Reads `distributions.yml` as strictly as a profile.
  ///
  /// - Throws: everything that is wrong with the file, not only the first.
  public init(yaml: String, source: String) throws(ProfileError) {
    var reader = YAMLReader()
    var requirements = Requirements()
    switch YAMLDocument.compose(yaml) {
    case .failure(let refusal): throw ProfileError(source: source, problems: [refusal.problem])
    case .success(let root): reader.read(root, into: &requirements)
    }
    guard reader.problems.isEmpty else { throw ProfileError(source: source, problems: reader.problems) }
    self = requirements
  }
}

extension YAMLReader {
  fileprivate mutating func read(_ root: YAMLPlace, into requirements: inout Requirements) {
    let keys = ["distributions", "tables"]
    guard let mapping = mapping(root, keys: keys, required: keys) else { return }
    let distributions = mapping["distributions"].flatMap { openMapping($0) }
    for (id, place) in distributions?.entries ?? [] {
      if let notes = notes(place) { requirements.distributions[id] = notes }
    }
    guard let place = mapping["tables"] else { return }
    let names = Requirements.Table.allCases.map(\.rawValue)
    guard let tables = self.mapping(place, keys: names, required: names) else { return }
    for table in Requirements.Table.allCases {
      guard let place = tables[table.rawValue] else { continue }
      var minima: [String: [Requirements.Minimum]] = [:]
      for (id, place) in openMapping(place)?.entries ?? [] {
        if distributions?[id] == nil { note(place, "'\(id)' is not in $.distributions") }
        minima[id] = self.minima(place)
      }
      requirements.tables[table] = minima
    }
  }

  private mutating func notes(_ place: YAMLPlace) -> Requirements.DistributionNotes? {
    let keys = ["name", "bareRelease", "update", "modulePackages", "packages"]
    guard let mapping = mapping(place, keys: keys, required: ["name", "update"]) else { return nil }
    let name = mapping["name"].flatMap { text($0) }
    let update = mapping["update"].flatMap { text($0) }
    let bareRelease: Requirements.BareRelease? = mapping["bareRelease"].flatMap { word($0) }
    var packages: [String: [Int: String]] = [:]
    if let place = mapping["modulePackages"] {
      for (module, place) in openMapping(place)?.entries ?? [] { packages[module] = packagesBySeries(place) }
    }
    let sets = mapping["packages"].map { packageSets($0) } ?? []
    guard let name, let update else { return nil }
    return .init(
      name: name, bareRelease: bareRelease ?? .first, update: update, modulePackages: packages, packages: sets)
  }

  /// One package for every release, or one from each series on.
  private mutating func packagesBySeries(_ place: YAMLPlace) -> [Int: String] {
    if place.isScalar { return text(place).map { [0: $0] } ?? [:] }
    var packages: [Int: String] = [:]
    for (series, place) in openMapping(place)?.entries ?? [] {
      if let series = integer(series, at: place, in: 0...9999) { packages[series] = text(place) }
    }
    return packages
  }

  /// One minimum a series, in ascending order: the search for a host's minimum counts on it.
  private mutating func minima(_ place: YAMLPlace) -> [Requirements.Minimum] {
    var minima: [Requirements.Minimum] = []
    let places = list(place) ?? []
    if place.isSequence, places.isEmpty { note(place, "is empty") }
    for place in places {
      guard let mapping = mapping(place, keys: ["release", "kernel"], required: ["release"]) else { continue }
      let kernel = mapping["kernel"].flatMap { kernelRelease($0) }
      guard let place = mapping["release"], let text = text(place) else { continue }
      guard let release = DottedNumber(text) else {
        note(place, "'\(text)' is not a release such as 18.04")
        continue
      }
      if let last = minima.last, last.release.series >= release.series {
        note(place, "release \(text) must be of a later series than the one before it")
      }
      minima.append(.init(release: release, kernel: kernel))
    }
    return minima
  }

  private mutating func kernelRelease(_ place: YAMLPlace) -> KernelRelease? {
    guard let text = text(place) else { return nil }
    guard let release = KernelRelease(text), !release.release.isEmpty, release.flavour != nil else {
      note(place, "'\(text)' is not a kernel release with release number and flavour")
      return nil
    }
    return release
  }
}
