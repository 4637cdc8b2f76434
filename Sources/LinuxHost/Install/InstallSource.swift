internal import Glibc
public import Provisioning
internal import SystemPackage

/// What `install --from-source` is asked for.
public struct SourceRequest: Sendable {
  /// A directory, or a tarball.
  public var source: String
  /// An absolute path; empty for this host itself.
  public var destination: String
  /// Beside those that are always built.
  public var drivers: [String]
  /// Nil takes as many as the machine has cores and memory for.
  public var jobs: Int?
  public var profile: Profile
  public var waived: Set<String>

  public init(
    source: String, destination: String = "", drivers: [String] = [], jobs: Int? = nil, profile: Profile,
    waived: Set<String> = []
  ) {
    self.source = source
    self.destination = destination
    self.drivers = drivers
    self.jobs = jobs
    self.profile = profile
    self.waived = waived
  }
}

/// How it ended, or, for a dry run, what it would be.
public struct SourceOutcome: Sendable {
  public var findings: [Finding] = []
  /// Nil where the source cannot be used.
  public var report: SourceReport?
  public var failure: HostError?
}

/// Builds DPDK from source, and installs it: nothing is put anywhere before the build is whole, and has the drivers that
/// were asked for.
///
/// It builds in a directory of its own below `/var/cache`, from the beginning: what an earlier run left there goes
/// first. What stays is the log. What it puts on this host is journalled; what it puts into another directory is not.
///
/// - Privileges: root, but for a dry run, which changes nothing.
/// - On failure: what was built is gone. Where installing itself was cut short, the journal knows all of it, for the next
///   run to finish, or for `revert --packages`.
public func installFromSource(
  _ request: SourceRequest, isDryRun: Bool, waitingForLock patience: Int,
  tell: @Sendable @escaping (PackageEvent) -> Void
) async throws(HostError) -> SourceOutcome {
  var outcome = SourceOutcome()
  let files: SourceFiles
  do { files = try await sourceFiles(request.source, BuildCommands(tell: tell)) } catch {
    switch error {
    case .refused(let finding): outcome.findings = [finding]
    case .failed(let failure): outcome.failure = failure
    }
    return outcome
  }
  let (build, asked, findings) = plan(request, files)
  outcome.findings = findings
  outcome.report = SourceReport(
    version: build.tree.version, dryRun: isDryRun, drivers: asked, commands: build.steps.map(\.command),
    destination: request.destination, prefix: build.paths.prefix)
  guard !isDryRun, !request.isBlocked(by: findings) else { return outcome }

  let lock = try HostLock(waiting: patience)
  defer { withExtendedLifetime(lock) {} }
  try refuseUnconfirmed()
  do throws(HostError) {
    try prepare(build.paths)
    let log = try openLog(build.paths)
    defer { try? log.close() }
    outcome.report?.log = build.paths.log
    let commands = BuildCommands(log: log, temporary: build.paths.temporary, tell: tell)
    try await make(build, asked: asked, request, commands, &outcome)
  } catch { outcome.failure = error }
  clear(build.paths)
  return outcome
}

private func plan(_ request: SourceRequest, _ files: SourceFiles) -> (SourceBuild, asked: [String], [Finding]) {
  let tree = files.tree
  let work = SourceDirectory.path
  let source = files.tarball == nil ? files.directory : "\(work)/tree/\(files.directory)"
  let asked = SourceDrivers.asked(of: tree.release, extra: request.drivers)
  let (tools, missing) = SourceTools.found(for: tree, isPacked: files.tarball != nil) { name in
    ["/usr/bin", "/bin", "/usr/local/bin"].map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
  let meminfo = Meminfo((try? HostRoot.runningHost.contents("/proc/meminfo")) ?? nil ?? "")
  let build = SourceBuild(
    tree,
    SourcePaths(tarball: files.tarball, source: source, work: work, destination: request.destination), tools: tools,
    machine: machineName(),
    jobs: request.jobs
      ?? SourceBuild.jobs(cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)), availableKilobytes: meminfo["MemAvailable"]),
    drivers: SourceDrivers.areKnown(for: request.profile) ? asked : nil)
  return (build, asked, [missing].compactMap(\.self) + SourceDrivers.missing(asked, in: tree))
}

private func make(
  _ build: SourceBuild, asked: [String], _ request: SourceRequest, _ commands: BuildCommands,
  _ outcome: inout SourceOutcome
) async throws(HostError) {
  func add(_ findings: [Finding]) -> Bool {
    // What the tree is without cannot come out of it either.
    let known = outcome.findings.missingDrivers
    outcome.findings += findings.filter { $0.id != "dpdk.driverMissing" || !known.contains($0.subject) }
    return request.isBlocked(by: outcome.findings)
  }
  if let unpack = build.unpack { try await commands.run(unpack) }
  for step in build.configure {
    let said: [String]
    do throws(HostError) { said = try await commands.run(step) } catch {
      appendMesonLog(build.paths, commands)
      throw error
    }
    guard build.tree.isBuiltByMeson, add(SourceDrivers.missing(asked, inSetup: said)) else { continue }
    return
  }
  try await commands.run(build.compile)
  try await commands.run(build.stage)
  let staged = try stagedPaths(build.paths.stage)
  let names = Set(staged.files.compactMap { $0.split(separator: "/").last.map(String.init) })
  guard !add(SourceDrivers.missing(asked, inFiles: names)) else { return }

  if request.destination.isEmpty {
    let journal = try Journal(.runningHost)
    let earlier = try journal.sourceRecord()
    guard !add([.sourceOccupied(staged.files.filter(isThere), by: earlier)].compactMap(\.self)) else { return }
    let record = SourceRecord(
      version: build.tree.version, prefix: build.paths.prefix, files: staged.files,
      directories: staged.directories.filter { !isThere($0) })
    try journal.write(record.adding(earlier))
  }
  for step in build.install { try await commands.run(step) }
  outcome.report?.files = staged.files.count
  outcome.report?.drivers.removeAll(where: outcome.findings.missingDrivers.contains)
  guard request.destination.isEmpty, let eal = staged.files.first(where: { $0.contains("/librte_eal.so.") }) else {
    return
  }
  let cache = try await commands.output("read the cache", of: [build.tools.ldconfig, "-p"])
  let directory = FilePath(eal).removingLastComponent().string
  _ = add([.sourceUnreachable(directory, cache: cache)].compactMap(\.self))
}

/// A failed `meson setup` says in its own log what it tried.
private func appendMesonLog(_ paths: SourcePaths, _ commands: BuildCommands) {
  guard let text = (try? HostRoot.runningHost.contents("\(paths.build)/meson-logs/meson-log.txt")) ?? nil else {
    return
  }
  _ = try? commands.log?.writeAll(text.utf8)
}

private func openLog(_ paths: SourcePaths) throws(HostError) -> FileDescriptor {
  do {
    return try FileDescriptor.open(
      FilePath(paths.log), .writeOnly, options: [.create, .truncate, .closeOnExec, .noFollow],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
  } catch { throw HostError("cannot write '\(paths.log)'", errno: error as? Errno) }
}

private func machineName() -> String {
  var name = utsname()
  guard uname(&name) == 0 else { return "x86_64" }
  return withUnsafeBytes(of: name.machine) { bytes in
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}

extension SourceRequest {
  fileprivate func isBlocked(by findings: [Finding]) -> Bool {
    waive(waived, in: findings).findings.contains { $0.severity == .blocker }
  }
}

extension [Finding] {
  fileprivate var missingDrivers: [String] { filter { $0.id == "dpdk.driverMissing" }.map(\.subject) }
}
