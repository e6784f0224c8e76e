// The job's own process, up to exec.
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

struct failure {
  enum step step;
  int error;
};

// Says what could not be done, and ends.
static void fail(int to, enum step step) {
  struct failure failure = {step, errno};
  ssize_t written = write(to, &failure, sizeof failure);
  (void)written;
  _exit(127);
}

// A file for output. One that nobody reads (a named pipe) is refused, not waited for.
static int open_output(const char *path) {
  int flags = O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  int file = open(path, flags, 0644);
  if (file < 0) return -1;
  int now = fcntl(file, F_GETFL);
  return now < 0 || fcntl(file, F_SETFL, now & ~O_NONBLOCK) < 0 ? -1 : file;
}

static void open_files(const struct job *job, int failure) {
  int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (input < 0 || dup2(input, 0) < 0) fail(failure, step_output);
  int output = open_output(job->output);
  if (output < 0 || dup2(output, 1) < 0) fail(failure, step_output);
  int error = *job->error ? open_output(job->error) : output;
  if (error < 0 || dup2(error, 2) < 0) fail(failure, step_error);
}

static void limit(const struct job *job) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  if (job->processes == 0) return;
  struct rlimit now;
  if (getrlimit(RLIMIT_NPROC, &now) != 0) return;
  rlim_t most = (rlim_t)job->processes;
  if (now.rlim_max != RLIM_INFINITY && now.rlim_max < most) most = now.rlim_max;
  struct rlimit processes = {most, most};
  setrlimit(RLIMIT_NPROC, &processes);
}

// Where this fails, the job has no cgroup and its descendants are found the other way.
static void join(const char *cgroup) {
  char path[4096];
  if (*cgroup == 0) return;
  if (snprintf(path, sizeof path, "%s/cgroup.procs", cgroup) >= (int)sizeof path) return;
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  ssize_t written = write(file, "0", 1);
  (void)written;
  close(file);
}

// Every signal does what it does at first. Asked of the kernel itself: the C library lets nobody
// touch the two that it uses, and ignores them in whatever it spawned.
static void plain_signals(void) {
  const uint64_t plain[8] = {0};  // longer than the kernel's own structure, whatever its order
  for (int number = 1; number <= 64; number++) {
    syscall(SYS_rt_sigaction, number, plain, NULL, sizeof(uint64_t));
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static void become(const struct job *job, pid_t supervisor, int go, int failure) {
  close(3);  // the lock says that the supervisor lives, not the job
  setsid();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != supervisor) _exit(0);
  char byte;
  ssize_t count;
  while ((count = read(go, &byte, 1)) < 0 && errno == EINTR) continue;
  if (count != 1) _exit(0);
  join(job->cgroup);
  if (chdir(job->folder) != 0) fail(failure, step_folder);
  open_files(job, failure);
  umask(022);
  limit(job);
  plain_signals();
  // What the office may do beyond a user (a port below 1024) is not a job's.
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  // Looked up in the job's own PATH.
  environ = job->environment;
  execvp(job->arguments[0], job->arguments);
  fail(failure, step_exec);
}

int process_make(const struct job *job, struct process *process) {
  int go[2], failure[2];
  if (pipe2(go, O_CLOEXEC) != 0) return errno;
  if (pipe2(failure, O_CLOEXEC | O_NONBLOCK) != 0) return errno;
  pid_t supervisor = getpid();
  pid_t pid = fork();
  if (pid < 0) return errno;
  if (pid == 0) {
    close(go[1]);
    close(failure[0]);
    become(job, supervisor, go[0], failure[1]);
  }
  close(go[0]);
  close(failure[1]);
  process->pid = pid;
  process->go = go[1];
  process->failure = failure[0];
  return 0;
}

void process_release(struct process *process) {
  ssize_t written = write(process->go, "", 1);
  (void)written;
  close(process->go);
}

void process_dismiss(struct process *process) { close(process->go); }

enum step process_failure(const struct process *process, int *error) {
  struct failure failure;
  if (read(process->failure, &failure, sizeof failure) != sizeof failure) return step_none;
  *error = failure.error;
  return failure.step;
}
