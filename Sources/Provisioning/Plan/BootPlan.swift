/// Whether the pages of the profile are asked for on the kernel command line, and so are there after the next boot.
public func planBoot(_ profile: Profile, on facts: HostFacts) -> [Finding] {
  guard profile.boot.arguments == .auto, !profile.hugepages.isEmpty else { return [] }
  let words = (facts.kernel.commandLine ?? "").split(whereSeparator: \.isWhitespace)
  guard !words.contains(where: { $0.hasPrefix("hugepages=") }) else { return [] }
  return [
    Finding(
      "boot.notPersisted", .warning, subject: "kernel command line",
      message: "has no hugepages, so pages and mounts are gone after the next boot",
      remedy: "run 'dpdk-host apply' at each boot; this version does not write boot configuration")
  ]
}
