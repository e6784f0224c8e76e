// Counts what a process does to a journal's files, to be preloaded into it.
//
// Writes to the file SYNC_LOG, in the order in which they happen, one letter for each
//   w  sync of the write-ahead log
//   d  sync of the database itself (a checkpoint)
//   a  write to standard output (the storm's acknowledgement)
// And to the file SYNC_FOLDERS a line for each folder that is synced: its path.
// And to the file SYNC_ORDER, in the order in which they happen, a line for each
//   sync PATH      sync of a file or folder
//   rename PATH    what has this name from now on
//   exec PROGRAM   another program begins
//
// The syncs are done for real.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static int log_file = -1;
static int folders_file = -1;
static char order_path[4096];

__attribute__((constructor)) static void begin(void) {
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_write = dlsym(RTLD_NEXT, "write");
  const char *path = getenv("SYNC_LOG");
  if (path != NULL) log_file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  path = getenv("SYNC_FOLDERS");
  if (path != NULL) folders_file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const char *order = getenv("SYNC_ORDER");
  if (order != NULL) snprintf(order_path, sizeof order_path, "%s", order);
}

static void note_order(const char *what, const char *path) {
  if (*order_path == 0) return;
  char line[4200];
  int count = snprintf(line, sizeof line, "%s %s\n", what, path);
  // Opened each time: there are programs that close whatever they find open, and go elsewhere.
  int file = open(order_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (real_write(file, line, (size_t)count) != count) abort();
  close(file);
}

static void note(char letter) {
  if (log_file >= 0 && real_write(log_file, &letter, 1) != 1) abort();
}

static void note_sync(int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t count = readlink(link, path, sizeof path - 1);
  if (count <= 0) return;
  path[count] = 0;
  note_order("sync", path);
  struct stat status;
  if (folders_file >= 0 && fstat(file, &status) == 0 && S_ISDIR(status.st_mode)) {
    path[count] = '\n';
    if (real_write(folders_file, path, (size_t)count + 1) != count + 1) abort();
    path[count] = 0;
  }
  const char *name = strstr(path, "/journal.sqlite");
  if (name == NULL) return;
  note(strcmp(name, "/journal.sqlite-wal") == 0 ? 'w' : 'd');
}

int fsync(int file) {
  note_sync(file);
  return real_fsync(file);
}

int fdatasync(int file) {
  note_sync(file);
  return real_fdatasync(file);
}

int rename(const char *old, const char *new) {
  int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
  char path[4096];
  int result = real(old, new);
  if (result == 0) note_order("rename", realpath(new, path) == NULL ? new : path);
  return result;
}

int execvp(const char *program, char *const arguments[]) {
  int (*real)(const char *, char *const *) = dlsym(RTLD_NEXT, "execvp");
  note_order("exec", program);
  return real(program, arguments);
}

ssize_t write(int file, const void *bytes, size_t count) {
  if (file == 1) note('a');
  return real_write(file, bytes, count);
}
