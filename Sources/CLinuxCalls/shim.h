#include <errno.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

// What glibc has not, or shows with _GNU_SOURCE alone; and Swift cannot call the variadic syscall(2).

// openat2(2) with RESOLVE_IN_ROOT. Returns the descriptor, or -errno; ENOSYS before kernel 5.6.
static inline int linux_openat2_in_root(int root, const char *path, unsigned long long flags, unsigned long long mode) {
  struct open_how how = {.flags = flags, .mode = mode, .resolve = RESOLVE_IN_ROOT};
  long descriptor = syscall(SYS_openat2, root, path, &how, sizeof how);
  return descriptor < 0 ? -errno : (int)descriptor;
}

// O_PATH: a descriptor that only names a place. The same number on x86 and arm.
static const int linux_o_path = 010000000;

// unshare(2) with CLONE_NEWNS: a mount namespace of the caller's own. Returns 0, or -errno.
static inline int linux_unshare_mounts(void) { return syscall(SYS_unshare, 0x00020000L) < 0 ? -errno : 0; }
