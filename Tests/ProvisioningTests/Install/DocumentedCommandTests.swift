import Provisioning
import Testing

/// A host on which nothing is installed but the package database itself.
let bareInstalled = InstalledPackages(packages: [.init(id: "dpkg", name: "dpkg", architecture: "amd64")])

@Suite("The commands that install")
struct DocumentedCommandTests {
  struct Host: Sendable, CustomTestStringConvertible {
    var id: String
    var release: String
    var kernel: String?
    /// As they are generated, every one of them; a word with blanks in it is between single quotes.
    var commands: [String]
    /// As Microsoft's page (setup-dpdk, April 2023) has those for building, a `sudo` before them left out.
    var documented: [String] = []
    /// Why the page has none.
    var undocumented: String?
    /// What of the documented words is left out, by the reasons in `distributions.yml`.
    var leftOut: Set<String> = []
    var testDescription: String { "\(id) \(release)" }
  }

  private static let apt =
    "--no-remove -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "
    + "-o DPkg::Lock::Timeout=0"
  private static let update = "/usr/bin/apt-get update -o quiet=1 -o DPkg::Lock::Timeout=0"

  static let hosts = [
    Host(
      id: "ubuntu", release: "18.04", kernel: "4.15.0-1014-azure",
      commands: [
        update, "/usr/bin/apt-get install -y software-properties-common \(apt)",
        "/usr/bin/add-apt-repository ppa:canonical-server/server-backports -y", update,
        "/usr/bin/apt-get install -y linux-modules-extra-azure dpdk dpdk-dev rdma-core ibverbs-providers \(apt)",
        "/usr/bin/apt-get install -y build-essential librdmacm-dev libnuma-dev libmnl-dev meson pkg-config "
          + "python3-pyelftools \(apt)",
      ],
      documented: [
        "add-apt-repository ppa:canonical-server/server-backports -y", "apt-get update",
        "apt-get install -y build-essential librdmacm-dev libnuma-dev libmnl-dev meson",
      ]),
    Host(
      id: "ubuntu", release: "22.04", kernel: "6.8.0-1029-azure",
      commands: [
        update,
        "/usr/bin/apt-get install -y linux-modules-extra-azure dpdk dpdk-dev rdma-core ibverbs-providers \(apt)",
        "/usr/bin/apt-get install -y build-essential librdmacm-dev libnuma-dev libmnl-dev meson pkg-config "
          + "python3-pyelftools \(apt)",
      ],
      documented: ["apt-get install -y build-essential librdmacm-dev libnuma-dev libmnl-dev meson"]),
    Host(
      id: "debian", release: "12", kernel: "6.1.0-37-cloud-amd64",
      commands: [
        update, "/usr/bin/apt-get install -y dpdk dpdk-dev rdma-core ibverbs-providers \(apt)",
        "/usr/bin/apt-get install -y build-essential librdmacm-dev libnuma-dev libmnl-dev meson pkg-config "
          + "python3-pyelftools \(apt)",
      ],
      documented: ["apt-get install -y build-essential librdmacm-dev libnuma-dev libmnl-dev meson"]),
    Host(
      id: "centos", release: "7.5", kernel: "3.10.0-862.11.6.el7.x86_64",
      commands: [
        "/usr/bin/yum -y groupinstall 'Infiniband Support' --setopt=exit_on_lock=True",
        "/usr/sbin/dracut --add-drivers 'mlx4_en mlx4_ib mlx5_ib' -f",
        "/usr/bin/yum install -y dpdk dpdk-tools --setopt=exit_on_lock=True",
        "/usr/bin/yum install -y gcc kernel-devel-3.10.0-862.11.6.el7.x86_64 numactl-devel.x86_64 librdmacm-devel "
          + "libmnl-devel meson pkgconfig --setopt=exit_on_lock=True",
      ],
      documented: [
        "yum -y groupinstall 'Infiniband Support'", "dracut --add-drivers 'mlx4_en mlx4_ib mlx5_ib' -f",
        "yum install -y gcc kernel-devel-3.10.0-862.11.6.el7.x86_64 numactl-devel.x86_64 librdmacm-devel "
          + "libmnl-devel meson",
      ]),
    Host(
      id: "sles", release: "15.1", kernel: "4.12.14-8.19-azure",
      commands: [
        "/usr/bin/zypper --non-interactive install dpdk rdma-core libibverbs",
        "/usr/bin/zypper --non-interactive install kernel-azure kernel-devel-azure gcc make libnuma-devel numactl "
          + "librdmacm1 rdma-core-devel meson pkg-config python3-pyelftools",
      ],
      documented: [
        "zypper --no-gpg-checks --non-interactive --gpg-auto-import-keys install kernel-azure kernel-devel-azure gcc "
          + "make libnuma-devel numactl librdmacm1 rdma-core-devel meson"
      ],
      leftOut: ["--no-gpg-checks", "--gpg-auto-import-keys"]),
    Host(
      id: "sles", release: "15.5", kernel: "5.14.21-150500.55.7-default",
      commands: [
        "/usr/bin/zypper --non-interactive install dpdk22 rdma-core libibverbs",
        "/usr/bin/zypper --non-interactive install kernel-default-devel gcc make libnuma-devel numactl librdmacm1 "
          + "rdma-core-devel meson pkg-config python3-pyelftools",
      ],
      documented: [
        "zypper --no-gpg-checks --non-interactive --gpg-auto-import-keys install kernel-default-devel gcc make "
          + "libnuma-devel numactl librdmacm1 rdma-core-devel meson"
      ],
      leftOut: ["--no-gpg-checks", "--gpg-auto-import-keys"]),
    Host(
      id: "rhel", release: "9.4", kernel: "5.14.0-427.13.1.el9_4.x86_64",
      commands: [
        "/usr/bin/dnf install -y dpdk dpdk-tools rdma-core libibverbs librdmacm "
          + "kernel-modules-extra-5.14.0-427.13.1.el9_4.x86_64 --setopt=exit_on_lock=True",
        "/usr/bin/dnf install -y gcc kernel-devel-5.14.0-427.13.1.el9_4.x86_64 numactl-devel librdmacm-devel "
          + "libmnl-devel meson pkgconf-pkg-config python3-pyelftools --setopt=exit_on_lock=True",
      ],
      undocumented: "it has EL 7 alone"),
    Host(
      id: "rocky", release: "8.10", kernel: "6.1.0-37-amd64",
      commands: [
        "/usr/bin/dnf install -y dpdk dpdk-tools rdma-core libibverbs librdmacm --setopt=exit_on_lock=True",
        "/usr/bin/dnf install -y gcc numactl-devel librdmacm-devel libmnl-devel meson pkgconf-pkg-config "
          + "python3-pyelftools --setopt=exit_on_lock=True",
      ],
      undocumented: "it has EL 7 alone"),
    Host(
      id: "azurelinux", release: "3.0", kernel: "6.6.126.1-1.azl3",
      commands: [
        "/usr/bin/tdnf install -y dpdk dpdk-tools rdma-core libibverbs librdmacm",
        "/usr/bin/tdnf install -y gcc binutils glibc-devel kernel-headers libnuma-devel rdma-core-devel meson "
          + "ninja-build pkgconf python3-pyelftools",
      ],
      undocumented: "it does not have the distribution"),
  ]

  private func commands(_ host: Host) throws -> [[String]] {
    let requirements = try Requirements(yaml: ShippedFile.text("distributions"), source: "distributions.yml")
    let set = try #require(requirements.packageSet(for: Distribution(id: host.id, release: host.release)))
    return planInstall(
      set, toBuild: true, installed: bareInstalled, record: nil, signs: [], kernel: host.kernel
    ).steps.map(\.command)
  }

  @Test("are these, word by word", arguments: hosts)
  func generated(host: Host) throws {
    #expect(try commands(host) == host.commands.map(words))
  }

  @Test("are on the page, or it is said why not", arguments: hosts)
  func isDocumented(host: Host) {
    #expect(host.documented.isEmpty == (host.undocumented != nil))
  }

  @Test(
    "have the documented words in the documented order, but for those that are explained",
    arguments: hosts.filter { $0.undocumented == nil })
  func documented(host: Host) throws {
    let ours = try commands(host).map { command in
      [String(command[0].split(separator: "/").last ?? "")] + command.dropFirst()
    }
    var place = 0
    for documented in host.documented {
      let asked = words(documented)
      #expect(host.leftOut.isSubset(of: asked))
      let kept = asked.filter { !host.leftOut.contains($0) }
      let found = ours.indices.dropFirst(place).first { isSubsequence(kept, of: ours[$0]) }
      place = try #require(found, "\(documented) is in none of \(ours)") + 1
    }
  }

  private func words(_ text: String) -> [String] {
    text.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
      index.isMultiple(of: 2) ? part.split(separator: " ").map(String.init) : [String(part)]
    }
  }

  private func isSubsequence(_ words: [String], of others: [String]) -> Bool {
    var rest = words[...]
    for word in others where word == rest.first { rest.removeFirst() }
    return rest.isEmpty
  }
}
