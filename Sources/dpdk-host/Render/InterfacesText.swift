import Glibc
import Provisioning

/// The few signs beyond ASCII, and what stands for them where the terminal has only ASCII.
struct Marks {
  let lock: String
  let pair: String

  /// By the locale of the environment, as `setlocale(3)` would choose it.
  static func forLocale() -> Marks {
    let name = (variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG") ?? "").lowercased()
    let isUTF8 = name.contains("utf-8") || name.contains("utf8")
    return isUTF8 ? Marks(lock: "🔒", pair: "⇄") : Marks(lock: "[never touched]", pair: "<->")
  }
}

/// A variable of the environment; nil for an empty one, too.
private func variable(_ name: String) -> String? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return String(cString: value)
}

/// The interfaces as one screen: management, data, and the rest, 80 columns wide but for EAL arguments, which are to be
/// copied in one piece.
func interfacesText(_ report: InterfaceReport, style: Style, marks: Marks) -> String {
  var lines: [String] = []
  for (role, title) in [
    (InterfaceRole.management, "management \(marks.lock)"), (.data, "data"), (.other, "other"),
  ] {
    let group = report.plan.interfaces.filter { $0.role == role }
    let isTold = { (planned: PlannedInterface) in planned.interface.kind != .virtual || role == .management }
    let devices = group.filter(isTold)
    let virtual = group.filter { !isTold($0) }
    guard !group.isEmpty else { continue }
    lines.append(style.bold(title))
    for planned in devices { lines += interfaceLines(planned, style: style, marks: marks) }
    if !virtual.isEmpty {
      let names = virtual.map(\.interface.name).joined(separator: ", ")
      lines += "virtual: \(names)".wrapped(width: 76).map { $0.indented(2) }
    }
    lines.append("")
  }
  for finding in report.plan.findings where finding.id != "interface.management" {
    lines += findingLines(finding, style: style)
  }
  if !report.plan.findings.allSatisfy({ $0.id == "interface.management" }) { lines.append("") }
  if let pmd = report.plan.pmd {
    lines += "pmd \(pmd.rawValue): \(report.plan.pmdReason)".wrapped(width: 78)
    lines.append("EAL  \(report.ealArguments.map(\.shellQuoted).joined(separator: " "))")
  } else {
    lines += "nothing here is given to DPDK by the profile '\(report.profile)'".wrapped(width: 78)
  }
  return lines.joined(separator: "\n")
}

private func interfaceLines(_ planned: PlannedInterface, style: Style, marks: Marks) -> [String] {
  let interface = planned.interface
  let device = interface.device
  let reason = planned.reason.wrapped(width: 63)
  var lines = ["  " + style.bold(device.name.padded(to: 12)) + " " + (reason.first ?? "")]
  lines += reason.dropFirst().map { $0.indented(15) }
  func row(_ words: [String?]) {
    let text = words.compactMap { $0 }.joined(separator: "  ")
    if !text.isEmpty { lines += text.wrapped(width: 74).map { $0.indented(4) } }
  }
  row([device.mac, interface.kind.rawValue, device.driver, device.pciID, node(device), speed(device)])
  if device.busAddress != device.name {
    row([device.bus, device.busAddress, device.virtioFunction.map { "on pci \($0)" }])
  }
  if let binding = interface.binding { row(["\(binding.driver) has it: the kernel's interface is gone"]) }
  if !device.addresses.isEmpty { row([device.addresses.joined(separator: "  ")]) }
  if let function = interface.virtualFunction {
    row(["\(marks.pair) \(function.name)", function.generation?.rawValue, function.driver, function.pciID])
    row([function.bus, function.busAddress, node(function), speed(function)])
  }
  if !planned.ealArguments.isEmpty {
    lines.append(style.dim("DPDK  \(planned.ealArguments.map(\.shellQuoted).joined(separator: " "))".indented(4)))
  }
  return lines
}

private func node(_ device: NetworkDevice) -> String? { device.numaNode.map { "node \($0)" } }

private func speed(_ device: NetworkDevice) -> String? {
  guard let speed = device.speed else { return nil }
  let (whole, rest) = speed.quotientAndRemainder(dividingBy: 1000)
  return rest == 0 ? "\(whole) Gbit/s" : "\(speed) Mbit/s"
}

extension String {
  /// As one word for a shell: plain where nothing in it means anything to one, in single quotes otherwise.
  var shellQuoted: String {
    let isPlain = !isEmpty && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=,:@%+".contains($0)) }
    return isPlain
      ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
