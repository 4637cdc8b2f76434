/// What DPDK needs of a distribution, from one of its releases on: an entry of `packages` in `distributions.yml`.
public struct PackageSet: Equatable, Sendable {
  /// The first `VERSION_ID` that it is for.
  public var from: DottedNumber
  public var manager: PackageManager
  /// To run DPDK, and to build it from source.
  public var wanted: Wanted
  /// What is wanted beside that under a kernel of this flavour: `azure`, `default`, `el8`.
  public var kernels: [String: Wanted]
  /// Where some of the packages come from that the distribution does not have by itself.
  public var repositories: [Repository]
  public var groups: [Group]
  /// What makes the packages take effect, once they are there.
  public var finishing: [UndoableCommand]
  /// What to do where no repository has a package; empty where nothing is known.
  public var elsewhere: String

  /// Package names, by purpose; `{kernel}` stands for the kernel that runs.
  public struct Wanted: Equatable, Sendable {
    public var run: [String]
    public var build: [String]

    public init(run: [String] = [], build: [String] = []) {
      self.run = run
      self.build = build
    }
  }

  public struct UndoableCommand: Equatable, Sendable {
    /// With the program's absolute path.
    public var command: [String]
    public var undo: [String]

    public init(command: [String], undo: [String]) {
      self.command = command
      self.undo = undo
    }
  }

  public struct Repository: Equatable, Sendable {
    public var adding: UndoableCommand
    /// The file that is there where it was added before.
    public var sign: String
    /// What the command itself is in.
    public var needs: [String]

    public init(adding: UndoableCommand, sign: String, needs: [String] = []) {
      self.adding = adding
      self.sign = sign
      self.needs = needs
    }
  }

  /// A group of yum's.
  public struct Group: Equatable, Sendable {
    public var name: String
    /// Packages of it: where one of them is missing, the group is not installed.
    public var members: [String]

    public init(name: String, members: [String]) {
      self.name = name
      self.members = members
    }
  }

  public init(
    from: DottedNumber, manager: PackageManager, wanted: Wanted, kernels: [String: Wanted] = [:],
    repositories: [Repository] = [], groups: [Group] = [], finishing: [UndoableCommand] = [], elsewhere: String = ""
  ) {
    self.from = from
    self.manager = manager
    self.wanted = wanted
    self.kernels = kernels
    self.repositories = repositories
    self.groups = groups
    self.finishing = finishing
    self.elsewhere = elsewhere
  }

  /// The words that the package manager is asked for, by purpose, in the order of the data.
  ///
  /// - Parameter kernel: `uname -r`. Where it is of no flavour in ``kernels`` (a container, a kernel of one's own), nothing
  ///   is asked for that belongs to a kernel.
  func packages(for kernel: String?) -> Wanted {
    let flavour = kernel.flatMap { KernelRelease($0) }?.flavourFamily
    let ofKernel = flavour.flatMap { kernels[$0] }
    func words(_ part: KeyPath<Wanted, [String]>) -> [String] {
      // What is for a kernel stands first, as on the documented command lines.
      ((ofKernel?[keyPath: part] ?? []) + wanted[keyPath: part]).compactMap { word in
        guard word.contains("{kernel}") else { return word }
        return ofKernel == nil ? nil : kernel.map { word.replacing("{kernel}", with: $0) }
      }
    }
    return Wanted(run: words(\.run), build: words(\.build))
  }
}

extension Requirements {
  /// The packages for this distribution: those from its release on, or from the newest before it.
  public func packageSet(for distribution: Distribution) -> PackageSet? {
    let sets = distributions[distribution.id]?.packages ?? []
    // Debian's testing has no release: it is newer than all of them.
    guard let release = distribution.release.flatMap({ DottedNumber($0) }) else { return sets.last }
    return sets.last { $0.from <= release }
  }
}
