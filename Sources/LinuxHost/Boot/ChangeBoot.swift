internal import Provisioning

/// Puts arguments into the boot configuration of a host or an image, wholly or not at all.
///
/// Settings first; then the boot loader's own tool, beside the configuration that boots where it can be told to, and what
/// came out is read again for every installed kernel. Only what is proven is put in place.
///
/// - Privileges: root.
/// - Returns: what does not agree with the proof; then everything is as it was.
/// - Throws: what failed; then everything is as it was, or the error says what is not.
func changeBoot(
  _ change: BootChange, _ proof: BootProof, _ journal: Journal, in root: HostRoot
) async throws(HostError) -> [Finding] {
  let snapshot = BootSnapshot(root: root)
  var record = BootRecord(change: change, files: try snapshot.files(of: change))
  let paths = record.files.map(\.path)
  try snapshot.clear(paths)
  let known = try journal.length()
  try journal.record(.boot(record))
  do throws(HostError) {
    // What is needed to go back is on the disk before anything is changed: a disk can be full by then.
    for file in record.files {
      guard let before = file.before else { continue }
      let place = file.path.folderAndName
      try HostFolder(root, place.folder).prepare(place.name, before, as: .old)
    }
    if let settings = change.settings { try writeSettings(settings, change.settingsPath, record, root) }
    let findings: [Finding]
    switch change.method {
    case .grubMkconfig(let outputs):
      findings = try await generate(outputs, change, proof, &record, journal, root)
    case .tool:
      for command in change.commands { try await runBootCommand(command, in: root) }
      findings = proof.findings(on: try bootFacts(of: root))
      record.files = try after(record.files, snapshot)
      if findings.isEmpty { try journal.record(.boot(record)) }
    }
    guard findings.isEmpty else {
      try goBack(record, snapshot)
      try journal.forget(after: known)
      return findings
    }
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
  try snapshot.clear(paths)
  return []
}

private func writeSettings(
  _ text: String, _ path: String, _ record: BootRecord, _ root: HostRoot
) throws(HostError) {
  let place = path.folderAndName
  var content = record.files.first { $0.path == path }?.before ?? SavedFile(text: "")
  content.text = text
  try HostFolder(root, place.folder).replace(place.name, with: content)
}

/// Generates each output beside its place, proves them all, and puts them in place.
private func generate(
  _ outputs: [String], _ change: BootChange, _ proof: BootProof, _ record: inout BootRecord, _ journal: Journal,
  _ root: HostRoot
) async throws(HostError) -> [Finding] {
  // Where the tool cannot run, the first boot runs it.
  guard let program = change.commands.first?.first else { return [] }
  var standIns: [String: String] = [:]
  for output in outputs {
    let text = try await generatedText(program, root)
    let place = output.folderAndName
    guard let index = record.files.firstIndex(where: { $0.path == output }) else { continue }
    // Owner and mode as it had them: the tool's own depend on its caller.
    var content = record.files[index].before ?? SavedFile(text: "", mode: 0o600)
    content.text = text
    record.files[index].after = content
    try HostFolder(root, place.folder).prepare(place.name, content)
    let beside = HostFolder.Beside.new.path(of: output)
    try await checkScript(beside, generatedBy: program, root)
    standIns[output] = beside
  }
  let findings = proof.findings(on: try bootFacts(of: root, reading: standIns))
  guard findings.isEmpty else { return findings }
  if let settings = change.settings, let index = record.files.firstIndex(where: { $0.path == change.settingsPath }) {
    var content = record.files[index].before ?? SavedFile(text: "")
    content.text = settings
    record.files[index].after = content
  }
  try journal.record(.boot(record))
  for output in outputs {
    let place = output.folderAndName
    try HostFolder(root, place.folder).commit(place.name)
  }
  return []
}

/// What a tool in the manner of grub-mkconfig makes of the settings: told to nobody else, so that nothing is written yet.
func generatedText(_ program: String, _ root: HostRoot) async throws(HostError) -> String {
  let text = try await runBootCommand([program], in: root)
  guard !text.isEmpty else { throw HostError("'\(program)' has written nothing") }
  return text
}

/// Has GRUB itself judge a configuration, where it has brought its tool for that.
///
/// - Throws: for one that GRUB would not read to its end.
func checkScript(_ path: String, generatedBy program: String, _ root: HostRoot) async throws(HostError) {
  let checker = program.replacing("-mkconfig", with: "-script-check")
  // A name of another kind has no such neighbour, and must not be run twice.
  guard checker != program, ((try? root.status(checker, followingLast: true)) ?? nil) != nil else { return }
  try await runBootCommand([checker, path], in: root)
}

private func after(_ files: [FileChange], _ snapshot: BootSnapshot) throws(HostError) -> [FileChange] {
  try files.map { file throws(HostError) in
    FileChange(path: file.path, before: file.before, after: try snapshot.current(file.path))
  }
}

/// Everything as it was before the change.
private func goBack(_ record: BootRecord, _ snapshot: BootSnapshot) throws(HostError) {
  for file in record.files.reversed() where try snapshot.current(file.path) != file.before {
    let place = file.path.folderAndName
    let folder = try HostFolder(snapshot.root, place.folder)
    if file.before == nil {
      try folder.remove(place.name)
    } else {
      try folder.commit(place.name, from: .old)
    }
  }
  try snapshot.clear(record.files.map(\.path))
}
