/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-database.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "practice-store.h"

/* The layout of the file; a newer one is refused. */
#define SCHEMA_VERSION 1

struct _PracticeDatabase {
  sqlite3 *db;
  sqlite3_stmt *put;
  sqlite3_stmt *remove;
  sqlite3_stmt *set;
};

/* SQLITE_ERROR is what SQLite says of tables that are not as ours are
 * (https://www.sqlite.org/rescode.html). */
static PracticeStoreError
get_error_code (PracticeDatabase *self)
{
  switch (sqlite3_errcode (self->db)) {
    case SQLITE_CORRUPT:
    case SQLITE_ERROR:
    case SQLITE_NOTADB:
      return PRACTICE_STORE_ERROR_DAMAGED;
    default:
      return PRACTICE_STORE_ERROR_IO;
  }
}

static gboolean
set_error (PracticeDatabase *self, const char *what, GError **error)
{
  g_set_error (error, PRACTICE_STORE_ERROR, get_error_code (self), "%s: %s", what,
               sqlite3_errmsg (self->db));
  return FALSE;
}

static gboolean
execute (PracticeDatabase *self, const char *sql, GError **error)
{
  if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  return set_error (self, _ ("Cannot use the cluster's state"), error);
}

static gboolean
prepare (PracticeDatabase *self, const char *sql, sqlite3_stmt **statement, GError **error)
{
  if (sqlite3_prepare_v2 (self->db, sql, -1, statement, NULL) == SQLITE_OK)
    return TRUE;
  return set_error (self, _ ("Cannot use the cluster's state"), error);
}

static gboolean
step_done (PracticeDatabase *self, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code != SQLITE_DONE)
    set_error (self, _ ("Cannot write the cluster's state"), error);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return code == SQLITE_DONE;
}

/* @is_new: (out): whether the file has nothing of ours yet */
static gboolean
check_schema (PracticeDatabase *self, gboolean *is_new, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int found = -1;

  if (!prepare (self, "PRAGMA user_version", &statement, error))
    return FALSE;
  if (sqlite3_step (statement) == SQLITE_ROW)
    found = sqlite3_column_int (statement, 0);
  sqlite3_finalize (statement);
  if (found < 0)
    return set_error (self, _ ("Cannot read the cluster's state"), error);
  if (found > SCHEMA_VERSION) {
    g_set_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_IO,
                 _ ("The cluster's state was written by a newer version of the program"));
    return FALSE;
  }
  *is_new = found < SCHEMA_VERSION;
  return TRUE;
}

/* Only the user may read the state: it holds the token and the cluster's key. SQLite gives its
 * other files the mode of the first. */
static gboolean
create_private (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0 || fchmod (fd, 0600) < 0) {
    int code = errno;

    if (fd >= 0)
      close (fd);
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), "%s: %s", path,
                 g_strerror (code));
    return FALSE;
  }
  close (fd);
  return TRUE;
}

/* WAL with synchronous=NORMAL: a commit is in the file (the page cache) before it returns, so the
 * death of this process loses nothing; only a crash of the whole machine can lose the last moments,
 * and even then leaves a consistent state. FULL would add an fsync to each write, which makes a
 * burst of writes slow on an ordinary disk (https://www.sqlite.org/pragma.html#pragma_synchronous).
 * The exclusive lock keeps a second owner out and does without the shared-memory file. */
static gboolean
open_file (PracticeDatabase *self, const char *path, gboolean *is_new, GError **error)
{
  if (!create_private (path, error))
    return FALSE;
  if (sqlite3_open_v2 (path, &self->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
    return set_error (self, path, error);
  sqlite3_busy_timeout (self->db, 2000);
  return execute (self,
                  "PRAGMA locking_mode=EXCLUSIVE;"
                  "PRAGMA journal_mode=WAL;"
                  "PRAGMA synchronous=NORMAL",
                  error) &&
         check_schema (self, is_new, error);
}

static gboolean
make_tables (PracticeDatabase *self, GError **error)
{
  return execute (self,
                  "BEGIN;"
                  "CREATE TABLE IF NOT EXISTS objects (resource TEXT NOT NULL, key TEXT NOT NULL,"
                  " json TEXT NOT NULL, PRIMARY KEY (resource, key)) WITHOUT ROWID;"
                  "CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)"
                  " WITHOUT ROWID;"
                  "PRAGMA user_version=" G_STRINGIFY (SCHEMA_VERSION) ";"
                                                                      "COMMIT",
                  error);
}

static gboolean
prepare_all (PracticeDatabase *self, GError **error)
{
  return prepare (self, "INSERT OR REPLACE INTO objects VALUES (?1, ?2, ?3)", &self->put, error) &&
         prepare (self, "DELETE FROM objects WHERE resource=?1 AND key=?2", &self->remove, error) &&
         prepare (self, "INSERT OR REPLACE INTO settings VALUES (?1, ?2)", &self->set, error);
}

/**
 * practice_database_new:
 * @path: the file; made, readable for its owner only, where it is missing
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the database, or %NULL with %PRACTICE_STORE_ERROR_IO,
 *   %PRACTICE_STORE_ERROR_DAMAGED or a #GFileError
 */
PracticeDatabase *
practice_database_new (const char *path, GError **error)
{
  g_autoptr (PracticeDatabase) self = g_new0 (PracticeDatabase, 1);
  gboolean is_new = FALSE;

  if (!open_file (self, path, &is_new, error) || (is_new && !make_tables (self, error)) ||
      !prepare_all (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * practice_database_free:
 * @self: (transfer full): the database
 *
 * Closes the file; all that was written is in it.
 */
void
practice_database_free (PracticeDatabase *self)
{
  sqlite3_finalize (self->put);
  sqlite3_finalize (self->remove);
  sqlite3_finalize (self->set);
  sqlite3_close (self->db);
  g_free (self);
}

/**
 * practice_database_check:
 * @self: the database
 * @error: return location
 *
 * Reads all of the file, also what is in no use just now.
 *
 * Returns: %FALSE with %PRACTICE_STORE_ERROR_DAMAGED where SQLite finds fault with it, or with
 *   %PRACTICE_STORE_ERROR_IO
 */
gboolean
practice_database_check (PracticeDatabase *self, GError **error)
{
  sqlite3_stmt *statement = NULL;
  const char *found = NULL;
  gboolean is_good;

  if (!prepare (self, "PRAGMA quick_check (1)", &statement, error))
    return FALSE;
  if (sqlite3_step (statement) == SQLITE_ROW)
    found = (const char *)sqlite3_column_text (statement, 0);
  is_good = g_strcmp0 (found, "ok") == 0;
  if (found == NULL)
    set_error (self, _ ("Cannot read the cluster's state"), error);
  else if (!is_good)
    g_set_error_literal (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_DAMAGED, found);
  sqlite3_finalize (statement);
  return is_good;
}

/**
 * practice_database_load:
 * @self: the database
 * @function: (scope call): gets each object; %FALSE with an error ends it
 * @data: handed to @function
 * @error: return location
 *
 * Returns: whether all objects were read
 */
gboolean
practice_database_load (PracticeDatabase *self,
                        PracticeDatabaseFunc function,
                        gpointer data,
                        GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean good = TRUE;
  int code = SQLITE_DONE;

  if (!prepare (self, "SELECT resource, key, json FROM objects", &statement, error))
    return FALSE;
  while (good && (code = sqlite3_step (statement)) == SQLITE_ROW)
    good = function ((const char *)sqlite3_column_text (statement, 0),
                     (const char *)sqlite3_column_text (statement, 1),
                     (const char *)sqlite3_column_text (statement, 2),
                     (gsize)sqlite3_column_bytes (statement, 2), data, error);
  if (good && code != SQLITE_DONE)
    good = set_error (self, _ ("Cannot read the cluster's state"), error);
  sqlite3_finalize (statement);
  return good;
}

/**
 * practice_database_write:
 * @self: the database
 * @resource: "group/plural"
 * @key: of the object
 * @json: (nullable): its text; %NULL removes it
 * @setting: a setting that goes with it
 * @value: its new value
 * @error: return location
 *
 * Writes both, or neither.
 *
 * Returns: %FALSE with %PRACTICE_STORE_ERROR_IO
 */
gboolean
practice_database_write (PracticeDatabase *self,
                         const char *resource,
                         const char *key,
                         GBytes *json,
                         const char *setting,
                         const char *value,
                         GError **error)
{
  if (!practice_database_begin (self, error))
    return FALSE;
  if (practice_database_put (self, resource, key, json, error) &&
      practice_database_set_setting (self, setting, value, error) &&
      practice_database_commit (self, error))
    return TRUE;
  practice_database_roll_back (self);
  return FALSE;
}

/**
 * practice_database_begin:
 * @self: the database
 * @error: return location
 *
 * What is written from now on is in the file when practice_database_commit() returns.
 *
 * Returns: %FALSE with %PRACTICE_STORE_ERROR_IO
 */
gboolean
practice_database_begin (PracticeDatabase *self, GError **error)
{
  return execute (self, "BEGIN", error);
}

/**
 * practice_database_put:
 * @self: the database
 * @resource: "group/plural"
 * @key: of the object
 * @json: (nullable): its text; %NULL removes it
 * @error: return location
 *
 * Returns: %FALSE with %PRACTICE_STORE_ERROR_IO
 */
gboolean
practice_database_put (
  PracticeDatabase *self, const char *resource, const char *key, GBytes *json, GError **error)
{
  sqlite3_stmt *statement = json != NULL ? self->put : self->remove;

  sqlite3_bind_text (statement, 1, resource, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, key, -1, SQLITE_STATIC);
  if (json != NULL) {
    gsize length;
    const char *data = g_bytes_get_data (json, &length);

    sqlite3_bind_text (statement, 3, data, (int)length, SQLITE_STATIC);
  }
  return step_done (self, statement, error);
}

/**
 * practice_database_remove_settings:
 * @self: the database
 * @kept_prefix: what the keys of those begin with that stay
 * @error: return location
 *
 * Returns: %FALSE with %PRACTICE_STORE_ERROR_IO
 */
gboolean
practice_database_remove_settings (PracticeDatabase *self, const char *kept_prefix, GError **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean done;

  if (!prepare (self, "DELETE FROM settings WHERE substr (key, 1, length (?1)) != ?1", &statement,
                error))
    return FALSE;
  sqlite3_bind_text (statement, 1, kept_prefix, -1, SQLITE_STATIC);
  done = step_done (self, statement, error);
  sqlite3_finalize (statement);
  return done;
}

/**
 * practice_database_commit:
 * @self: the database
 * @error: return location
 *
 * Returns: %FALSE with %PRACTICE_STORE_ERROR_IO; then practice_database_roll_back() is due
 */
gboolean
practice_database_commit (PracticeDatabase *self, GError **error)
{
  return execute (self, "COMMIT", error);
}

/**
 * practice_database_roll_back:
 * @self: the database
 *
 * Forgets what was written since practice_database_begin().
 */
void
practice_database_roll_back (PracticeDatabase *self)
{
  sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
}

/**
 * practice_database_load_settings:
 * @self: the database
 * @function: (scope call): gets each setting
 * @data: handed to @function
 * @error: return location
 *
 * Returns: whether all settings were read
 */
gboolean
practice_database_load_settings (PracticeDatabase *self,
                                 PracticeSettingFunc function,
                                 gpointer data,
                                 GError **error)
{
  sqlite3_stmt *statement = NULL;
  int code;

  if (!prepare (self, "SELECT key, value FROM settings", &statement, error))
    return FALSE;
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    function ((const char *)sqlite3_column_text (statement, 0),
              (const char *)sqlite3_column_text (statement, 1), data);
  if (code != SQLITE_DONE)
    set_error (self, _ ("Cannot read the cluster's state"), error);
  sqlite3_finalize (statement);
  return code == SQLITE_DONE;
}

/**
 * practice_database_dup_setting:
 * @self: the database
 * @key: name of the setting
 *
 * Returns: (transfer full) (nullable): its value
 */
char *
practice_database_dup_setting (PracticeDatabase *self, const char *key)
{
  sqlite3_stmt *statement = NULL;
  char *value = NULL;

  if (!prepare (self, "SELECT value FROM settings WHERE key=?1", &statement, NULL))
    return NULL;
  sqlite3_bind_text (statement, 1, key, -1, SQLITE_STATIC);
  if (sqlite3_step (statement) == SQLITE_ROW)
    value = g_strdup ((const char *)sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);
  return value;
}

/**
 * practice_database_set_setting:
 * @self: the database
 * @key: name of the setting
 * @value: its new value
 * @error: return location
 *
 * Returns: %FALSE with %PRACTICE_STORE_ERROR_IO
 */
gboolean
practice_database_set_setting (PracticeDatabase *self,
                               const char *key,
                               const char *value,
                               GError **error)
{
  sqlite3_bind_text (self->set, 1, key, -1, SQLITE_STATIC);
  sqlite3_bind_text (self->set, 2, value, -1, SQLITE_STATIC);
  return step_done (self, self->set, error);
}
