internal import Provisioning

/// Puts arguments into the boot configuration of a host or an image, wholly or not at all.
///
/// Settings first; then the boot loader's own tool, beside the configuration that boots where it can be told to, and what
/// came out is read again for every installed kernel. Only what is proven is put in place, and only if nobody has changed
/// it meanwhile: a package manager that installs a kernel makes the menu, too.
///
/// - Privileges: root.
/// - Returns: what the proof says; where a blocker is among it, everything is as it was.
/// - Throws: what failed; then everything is as it was, or the error says what is not.
func changeBoot(
  _ change: BootChange, _ proof: BootProof, _ journal: Journal, in root: HostRoot
) async throws(HostError) -> [Finding] {
  let snapshot = BootSnapshot(root: root)
  var record = BootRecord(change: change, files: try snapshot.files(of: change))
  if let settings = change.settings { record.leave(settings, at: change.settingsPath) }
  let paths = record.files.map(\.path)
  try snapshot.clear(paths)
  // `/etc/default/grub.d` need not be there yet.
  if change.settings != nil { try makeFolders(change.settingsPath.folderAndName.folder, journal, in: root) }
  let known = try journal.length()
  try journal.record(.boot(record))
  do throws(HostError) {
    // What is needed to go back is on the disk before anything is changed.
    try snapshot.keepOld(record.files)
    if change.settings != nil { try record.writeSettings(in: root) }
    let findings: [Finding]
    switch change.method {
    case .grubMkconfig(let outputs):
      findings = try await generate(outputs, proof, &record, journal, snapshot)
    case .tool:
      for command in change.commands { try await runBootCommand(command, in: root) }
      findings = proof.findings(on: try bootFacts(of: root))
      for index in record.files.indices {
        record.files[index].after = try snapshot.current(record.files[index].path)
      }
      if !findings.areRefusal { try journal.record(.boot(record)) }
    }
    if findings.areRefusal {
      try goBack(record, snapshot)
      try journal.forget(after: known)
    } else {
      try snapshot.clear(paths)
    }
    return findings
  } catch {
    var error = error
    do throws(HostError) {
      try goBack(record, snapshot)
      try journal.forget(after: known)
    } catch let second {
      error.remedy = "and it could not be put back: \(second); run 'dpdk-host revert'"
    }
    throw error
  }
}

extension [Finding] {
  fileprivate var areRefusal: Bool { contains { $0.severity == .blocker } }
}

extension BootRecord {
  /// Notes what is about to be left at a path: owner and mode are those that it had.
  fileprivate mutating func leave(_ text: String, at path: String, mode: Int = 0o644) {
    guard let index = files.firstIndex(where: { $0.path == path }) else { return }
    var content = files[index].before ?? SavedFile(text: "", mode: mode)
    content.text = text
    files[index].after = content
  }

  fileprivate func writeSettings(in root: HostRoot) throws(HostError) {
    guard let content = files.first(where: { $0.path == change.settingsPath })?.after else { return }
    let place = change.settingsPath.folderAndName
    try HostFolder(root, place.folder).replace(place.name, with: content)
  }
}

/// Generates each output beside its place, proves them all, and puts them in place.
private func generate(
  _ outputs: [String], _ proof: BootProof, _ record: inout BootRecord, _ journal: Journal, _ snapshot: BootSnapshot
) async throws(HostError) -> [Finding] {
  let root = snapshot.root
  // Where the tool cannot run, the first boot runs it.
  guard let program = record.change.commands.first?.first else { return [] }
  var standIns: [String: String] = [:]
  for output in outputs {
    record.leave(try await generatedText(program, root), at: output, mode: 0o600)
    standIns[output] = try await prepareGenerated(record, output, by: program, root)
  }
  let generated = try bootFacts(of: root, reading: standIns)
  let findings = proof.findings(on: generated)
  guard !findings.areRefusal else { return findings }
  try requireUntouched(record, outputs, kernels: proof.kernels, generated.kernels, snapshot)
  try journal.record(.boot(record))
  for output in outputs {
    let place = output.folderAndName
    try HostFolder(root, place.folder).commit(place.name)
  }
  return findings
}

private func prepareGenerated(
  _ record: BootRecord, _ output: String, by program: String, _ root: HostRoot
) async throws(HostError) -> String {
  let place = output.folderAndName
  guard let content = record.files.first(where: { $0.path == output })?.after else {
    throw HostError("'\(output)' is not part of this change")
  }
  try HostFolder(root, place.folder).prepare(place.name, content)
  let beside = HostFolder.Beside.new.path(of: output)
  try await checkScript(beside, generatedBy: program, root)
  return beside
}

/// That the settings are as we wrote them, the menu as it was, and the kernels the same.
private func requireUntouched(
  _ record: BootRecord, _ outputs: [String], kernels before: [String], _ now: [String], _ snapshot: BootSnapshot
) throws(HostError) {
  let remedy = "run it again when the package manager, or whoever it was, has come to its end"
  guard before == now else {
    throw HostError("kernels came or went while the menu was made", remedy: remedy)
  }
  for file in record.files {
    let expected = outputs.contains(file.path) ? file.before : file.after
    guard try snapshot.current(file.path) == expected else {
      throw HostError("'\(file.path)' was changed by somebody else meanwhile", remedy: remedy)
    }
  }
}

/// Everything that is as we left it is made as it was before; what somebody else has changed meanwhile stays.
private func goBack(_ record: BootRecord, _ snapshot: BootSnapshot) throws(HostError) {
  let isInPlace = record.change.isInPlace
  for file in record.files.reversed() {
    let now = try snapshot.current(file.path)
    guard now != file.before, isInPlace || now == file.after else { continue }
    try snapshot.putBack(file)
  }
  if isInPlace {
    // Entries that the tool made anew.
    for file in try snapshot.files(of: record.change) where !record.files.contains(where: { $0.path == file.path }) {
      let place = file.path.folderAndName
      try HostFolder(snapshot.root, place.folder).remove(place.name)
    }
  }
  try snapshot.clear(record.files.map(\.path))
}
