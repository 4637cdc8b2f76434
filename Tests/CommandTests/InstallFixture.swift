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
    try await namespace.run("/usr/bin/unshare", arguments: Self.isolation + [TestSupport.dpdkHost.string] + arguments)
  }

  /// As the foreground process group of a terminal, which gets a ^C as a whole.
  func dpdkHostInForeground(_ arguments: String...) async throws -> ProgramResult {
    let setsid = ["/usr/bin/setsid", "--fork", "--wait", TestSupport.dpdkHost.string]
    return try await namespace.run("/usr/bin/unshare", arguments: Self.isolation + setsid + arguments)
  }

  private static let isolation = ["--pid", "--fork", "--mount-proc"]

  @discardableResult
  func sh(_ script: String) async throws -> String { try await namespace.run("/bin/sh", "-c", script).output }

  /// The next `count` runs of apt-get end with 100 and this.
  func trouble(_ text: String, count: Int = 1) async throws {
    try await sh("printf '%s\\n' '\(text)' > /mnt/p/trouble; echo \(count) > /mnt/p/count")
  }

  /// What comes to happen as a stand-in runs, before it does anything; of `apt-get` or `dpkg`, whose words are `$@`.
  func happens(at program: String, _ script: String) async throws {
    try await sh("cat > /mnt/p/at-\(program) <<'END'\n\(script)\nEND")
  }

  /// A shell's words for a process that has a file mapped as a library is.
  ///
  /// - Parameter first: what it does before, in a mount namespace of its own.
  static func mapping(_ library: String, after first: String = ":") -> String {
    """
    cat > /mnt/p/map <<'SCRIPT'
    import mmap, time
    file = open('\(library)')
    memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    open('/mnt/p/mapped', 'w')
    time.sleep(60)
    SCRIPT
    unshare --mount sh -c '\(first); exec python3 /mnt/p/map' > /mnt/p/said 2>&1 &
    for try in $(seq 100); do if [ -e /mnt/p/mapped ]; then break; fi; sleep 0.1; done; rm /mnt/p/mapped
    """
  }

  /// In the PID namespace of such a process.
  func dpdkHost(beside mapping: String, _ arguments: String...) async throws -> ProgramResult {
    let words = ([TestSupport.dpdkHost.string] + arguments).joined(separator: " ")
    return try await namespace.run(
      "/usr/bin/unshare", arguments: Self.isolation + ["/bin/sh", "-c", "\(mapping)\n\(words)"])
  }

  /// Puts a file beside those of /usr/lib.
  func placeInLibraries(_ path: String) async throws {
    try await sh(
      """
      mkdir -p $(dirname /mnt/lib/\(path)) && echo x > /mnt/lib/\(path)
      mount -t overlay -o lowerdir=/mnt/lib:/usr/lib overlay /usr/lib
      """)
  }

  /// What somebody else installs, from now on.
  func install(_ name: String, into file: String = "installed") async throws {
    try await sh("printf '\(name)\\t\(name)\\tall\\tii \\n' >> /mnt/p/\(file)")
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
    # None of them stands for another, but for what is said here.
    awk -F '\t' '{ print NF < 5 ? $0 "\t" : $0 }' /mnt/p/installed
    """,
    "/usr/bin/apt-get": """
    #!/bin/sh
    if [ "$1" = --simulate ]; then
      if [ -e /mnt/p/recommended ]; then sed 's/.*/Inst & (1 Debian:12 [amd64])/' /mnt/p/recommended; fi
      exit
    fi
    echo "apt-get $*" >> /mnt/p/log
    [ ! -e /mnt/p/at-apt-get ] || . /mnt/p/at-apt-get
    if [ -e /mnt/p/interrupt ] && [ "$1" = install ]; then
      rm /mnt/p/interrupt
      # ^C reaches the whole process group of whoever runs us.
      kill -INT "-$(cut -d ' ' -f 5 "/proc/$PPID/stat")"
      sleep 1
    fi
    # A daemon that a maintainer script starts keeps our streams open.
    if [ -e /mnt/p/daemon ]; then sleep 100 & fi
    if [ -e /mnt/p/update ] && [ "$1" = update ]; then
      cat /mnt/p/update
      exit 100
    fi
    count=$(cat /mnt/p/count 2>/dev/null || echo 0)
    # So many installations go well before the trouble.
    well=$(cat /mnt/p/well 2>/dev/null || echo 0)
    if [ "$well" -gt 0 ] && [ "$1" = install ]; then
      echo $((well - 1)) > /mnt/p/well
      count=0
    fi
    if [ "$count" -gt 0 ] && [ "$1" = install ]; then
      echo $((count - 1)) > /mnt/p/count
      # It came as far as one dependency.
      grep -q half /mnt/p/trouble && printf 'libdep:amd64\\tlibdep\\tamd64\\tiU \\n' >> /mnt/p/installed
      if grep -q unpacked /mnt/p/trouble; then
        for word; do case $word in install|-*|*::*) ;; *) printf '%s\\t%s\\tamd64\\tiU \\n' "$word" "$word" ;; esac; done
      fi >> /mnt/p/installed
      grep -q reinstall /mnt/p/trouble && printf 'libdep:amd64\\tlibdep\\tamd64\\tiHR\\n' >> /mnt/p/installed
      [ -e /mnt/p/others ] && cat /mnt/p/others >> /mnt/p/installed
      rm -f /mnt/p/others
      cat /mnt/p/trouble >&2
      exit 100
    fi
    [ "$1" = install ] || exit 0
    sed -i 's/\\tiU /\\tii /' /mnt/p/installed
    shift
    for word; do
      case $word in
        -*|*::*) ;;
        "$(cat /mnt/p/unknown 2>/dev/null)") ;;
        *) grep -q "^$word	" /mnt/p/installed || printf '%s\\t%s\\tamd64\\tii \\n' "$word" "$word" >> /mnt/p/installed
           grep -q ^libdep /mnt/p/installed || printf 'libdep:amd64\\tlibdep\\tamd64\\tii \\n' >> /mnt/p/installed ;;
      esac
    done
    """,
    "/usr/bin/dpkg": """
    #!/bin/sh
    for word; do
      case $word in
        --dry-run) dry=1 ;;
        --force-remove-reinstreq) force=1 ;;
        --purge) purge=1 ;;
      esac
    done
    [ "$dry" ] || echo "dpkg $*" >> /mnt/p/log
    [ ! -e /mnt/p/at-dpkg ] || . /mnt/p/at-dpkg
    if [ -e /mnt/p/held ] && [ "$1" = --configure ]; then
      echo 'dpkg: error: dpkg frontend lock was locked by another process with pid 4711' >&2
      exit 2
    fi
    [ "$purge" ] || exit 0
    if [ ! "$force" ] && grep -q 'iHR$' /mnt/p/installed; then
      echo 'dpkg: error processing package libdep:amd64 (--purge):' >&2
      echo ' package is in a very bad inconsistent state; you should reinstall it before attempting a removal' >&2
      exit 1
    fi
    if [ "$dry" ]; then
      if [ -e /mnt/p/theirs ]; then
        case " $* " in *" libdep:amd64 "*)
          printf 'dpkg: dependency problems prevent removal of libdep:amd64:\\n theirs depends on libdep.\\n' >&2
          exit 1 ;;
        esac
      fi
      exit 0
    fi
    for name; do sed -i "/^$name\\t/d" /mnt/p/installed; done
    """,
  ]
}
