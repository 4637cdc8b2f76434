import CDPDK
import EngineMessages
import Glibc

/// Where EAL's drivers are.
var pluginDirectory: String { carriedPluginDirectory ?? RTE_EAL_PMD_PATH }

/// The drivers that a bundle carries, of which EAL does not know; nil where it finds those that it was built with.
let carriedPluginDirectory: String? = {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = readlink("/proc/self/exe", &buffer, buffer.count)
  guard count > 0 else { return nil }
  return pluginDirectory(besideLoader: String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self))
}()

/// `lib/dpdk/pmds-23.0` of a bundle, in which the kernel runs not the engine but the carried loader, `lib/loader/NAME`.
///
/// - Parameters:
///   - executable: what the kernel runs.
///   - builtIn: EAL's own directory, after which that of the bundle is named.
func pluginDirectory(besideLoader executable: String, builtIn: String = RTE_EAL_PMD_PATH) -> String? {
  let parts = executable.split(separator: "/", omittingEmptySubsequences: false)
  guard parts.count > 3, parts.dropLast().suffix(2) == ["lib", "loader"], let name = builtIn.split(separator: "/").last
  else { return nil }
  return parts.dropLast(2).joined(separator: "/") + "/dpdk/\(name)"
}

/// Loads the drivers that a bundle carries, which register themselves, before EAL starts.
///
/// EAL itself would refuse them below a directory that everybody can write to, `/tmp` too (`-d`). Who can change them there
/// can change this program as well.
///
/// - Parameter directory: nil where EAL finds its drivers by itself.
func loadDrivers(in directory: String? = carriedPluginDirectory) throws(EngineFailure) {
  guard let directory else { return }
  guard let stream = opendir(directory) else {
    throw EngineFailure(message: "cannot list '\(directory)': unpack the whole bundle")
  }
  defer { closedir(stream) }
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
    }
    guard name.hasPrefix("librte_") else { continue }
    guard dlopen("\(directory)/\(name)", RTLD_NOW) != nil else {
      let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
      throw EngineFailure(message: "cannot load the driver '\(name)': \(reason)")
    }
  }
}
