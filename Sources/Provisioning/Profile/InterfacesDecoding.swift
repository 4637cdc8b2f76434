extension YAMLReader {
  mutating func interfaces(_ place: YAMLPlace) -> Profile.Interfaces {
    var interfaces = Profile.Interfaces()
    guard let mapping = mapping(place, keys: ["management", "data", "pmd"]) else { return interfaces }
    if let place = mapping["management"], let management = management(place) { interfaces.management = management }
    if let place = mapping["data"], let data = dataPorts(place, besides: interfaces.management) {
      interfaces.data = data
    }
    if let place = mapping["pmd"], let pmd: Profile.Interfaces.PMD = word(place) { interfaces.pmd = pmd }
    return interfaces
  }

  /// The address of one interface, not of a group.
  mutating func stationAddress(_ place: YAMLPlace) -> MACAddress? {
    guard let text = text(place) else { return nil }
    guard let mac = MACAddress(text) else {
      note(place, "'\(text)' is not a MAC address such as 12:34:56:78:9a:bc")
      return nil
    }
    guard !mac.isMulticast, mac.octets.contains(where: { $0 != 0 }) else {
      note(place, "'\(text)' is not the address of one interface")
      return nil
    }
    return mac
  }

  private mutating func management(_ place: YAMLPlace) -> Profile.Interfaces.Management? {
    guard let text = text(place) else { return nil }
    if text == "auto" { return .auto }
    // The kernel takes neither a colon nor more than 15 bytes in a name (`dev_valid_name`), so nothing is ambiguous.
    if text.contains(":") || MACAddress(text) != nil && text.utf8.count > 15 {
      return stationAddress(place).map { .mac($0) }
    }
    let isName =
      text.utf8.count <= 15 && text != "." && text != ".." && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f }
      && !text.contains("/")
    guard isName else {
      note(place, "'\(text)' is neither auto nor a MAC address nor an interface name")
      return nil
    }
    return .name(text)
  }

  private mutating func dataPorts(
    _ place: YAMLPlace, besides management: Profile.Interfaces.Management
  ) -> Profile.Interfaces.DataPorts? {
    if place.isScalar {
      guard let text = text(place) else { return nil }
      switch text {
      case "auto": return .auto
      case "none": return DataPorts.none
      default:
        note(place, "'\(text)' is neither auto nor none nor a list of MAC addresses")
        return nil
      }
    }
    guard let places = list(place) else { return nil }
    if places.isEmpty { note(place, "is empty; write none where there is no data interface") }
    var addresses: [MACAddress] = []
    for place in places {
      guard let mac = stationAddress(place) else { continue }
      if addresses.contains(mac) {
        note(place, "\(mac) stands twice")
      } else if management == .mac(mac) {
        note(place, "\(mac) is the management interface, which carries no data")
      } else {
        addresses.append(mac)
      }
    }
    return .listed(addresses)
  }

  private typealias DataPorts = Profile.Interfaces.DataPorts
}
