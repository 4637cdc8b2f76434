extension Profile {
  /// Reads a profile strictly: an unknown key, a key twice, a wrong type, a number out of range is an error.
  ///
  /// - Parameter source: the file as the user knows it; also the name of a profile that has none.
  /// - Throws: everything that is wrong with the file, not only the first.
  public init(yaml: String, source: String) throws(ProfileError) {
    var reader = YAMLReader()
    var profile = Profile(name: source)
    switch YAMLDocument.compose(yaml) {
    case .failure(let refusal): throw ProfileError(source: source, problems: [refusal.problem])
    case .success(let root): reader.read(root, into: &profile)
    }
    guard reader.problems.isEmpty else { throw ProfileError(source: source, problems: reader.problems) }
    self = profile
  }
}

extension YAMLReader {
  fileprivate mutating func read(_ root: YAMLPlace, into profile: inout Profile) {
    let keys = ["name", "hugepages", "modules", "interfaces", "boot", "verification"]
    guard let mapping = mapping(root, keys: keys) else { return }
    if let place = mapping["name"], let name = text(place) { profile.name = name }
    if let place = mapping["hugepages"] { profile.hugepages = hugepages(place) }
    if let place = mapping["modules"], let modules = modules(place) { profile.modules = modules }
    if let place = mapping["interfaces"] { profile.interfaces = interfaces(place) }
    if let place = mapping["boot"] { profile.boot = boot(place) }
    if let place = mapping["verification"] { profile.verification = verification(place) }
  }

  private mutating func modules(_ place: YAMLPlace) -> Profile.Modules? {
    if place.isScalar {
      guard let text = text(place) else { return nil }
      if text == "auto" { return .auto }
      note(place, "'\(text)' is neither auto nor a list of module names")
      return nil
    }
    guard let places = list(place) else { return nil }
    var names: [String] = []
    for place in places {
      guard let text = text(place) else { continue }
      guard text.utf8.allSatisfy({ $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") || $0.isASCIILetterOrDigit })
      else {
        note(place, "'\(text)' is not a module name")
        continue
      }
      // To the kernel a hyphen and an underscore are one, and `/proc/modules` has the underscore.
      let name = String(text.map { $0 == "-" ? "_" : $0 })
      if names.contains(name) { note(place, "module '\(name)' stands twice") } else { names.append(name) }
    }
    return .listed(names)
  }

  private mutating func boot(_ place: YAMLPlace) -> Profile.Boot {
    var boot = Profile.Boot()
    guard let mapping = mapping(place, keys: ["arguments", "units", "isolatedCPUs"]) else { return boot }
    if let place = mapping["arguments"], let arguments: Profile.Boot.Arguments = word(place) {
      boot.arguments = arguments
    }
    if let place = mapping["units"], let units: Profile.Boot.Units = word(place) { boot.units = units }
    if let place = mapping["isolatedCPUs"], let text = text(place), text != "none" {
      boot.isolatedCPUs = cpuList(text, at: place)
    }
    return boot
  }

  /// `2-5,7`; the kernel counts no more than 8192 CPUs (`CONFIG_NR_CPUS` of x86).
  private mutating func cpuList(_ text: String, at place: YAMLPlace) -> [Int] {
    var cpus: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      guard ends.count <= 2, ends.allSatisfy({ !$0.isEmpty }) else {
        note(place, "'\(text)' is neither none nor a CPU list such as 2-5,7")
        return []
      }
      let numbers = ends.compactMap { integer($0, at: place, in: 0...8191) }
      guard numbers.count == ends.count, let first = numbers.first, let last = numbers.last else { return [] }
      guard first <= last else {
        note(place, "range '\(part)' runs backwards")
        return []
      }
      cpus.formUnion(first...last)
    }
    return cpus.sorted()
  }
}

extension UInt8 {
  /// ASCII alone, as names of modules, users and interfaces have it.
  var isASCIILetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }
}
