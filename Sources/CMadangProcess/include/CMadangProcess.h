#ifndef CMADANG_PROCESS_H
#define CMADANG_PROCESS_H

// The few system calls of the local engine that Swift cannot reach, or not safely. Linux only.
//
// Functions give 0 or a descriptor on success and the negative error number otherwise; none keeps
// state, allocates or aborts.

#include <stdint.h>
#include <sys/types.h>

/// Starts `path` with the one argument `folder`, in a session of its own, with signals as at boot,
/// `/dev/null` as its three standard files, `lock` as descriptor 3, and `environment`, which ends
/// with NULL. Nothing runs between fork and exec but what the C library does (vfork).
int madang_process_spawn(const char *path, const char *folder, int lock,
                         char *const environment[], pid_t *pid);

/// Takes back a child of this process that has ended: 1 if it did, 0 if it still runs, else -errno.
int madang_process_reap(pid_t pid);

/// A descriptor for whichever process has this number now.
int madang_process_open(pid_t pid);

/// Sends a signal to the process of a descriptor, and never to a later one of the same number.
int madang_process_signal(int process, int signal);

/// Microseconds since this machine started, time asleep included; no clock that anybody sets.
int64_t madang_process_clock(void);

#endif
