internal import Glibc
public import Provisioning
public import SystemPackage

/// Why a profile or the table of distributions cannot be used.
public enum ProfileFileError: Error, CustomStringConvertible {
  case notFound(name: String, known: [String])
  case unreadable(HostError)
  case invalid(ProfileError)

  public var description: String {
    switch self {
    case .notFound(let name, let known):
      "there is no profile '\(name)' (known are \(known.joined(separator: ", ")), or give the path of a file)"
    case .unreadable(let error): error.description
    case .invalid(let error): error.description
    }
  }
}

extension Installation {
  /// The administrator's own profile, which is taken when none is named.
  public static let administratorsProfile = FilePath("/etc/dpdk-host/profile.yml")

  /// Reads a profile by name or by path; without either, the administrator's, else the one that was applied, else the one that
  /// fits the host.
  ///
  /// - Parameter facts: what the fitting one is chosen by; asked for only then.
  /// - Returns: the profile, and its text as it was read.
  public func profile(
    _ nameOrPath: String?, root: HostRoot, facts: () -> HostFacts
  ) throws(ProfileFileError) -> (profile: Profile, text: String) {
    if let nameOrPath, nameOrPath.contains("/") || nameOrPath.hasSuffix(".yml") || nameOrPath.hasSuffix(".yaml") {
      return try read(FilePath(nameOrPath), named: nameOrPath)
    }
    if nameOrPath == nil {
      // What the host was prepared with is what it is held to, unless the administrator says otherwise.
      for path in [Self.administratorsProfile.string, LastingFile.profilePath] {
        let text: String?
        do { text = try root.contents(path) } catch {
          throw .unreadable(HostError("cannot read '\(path)'", errno: error))
        }
        guard let text else { continue }
        do { return (try Profile(yaml: text, source: path), text) } catch { throw .invalid(error) }
      }
    }
    let name = nameOrPath ?? defaultProfileName(on: facts())
    let folder = try folder()
    return try read(folder.appending("\(name).yml"), named: name)
  }

  /// The table of distributions and kernels.
  public func requirements() throws(ProfileFileError) -> Requirements {
    let path = try folder().appending("distributions.yml")
    guard let text = try text(of: path) else { throw .notFound(name: path.string, known: []) }
    do { return try Requirements(yaml: text, source: path.string) } catch { throw .invalid(error) }
  }

  private func folder() throws(ProfileFileError) -> FilePath {
    do { return try profiles() } catch { throw .unreadable(error) }
  }

  private func read(
    _ path: FilePath, named name: String
  ) throws(ProfileFileError) -> (profile: Profile, text: String) {
    guard let text = try text(of: path) else { throw .notFound(name: name, known: try known()) }
    do { return (try Profile(yaml: text, source: path.string), text) } catch { throw .invalid(error) }
  }

  private func text(of path: FilePath) throws(ProfileFileError) -> String? {
    do { return try HostRoot.runningHost.contents(path.string) } catch {
      throw .unreadable(HostError("cannot read '\(path)'", errno: error))
    }
  }

  /// The names of the shipped profiles.
  private func known() throws(ProfileFileError) -> [String] {
    let folder = try folder()
    let names = (try? HostRoot.runningHost.entries(folder.string)) ?? []
    return names.filter { $0.hasSuffix(".yml") && $0 != "distributions.yml" }.map { String($0.dropLast(4)) }
  }
}
