extension Profile {
  /// Huge pages of one size, and where they are mounted.
  public struct Hugepages: Equatable, Sendable {
    /// Pages, not bytes.
    public enum Amount: Equatable, Sendable {
      /// On every node that has memory.
      case perNode(Int)
      /// By node id; nodes that are not named get none of their own.
      case nodes([Int: Int])
    }

    /// 2M or 1G.
    public var size: PageSize
    public var amount: Amount
    /// Nil where the pages are reserved and nothing is mounted (an engine with `--in-memory` needs no mount).
    public var mount: Mount?

    public init(size: PageSize, amount: Amount, mount: Mount? = nil) {
      self.size = size
      self.amount = amount
      self.mount = mount
    }
  }

  /// A hugetlbfs mount point; what is nil is left as the kernel makes it (root, 0755).
  public struct Mount: Equatable, Sendable {
    /// Absolute and normalised, never `/`.
    public var path: String
    public var owner: Account?
    public var group: Account?
    /// Permission bits, as `chmod(2)` takes them.
    public var mode: Int?

    public init(path: String, owner: Account? = nil, group: Account? = nil, mode: Int? = nil) {
      self.path = path
      self.owner = owner
      self.group = group
      self.mode = mode
    }
  }

  /// A user or a group, by number or by name.
  public enum Account: Equatable, Sendable {
    case id(Int)
    case name(String)

    /// The number; nil for a name that `ids` (of ``Accounts``) does not have.
    public func id(in ids: [String: Int]) -> Int? {
      switch self {
      case .id(let id): id
      case .name(let name): ids[name]
      }
    }
  }
}
