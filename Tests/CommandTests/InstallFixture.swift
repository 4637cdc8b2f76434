import Foundation
import Glibc
import SystemPackage
import TestSupport

/// A Debian 12 whose package manager is three scripts, in a mount namespace: what they are told is in a log, what they
/// have installed in a file.
struct StandInPackages {
  let namespace: MountNamespace

  static func with(_ body: @Sendable @escaping (StandInPackages) async throws -> Void) async throws {
    try await MountNamespace.with { namespace in
      let host = StandInPackages(namespace: namespace)
      try await host.sh("mkdir -p /mnt/p && printf 'dpkg\\tdpkg\\tamd64\\tii \\n' > /mnt/p/installed && : > /mnt/p/log")
      for (program, script) in scripts { try await host.place(script, over: program) }
      try await host.place("ID=debian\nVERSION_ID=12\n", over: "/usr/lib/os-release")
      try await body(host)
    }
  }

  /// In a PID namespace of its own, where no other test's DPDK runs.
  func dpdkHost(_ arguments: String...) async throws -> ProgramResult {
    try await namespace.run(
      "/usr/bin/unshare", arguments: ["--pid", "--fork", "--mount-proc", TestSupport.dpdkHost.string] + arguments)
  }

  @discardableResult
  func sh(_ script: String) async throws -> String { try await namespace.run("/bin/sh", "-c", script).output }

  /// The next `count` runs of apt-get end with 100 and this.
  func trouble(_ text: String, count: Int = 1) async throws {
    try await sh("printf '%s\\n' '\(text)' > /mnt/p/trouble; echo \(count) > /mnt/p/count")
  }

  func installed() async throws -> Set<String> {
    Set(try await sh("cut -f 1 /mnt/p/installed").split(separator: "\n").map(String.init))
  }

  /// What was run since the last call.
  func log() async throws -> [String] {
    try await sh("cat /mnt/p/log; : > /mnt/p/log").split(separator: "\n").map(String.init)
  }

  func journal() async throws -> String { try await sh("cat /var/lib/dpdk-host/journal.jsonl 2>/dev/null") }

  func place(_ text: String, over path: String) async throws {
    let file = "/mnt/p/\(path.split(separator: "/").last ?? "")"
    try await sh("cat > \(file) <<'END'\n\(text)\nEND\nchmod 755 \(file) && mount --bind \(file) \(path)")
  }

  private static let scripts = [
    "/usr/bin/dpkg-query": """
    #!/bin/sh
    cat /mnt/p/installed
    """,
    "/usr/bin/apt-get": """
    #!/bin/sh
    echo "apt-get $*" >> /mnt/p/log
    count=$(cat /mnt/p/count 2>/dev/null || echo 0)
    if [ "$count" -gt 0 ] && [ "$1" = install ]; then
      echo $((count - 1)) > /mnt/p/count
      # It came as far as one dependency.
      grep -q half /mnt/p/trouble && printf 'libdep:amd64\\tlibdep\\tamd64\\tiU \\n' >> /mnt/p/installed
      cat /mnt/p/trouble >&2
      exit 100
    fi
    [ "$1" = install ] || exit 0
    sed -i 's/\\tiU /\\tii /' /mnt/p/installed
    shift
    for word; do
      case $word in
        -*|*::*) ;;
        *) printf '%s\\t%s\\tamd64\\tii \\n' "$word" "$word" >> /mnt/p/installed
           grep -q ^libdep /mnt/p/installed || printf 'libdep:amd64\\tlibdep\\tamd64\\tii \\n' >> /mnt/p/installed ;;
      esac
    done
    """,
    "/usr/bin/dpkg": """
    #!/bin/sh
    case $1 in
      --dry-run)
        if [ -e /mnt/p/theirs ]; then
          case " $* " in *" libdep:amd64 "*)
            printf 'dpkg: dependency problems prevent removal of libdep:amd64:\\n theirs depends on libdep.\\n' >&2
            exit 1 ;;
          esac
        fi
        exit 0 ;;
    esac
    echo "dpkg $*" >> /mnt/p/log
    [ "$1" = --purge ] || exit 0
    shift
    for name; do sed -i "/^$name\\t/d" /mnt/p/installed; done
    """,
  ]
}
