/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-password-file.h"

#include <string.h>

#define DIGEST_LENGTH 16
#define SALT_LIMIT 8
#define ROUNDS 1000
#define APACHE_PREFIX "$apr1$"
#define SHA_PREFIX "{SHA}"

static const char letters[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static void
append_letters (GString *text, guint32 value, guint n)
{
  for (guint i = 0; i < n; i++, value >>= 6)
    g_string_append_c (text, letters[value & 0x3f]);
}

static void
update_text (GChecksum *checksum, const char *text)
{
  g_checksum_update (checksum, (const guchar *)text, strlen (text));
}

static void
finish (GChecksum *checksum, guint8 *digest)
{
  gsize length = DIGEST_LENGTH;

  g_checksum_get_digest (checksum, digest, &length);
}

static void
compute_first (const char *password, const char *salt, guint8 *digest)
{
  g_autoptr (GChecksum) inner = g_checksum_new (G_CHECKSUM_MD5);
  g_autoptr (GChecksum) outer = g_checksum_new (G_CHECKSUM_MD5);
  gsize length = strlen (password);
  guint8 inside[DIGEST_LENGTH];
  const guint8 zero = 0;

  update_text (inner, password);
  update_text (inner, salt);
  update_text (inner, password);
  finish (inner, inside);

  update_text (outer, password);
  update_text (outer, APACHE_PREFIX);
  update_text (outer, salt);
  for (gsize left = length; left > 0; left -= MIN (left, DIGEST_LENGTH))
    g_checksum_update (outer, inside, MIN (left, DIGEST_LENGTH));
  for (gsize bits = length; bits > 0; bits >>= 1)
    g_checksum_update (outer, bits & 1 ? &zero : (const guchar *)password, 1);
  finish (outer, digest);
}

static void
compute_round (const char *password, const char *salt, guint round, guint8 *digest)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_MD5);

  if (round % 2 == 1)
    update_text (checksum, password);
  else
    g_checksum_update (checksum, digest, DIGEST_LENGTH);
  if (round % 3 != 0)
    update_text (checksum, salt);
  if (round % 7 != 0)
    update_text (checksum, password);
  if (round % 2 == 1)
    g_checksum_update (checksum, digest, DIGEST_LENGTH);
  else
    update_text (checksum, password);
  finish (checksum, digest);
}

/* What `htpasswd` makes by default,
 * https://httpd.apache.org/docs/2.4/misc/password_encryptions.html.
 */
static char *
dup_apache_hash (const char *password, const char *salt)
{
  GString *text = g_string_new (APACHE_PREFIX);
  guint8 digest[DIGEST_LENGTH];

  compute_first (password, salt, digest);
  for (guint round = 0; round < ROUNDS; round++)
    compute_round (password, salt, round, digest);

  g_string_append_printf (text, "%s$", salt);
  for (guint i = 0; i < 5; i++) {
    guint last = i < 4 ? i + 12 : 5;

    append_letters (text, (guint32)digest[i] << 16 | (guint32)digest[i + 6] << 8 | digest[last], 4);
  }
  append_letters (text, digest[11], 2);
  return g_string_free (text, FALSE);
}

static char *
dup_sha_hash (const char *password)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;
  g_autofree char *encoded = NULL;

  update_text (checksum, password);
  g_checksum_get_digest (checksum, digest, &length);
  encoded = g_base64_encode (digest, length);
  return g_strconcat (SHA_PREFIX, encoded, NULL);
}

static gboolean
matches (const char *hash, const char *password)
{
  g_autofree char *computed = NULL;

  if (g_str_has_prefix (hash, SHA_PREFIX)) {
    computed = dup_sha_hash (password);
  } else if (g_str_has_prefix (hash, APACHE_PREFIX)) {
    const char *salt = hash + strlen (APACHE_PREFIX);
    g_autofree char *cut = g_strndup (salt, MIN (strcspn (salt, "$"), SALT_LIMIT));

    computed = dup_apache_hash (password, cut);
  }
  return g_strcmp0 (computed, hash) == 0;
}

/**
 * practice_password_file_check:
 * @users: lines as htpasswd(1) writes them, with MD5 (its default) or SHA-1 (`-s`)
 * @name: a user's name
 * @password: a password
 *
 * Returns: whether @name has that password
 */
gboolean
practice_password_file_check (const char *const *users, const char *name, const char *password)
{
  g_return_val_if_fail (users != NULL, FALSE);
  g_return_val_if_fail (name != NULL && password != NULL, FALSE);

  for (guint i = 0; users[i] != NULL; i++) {
    gsize length = strlen (name);

    if (strncmp (users[i], name, length) == 0 && users[i][length] == ':' &&
        matches (users[i] + length + 1, password))
      return TRUE;
  }
  return FALSE;
}
