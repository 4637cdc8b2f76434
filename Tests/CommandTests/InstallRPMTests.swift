import SystemPackage
import TestSupport
import Testing

/// A Rocky Linux 9 whose dnf and rpm are scripts, in a mount namespace.
private struct StandInRPM {
  let namespace: MountNamespace

  static func with(_ body: @Sendable @escaping (StandInRPM) async throws -> Void) async throws {
    try await MountNamespace.with { namespace in
      let host = StandInRPM(namespace: namespace)
      try await host.sh(
        """
        mkdir -p /mnt/p /mnt/bin && printf 'rpm\\t4\\t1\\tx86_64\\n' > /mnt/p/installed
        printf 'ID=rocky\\nVERSION_ID=9.4\\n' > /mnt/p/os-release
        mount --bind /mnt/p/os-release /usr/lib/os-release
        """)
      for (name, script) in scripts {
        try await host.sh("cat > /mnt/bin/\(name) <<'END'\n\(script)\nEND\nchmod 755 /mnt/bin/\(name)")
      }
      try await host.sh("mount -t overlay -o lowerdir=/mnt/bin:/usr/bin overlay /usr/bin")
      try await body(host)
    }
  }

  func dpdkHost(_ arguments: String...) async throws -> ProgramResult {
    try await namespace.run(
      "/usr/bin/unshare", arguments: ["--pid", "--fork", "--mount-proc", TestSupport.dpdkHost.string] + arguments)
  }

  @discardableResult
  func sh(_ script: String) async throws -> String { try await namespace.run("/bin/sh", "-c", script).output }

  func installed() async throws -> Set<String> {
    Set(try await sh("cut -f 1 /mnt/p/installed").split(separator: "\n").map(String.init))
  }

  private static let scripts = [
    "dnf": """
    #!/bin/sh
    [ "$1" = install ] || exit 1
    shift
    for word; do
      case $word in
        -*) ;;
        "$(cat /mnt/p/unknown 2>/dev/null)") echo "No package $word available." ;;
        *) printf '%s\\t22.11\\t1.el9\\tx86_64\\n' "$word" >> /mnt/p/installed ;;
      esac
    done
    """,
    "rpm": """
    #!/bin/sh
    case "$1 $2" in
      '--query --all') cat /mnt/p/installed ;;
      '--query --whatprovides')
        grep -qxF "$4" /mnt/p/provided 2>/dev/null && echo dpdk.x86_64 && exit
        echo "no package provides $4"
        exit 1 ;;
      '--erase '*)
        if [ -e /mnt/p/theirs ]; then
          case " $* " in *" dpdk.x86_64 "*)
            printf 'error: Failed dependencies:\\n' >&2
            sed 's/.*/\\t& is needed by (installed) theirs-1:2.0-1.el9.x86_64/' /mnt/p/theirs >&2
            exit 1 ;;
          esac
        fi
        [ "$2" = --test ] && exit
        for id; do sed -i "/^${id%.x86_64}\\t/d" /mnt/p/installed; done ;;
    esac
    """,
  ]
}

@Suite("install where rpm is the database", .enabled(if: isRoot))
struct InstallRPMTests {
  private static let asked: Set<String> = ["dpdk", "dpdk-tools", "rdma-core", "libibverbs", "librdmacm"]

  @Test(
    "what others need by a version of it, or as one of several, is kept and named, and taken away once they are gone",
    arguments: ["dpdk(x86-64) = 22.11-1.el9", "(dpdk(x86-64) >= 22 or nosuch)"])
  func needed(requirement: String) async throws {
    try await StandInRPM.with { host in
      let done = try await host.dpdkHost("install")
      #expect(done.code == 0, "\(done)")
      #expect(try await host.installed() == Self.asked.union(["rpm"]))
      try await host.sh("printf '%s\\n' '\(requirement)' gone > /mnt/p/theirs; echo 'dpdk(x86-64)' > /mnt/p/provided")
      let back = try await host.dpdkHost("revert", "--packages")
      #expect(back.code == 0, "\(back)")
      #expect(back.output.contains("packages.needed  theirs.x86_64"))
      #expect(try await host.installed() == ["rpm", "dpdk"])
      try await host.sh("rm /mnt/p/theirs")
      _ = try await host.dpdkHost("revert", "--packages")
      #expect(try await host.installed() == ["rpm"])
    }
  }

  @Test("a refusal that cannot be understood is an error, and all that was said is told")
  func refusal() async throws {
    try await StandInRPM.with { host in
      _ = try await host.dpdkHost("install")
      try await host.sh("echo gone > /mnt/p/theirs")
      let failed = try await host.dpdkHost("revert", "--packages")
      #expect(failed.code == 1)
      #expect(failed.errors.contains("gone is needed by (installed) theirs-1:2.0-1.el9.x86_64"), "\(failed)")
      #expect(try await host.installed() == Self.asked.union(["rpm"]))
    }
  }

  @Test("a name that was passed over is an error with the repository to enable, unless another package provides it")
  func passedOver() async throws {
    try await StandInRPM.with { host in
      try await host.sh("echo libibverbs > /mnt/p/unknown")
      let failed = try await host.dpdkHost("install")
      #expect(failed.code == 1)
      #expect(failed.output.contains("no repository of this host has 'libibverbs'"))
      #expect(failed.output.contains("enable CodeReady Builder"))
      try await host.sh("echo libibverbs > /mnt/p/provided")
      #expect(try await host.dpdkHost("install").code == 0)
    }
  }
}
