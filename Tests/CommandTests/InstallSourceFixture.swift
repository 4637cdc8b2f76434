import Foundation
import SystemPackage
import TestSupport

/// A tree that says it is DPDK 19.11, and a `make` that builds of it what it is told to: what comes of a build is ours
/// to see, and not what a compiler does. A real tree is built by `make test-source`.
struct StandInMake {
  let host: StandInPackages

  static let tarball = "/mnt/dpdk-19.11.tar.gz"
  static let drivers = [
    "bus/pci", "bus/vdev", "bus/vmbus", "mempool/ring", "net/af_packet", "net/failsafe", "net/memif", "net/mlx4",
    "net/mlx5", "net/netvsc", "net/null", "net/ring", "net/tap", "net/vdev_netvsc",
  ]

  static func with(_ body: @Sendable @escaping (StandInMake) async throws -> Void) async throws {
    try await StandInPackages.with { host in
      try await host.sh("for path in /usr/local /var/cache; do mount -t tmpfs tmpfs $path; done; mkdir /usr/local/bin")
      try await host.place(ldconfig, over: "/sbin/ldconfig")
      try await host.place(make, over: "/usr/bin/make")
      try await host.sh("ln -s /bin/true /usr/local/bin/gcc; ln -s /mnt/p/make /usr/local/bin/make")
      try await host.sh(
        """
        mkdir -p /mnt/tree/dpdk/mk /mnt/tree/dpdk/config && cd /mnt/tree/dpdk
        echo 19.11.14 > VERSION; touch GNUmakefile mk/rte.sdkinstall.mk config/common_base
        touch config/defconfig_$(uname -m)-native-linux-gcc
        for driver in \(drivers.joined(separator: " ")); do mkdir -p drivers/$driver; touch drivers/$driver/Makefile; done
        tar -czf \(tarball) -C /mnt/tree dpdk
        """)
      let built = StandInMake(host: host)
      try await built.makes(drivers)
      try await body(built)
    }
  }

  /// What `make install` puts into the library directory.
  func makes(_ drivers: [String]) async throws {
    let names = drivers.map { driver in
      driver.hasPrefix("net/") ? "librte_pmd_\(driver.dropFirst(4))" : "librte_\(driver.replacing("/", with: "_"))"
    }
    try await host.sh("echo \(names.joined(separator: " ")) librte_eal > /mnt/p/libraries")
  }

  func install(_ arguments: String...) async throws -> ProgramResult {
    try await host.namespace.run(
      "/usr/bin/unshare",
      arguments: ["--pid", "--fork", "--mount-proc", TestSupport.dpdkHost.string, "install", "--from-source"]
        + arguments)
  }

  /// Installs with a compiler that hangs, in the foreground: a shell has those behind its back ignore SIGINT.
  ///
  /// - Parameters:
  ///   - first: what the shell does before, in whose place the program then is.
  ///   - script: what happens once the compiler hangs; `$$` is the program.
  func installDisturbed(after first: String = ":", by script: String) async throws -> ProgramResult {
    try await host.sh("touch /mnt/p/hang")
    return try await host.namespace.run(
      "/bin/sh",
      arguments: [
        "-c",
        "\(first); (while ! [ -e /mnt/p/hanging ]; do sleep 0.1; done; \(script)) & "
          + "exec \(TestSupport.dpdkHost) install --from-source \(Self.tarball)",
      ])
  }

  func lines(_ script: String) async throws -> [String] {
    try await host.sh(script).split(separator: "\n").map(String.init)
  }

  private static let ldconfig = """
    #!/bin/sh
    echo "ldconfig $*" >> /mnt/p/log
    if [ -e /mnt/p/interrupt ] && [ $# = 0 ]; then rm /mnt/p/interrupt; kill -INT $PPID; sleep 1; fi
    echo "	librte_eal.so.20.0 (libc6,x86-64) => /usr/local/lib/librte_eal.so.20.0"
    """

  private static let make = """
    #!/bin/sh
    echo "make $*" >> /mnt/p/log
    for word; do
      case $word in O=*) build=${word#O=} ;; DESTDIR=*) out=${word#DESTDIR=} ;; esac
    done
    case " $* " in
      *" config "*) mkdir -p "$build"; echo CONFIG_RTE_LIBRTE_MLX5_PMD=n > "$build/.config" ;;
      *" install "*)
        mkdir -p "$out/usr/local/lib"
        if [ -z "$out" ] && [ -e /mnt/p/cut ]; then
          echo new > /usr/local/lib/librte_eal.so.20.0
          echo "cp: error writing 'x': No space left on device" >&2
          exit 2
        fi
        for name in $(cat /mnt/p/libraries); do echo new > "$out/usr/local/lib/$name.so.20.0"; done ;;
      *)
        if [ -e /mnt/p/hang ]; then sleep 60 & echo $! > /mnt/p/hanging; wait; fi
        if [ -e /mnt/p/fail ]; then cat /mnt/p/fail >&2; exit 2; fi
        grep -q MLX5_PMD=y "$build/.config" || { echo "x: error: mlx5 is not switched on" >&2; exit 2; } ;;
    esac
    """
}
