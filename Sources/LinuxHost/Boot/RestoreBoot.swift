internal import Provisioning

/// Takes our arguments out of the boot configuration again.
///
/// Where nobody has changed it since, and the old menu still boots every kernel that there is now, its bytes are put back.
/// Otherwise our part alone is taken out of the settings, and the boot loader's own tool makes the menu anew.
///
/// - Privileges: root.
/// - On failure: what is bootable stays bootable; to be run again.
func restoreBoot(_ record: BootRecord, in root: HostRoot) async throws(HostError) {
  let snapshot = BootSnapshot(root: root)
  try snapshot.clear(record.files.map(\.path))
  if try isOurs(record, snapshot) {
    let bringsBack = try prepare(record, snapshot)
    if bringsBack {
      try bringBack(record, snapshot)
      if try !carries(record.change.arguments, bootFacts(of: root)) { return }
    } else {
      try snapshot.clear(record.files.map(\.path))
    }
  }
  try await takeOut(record, snapshot)
}

/// Whether every file is as we left it, or as it was before, or was left half done by us.
private func isOurs(_ record: BootRecord, _ snapshot: BootSnapshot) throws(HostError) -> Bool {
  for file in record.files {
    let now = try snapshot.current(file.path)
    guard now == file.before || now == file.after || (file.after == nil && now != nil) else { return false }
  }
  return true
}

/// Writes the old files beside, and says whether the old menu boots just the kernels that there are.
private func prepare(_ record: BootRecord, _ snapshot: BootSnapshot) throws(HostError) -> Bool {
  var standIns: [String: String] = [:]
  for file in record.files {
    guard let before = file.before else { continue }
    let place = file.path.folderAndName
    try HostFolder(snapshot.root, place.folder).prepare(place.name, before, as: .old)
    standIns[file.path] = HostFolder.Beside.old.path(of: file.path)
  }
  let now = try bootFacts(of: snapshot.root)
  let then = try bootFacts(of: snapshot.root, reading: standIns)
  return then.boots(allOf: now.kernels)
}

private func bringBack(_ record: BootRecord, _ snapshot: BootSnapshot) throws(HostError) {
  for file in record.files where try snapshot.current(file.path) != file.before {
    let place = file.path.folderAndName
    let folder = try HostFolder(snapshot.root, place.folder)
    if file.before == nil { try folder.remove(place.name) } else { try folder.commit(place.name, from: .old) }
  }
  try snapshot.clear(record.files.map(\.path))
}

/// What others changed stays: only our own part goes.
private func takeOut(_ record: BootRecord, _ snapshot: BootSnapshot) async throws(HostError) {
  let root = snapshot.root
  let change = record.change
  if change.settings != nil, let now = try snapshot.current(change.settingsPath) {
    let place = change.settingsPath.folderAndName
    let folder = try HostFolder(root, place.folder)
    if let text = change.settingsWithoutOurs(now.text) {
      var content = now
      content.text = text
      if content != now { try folder.replace(place.name, with: content) }
    } else {
      try folder.remove(place.name)
    }
  }
  switch change.method {
  case .grubMkconfig(let outputs):
    guard let program = change.commands.first?.first else { return }
    for output in outputs {
      let place = output.folderAndName
      let folder = try HostFolder(root, place.folder)
      var content = try snapshot.current(output) ?? SavedFile(text: "", mode: 0o600)
      content.text = try await generatedText(program, root)
      try folder.prepare(place.name, content)
      let beside = HostFolder.Beside.new.path(of: output)
      try await checkScript(beside, generatedBy: program, root)
      let generated = try bootFacts(of: root, reading: [output: beside])
      guard !carries(change.arguments, generated), generated.boots(allOf: generated.kernels) else {
        try snapshot.clear([output])
        throw HostError(
          "'\(program)' makes a menu that still has '\(change.arguments.joined(separator: " "))', or lacks a kernel",
          remedy: "take them out of where they are set, then run 'dpdk-host revert' again")
      }
      try folder.commit(place.name)
    }
    try snapshot.clear(outputs)
  case .tool:
    for command in change.undoing { try await runBootCommand(command, in: root) }
    if try carries(change.arguments, bootFacts(of: root)) {
      throw HostError(
        "'\(change.undoing.first?.joined(separator: " ") ?? "")' leaves our arguments in the menu",
        remedy: "take them out by hand, then run 'dpdk-host revert' again")
    }
  }
}

private func carries(_ arguments: [String], _ facts: BootFacts) -> Bool {
  !arguments.isEmpty && facts.entries.contains { KernelCommandLine($0.commandLine).contains(sequence: arguments) }
}
