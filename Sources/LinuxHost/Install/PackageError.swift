internal import Provisioning

extension PackageCommands {
  /// What to say of it, and what to do.
  func error(_ trouble: PackageTrouble, of command: [String], elsewhere: String = "") -> HostError {
    let title = title(command)
    switch trouble {
    case .locked(let by):
      return HostError(
        "\(title) was kept waiting for \(patience.components.seconds) s by \(by ?? "another package manager")",
        remedy: "wait until it has ended, then run this command again; --wait-for-lock waits longer")
    case .diskFull(let line):
      return HostError(
        "\(title) found the disk full: \(line.trimmingBlanks)",
        remedy: "make room, then run this command again: it goes on where it was cut short")
    case .broken(let line):
      let way =
        manager == .apt
        ? "'sudo dpkg --audit' tells what is wrong, 'sudo dpkg --configure -a' and 'sudo apt-get install -f' mend most of it"
        : "run 'sudo rpm --rebuilddb', and see '\(manager.rawValue) check'"
      return HostError(
        "\(title) cannot work, as its own state is broken: \(line.trimmingBlanks)",
        remedy: "\(way); then run this command again")
    case .unreachable(let line):
      return HostError(
        "\(title) could not fetch anything: \(line.trimmingBlanks)",
        remedy: "see whether this host reaches its repositories, and its name server; a proxy is taken from https_proxy"
      )
    case .notServed(let line):
      return HostError(
        "\(title) was refused what the repository's own lists name: \(line.trimmingBlanks)",
        remedy:
          "the mirror is not whole, or its lists are old: try again later, or name another mirror or release in its sources"
      )
    case .needsRemoval(let line):
      return HostError(
        "\(title) would take away packages that are installed: \(line.trimmingBlanks)",
        remedy: "see 'apt-get install --simulate' of the same packages, and decide by hand")
    case .unsatisfiable(let line):
      return HostError(
        "\(title) found that what is installed and what the repositories have do not fit together: \(line.trimmingBlanks)",
        remedy: "see which packages are held, pinned or of another release, and which repository is missing")
    case .unknownPackages(let names):
      return HostError(
        "no repository of this host has \(names.map { "'\($0)'" }.joined(separator: ", "))",
        remedy: elsewhere.isEmpty ? "see which repositories are enabled" : elsewhere)
    case .other(let line):
      return HostError(
        "\(title) failed: \(line.trimmingBlanks)", remedy: "mend what it names; all that it said is on standard error")
    }
  }

  /// What to say where a signal came, and what was not begun then.
  func interrupted(before commands: [[String]]) -> HostError {
    HostError(
      "interrupted, and not begun: \(commands.map(title).joined(separator: ", "))",
      remedy: "run this command again: it does what is left")
  }

  private func title(_ command: [String]) -> String {
    let words = command.prefix(3).prefix { !$0.contains("=") }
    return "'\(words.joined(separator: " "))\(command.count > words.count ? " …" : "")'"
  }
}
