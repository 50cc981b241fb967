/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jump-host-key.h"
#include "jump-place.h"

#define MAX_LINE (16 * 1024)

G_DEFINE_BOXED_TYPE (JumpHostKey, jump_host_key, jump_host_key_copy, jump_host_key_free)

/* "SHA256:" and the digest of the key in base64 without padding: what ssh-keygen -l prints, so that
 * an instructor can compare. */
static char *
dup_fingerprint (const char *blob)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guchar *key = NULL;
  g_autofree char *digest = NULL;
  guint8 bytes[32];
  gsize length, n_bytes = sizeof bytes;

  key = g_base64_decode (blob, &length);
  if (length == 0)
    return NULL;
  g_checksum_update (checksum, key, length);
  g_checksum_get_digest (checksum, bytes, &n_bytes);
  digest = g_base64_encode (bytes, n_bytes);
  *strchrnul (digest, '=') = '\0';
  return g_strconcat ("SHA256:", digest, NULL);
}

/* "ssh-ed25519" → "ED25519", "ecdsa-sha2-nistp256" → "ECDSA", as ssh itself names them. */
static char *
dup_kind (const char *type)
{
  const char *end;

  if (g_str_has_prefix (type, "sk-"))
    type += 3;
  if (g_str_has_prefix (type, "ssh-"))
    type += 4;
  end = type + strcspn (type, "-@");
  return g_ascii_strup (type, end - type);
}

/**
 * jump_host_key_parse:
 * @line: a line of a known_hosts file: names, type, key, and perhaps a comment (sshd(8))
 *
 * Returns: (transfer full): the key, or %NULL with %JUMP_ERROR_FAILED
 */
JumpHostKey *
jump_host_key_parse (const char *line, GError **error)
{
  g_autoptr (JumpHostKey) self = g_new0 (JumpHostKey, 1);
  g_auto (GStrv) fields = NULL;

  g_return_val_if_fail (line != NULL, NULL);

  self->line = g_strstrip (g_strndup (line, MAX_LINE));
  fields = g_strsplit (self->line, " ", 4);
  if (g_strv_length (fields) >= 3 && *fields[0] != '#' && *fields[0] != '@' && *fields[1] != '\0' &&
      strchr (self->line, '\n') == NULL) {
    self->kind = dup_kind (fields[1]);
    self->fingerprint = dup_fingerprint (fields[2]);
  }
  if (self->fingerprint == NULL) {
    g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED, "%s",
                 _ ("The jumpserver's host key could not be read."));
    return NULL;
  }
  return g_steal_pointer (&self);
}

JumpHostKey *
jump_host_key_copy (const JumpHostKey *self)
{
  JumpHostKey *copy = g_new0 (JumpHostKey, 1);

  copy->line = g_strdup (self->line);
  copy->kind = g_strdup (self->kind);
  copy->fingerprint = g_strdup (self->fingerprint);
  return copy;
}

void
jump_host_key_free (JumpHostKey *self)
{
  g_clear_pointer (&self->line, g_free);
  g_clear_pointer (&self->kind, g_free);
  g_clear_pointer (&self->fingerprint, g_free);
  g_free (self);
}

/* A line that an editor left without an end must not swallow ours. */
static gboolean
append_line (int fd, const char *line)
{
  g_autofree char *text = NULL;
  char last = '\n';
  off_t size = lseek (fd, 0, SEEK_END);
  gsize length;

  if (size > 0 && pread (fd, &last, 1, size - 1) != 1)
    return FALSE;
  text = g_strconcat (last != '\n' ? "\n" : "", line, "\n", NULL);
  length = strlen (text);
  return write (fd, text, length) == (gssize)length;
}

/**
 * jump_host_key_trust:
 * @path: the program's own known_hosts file; made, with its folder, where it is missing
 *
 * Adds exactly this key to @path, so that what the user was shown is what is trusted from now on.
 *
 * Returns: whether the key is in the file
 */
gboolean
jump_host_key_trust (const JumpHostKey *self, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  gboolean done;
  int fd, saved_errno;

  g_return_val_if_fail (self != NULL, FALSE);

  fd = g_mkdir_with_parents (folder, 0700) == 0
         ? open (path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600)
         : -1;
  done =
    fd >= 0 && fchmod (fd, 0600) == 0 && flock (fd, LOCK_EX) == 0 && append_line (fd, self->line);
  saved_errno = errno;
  if (fd >= 0)
    close (fd);
  if (!done)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                 /* Translators: %s is a file, the second %s the system's reason */
                 _ ("Cannot write %s: %s"), path, g_strerror (saved_errno));
  return done;
}
