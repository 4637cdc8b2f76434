import CDPDK
import Glibc

/// Whether EAL can put its telemetry socket where it would: where it cannot, EAL either fails or takes `/tmp`.
///
/// The socket lies in EAL's runtime directory, `dpdk/PREFIX` below one that systemd, the user or the system has.
func telemetryIsPossible(filePrefix: String) -> Bool {
  func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }
  let base = variable("RUNTIME_DIRECTORY") ?? (getuid() == 0 ? "/var/run" : variable("XDG_RUNTIME_DIR") ?? "/tmp")
  return canHoldSocket(base: base, filePrefix: filePrefix)
}

/// - Parameter base: what EAL makes `dpdk/PREFIX` in.
func canHoldSocket(base: String, filePrefix: String) -> Bool {
  let directories = [base, "\(base)/dpdk", "\(base)/dpdk/\(filePrefix)"]
  // Room for the `:N` behind the name when another program has it, and for the zero (`sockaddr_un.sun_path`).
  guard directories[2].utf8.count + "/dpdk_telemetry.v2:99".utf8.count < 108 else { return false }
  guard let deepest = directories.last(where: { access($0, F_OK) == 0 }) else { return false }
  return access(deepest, W_OK | X_OK) == 0
}

/// Takes EAL's telemetry off the air: nobody can connect any more, those who are connected see an end, its threads return,
/// and the sockets' files are gone.
///
/// DPDK does none of it in `rte_eal_cleanup`, and a question that comes after it reads memory that is unmapped.
func closeTelemetry() {
  // What the listening thread says when it ends is not for the user.
  rte_log_set_level_pattern("lib.telemetry", UInt32(RTE_LOG_EMERG))
  var sockets = telemetrySockets()
  guard !sockets.isEmpty else { return }
  for path in Set(sockets.map(\.path)) { unlink(path) }
  for _ in 1...patience {
    // A connection that came in at the last moment has a socket of its own.
    for socket in sockets { shutdown(socket.descriptor, Int32(SHUT_RDWR)) }
    if !telemetryRuns() { break }
    usleep(1000)
    sockets = telemetrySockets()
  }
}

/// Milliseconds that its threads may take to finish what they are at.
private let patience = 1000

/// Our descriptors of sockets that are bound in EAL's runtime directory: what listens, and what was accepted.
private func telemetrySockets() -> [(descriptor: Int32, path: String)] {
  guard let pointer = rte_eal_get_runtime_dir(), let stream = opendir("/proc/self/fd") else { return [] }
  defer { closedir(stream) }
  let directory = String(cString: pointer)
  var found: [(Int32, String)] = []
  while let entry = readdir(stream) {
    guard let descriptor = Int32(name(of: entry)) else { continue }
    var address = sockaddr_un()
    var length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard result == 0, address.sun_family == sa_family_t(AF_UNIX), Int(length) > MemoryLayout<sa_family_t>.size else {
      continue
    }
    let path = withUnsafeBytes(of: &address.sun_path) { text(of: $0) }
    if path.hasPrefix("\(directory)/"), path.contains("telemetry") { found.append((descriptor, path)) }
  }
  return found
}

/// Whether a telemetry thread is there still: `telemetry-v2`, `dpdk-telemet-v2`; those of connections are named as theirs.
private func telemetryRuns() -> Bool {
  guard let stream = opendir("/proc/self/task") else { return false }
  defer { closedir(stream) }
  while let entry = readdir(stream) {
    let file = open("/proc/self/task/\(name(of: entry))/comm", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { continue }
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = read(file, &bytes, bytes.count)
    close(file)
    if count > 0, String(decoding: bytes[..<count], as: UTF8.self).contains("telemet") { return true }
  }
  return false
}

private func name(of entry: UnsafeMutablePointer<dirent>) -> String {
  withUnsafeBytes(of: &entry.pointee.d_name) { text(of: $0) }
}
