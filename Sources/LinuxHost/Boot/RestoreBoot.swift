internal import Provisioning

/// Takes our arguments out of the boot configuration again.
///
/// Where nobody has changed it since, and the old menu still boots every kernel that the present one does, its bytes are put
/// back. Otherwise our part alone is taken out of the settings, and the boot loader's own tool makes the menu anew.
///
/// - Parameter arguments: every list that was ours once.
/// - Privileges: root.
/// - On failure: what is bootable stays bootable, and the settings are as they were; to be run again.
func restoreBoot(_ record: BootRecord, _ arguments: [[String]], in root: HostRoot) async throws(HostError) {
  let snapshot = BootSnapshot(root: root)
  try snapshot.clear(record.files.map(\.path))
  // sdbootutil keeps account of its entries for the seal of an encrypted disk: it must make them itself.
  if !record.change.isToolFromSettings, try isOurs(record, snapshot) {
    if try prepare(record, snapshot) {
      try bringBack(record, snapshot)
      if try !carries(arguments, bootFacts(of: root)) { return }
    } else {
      try snapshot.clear(record.files.map(\.path))
    }
  }
  try await takeOut(record, arguments, snapshot)
}

/// Whether every file is as we left it, or as it was before; what a tool has left half done is ours as well.
private func isOurs(_ record: BootRecord, _ snapshot: BootSnapshot) throws(HostError) -> Bool {
  for file in record.files {
    let now = try snapshot.current(file.path)
    let isHalfDone = record.change.isInPlace && file.after == nil
    guard now == file.before || now == file.after || isHalfDone else { return false }
  }
  return true
}

/// Writes the old files beside, and says whether the old menu boots what the present one does.
private func prepare(_ record: BootRecord, _ snapshot: BootSnapshot) throws(HostError) -> Bool {
  let standIns = try snapshot.keepOld(record.files)
  let now = try bootFacts(of: snapshot.root)
  return try bootFacts(of: snapshot.root, reading: standIns).boots(whatIn: now)
}

private func bringBack(_ record: BootRecord, _ snapshot: BootSnapshot) throws(HostError) {
  for file in record.files where try snapshot.current(file.path) != file.before {
    try snapshot.putBack(file)
  }
  try snapshot.clear(record.files.map(\.path))
}

/// What others changed stays: only our own part goes.
private func takeOut(
  _ record: BootRecord, _ arguments: [[String]], _ snapshot: BootSnapshot
) async throws(HostError) {
  let root = snapshot.root
  let change = record.change
  let settings = change.settings == nil ? nil : try snapshot.current(change.settingsPath)
  if let settings {
    let before = record.files.first { $0.path == change.settingsPath }?.before
    try write(
      change.settingsWithoutOurs(settings.text, before: before?.text), over: settings, change.settingsPath, root)
  }
  do throws(HostError) {
    switch change.method {
    case .grubMkconfig: try await generateWithout(arguments, change, snapshot)
    case .tool: for command in change.undoing { try await runBootCommand(command, in: root) }
    }
    guard try !carries(arguments, bootFacts(of: root)) else {
      throw HostError(
        "the menu still has '\(arguments.map { $0.joined(separator: " ") }.joined(separator: "' or '"))'",
        remedy: "take them out of where else they are set, then run 'dpdk-host revert' again")
    }
  } catch {
    // Settings and menu stay together: the next kernel's update would take one for the other.
    if let settings { try? write(settings.text, over: settings, change.settingsPath, root) }
    throw error
  }
}

/// Replaces the text of a file, or removes it for nil.
private func write(
  _ text: String?, over now: SavedFile, _ path: String, _ root: HostRoot
) throws(HostError) {
  let place = path.folderAndName
  let folder = try HostFolder(root, place.folder)
  guard let text else { return try folder.remove(place.name) }
  var content = now
  content.text = text
  try folder.replace(place.name, with: content)
}

/// Makes the menu anew from settings without our part, where it has our arguments.
private func generateWithout(
  _ arguments: [[String]], _ change: BootChange, _ snapshot: BootSnapshot
) async throws(HostError) {
  let root = snapshot.root
  let now = try bootFacts(of: root)
  guard carries(arguments, now) else { return }
  // Where the tool could not run at first, somebody else may have run it since.
  guard now.canRegenerate, let program = change.commands.first?.first ?? now.mkconfig else {
    throw HostError(
      "the menu has our arguments, and the boot loader's tool cannot run here",
      remedy: "mount the image from its partition, or revert on the machine itself")
  }
  for output in now.outputs {
    let place = output.folderAndName
    let folder = try HostFolder(root, place.folder)
    var content = try snapshot.current(output) ?? SavedFile(text: "", mode: 0o600)
    content.text = try await generatedText(program, root)
    try folder.prepare(place.name, content)
    let beside = HostFolder.Beside.new.path(of: output)
    do throws(HostError) {
      try await checkScript(beside, generatedBy: program, root)
      guard try bootFacts(of: root, reading: [output: beside]).boots(whatIn: now) else {
        throw HostError("'\(program)' makes a menu that lacks a kernel, or boots one that is not there")
      }
      try folder.commit(place.name)
    } catch {
      try snapshot.clear([output])
      throw error
    }
  }
}

private func carries(_ arguments: [[String]], _ facts: BootFacts) -> Bool {
  facts.entries.map { KernelCommandLine($0.commandLine) }.contains { line in
    arguments.contains { line.contains(sequence: $0) }
  }
}
