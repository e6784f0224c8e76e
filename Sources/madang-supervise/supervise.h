// The supervisor of one job: a process of its own, so that the job outlives the server, and a small
// one, since there are as many as jobs (docs/decisions/0007-a-supervisor-of-its-own.md).
//
//   main.c      how it goes: claim, start, watch, end
//   job.c       reads what is to be run
//   start.c     the job's own process, up to exec
//   descend.c   finds and ends whatever the job started
//   record.c    what it leaves on the disk: started, ended
#ifndef MADANG_SUPERVISE_H
#define MADANG_SUPERVISE_H

#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

// ---- The job (job.c) ----

// The file `job`: texts that each end with a zero byte, in this order. What the engine alone reads
// follows and is passed over.
//
//   "madang-job-1" token folder output error limit grace processes cgroup n argument×n m variable×m
struct job {
  const char *token;       // 32 hexadecimal digits
  const char *folder;      // where it works
  const char *output;      // where its output goes, from `folder`
  const char *error;       // empty: where its output goes
  int64_t limit_seconds;   // 0: none
  int64_t grace_seconds;   // between being told to end and being ended
  int64_t processes;       // most processes of this user, 0: as it is
  const char *cgroup;      // a cgroup (v2) folder to be made for it; empty: none
  char **arguments;        // ends with NULL
  char **environment;      // ends with NULL
};

// 0, or the error number; EINVAL where the file is not one of ours.
int job_read(struct job *job);

// ---- Its process (start.c) ----

enum step { step_none, step_record, step_folder, step_output, step_error, step_exec, step_fork };

struct process {
  pid_t pid;           // leads its own session and group
  int go;              // a byte written here lets it run; closed, it goes away
  int failure;         // where it says what it could not do
};

// Makes the process, which waits. 0, or the error number.
int process_make(const struct job *job, struct process *process);

// Lets it run.
void process_release(struct process *process);

// Lets it go away without having run anything.
void process_dismiss(struct process *process);

// What it could not do before it became the job; step_none where it did become it.
enum step process_failure(const struct process *process, int *error);

// ---- Its descendants (descend.c) ----

// Sends a signal to the job's group and to what left it. The job's first process must not have
// been waited for yet: until then nobody else can have its number.
void descend_signal(pid_t job, int signal);

// Ends every descendant and waits for all. The job's first process must have been waited for.
void descend_end(const char *cgroup);

// Gives back the cgroup's folder.
void cgroup_remove(const char *cgroup);

// Ends all that is in the cgroup; 0 where there is none.
int cgroup_kill(const char *cgroup);

// ---- What it leaves (record.c) ----

enum reason {
  reason_exited,
  reason_limit,
  reason_canceled,
  reason_suspended,  // its allocation may not work any more
  reason_over,       // its allocation's term is over
  reason_stopped,
  reason_not_started
};

struct end {
  enum reason reason;
  enum step step;      // what could not be done, where it could not start
  int error;           // and why
  int status;          // as wait gives it
  struct rusage usage;
};

// Now, in microseconds, by a clock that nobody sets.
int64_t clock_now(void);

// Sets aside the room that `ended` will need, so that a full disk does not lose it.
int record_reserve(void);

// `started`, durable. 0, or the error number.
int record_started(const struct job *job, pid_t pid);

// `ended`, durable: tries until the disk takes it, or until the folder is gone.
void record_ended(const struct job *job, const struct end *end);

// Tells the engine that there is something new; nobody need be there.
void record_announce(const struct job *job);

// For tests, in debug builds: ends this process here, where the environment asks for it.
#ifdef DEBUG
void fault(const char *point);
#else
#define fault(point) ((void)0)
#endif

#endif
