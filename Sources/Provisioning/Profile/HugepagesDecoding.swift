extension YAMLReader {
  /// The entries that could be read; no two of one size, no two mounts on one path.
  mutating func hugepages(_ place: YAMLPlace) -> [Profile.Hugepages] {
    var entries: [Profile.Hugepages] = []
    for place in list(place) ?? [] {
      guard let mapping = mapping(place, keys: ["size", "perNode", "nodes", "mount"], required: ["size"]) else {
        continue
      }
      let size = mapping["size"].flatMap { pageSize($0) }
      let amount = amount(mapping)
      let mount = mapping["mount"].flatMap { self.mount($0) }
      if let size, let place = mapping["size"], entries.contains(where: { $0.size == size }) {
        note(place, "page size \(size) stands twice; one entry a size")
      }
      if let mount, let place = mapping["mount"], entries.contains(where: { $0.mount?.path == mount.path }) {
        note(place, "mount path '\(mount.path)' stands twice; one page size a mount")
      }
      // What could not be read has been noted; the entry is kept so that the next ones are compared with it.
      entries.append(
        Profile.Hugepages(size: size ?? PageSize(bytes: 0), amount: amount ?? .perNode(0), mount: mount))
    }
    return entries
  }

  private mutating func pageSize(_ place: YAMLPlace) -> PageSize? {
    guard let text = text(place) else { return nil }
    switch text {
    case "2M": return .twoMegabytes
    case "1G": return .oneGigabyte
    default:
      note(place, "'\(text)' is neither 2M nor 1G")
      return nil
    }
  }

  private mutating func amount(_ mapping: YAMLMapping) -> Profile.Hugepages.Amount? {
    // 32 TiB of 2M pages; more is a slip of the finger.
    let pages = 0...16_777_216
    switch (mapping["perNode"], mapping["nodes"]) {
    case (let perNode?, nil): return integer(perNode, in: pages).map { .perNode($0) }
    case (nil, let nodes?):
      guard let entries = openMapping(nodes)?.entries else { return nil }
      if entries.isEmpty { note(nodes, "names no node") }
      var amounts: [Int: Int] = [:]
      for (key, value) in entries {
        // 1024 nodes is the most that the kernel can be built for (`NODES_SHIFT`).
        if let node = integer(key, at: value, in: 0...1023), let number = integer(value, in: pages) {
          amounts[node] = number
        }
      }
      return .nodes(amounts)
    case (_?, _?): note(mapping.place, "has both perNode and nodes; one of them says how many")
    case (nil, nil): note(mapping.place, "key 'perNode' or 'nodes' is missing")
    }
    return nil
  }

  private mutating func mount(_ place: YAMLPlace) -> Profile.Mount? {
    if place.isScalar { return path(place).map { Profile.Mount(path: $0) } }
    guard let mapping = mapping(place, keys: ["path", "owner", "group", "mode"], required: ["path"]) else { return nil }
    let owner = mapping["owner"].flatMap { account($0) }
    let group = mapping["group"].flatMap { account($0) }
    let mode = mapping["mode"].flatMap { self.mode($0) }
    guard let path = mapping["path"].flatMap({ self.path($0) }) else { return nil }
    return Profile.Mount(path: path, owner: owner, group: group, mode: mode)
  }

  private mutating func path(_ place: YAMLPlace) -> String? {
    guard let path = text(place) else { return nil }
    let problem: String? =
      if !path.hasPrefix("/") {
        "is not absolute"
      } else if path == "/" {
        "is the root of the host"
      } else if path.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
        "has a control character"
      } else if path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        .contains(where: { $0.isEmpty || $0 == "." || $0 == ".." })
      {
        "is not normalised: no '//', '.', '..', and no '/' at the end"
      } else {
        nil
      }
    if let problem { note(place, "path '\(path)' \(problem)") }
    return problem == nil ? path : nil
  }

  private mutating func account(_ place: YAMLPlace) -> Profile.Account? {
    guard let text = text(place) else { return nil }
    if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      // -1 as an unsigned number means "leave it" to chown(2).
      return integer(text, at: place, in: 0...4_294_967_294).map { .id($0) }
    }
    let punctuation = Set("_-.@$".utf8)
    guard text.first != "-", text.utf8.allSatisfy({ $0.isASCIILetterOrDigit || punctuation.contains($0) }) else {
      note(place, "'\(text)' is not the name of a user or a group")
      return nil
    }
    return .name(text)
  }

  /// Octal as `chmod(1)` takes it: `0770`, `770`, `1777`.
  private mutating func mode(_ place: YAMLPlace) -> Int? {
    guard let text = text(place) else { return nil }
    guard (3...4).contains(text.utf8.count), !text.hasPrefix("+"), !text.hasPrefix("-"), let mode = Int(text, radix: 8)
    else {
      note(place, "'\(text)' is not a mode in three or four octal digits such as 0770")
      return nil
    }
    return mode
  }
}
