// Reads what is to be run.
#include "supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// The rest of the file; `ok` falls where it ended too early.
struct texts {
  const char *next;
  const char *end;
  int ok;
};

static const char *text(struct texts *texts) {
  const char *start = texts->next;
  const char *zero = texts->ok ? memchr(start, 0, (size_t)(texts->end - start)) : NULL;
  if (zero == NULL) {
    texts->ok = 0;
    return "";
  }
  texts->next = zero + 1;
  return start;
}

static int64_t number(struct texts *texts, int64_t most) {
  const char *digits = text(texts);
  if (*digits < '0' || *digits > '9') {
    texts->ok = 0;
    return 0;
  }
  char *rest;
  errno = 0;
  long long value = strtoll(digits, &rest, 10);
  if (errno != 0 || *rest != 0 || value > most) texts->ok = 0;
  return value;
}

static char **list(struct texts *texts) {
  // Each text has at least its zero byte, so the file bounds how many there can be.
  int64_t count = number(texts, texts->end - texts->next);
  if (!texts->ok) return NULL;
  char **items = calloc((size_t)count + 1, sizeof *items);
  if (items == NULL) {
    texts->ok = 0;
    return NULL;
  }
  for (int64_t index = 0; index < count; index++) items[index] = (char *)text(texts);
  return items;
}

int job_read(struct job *job) {
  int file = open("job", O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno;
  struct stat status;
  if (fstat(file, &status) != 0) return errno;
  if (status.st_size == 0) return EINVAL;
  // Never given back: the job's arguments point into it.
  const char *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  if (bytes == MAP_FAILED) return errno;
  close(file);
  struct texts texts = {bytes, bytes + status.st_size, 1};
  const char *version = text(&texts);
  job->token = text(&texts);
  job->folder = text(&texts);
  job->output = text(&texts);
  job->error = text(&texts);
  const int64_t most = INT64_MAX / 10000000;
  job->limit_seconds = number(&texts, most);
  job->grace_seconds = number(&texts, most);
  job->processes = number(&texts, most);
  job->cgroup = text(&texts);
  job->arguments = list(&texts);
  job->environment = list(&texts);
  if (!texts.ok || strcmp(version, "madang-job-1") != 0 || strlen(job->token) != 32) return EINVAL;
  return job->arguments[0] == NULL ? EINVAL : 0;
}
