/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-canary-log.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define MAX_LINES 200
/* What is older is kept once more, under another name. */
#define MAX_BYTES (128 * 1024)

struct _SessionCanaryLog {
  GObject parent_instance;

  char *path;       /* (nullable): in memory only */
  GPtrArray *lines; /* of char, the oldest first */
  GError *error;    /* (nullable): why the last line is not in the file */
  char *unfinished; /* (nullable): what an earlier run left behind */
  int note;         /* the file of what is not over yet, locked; -1: all is over */
};

G_DEFINE_FINAL_TYPE (SessionCanaryLog, session_canary_log, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
keep (SessionCanaryLog *self, const char *line)
{
  if (self->lines->len >= MAX_LINES)
    g_ptr_array_remove_index (self->lines, 0);
  g_ptr_array_add (self->lines, g_strdup (line));
}

static void
load (SessionCanaryLog *self)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gsize length;

  if (!g_file_get_contents (self->path, &text, &length, NULL))
    return;
  if (length > MAX_BYTES) {
    g_autofree char *old = g_strconcat (self->path, ".old", NULL);

    g_rename (self->path, old);
  }
  if (!g_utf8_validate (text, (gssize)length, NULL))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      keep (self, lines[i]);
}

/* (nullable): where what is not over yet is noted */
static char *
dup_note_path (SessionCanaryLog *self)
{
  return self->path != NULL ? g_strconcat (self->path, ".unfinished", NULL) : NULL;
}

/* A note that nobody holds is of a run that was cut off. It is told once. */
static void
load_note (SessionCanaryLog *self)
{
  g_autofree char *path = dup_note_path (self);
  g_autofree char *text = NULL;
  int file = g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);

  if (file < 0)
    return;
  if (flock (file, LOCK_EX | LOCK_NB) == 0) {
    if (g_file_get_contents (path, &text, NULL, NULL) && *text != '\0' &&
        g_utf8_validate (text, -1, NULL))
      self->unfinished = g_steal_pointer (&text);
    g_unlink (path);
  }
  g_close (file, NULL);
}

static gboolean
set_error (SessionCanaryLog *self)
{
  int code = errno;

  g_set_error (&self->error, G_FILE_ERROR, g_file_error_from_errno (code), "%s: %s", self->path,
               g_strerror (code));
  return FALSE;
}

/* One write of a whole line, so that two windows' lines do not mix. */
static gboolean
save (SessionCanaryLog *self, const char *line)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *whole = g_strconcat (line, "\n", NULL);
  gsize length = strlen (whole);
  gboolean is_saved;
  int file;

  g_clear_error (&self->error);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return set_error (self);
  file = g_open (self->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0)
    return set_error (self);
  is_saved = write (file, whole, length) == (gssize)length;
  if (!is_saved)
    set_error (self);
  g_close (file, NULL);
  return is_saved;
}

static void
session_canary_log_finalize (GObject *object)
{
  SessionCanaryLog *self = SESSION_CANARY_LOG (object);

  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->unfinished, g_free);
  if (self->note >= 0)
    g_close (self->note, NULL);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (session_canary_log_parent_class)->finalize (object);
}

static void
session_canary_log_class_init (SessionCanaryLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = session_canary_log_finalize;

  signals[CHANGED] = g_signal_new ("changed", SESSION_TYPE_CANARY_LOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
session_canary_log_init (SessionCanaryLog *self)
{
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->note = -1;
}

/**
 * session_canary_log_new:
 * @path: (nullable): the file; %NULL: in memory only
 *
 * Returns: (transfer full): with what the file has
 */
SessionCanaryLog *
session_canary_log_new (const char *path)
{
  SessionCanaryLog *self = g_object_new (SESSION_TYPE_CANARY_LOG, NULL);

  self->path = g_strdup (path);
  if (path != NULL) {
    load (self);
    load_note (self);
  }
  return self;
}

/**
 * session_canary_log_dup_default_path:
 *
 * Returns: (transfer full): below XDG_STATE_HOME
 */
char *
session_canary_log_dup_default_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "konvoy-lab", "canary.log", NULL);
}

/**
 * session_canary_log_add:
 * @text: what happened, in a sentence
 *
 * Puts the time before it.
 */
void
session_canary_log_add (SessionCanaryLog *self, const char *text)
{
  g_autoptr (GDateTime) now = NULL;
  g_autofree char *time = NULL;
  g_autofree char *line = NULL;

  g_return_if_fail (SESSION_IS_CANARY_LOG (self));
  g_return_if_fail (text != NULL);

  now = g_date_time_new_now_local ();
  time = g_date_time_format (now, "%Y-%m-%d %H:%M:%S");
  line = g_strdup_printf ("%s %s", time, text);
  g_strdelimit (line, "\r\n", ' ');
  keep (self, line);
  if (self->path != NULL)
    save (self, line);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* One window at a time has it; another one's canary is told by that window alone. */
static gboolean
open_note (SessionCanaryLog *self)
{
  g_autofree char *path = dup_note_path (self);

  if (self->note >= 0 || path == NULL)
    return self->note >= 0;
  self->note = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->note >= 0 && flock (self->note, LOCK_EX | LOCK_NB) != 0) {
    g_close (self->note, NULL);
    self->note = -1;
  }
  return self->note >= 0;
}

/**
 * session_canary_log_note:
 * @text: (nullable): what the next start is to tell, should this one end without another note;
 *   %NULL: all is over
 */
void
session_canary_log_note (SessionCanaryLog *self, const char *text)
{
  g_autofree char *path = NULL;

  g_return_if_fail (SESSION_IS_CANARY_LOG (self));

  if (text == NULL && self->note >= 0) {
    path = dup_note_path (self);
    g_unlink (path);
    g_close (self->note, NULL);
    self->note = -1;
  } else if (text != NULL && open_note (self)) {
    g_clear_error (&self->error);
    if (ftruncate (self->note, 0) != 0 ||
        pwrite (self->note, text, strlen (text), 0) != (gssize)strlen (text))
      set_error (self);
  }
}

/**
 * session_canary_log_get_unfinished:
 *
 * Returns: (nullable) (transfer none): what an earlier run of the program left behind, in a
 * sentence
 */
const char *
session_canary_log_get_unfinished (SessionCanaryLog *self)
{
  g_return_val_if_fail (SESSION_IS_CANARY_LOG (self), NULL);

  return self->unfinished;
}

/**
 * session_canary_log_dup_text:
 * @n_lines: at most
 *
 * Returns: (transfer full): the last lines
 */
char *
session_canary_log_dup_text (SessionCanaryLog *self, guint n_lines)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n;

  g_return_val_if_fail (SESSION_IS_CANARY_LOG (self), NULL);

  n = self->lines->len;
  for (guint i = n > n_lines ? n - n_lines : 0; i < n; i++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "",
                            (const char *)g_ptr_array_index (self->lines, i));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * session_canary_log_get_error:
 *
 * Returns: (nullable) (transfer none): why the last line is in memory only
 */
const GError *
session_canary_log_get_error (SessionCanaryLog *self)
{
  g_return_val_if_fail (SESSION_IS_CANARY_LOG (self), NULL);

  return self->error;
}
