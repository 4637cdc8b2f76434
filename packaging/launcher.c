/*
 * A bundle's ./dpdk-host and ./dpdk-host-engine: starts the program of its own name by the loader that the bundle carries.
 *
 * Why a program, and why a loader started as one: the path of a loader in an ELF file is absolute, so that a bundle which may
 * be unpacked anywhere cannot name its own there; a shell script would open the host's C library before ours; and systemd,
 * sudo and dpdk-host itself start programs by path, each of which must work without an environment. So this is linked
 * statically, finds itself by /proc, and leaves nothing running: signals, standard streams and the process number are the
 * program's own.
 *
 *   dpdk-host             this
 *   lib/loader/dpdk-host  the carried loader; under the program's name, which the kernel shows for the process
 *   lib/program/dpdk-host the program
 *   lib/                  libraries
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int refuse(const char *subject, const char *reason, const char *remedy) {
  fprintf(stderr, "cannot start '%s': %s; %s\n", subject, reason, remedy);
  return 127;
}

/* DIRECTORY then the rest, allocated; the process is replaced or ends, so that nothing is freed. */
static char *below(const char *directory, const char *middle, const char *name) {
  char *path;
  return asprintf(&path, "%s%s%s", directory, middle, name) < 0 ? NULL : path;
}

int main(int argc, char **argv) {
  static char self[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  if (length <= 0) return refuse(argc > 0 ? argv[0] : "", strerror(errno), "mount /proc");
  char *name = strrchr(self, '/');
  *name++ = '\0';
  /* Both part the list of directories. */
  if (strpbrk(self, ":;")) return refuse(name, "the path of its bundle has a ':' or ';'", "unpack it elsewhere");

  char *loader = below(self, "/lib/loader/", name);
  char *program = below(self, "/lib/program/", name);
  char *providers = below(self, "/lib", "/libibverbs");
  char *libraries = providers ? below(self, "/lib:", providers) : NULL;
  char **words = calloc((size_t)argc + 8, sizeof *words);
  if (!loader || !program || !libraries || !words) return refuse(name, strerror(errno), "free some memory");

  /* What the host has loaded along with every program fits its own C library, not ours. */
  unsetenv("LD_PRELOAD");
  unsetenv("LD_AUDIT");
  /* libibverbs knows its providers from files in /etc, which the host may not have. */
  setenv("RDMAV_DRIVERS", PROVIDERS, 1);

  char **word = words;
  *word++ = loader;
  *word++ = "--inhibit-cache";
  *word++ = "--library-path";
  *word++ = libraries;
  *word++ = "--argv0";
  *word++ = argc > 0 ? argv[0] : name;
  *word++ = program;
  for (int i = 1; i < argc; i++) *word++ = argv[i];
  execv(loader, words);
  return refuse(name, strerror(errno), "unpack the whole bundle, readable for who runs it, on a file system without 'noexec'");
}
