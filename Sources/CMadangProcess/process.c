#include "CMadangProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

static int add_files(posix_spawn_file_actions_t *actions, int lock) {
  int error = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
  if (error == 0) error = posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0);
  if (error == 0) error = posix_spawn_file_actions_adddup2(actions, 1, 2);
  // Where `lock` is 3 already, this clears its close-on-exec mark.
  if (error == 0) error = posix_spawn_file_actions_adddup2(actions, lock, 3);
  return error;
}

static int add_attributes(posix_spawnattr_t *attributes) {
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  int error = posix_spawnattr_setsigdefault(attributes, &all);
  if (error == 0) error = posix_spawnattr_setsigmask(attributes, &none);
  if (error == 0) {
    short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID;
    error = posix_spawnattr_setflags(attributes, flags);
  }
  return error;
}

int madang_process_spawn(const char *path, const char *folder, int lock,
                         char *const environment[], pid_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) return -error;
  error = posix_spawnattr_init(&attributes);
  if (error == 0) {
    error = add_files(&actions, lock);
    if (error == 0) error = add_attributes(&attributes);
    char *const arguments[] = {(char *)path, (char *)folder, NULL};
    if (error == 0) error = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return -error;
}

int madang_process_reap(pid_t pid) {
  int status;
  pid_t ended = waitpid(pid, &status, WNOHANG);
  return ended < 0 ? -errno : ended == pid;
}

int madang_process_open(pid_t pid) {
  long process = syscall(SYS_pidfd_open, pid, 0);
  return process < 0 ? -errno : (int)process;
}

int madang_process_signal(int process, int signal) {
  return syscall(SYS_pidfd_send_signal, process, signal, NULL, 0) < 0 ? -errno : 0;
}

int64_t madang_process_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
