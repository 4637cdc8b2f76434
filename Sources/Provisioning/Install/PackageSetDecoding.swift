extension YAMLReader {
  /// `packages` of a distribution, in ascending order of release.
  mutating func packageSets(_ place: YAMLPlace) -> [PackageSet] {
    var sets: [PackageSet] = []
    for place in list(place) ?? [] {
      guard let set = packageSet(place) else { continue }
      if let last = sets.last, last.from >= set.from {
        note(place, "release \(set.from) must be later than the one before it")
      }
      sets.append(set)
    }
    return sets
  }

  private mutating func packageSet(_ place: YAMLPlace) -> PackageSet? {
    let keys = ["from", "manager", "run", "build", "kernels", "repositories", "groups", "finishing", "elsewhere"]
    guard let mapping = mapping(place, keys: keys, required: ["from", "manager", "run", "build"]) else { return nil }
    let manager: PackageManager? = mapping["manager"].flatMap { word($0) }
    let wanted = wanted(mapping)
    var from: DottedNumber?
    if let place = mapping["from"], let text = text(place) {
      from = DottedNumber(text)
      if from == nil { note(place, "'\(text)' is not a release such as 18.04") }
    }
    var kernels: [String: PackageSet.Wanted] = [:]
    for (flavour, place) in mapping["kernels"].flatMap({ openMapping($0) })?.entries ?? [] {
      if let mapping = self.mapping(place, keys: ["run", "build"]) { kernels[flavour] = self.wanted(mapping) }
    }
    let repositories = each(mapping["repositories"]) { $0.repository($1) }
    let groups = each(mapping["groups"]) { $0.group($1) }
    let finishing = each(mapping["finishing"]) { $0.undoableCommand($1) }
    let elsewhere = mapping["elsewhere"].flatMap { text($0) } ?? ""
    guard let from, let manager else { return nil }
    if !groups.isEmpty, manager != .yum { note(place, "groups are yum's, not \(manager.rawValue)'s") }
    return PackageSet(
      from: from, manager: manager, wanted: wanted, kernels: kernels, repositories: repositories, groups: groups,
      finishing: finishing, elsewhere: elsewhere)
  }

  private mutating func wanted(_ mapping: YAMLMapping) -> PackageSet.Wanted {
    PackageSet.Wanted(run: words(mapping["run"]), build: words(mapping["build"]))
  }

  private mutating func repository(_ place: YAMLPlace) -> PackageSet.Repository? {
    let keys = ["command", "undo", "sign", "needs"]
    guard let mapping = mapping(place, keys: keys, required: ["command", "undo", "sign"]) else { return nil }
    let adding = undoableCommand(mapping)
    guard let adding, let sign = mapping["sign"].flatMap({ text($0) }) else { return nil }
    return PackageSet.Repository(adding: adding, sign: sign, needs: words(mapping["needs"]))
  }

  private mutating func group(_ place: YAMLPlace) -> PackageSet.Group? {
    let keys = ["name", "members"]
    guard let mapping = mapping(place, keys: keys, required: keys), let name = mapping["name"].flatMap({ text($0) })
    else { return nil }
    return PackageSet.Group(name: name, members: words(mapping["members"]))
  }

  private mutating func undoableCommand(_ place: YAMLPlace) -> PackageSet.UndoableCommand? {
    guard let mapping = mapping(place, keys: ["command", "undo"], required: ["command", "undo"]) else { return nil }
    return undoableCommand(mapping)
  }

  private mutating func undoableCommand(_ mapping: YAMLMapping) -> PackageSet.UndoableCommand? {
    guard let command = self.command(mapping["command"]), let undo = self.command(mapping["undo"]) else { return nil }
    return PackageSet.UndoableCommand(command: command, undo: undo)
  }

  /// Words of which the first is a program's absolute path: no shell looks for it.
  private mutating func command(_ place: YAMLPlace?) -> [String]? {
    guard let place else { return nil }
    let words = words(place)
    guard words.first?.hasPrefix("/") == true else {
      note(place, "must begin with the absolute path of a program")
      return nil
    }
    return words
  }

  private mutating func words(_ place: YAMLPlace?) -> [String] {
    guard let place else { return [] }
    return (list(place) ?? []).compactMap { text($0) }
  }

  private mutating func each<Value>(
    _ place: YAMLPlace?, _ read: (inout YAMLReader, YAMLPlace) -> Value?
  ) -> [Value] {
    guard let place else { return [] }
    return (list(place) ?? []).compactMap { read(&self, $0) }
  }
}
