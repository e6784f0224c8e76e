// A power cut for one process, to be preloaded into it.
//
// Keeps what every write and truncation of a journal's files replaced, until the file is synced. On
// SIGUSR1 it takes the unsynced ones back, newest first, and ends the process: the files are then
// as a disk that lost its power may leave them. A sync costs nothing here, since only this
// process's view of it matters.
//
//   POWERCUT_SEED  0: every unsynced write is lost
//                  n: of each file a random beginning of them survives
//   SIGUSR2        from now on every sync fails with EIO, as on a dying disk
//
// One mutex orders all writes, syncs and the cut, so nothing is acknowledged after it.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct change {
  struct change *older;
  ino_t inode;
  int file;         // A descriptor of our own: SQLite may close its.
  off_t old_size;
  off_t offset;     // Where `length` old bytes stood.
  size_t length;
  char bytes[];
} change;

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static change *newest;
static atomic_int syncs_fail;
static sem_t bell;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);

static int is_journal(int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t count = readlink(link, path, sizeof path - 1);
  if (count <= 0) return 0;
  path[count] = 0;
  return strstr(path, "/journal.sqlite") != NULL && strstr(path, "-shm") == NULL;
}

// Keeps the bytes from `offset` on, at most `length` of them, and the size.
static void keep(int file, off_t offset, size_t length) {
  struct stat status;
  if (fstat(file, &status) != 0) return;
  size_t there = status.st_size > offset ? (size_t)(status.st_size - offset) : 0;
  if (there > length) there = length;
  change *made = malloc(sizeof *made + there);
  if (made == NULL) abort();
  made->older = newest;
  made->inode = status.st_ino;
  made->file = dup(file);
  made->old_size = status.st_size;
  made->offset = offset;
  made->length = there;
  if (there > 0 && pread(file, made->bytes, there, offset) != (ssize_t)there) abort();
  newest = made;
}

static void forget(ino_t inode) {
  change **link = &newest;
  while (*link != NULL) {
    change *it = *link;
    if (it->inode == inode) {
      *link = it->older;
      close(it->file);
      free(it);
    } else {
      link = &it->older;
    }
  }
}

// Undoes a file's newest changes, all but `surviving` of them.
static void cut(ino_t inode, size_t surviving) {
  size_t count = 0;
  for (change *it = newest; it != NULL; it = it->older) count += it->inode == inode;
  for (change *it = newest; it != NULL && count > surviving; it = it->older) {
    if (it->inode != inode) continue;
    if (it->length > 0) real_pwrite(it->file, it->bytes, it->length, it->offset);
    real_ftruncate(it->file, it->old_size);
    count--;
  }
}

static size_t count_of(ino_t inode) {
  size_t count = 0;
  for (change *it = newest; it != NULL; it = it->older) count += it->inode == inode;
  return count;
}

__attribute__((noreturn)) static void power_off(void) {
  const char *text = getenv("POWERCUT_SEED");
  unsigned seed = text ? (unsigned)strtoul(text, NULL, 10) : 0;
  for (change *it = newest; it != NULL; it = it->older) {
    int seen = 0;
    for (change *other = newest; other != it; other = other->older) {
      seen |= other->inode == it->inode;
    }
    if (seen) continue;
    size_t count = count_of(it->inode);
    cut(it->inode, seed == 0 ? 0 : (size_t)rand_r(&seed) % (count + 1));
  }
  _exit(137);
}

// The handler may run anywhere, so it only rings; a thread of our own takes the gate.
static void ring(int signal) {
  if (signal == SIGUSR1) {
    sem_post(&bell);
  } else {
    atomic_store(&syncs_fail, 1);
  }
}

static void *wait_for_bell(void *unused) {
  (void)unused;
  while (sem_wait(&bell) != 0) {
  }
  pthread_mutex_lock(&gate);
  power_off();
}

__attribute__((constructor)) static void begin(void) {
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
  sem_init(&bell, 0, 0);
  pthread_t thread;
  pthread_create(&thread, NULL, wait_for_bell, NULL);
  struct sigaction action = {.sa_handler = ring, .sa_flags = SA_RESTART};
  sigaction(SIGUSR1, &action, NULL);
  sigaction(SIGUSR2, &action, NULL);
}

ssize_t write(int file, const void *bytes, size_t count) {
  pthread_mutex_lock(&gate);
  if (is_journal(file)) keep(file, lseek(file, 0, SEEK_CUR), count);
  ssize_t result = real_write(file, bytes, count);
  pthread_mutex_unlock(&gate);
  return result;
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  pthread_mutex_lock(&gate);
  if (is_journal(file)) keep(file, offset, count);
  ssize_t result = real_pwrite(file, bytes, count, offset);
  pthread_mutex_unlock(&gate);
  return result;
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
  return pwrite(file, bytes, count, offset);
}

int ftruncate(int file, off_t size) {
  pthread_mutex_lock(&gate);
  if (is_journal(file)) keep(file, size, (size_t)1 << 40);
  int result = real_ftruncate(file, size);
  pthread_mutex_unlock(&gate);
  return result;
}

int ftruncate64(int file, off64_t size) { return ftruncate(file, size); }

static int sync_file(int file) {
  if (atomic_load(&syncs_fail) && is_journal(file)) {
    errno = EIO;
    return -1;
  }
  pthread_mutex_lock(&gate);
  struct stat status;
  if (fstat(file, &status) == 0) forget(status.st_ino);
  pthread_mutex_unlock(&gate);
  return 0;
}

int fsync(int file) { return sync_file(file); }
int fdatasync(int file) { return sync_file(file); }
