internal import Provisioning

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
