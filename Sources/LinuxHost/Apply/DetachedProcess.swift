internal import Glibc
internal import SystemPackage

/// `POSIX_SPAWN_SETSID` of glibc from 2.26 on, which Swift does not see.
private let newSession: Int16 = 0x80

/// Starts a program that outlives this one and its terminal: in a session of its own, with a clean environment,
/// nothing on its standard input, nothing of ours open and SIGHUP ignored. Nobody waits for it.
///
/// `posix_spawn(3)` and not Subprocess, which waits for its children and takes them along when it goes.
///
/// - Parameter output: the file that it writes to; emptied first.
/// - Returns: its process id.
func spawnDetached(_ program: String, _ arguments: [String], output: String) throws(Errno) -> Int {
  // What a shell or a test left open for us would keep the other end waiting.
  for name in (try? HostRoot.runningHost.entries("/proc/self/fd")) ?? nil ?? [] {
    guard let descriptor = Int32(name), descriptor > 2 else { continue }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }
  var actions = posix_spawn_file_actions_t()
  var attributes = posix_spawnattr_t()
  posix_spawn_file_actions_init(&actions)
  posix_spawnattr_init(&attributes)
  defer {
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
  }
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW, 0o644)
  posix_spawn_file_actions_adddup2(&actions, 1, 2)
  // A signal that is ignored stays so in the program that is started, and from its first moment on.
  let former = signal(SIGHUP, SIG_IGN)
  defer { signal(SIGHUP, former) }
  posix_spawnattr_setflags(&attributes, newSession)

  let words = ([program] + arguments).map { strdup($0) }
  let variables: [String] = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]
  let environment = variables.map { strdup($0) }
  defer { (words + environment).forEach { free($0) } }
  var pid: pid_t = 0
  let failure = posix_spawn(&pid, program, &actions, &attributes, words + [nil], environment + [nil])
  guard failure == 0 else { throw Errno(rawValue: failure) }
  return Int(pid)
}
