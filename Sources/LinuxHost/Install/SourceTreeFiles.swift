internal import Glibc
internal import Provisioning
internal import SystemPackage

/// A source as it was named, looked into without writing anything.
struct SourceFiles {
  var tree: SourceTree
  /// Nil where it is unpacked.
  var tarball: String?
  /// The tree's directory; of a tarball, its name within.
  var directory: String
}

/// Why a source cannot be used: what it is, or that it cannot be read.
enum SourceFilesError: Error {
  case refused(Finding)
  case failed(HostError)
}

/// Looks into a directory or a tarball.
func sourceFiles(_ source: String, _ commands: BuildCommands) async throws(SourceFilesError) -> SourceFiles {
  guard
    let real = realpath(source, nil).map({ pointer in
      defer { free(pointer) }
      return String(cString: pointer)
    })
  else { throw .failed(HostError("cannot read '\(source)'", errno: Errno(rawValue: errno))) }
  var status = stat()
  guard stat(real, &status) == 0 else {
    throw .failed(HostError("cannot read '\(source)'", errno: Errno(rawValue: errno)))
  }
  switch status.st_mode & S_IFMT {
  case S_IFDIR:
    let paths = try pathsOfInterest(in: real)
    let texts = texts { path in (try? HostRoot.runningHost.contents("\(real)/\(path)")) ?? nil }
    return SourceFiles(tree: try read(source, paths, texts), directory: real)
  case S_IFREG:
    guard let tar = program(named: "tar") else {
      throw .failed(HostError("'tar' is not there", remedy: "install 'tar'"))
    }
    return try await tarball(real, named: source, tar: tar, commands)
  default:
    throw .failed(
      HostError("'\(source)' is neither a directory nor a file", remedy: "name a tree of DPDK, or a tarball"))
  }
}

private func tarball(
  _ path: String, named name: String, tar: String, _ commands: BuildCommands
) async throws(SourceFilesError) -> SourceFiles {
  let listing: String
  do throws(HostError) {
    listing = try await commands.output("list '\(name)'", of: [tar, "--list", "--file", path])
  } catch { throw .failed(error) }
  let top: String
  let paths: Set<String>
  do throws(SourceRefusal) { (top, paths) = try SourceTree.entries(of: name, listing: listing) } catch {
    throw .refused(error.finding)
  }
  var texts: [String: String] = [:]
  for file in SourceTree.files where paths.contains(file) {
    // What is asked for is a word of the archive's own; the first of that name is enough.
    let read = [tar, "--extract", "--to-stdout", "--file", path, "--occurrence=1", "--", "\(top)/\(file)"]
    do throws(HostError) { texts[file] = try await commands.output("read '\(name)'", of: read) } catch {
      throw .failed(error)
    }
  }
  return SourceFiles(tree: try read(name, paths, texts), tarball: path, directory: top)
}

private func read(
  _ name: String, _ paths: Set<String>, _ texts: [String: String]
) throws(SourceFilesError) -> SourceTree {
  do throws(SourceRefusal) { return try SourceTree.read(name, paths: paths, texts: texts) } catch {
    throw .refused(error.finding)
  }
}

private func texts(_ text: (String) -> String?) -> [String: String] {
  SourceTree.files.reduce(into: [:]) { $0[$1] = text($1) }
}

/// The files that say what a tree is; those of the drivers lie deepest.
private func pathsOfInterest(in directory: String) throws(SourceFilesError) -> Set<String> {
  var paths: Set<String> = []
  func look(_ path: String, depth: Int) throws(SourceFilesError) {
    let names: [String]?
    do { names = try HostRoot.runningHost.entries("\(directory)/\(path)") } catch {
      // A file, not a directory.
      guard error == .notDirectory else { throw .failed(HostError("cannot read '\(directory)/\(path)'", errno: error)) }
      names = nil
    }
    for name in names ?? [] {
      let below = path.isEmpty ? name : "\(path)/\(name)"
      paths.insert(below)
      if depth < 2 || below.hasPrefix("drivers/") && depth < 4 { try look(below, depth: depth + 1) }
    }
  }
  try look("", depth: 1)
  return paths
}

/// The path of a program, in the directories where builds look for it; nil where none has it.
func program(named name: String) -> String? {
  ["/usr/bin", "/bin", "/usr/local/bin"].map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
}
