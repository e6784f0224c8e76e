// What the supervisor leaves on the disk: canonical JSON, by atomic rename and fsync.
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// More than `ended` can take.
enum { reserved_bytes = 1024 };

static int64_t microseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_now(void) { return microseconds(CLOCK_BOOTTIME); }

// One line of a small file of the system.
static int line_of(const char *path, char *line, size_t size) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno;
  ssize_t count = read(file, line, size - 1);
  close(file);
  if (count <= 0) return EIO;
  line[count] = 0;
  line[strcspn(line, "\n")] = 0;
  return 0;
}

// Which run of the machine this is.
static const char *boot(void) {
  static char name[64];
  if (name[0] == 0 && line_of("/proc/sys/kernel/random/boot_id", name, 37) != 0) {
    strcpy(name, "unknown");
  }
  return name;
}

// When a process began, in ticks since the machine started: with its number, its name for ever.
static long long start_ticks(pid_t pid) {
  char path[64], line[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  if (line_of(path, line, sizeof line) != 0) return 0;
  // The second field is the command in parentheses and may hold anything; 22 is the start.
  char *field = strrchr(line, ')');
  for (int number = 2; field != NULL && number < 22; number++) field = strchr(field + 1, ' ');
  return field == NULL ? 0 : strtoll(field, NULL, 10);
}

static int sync_folder(void) {
  int folder = open(".", O_RDONLY | O_CLOEXEC);
  if (folder < 0) return errno;
  int error = fsync(folder) == 0 ? 0 : errno;
  close(folder);
  return error;
}

// Puts bytes into `temporary`, syncs, and gives it its name.
static int put(const char *temporary, const char *name, const char *bytes, size_t count) {
  int file = open(temporary, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return errno;
  int error = 0;
  if (pwrite(file, bytes, count, 0) != (ssize_t)count) error = errno ? errno : ENOSPC;
  if (error == 0 && (ftruncate(file, (off_t)count) != 0 || fsync(file) != 0)) error = errno;
  close(file);
  if (error == 0 && rename(temporary, name) != 0) error = errno;
  return error != 0 ? error : sync_folder();
}

int record_reserve(void) {
  int file = open("ended.new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return errno;
  // Written, not only asked for: not every file system can set room aside.
  char blank[reserved_bytes];
  memset(blank, ' ', sizeof blank);
  int error = write(file, blank, sizeof blank) == (ssize_t)sizeof blank ? 0 : ENOSPC;
  close(file);
  return error;
}

int record_started(const struct job *job, pid_t pid) {
  char line[512];
  int count = snprintf(
      line, sizeof line,
      "{\"boot\":\"%s\",\"clockMicroseconds\":%lld,\"pid\":%d,\"startTicks\":%lld,"
      "\"supervisor\":%d,\"token\":\"%s\",\"wallMicroseconds\":%lld}",
      boot(), (long long)clock_now(), (int)pid, start_ticks(pid), (int)getpid(), job->token,
      (long long)microseconds(CLOCK_REALTIME));
  return put("started.new", "started", line, (size_t)count);
}

static const char *reason_word(const struct end *end) {
  switch (end->reason) {
    case reason_limit: return "timeLimit";
    case reason_canceled: return "canceled";
    case reason_suspended: return "suspended";
    case reason_over: return "allocationOver";
    case reason_stopped: return "stopped";
    case reason_not_started: return "couldNotStart";
    case reason_exited: return "exited";
  }
  return "exited";
}

static const char *step_word(enum step step) {
  switch (step) {
    case step_record: return "record";
    case step_folder: return "folder";
    case step_output: return "output";
    case step_error: return "error";
    case step_exec: return "command";
    case step_fork: return "process";
    case step_none: return "none";
  }
  return "none";
}

void record_ended(const struct job *job, const struct end *end) {
  char line[reserved_bytes];
  const struct rusage *used = &end->usage;
  int exited = WIFEXITED(end->status);
  long long processor = (used->ru_utime.tv_sec + used->ru_stime.tv_sec) * 1000000LL +
                        used->ru_utime.tv_usec + used->ru_stime.tv_usec;
  int count = snprintf(
      line, sizeof line,
      "{\"boot\":\"%s\",\"clockMicroseconds\":%lld,\"errno\":%d,\"exitStatus\":%d,"
      "\"processorMicroseconds\":%lld,\"reason\":\"%s\",\"residentKiB\":%ld,\"signal\":%d,"
      "\"step\":\"%s\",\"token\":\"%s\",\"wallMicroseconds\":%lld}",
      boot(), (long long)clock_now(), end->error, exited ? WEXITSTATUS(end->status) : 0, processor,
      reason_word(end), used->ru_maxrss, exited ? 0 : WTERMSIG(end->status), step_word(end->step),
      job->token, (long long)microseconds(CLOCK_REALTIME));
  for (;;) {
    int error = put("ended.new", "ended", line, (size_t)count);
    if (error == 0 || error == ENOENT) return;
    struct timespec second = {1, 0};
    nanosleep(&second, NULL);
  }
}

void record_announce(const struct job *job) {
  char line[64];
  int count = snprintf(line, sizeof line, "%s\n", job->token);
  int wake = open("../../wake", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (wake < 0) return;
  ssize_t written = write(wake, line, (size_t)count);
  (void)written;
  close(wake);
}

#ifdef DEBUG
void fault(const char *point) {
  const char *asked = getenv("MADANG_FAULT");
  if (asked != NULL && strcmp(asked, point) == 0) raise(SIGKILL);
}
#endif
