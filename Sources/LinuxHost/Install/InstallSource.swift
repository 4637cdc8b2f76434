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
/// first. What stays is the log. What it puts on this host is journalled; what it puts into another directory is not. On
/// SIGINT, SIGTERM or SIGHUP it ends what it started, and fails.
///
/// - Privileges: root, but for a dry run, which changes nothing.
/// - On failure: what was built is gone. Where installing itself was cut short, the journal knows all of it, for the next
///   run to finish, or for `revert --packages`. After SIGKILL the next run, or `revert --packages`, clears away what was
///   built.
public func installFromSource(
  _ request: SourceRequest, isDryRun: Bool, waitingForLock patience: Int,
  tell: @Sendable @escaping (PackageEvent) -> Void
) async -> SourceOutcome {
  await cancelledBySignals {
    var outcome = SourceOutcome()
    do throws(SourceFilesError) {
      let files = try await sourceFiles(request.source, BuildCommands(tell: tell))
      try await build(files, request, isDryRun: isDryRun, patience, tell, &outcome)
    } catch {
      switch error {
      case .refused(let finding): outcome.findings.append(finding)
      case .failed(let failure): outcome.failure = failure
      }
    }
    return outcome
  }
}

private func build(
  _ files: SourceFiles, _ request: SourceRequest, isDryRun: Bool, _ patience: Int,
  _ tell: @Sendable @escaping (PackageEvent) -> Void, _ outcome: inout SourceOutcome
) async throws(SourceFilesError) {
  if !files.tree.isBuiltByMeson, !request.drivers.isEmpty {
    throw .failed(
      HostError(
        "--driver requires a tree that meson builds, from 20.11 on, is DPDK \(files.tree.version)",
        remedy: "leave it out: make builds what is switched on in the tree's 'config'"))
  }
  let (build, asked, findings) = plan(request, files)
  outcome.findings = findings
  outcome.report = SourceReport(
    version: build.tree.version, dryRun: isDryRun, drivers: asked, commands: build.steps.map(\.command),
    destination: request.destination, prefix: build.paths.prefix)
  do throws(HostError) {
    try refuse(destination: request.destination + build.paths.prefix, isDryRun: isDryRun)
    if request.destination.isEmpty, geteuid() == 0 {
      // A journal that cannot be read is said before the build, too.
      let earlier = try Journal(.runningHost).sourceRecord()
      let theirs = foreignLibraries(below: build.paths.prefix, ours: earlier?.intactFiles ?? [])
      outcome.findings += [.sourceOccupied(theirs)].compactMap(\.self)
      if let earlier { outcome.findings += dpdkUsers(below: [earlier.prefix], thenRun: "this command") }
    }
    guard !isDryRun, !request.isBlocked(by: outcome.findings) else { return }
    try refuseUnconfirmed()
    let lock = try SourceLock()
    defer { withExtendedLifetime(lock) {} }
    tell(.line("building in '\(build.paths.work)', anew"))
    try prepare(build.paths)
    defer { clear(build.paths) }
    let log = try openLog(build.paths)
    defer { try? log.close() }
    outcome.report?.log = build.paths.log
    let commands = BuildCommands(log: log, temporary: build.paths.temporary, tell: tell)
    guard let staged = try await make(build, asked: asked, request, commands, &outcome) else { return }
    try await put(staged, of: build, request, patience, commands, &outcome)
  } catch { throw .failed(error) }
}

private func plan(_ request: SourceRequest, _ files: SourceFiles) -> (SourceBuild, asked: [String], [Finding]) {
  let tree = files.tree
  let work = SourceDirectory.path
  let source = files.tarball == nil ? files.directory : "\(work)/tree/\(files.directory)"
  let asked = SourceDrivers.asked(of: tree.release, extra: request.drivers)
  let (tools, missing) = SourceTools.found(for: tree, isPacked: files.tarball != nil, find: program(named:))
  let meminfo = Meminfo((try? HostRoot.runningHost.contents("/proc/meminfo")) ?? nil ?? "")
  let build = SourceBuild(
    tree,
    SourcePaths(tarball: files.tarball, source: source, work: work, destination: request.destination), tools: tools,
    machine: machineName(),
    jobs: request.jobs
      ?? SourceBuild.jobs(cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)), availableKilobytes: meminfo["MemAvailable"]),
    drivers: SourceDrivers.areKnown(for: request.profile) ? asked : nil)
  return (build, asked, [missing].compactMap(\.self) + build.findings + SourceDrivers.missing(asked, in: tree))
}

/// Builds, and collects the result where nothing of the host is touched.
///
/// - Returns: what came out, by the paths that it will have; nil where it is not as it was asked for, and a finding says so.
private func make(
  _ build: SourceBuild, asked: [String], _ request: SourceRequest, _ commands: BuildCommands,
  _ outcome: inout SourceOutcome
) async throws(HostError) -> (files: [String], directories: [String])? {
  func isWhole(without findings: [Finding]) -> Bool {
    // What the tree is without cannot come out of it either.
    let known = outcome.findings.missingDrivers
    outcome.findings += findings.filter { !known.contains($0.subject) }
    return !request.isBlocked(by: outcome.findings)
  }
  if let unpack = build.unpack { try await commands.run(unpack) }
  for step in build.configure {
    let said: [String]
    do throws(HostError) { said = try await commands.run(step) } catch {
      appendMesonLog(build.paths, commands)
      throw error
    }
    guard !build.tree.isBuiltByMeson || isWhole(without: SourceDrivers.missing(asked, inSetup: said)) else {
      return nil
    }
  }
  try await commands.run(build.compile)
  try await commands.run(build.stage)
  let staged = try stagedPaths(build.paths.stage)
  let names = Set(staged.files.compactMap { $0.split(separator: "/").last.map(String.init) })
  return isWhole(without: SourceDrivers.missing(asked, inFiles: names)) ? staged : nil
}

/// Puts what was built where it belongs. On this host the journal is first told, and what an earlier run put there goes.
private func put(
  _ staged: (files: [String], directories: [String]), of build: SourceBuild, _ request: SourceRequest, _ patience: Int,
  _ commands: BuildCommands, _ outcome: inout SourceOutcome
) async throws(HostError) {
  guard request.destination.isEmpty else {
    for step in build.install { try await commands.run(step) }
    return done(build, staged.files, &outcome)
  }
  // Only now is anything of the host changed.
  let lock = try HostLock(waiting: patience)
  defer { withExtendedLifetime(lock) {} }
  try refuseUnconfirmed()
  let journal = try Journal(.runningHost)
  let earlier = try journal.sourceRecord()
  let intact = earlier?.intactFiles ?? []
  let ours = Set(intact.map(\.path))
  outcome.findings += [.sourceOccupied(staged.files.filter { !ours.contains($0) && isThere($0) })].compactMap(\.self)
  if let earlier, !outcome.findings.contains(where: { $0.id == "dpdk.inUse" }) {
    outcome.findings += dpdkUsers(below: [earlier.prefix], thenRun: "this command")
  }
  guard !request.isBlocked(by: outcome.findings) else { return }
  guard !Task.isCancelled else { throw .interrupted }

  let new = SourceRecord(
    version: build.tree.version, prefix: build.paths.prefix, files: staged.files.map { SourceFile($0) },
    directories: staged.directories.filter { !isThere($0) })
  var record = new.adding(earlier, intact: intact)
  try journal.write(record)
  var failure: HostError?
  do throws(HostError) {
    // Drivers of another build would be loaded beside the new ones.
    record.version = earlier?.version ?? new.version
    _ = try removeIntact(intact, thenRun: "this command")
    record.version = new.version
    for step in build.install { try await commands.run(step) }
  } catch {
    failure = HostError(
      error.message, errno: error.errno,
      remedy: [
        error.remedy,
        "a part of it may be in '\(build.paths.prefix)': the next run finishes it, 'sudo dpdk-host revert --packages' takes it away",
      ].filter { !$0.isEmpty }.joined(separator: "; "))
  }
  for directory in record.directories.reversed() where !staged.directories.contains(directory) { rmdir(directory) }
  record.directories.removeAll { !isThere($0) }
  // What was to be written and was not would be taken for ours whoever wrote it.
  let names = Set(staged.files)
  record.files = staged.files.compactMap(stamp) + intact.filter { !names.contains($0.path) && isThere($0.path) }
  do throws(HostError) { try journal.write(record) } catch { throw failure ?? error }
  if let failure { throw failure }
  done(build, staged.files, &outcome)
  await findByLoader(build, staged.files, BuildCommands(tell: commands.tell), &outcome)
}

private func done(_ build: SourceBuild, _ files: [String], _ outcome: inout SourceOutcome) {
  outcome.report?.files = files.count
  outcome.report?.drivers.removeAll(where: outcome.findings.missingDrivers.contains)
}

private func findByLoader(
  _ build: SourceBuild, _ files: [String], _ commands: BuildCommands, _ outcome: inout SourceOutcome
) async {
  guard let eal = files.first(where: { $0.contains("/librte_eal.so.") }) else { return }
  // All is done by now: a cache that cannot be read, or a signal, changes nothing of it.
  guard let cache = try? await commands.output("read the cache", of: [build.tools.ldconfig, "-p"]) else { return }
  let directory = FilePath(eal).removingLastComponent().string
  outcome.findings += [.sourceUnreachable(directory, cache: cache)].compactMap(\.self)
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
