/// Entries that the settings do not reach, and kernels that have none.
func outsiders(_ wanted: WantedArguments, _ boot: BootFacts, on facts: HostFacts) -> [Finding] {
  guard boot.carries(wanted, on: facts) else { return [] }
  let own = boot.kernels.flatMap { boot.entries(for: $0) }.filter {
    !wanted.missing(in: $0.commandLine, of: $0.kernel, on: facts).isEmpty
  }
  return own.map { entry in
    Finding(
      "boot.entryWithout", .warning, subject: entry.title,
      message:
        "boots \(entry.kernel ?? "its kernel") without what the profile asks for: it is not made from the settings",
      remedy: "put the arguments into it by hand (\(entry.declaredIn) shows it), or do not boot it")
  }
    + boot.kernels.filter { boot.entries(for: $0).isEmpty }.map { kernel in
      Finding(
        "boot.notInMenu", .info, subject: kernel, message: "is installed, and no menu entry boots it",
        remedy: "have the boot loader's tool make the menu anew, or remove the kernel")
    }
}
