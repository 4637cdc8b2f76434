import Provisioning
import SystemPackage

extension FactReader {
  /// DPDK by its files: libraries, drivers, development package, and libibverbs with its providers.
  ///
  /// - Parameter carried: the libraries of a bundle, whose engine sees no others.
  mutating func dpdk(carried: FilePath? = nil) -> DPDKInstallation {
    guard let carried else { return dpdk(in: libraryDirectories()) }
    var found = dpdk(in: [carried.string])
    found.hostHasOwn = libraryDirectories().contains { directory in
      (entries(directory, prefix: "librte_eal") ?? []).contains { EALLibrary.abi(ofFile: $0) != nil }
    }
    return found
  }

  private mutating func dpdk(in directories: [String]) -> DPDKInstallation {
    var found = DPDKInstallation()
    var drivers: Set<String> = []
    var providers: Set<String> = []
    for directory in directories {
      let names = entries(directory, prefix: "librte_") ?? []
      let libraries = names.filter { EALLibrary.abi(ofFile: $0) != nil && isThere("\(directory)/\($0)") }
      found.libraries += EALLibrary.libraries(in: libraries, of: directory)
      // Without a version behind it, it is a link for the linker.
      collect(&drivers, names.filter { !$0.hasSuffix(".so") }, in: directory, DPDKInstallation.networkDriver)
      // Red Hat's packages name the directory of drivers without the ABI.
      let plugins = (entries("\(directory)/dpdk", prefix: "pmds-") ?? []).map { "dpdk/\($0)" } + ["dpdk-pmds"]
      for path in plugins.map({ "\(directory)/\($0)" }) {
        collect(&drivers, entries(path, prefix: "librte_") ?? [], in: path, DPDKInstallation.networkDriver)
      }
      if found.developmentVersion == nil {
        found.developmentVersion = text("\(directory)/pkgconfig/libdpdk.pc").flatMap(DPDKInstallation.version)
      }
      if found.libibverbs == nil, isThere("\(directory)/libibverbs.so.1") {
        found.libibverbs = "\(directory)/libibverbs.so.1"
        found.rdmaCore = linkName("\(directory)/libibverbs.so.1").flatMap(DPDKInstallation.rdmaCore)
      }
      let plain = ["libmlx4.so.1", "libmlx5.so.1", "libmana.so.1"]
      collect(&providers, plain, in: directory, DPDKInstallation.verbsProvider)
      let path = "\(directory)/libibverbs"
      collect(&providers, entries(path, prefix: "lib") ?? [], in: path, DPDKInstallation.verbsProvider)
    }
    found.networkDrivers = drivers.sorted()
    found.verbsProviders = providers.sorted()
    found.testpmd = testpmd()
    if root.isRunningHost { found.engineABI = (try? Installation().engine()).flatMap(engineABI) }
    return found
  }

  /// Up to 20.08 the program was called `testpmd`.
  private mutating func testpmd() -> String? {
    ["dpdk-testpmd", "testpmd"].flatMap { ["/usr/bin/\($0)", "/usr/local/bin/\($0)"] }.first { path in
      guard let status = status(path) else { return false }
      return status.kind == .file && status.mode & 0o111 != 0
    }
  }

  /// Adds what the file names stand for, where the file is really there: a link may lead nowhere.
  private mutating func collect(
    _ values: inout Set<String>, _ names: [String], in directory: String, _ meaning: (String) -> String?
  ) {
    for name in names {
      guard let value = meaning(name), !values.contains(value), isThere("\(directory)/\(name)") else { continue }
      values.insert(value)
    }
  }

  private mutating func isThere(_ path: String) -> Bool { status(path) != nil }

  /// The directories of libraries, each once, in the order in which the loader looks: first what `ld.so.conf` names, then
  /// the built-in ones, last those of a DPDK installed from source that the loader may not know.
  ///
  /// Source: `ld.so(8)`, `ldconfig(8)`.
  private mutating func libraryDirectories() -> [String] {
    var directories: [String] = []
    let included = (entries("/etc/ld.so.conf.d") ?? []).filter { $0.hasSuffix(".conf") }
    for file in ["/etc/ld.so.conf"] + included.map({ "/etc/ld.so.conf.d/\($0)" }) {
      for line in (text(file) ?? "").split(separator: "\n") where line.hasPrefix("/") {
        directories.append(String(line.trimmingBlanks))
      }
    }
    for parent in ["/usr/lib", "/usr/local/lib"] {
      directories += (entries(parent) ?? []).filter { $0.contains("-linux-gnu") }.map { "\(parent)/\($0)" }
    }
    directories += ["/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib64", "/usr/local/lib"]
    var seen: Set<FileIdentity> = []
    return directories.filter { directory in
      guard let status = status(directory), status.kind == .directory else { return false }
      return seen.insert(status.identity).inserted
    }
  }
}
