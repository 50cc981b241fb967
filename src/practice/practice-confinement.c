/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* landlock(7), by numbers: the headers of Debian 12 are older than what it can do about TCP, which
 * came with its fourth version (Linux 6.7). */
#define CREATE_RULESET 444
#define ADD_RULE 445
#define RESTRICT_SELF 446
#define GET_VERSION 1
#define RULE_PATH_BENEATH 1
#define LEAST_VERSION 4

#define FILE_EXECUTE (1u << 0)
#define FILE_WRITE (1u << 1)
#define FILE_READ (1u << 2)
#define FOLDER_READ (1u << 3)
#define ALL_FILE_RIGHTS ((1u << 15) - 1)
#define ALL_TCP_RIGHTS 3

#define READABLE (FILE_EXECUTE | FILE_READ | FOLDER_READ)
#define DEVICES (READABLE | FILE_WRITE)

struct _PracticeConfinement {
  GStrv readable;
  GStrv writable;
};

typedef struct {
  guint64 files;
  guint64 tcp;
} Ruleset;

/* The kernel's own has no padding. */
typedef struct {
  guint64 rights;
  gint32 folder;
} __attribute__ ((packed)) PathRule;

/**
 * practice_confinement_is_possible:
 *
 * Returns: whether this kernel has Landlock, switched on, with rules for TCP
 */
gboolean
practice_confinement_is_possible (void)
{
  return syscall (CREATE_RULESET, NULL, 0, GET_VERSION) >= LEAST_VERSION;
}

/**
 * practice_confinement_new:
 * @readable: (array zero-terminated=1): what may be read and run
 * @writable: (array zero-terminated=1): what may be written to as well
 *
 * Returns: (transfer full): a confinement
 */
PracticeConfinement *
practice_confinement_new (const char *const *readable, const char *const *writable)
{
  PracticeConfinement *self = g_new (PracticeConfinement, 1);

  self->readable = g_strdupv ((char **)readable);
  self->writable = g_strdupv ((char **)writable);
  return self;
}

/**
 * practice_confinement_free:
 * @self: (transfer full): a confinement
 */
void
practice_confinement_free (PracticeConfinement *self)
{
  g_strfreev (self->readable);
  g_strfreev (self->writable);
  g_free (self);
}

static int
allow (int ruleset, const char *path, guint64 rights)
{
  PathRule rule = { rights, open (path, O_PATH | O_CLOEXEC) };
  struct stat status;
  int error = 0;

  if (rule.folder < 0)
    return 0;
  /* Rights that only folders have are refused for a file. */
  if (fstat (rule.folder, &status) == 0 && !S_ISDIR (status.st_mode))
    rule.rights &= FILE_EXECUTE | FILE_WRITE | FILE_READ;
  if (syscall (ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0) < 0)
    error = errno;
  close (rule.folder);
  return error;
}

/**
 * practice_confinement_enter:
 * @self: a confinement
 *
 * Confines the calling process, and all that it starts, for good.
 *
 * Returns: 0, or an errno
 */
int
practice_confinement_enter (const PracticeConfinement *self)
{
  const Ruleset rules = { ALL_FILE_RIGHTS, ALL_TCP_RIGHTS };
  int ruleset = (int)syscall (CREATE_RULESET, &rules, sizeof rules, 0);
  int error = ruleset < 0 ? errno : 0;

  for (guint i = 0; error == 0 && self->readable[i] != NULL; i++)
    error = allow (ruleset, self->readable[i], READABLE);
  for (guint i = 0; error == 0 && self->writable[i] != NULL; i++)
    error = allow (ruleset, self->writable[i], ALL_FILE_RIGHTS);
  if (error == 0)
    error = allow (ruleset, "/dev", DEVICES);
  if (error == 0 &&
      (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || syscall (RESTRICT_SELF, ruleset, 0) < 0))
    error = errno;
  if (ruleset >= 0)
    close (ruleset);
  return error;
}
