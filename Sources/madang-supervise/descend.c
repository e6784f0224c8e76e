// Finds and ends whatever the job started. As child subreaper the supervisor becomes the parent of
// every process whose own parent ended, however it left the job's group and session; so when it has
// no child left, the job has no process left.
#include "supervise.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

struct row {
  pid_t pid;
  pid_t parent;
  pid_t group;
  int ours;
};

// A process's parent and group, from `pid (command) state parent group …`; 0 where it is gone.
static int look_up(pid_t pid, struct row *row) {
  char path[64], line[512];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t count = read(file, line, sizeof line - 1);
  close(file);
  if (count <= 0) return 0;
  line[count] = 0;
  // The command may hold anything, parentheses too; nothing behind it does.
  const char *end = strrchr(line, ')');
  if (end == NULL || strlen(end) < 5) return 0;
  char *rest;
  row->pid = pid;
  row->parent = (pid_t)strtol(end + 4, &rest, 10);
  row->group = (pid_t)strtol(rest, NULL, 10);
  row->ours = row->parent == getpid();
  return row->parent != 0;
}

// Every process of the machine and its parent. NULL where there is no memory for it.
static struct row *processes(size_t *count) {
  DIR *folder = opendir("/proc");
  size_t room = 1024;
  struct row *rows = malloc(room * sizeof *rows);
  *count = 0;
  struct dirent *entry;
  while (folder != NULL && rows != NULL && (entry = readdir(folder)) != NULL) {
    struct row row;
    pid_t pid = (pid_t)atoi(entry->d_name);
    if (pid <= 0 || !look_up(pid, &row)) continue;
    if (*count == room) {
      struct row *more = realloc(rows, 2 * room * sizeof *rows);
      if (more == NULL) break;
      rows = more;
      room *= 2;
    }
    rows[(*count)++] = row;
  }
  if (folder != NULL) closedir(folder);
  return rows;
}

static int by_pid(const void *a, const void *b) {
  pid_t left = ((const struct row *)a)->pid, right = ((const struct row *)b)->pid;
  return (left > right) - (left < right);
}

// Whether a row's parent is one of ours. The rows are in order of their numbers.
static int parent_is_ours(const struct row *rows, size_t count, size_t index) {
  struct row parent = {rows[index].parent, 0, 0, 0};
  const struct row *found = bsearch(&parent, rows, count, sizeof *rows, by_pid);
  return found != NULL && found->ours;
}

// Signals a process unless its number went to another since it was listed. A descendant that was
// handed to us in between has us as its parent.
static void signal_row(const struct row *row, int number) {
  int process = (int)syscall(SYS_pidfd_open, row->pid, 0);
  if (process < 0) return;
  struct row now;
  if (look_up(row->pid, &now) && (now.parent == row->parent || now.ours)) {
    syscall(SYS_pidfd_send_signal, process, number, NULL, 0);
  }
  close(process);
}

// Signals every descendant that is not in the group `but`.
static void signal_all(int number, pid_t but) {
  size_t count;
  struct row *rows = processes(&count);
  if (rows != NULL) qsort(rows, count, sizeof *rows, by_pid);
  for (int changed = rows != NULL; changed;) {
    changed = 0;
    for (size_t index = 0; index < count; index++) {
      if (rows[index].ours || !parent_is_ours(rows, count, index)) continue;
      rows[index].ours = changed = 1;
    }
  }
  for (size_t index = 0; rows != NULL && index < count; index++) {
    if (rows[index].ours && rows[index].group != but) signal_row(&rows[index], number);
  }
  free(rows);
}

void descend_signal(pid_t job, int number) {
  kill(-job, number);
  // Each once: who hears TERM a second time may take it for a command to hurry.
  signal_all(number, job);
  // What was stopped hears nothing before it goes on.
  if (number != SIGKILL) kill(-job, SIGCONT);
}

static int write_to(const char *cgroup, const char *name, const char *text) {
  char path[4096];
  if (*cgroup == 0) return 0;
  if (snprintf(path, sizeof path, "%s/%s", cgroup, name) >= (int)sizeof path) return 0;
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t written = write(file, text, strlen(text));
  close(file);
  return written > 0;
}

int cgroup_kill(const char *cgroup) { return write_to(cgroup, "cgroup.kill", "1"); }

void cgroup_remove(const char *cgroup) {
  struct timespec pause = {0, 10000000};
  for (int attempt = 0; attempt < 100 && *cgroup != 0; attempt++) {
    if (rmdir(cgroup) == 0 || errno == ENOENT) return;
    nanosleep(&pause, NULL);
  }
}

void descend_end(const char *cgroup) {
  struct timespec pause = {0, 1000000};
  for (;;) {
    pid_t ended;
    while ((ended = waitpid(-1, NULL, WNOHANG)) > 0) continue;
    if (ended < 0 && errno == ECHILD) return;
    cgroup_kill(cgroup);
    signal_all(SIGKILL, 0);
    nanosleep(&pause, NULL);
    // One that the system holds fast (a disk that does not answer) is not worth a busy loop.
    if (pause.tv_nsec < 100000000) pause.tv_nsec *= 2;
  }
}
