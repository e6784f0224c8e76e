// madang-supervise FOLDER, with a lock on it as descriptor 3. Started by the local engine only.
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

// What it listens for, blocked so that it is waited for and never interrupts.
static sigset_t heard;

static void close_others(void) {
  if (syscall(SYS_close_range, 4, ~0U, 0) == 0) return;
  long most = sysconf(_SC_OPEN_MAX);
  for (long file = 4; file < most; file++) close((int)file);
}

static int prepare(const char *folder) {
  // Without the lock nobody could tell whether this supervisor lives.
  if (fcntl(3, F_SETFD, FD_CLOEXEC) != 0) return errno;
  close_others();
  if (chdir(folder) != 0) return errno;
  umask(022);
  signal(SIGPIPE, SIG_IGN);
  sigemptyset(&heard);
  const int signals[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGUSR1};
  for (size_t index = 0; index < sizeof signals / sizeof *signals; index++) {
    sigaddset(&heard, signals[index]);
  }
  if (sigprocmask(SIG_BLOCK, &heard, NULL) != 0) return errno;
  return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 ? 0 : errno;
}

// Waits for children that are not the job's first process; whether that one ended.
static int job_ended(pid_t job) {
  for (;;) {
    siginfo_t child = {0};
    if (waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT) != 0) return errno == ECHILD;
    if (child.si_pid == 0) return 0;
    if (child.si_pid == job) return 1;
    waitpid(child.si_pid, NULL, 0);
  }
}

// Until when to listen, and what then.
struct watch {
  int64_t end_at;    // when it is told to end
  int64_t kill_at;   // when it is ended; INT64_MAX before it was told
  enum reason reason;
};

static void tell_to_end(const struct job *job, pid_t pid, struct watch *watch, enum reason why) {
  if (watch->kill_at != INT64_MAX) return;
  watch->reason = why;
  watch->kill_at = clock_now() + job->grace_seconds * 1000000;
  descend_signal(pid, SIGTERM);
}

// Why it is to end, as the file `cancel` says; reason_exited where there is none.
static enum reason why_told(void) {
  int file = open("cancel", O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno == ENOENT ? reason_exited : reason_canceled;
  char letter = 0;
  ssize_t count = read(file, &letter, 1);
  close(file);
  if (count == 1 && letter == 's') return reason_suspended;
  if (count == 1 && letter == 'o') return reason_over;
  return reason_canceled;
}

// Waits until the job's first process has ended, and ends it when its time has come.
static enum reason watch_job(const struct job *job, pid_t pid) {
  int64_t limit = job->limit_seconds == 0 ? INT64_MAX : clock_now() + job->limit_seconds * 1000000;
  struct watch watch = {limit, INT64_MAX, reason_exited};
  while (!job_ended(pid)) {
    int64_t now = clock_now();
    if (now >= watch.kill_at) {
      descend_signal(pid, SIGKILL);
      watch.kill_at = now + 1000000;
    } else if (now >= watch.end_at) {
      tell_to_end(job, pid, &watch, reason_limit);
    }
    int told = watch.kill_at != INT64_MAX;
    int64_t wait = (told ? watch.kill_at : watch.end_at) - now;
    // A day at most: no overflow of the time, and the clock is looked at now and then.
    if (wait > 86400000000) wait = 86400000000;
    if (wait < 1000) wait = 1000;
    struct timespec time = {wait / 1000000, wait % 1000000 * 1000};
    int heard_signal = sigtimedwait(&heard, NULL, &time);
    enum reason why = heard_signal == SIGUSR1 ? why_told() : reason_exited;
    if (why != reason_exited) {
      tell_to_end(job, pid, &watch, why);
    } else if (heard_signal == SIGTERM || heard_signal == SIGINT || heard_signal == SIGHUP) {
      tell_to_end(job, pid, &watch, reason_stopped);
    }
  }
  return watch.reason;
}

// Starts the job and follows it to its end.
static void run(const struct job *job, struct end *end) {
  struct process process;
  end->error = process_make(job, &process);
  if (end->error != 0) {
    end->reason = reason_not_started;
    end->step = step_fork;
    return;
  }
  fault("forked");
  end->error = record_started(job, process.pid);
  fault("started");
  // Whoever cancels writes the file and then looks for `started`; we the other way round.
  enum reason why = why_told();
  if (end->error != 0 || why != reason_exited) {
    end->reason = end->error != 0 ? reason_not_started : why;
    end->step = end->error != 0 ? step_record : step_none;
    process_dismiss(&process);
    waitpid(process.pid, &end->status, 0);
    return;
  }
  record_announce(job);
  process_release(&process);
  fault("released");
  end->reason = watch_job(job, process.pid);
  fault("over");
  // Until it is waited for nobody else has its number, so its group can still be named.
  kill(-process.pid, SIGKILL);
  wait4(process.pid, &end->status, 0, &end->usage);
  descend_end(job->cgroup);
  end->step = process_failure(&process, &end->error);
  if (end->step != step_none && end->reason == reason_exited) end->reason = reason_not_started;
}

int main(int count, char **arguments) {
  if (count != 2) return 64;
  struct job job;
  struct end end = {0};
  if (prepare(arguments[1]) != 0 || job_read(&job) != 0) return 65;
  fault("claimed");
  // Without room for its end nothing is begun; the engine finds that it never started.
  if (record_reserve() != 0) return 66;
  if (*job.cgroup != 0 && mkdir(job.cgroup, 0755) != 0 && errno != EEXIST) job.cgroup = "";
  run(&job, &end);
  cgroup_remove(job.cgroup);
  fault("empty");
  record_ended(&job, &end);
  fault("ended");
  record_announce(&job);
  return 0;
}
