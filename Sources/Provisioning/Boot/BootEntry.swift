/// One way to boot: what the boot loader's menu offers, with the command line that its kernel would get.
///
/// An entry of which several lines can run (an attempt without initrd, say) is one value a line.
public struct BootEntry: Codable, Equatable, Sendable {
  public var title: String
  /// The release of its kernel, as `uname -r` will say it: by the name of its file (`/boot/vmlinuz-RELEASE`), or what the
  /// entry itself says; nil where neither tells.
  public var kernel: String?
  /// As the boot loader names the kernel's file: `/boot/vmlinuz-RELEASE`, without `/boot` where that is a disk of its own.
  public var kernelFile: String?
  /// As the kernel gets it, variables of the boot loader put in; the kernel's file is not in it.
  public var commandLine: String
  /// A way in for the day when the others fail: single user mode, or a rescue kernel.
  public var isRecovery: Bool
  /// The file that says so.
  public var declaredIn: String

  public init(
    title: String, kernel: String?, kernelFile: String? = nil, commandLine: String, isRecovery: Bool = false,
    declaredIn: String
  ) {
    self.title = title
    self.kernel = kernel
    self.kernelFile = kernelFile
    self.commandLine = commandLine
    self.isRecovery = isRecovery
    self.declaredIn = declaredIn
  }
}
