/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"
#include "base-yaml.h"
#include "jump-address.h"
#include "jump-csv.h"
#include "jump-file.h"
#include "jump-roster.h"
#include "jump-ssh.h"

/**
 * JumpRoster:
 *
 * A class's sheet, as a spreadsheet exports it or as YAML: who has which jumpserver, and which key
 * opens it. A row that is not filled in yet is no error until its student is chosen.
 */

#define MAX_STUDENTS 10000
#define MAX_SHOWN 8
/* The training's own: "The username for the Jumpserver". */
#define DEFAULT_USER "centos"

typedef enum {
  COLUMN_NAME,
  COLUMN_HOST,
  COLUMN_USER,
  COLUMN_KEY,
  COLUMN_PORT,
  N_COLUMNS
} Column;

/* What sheets call them, in lower case with blanks instead of dashes and underscores. */
static const struct {
  Column column;
  const char *title;
} titles[] = {
  { COLUMN_NAME, "name" },       { COLUMN_NAME, "student" },  { COLUMN_NAME, "student name" },
  { COLUMN_HOST, "host" },       { COLUMN_HOST, "hostname" }, { COLUMN_HOST, "ip" },
  { COLUMN_HOST, "ip address" }, { COLUMN_HOST, "address" },  { COLUMN_HOST, "jumpserver" },
  { COLUMN_USER, "user" },       { COLUMN_USER, "username" }, { COLUMN_USER, "user name" },
  { COLUMN_USER, "login" },      { COLUMN_KEY, "key" },       { COLUMN_KEY, "key file" },
  { COLUMN_KEY, "private key" }, { COLUMN_KEY, "ssh key" },   { COLUMN_KEY, "ssh private key" },
  { COLUMN_KEY, "identity" },    { COLUMN_PORT, "port" },     { COLUMN_PORT, "ssh port" },
};

typedef struct {
  guint line; /* in a sheet; in YAML the number of the entry */
  char *values[N_COLUMNS];
} Student;

struct _JumpRoster {
  GObject parent_instance;

  char *path;
  char *folder;
  GPtrArray *students; /* (element-type Student) */
};

G_DEFINE_FINAL_TYPE (JumpRoster, jump_roster, G_TYPE_OBJECT)

static void
student_free (gpointer data)
{
  Student *student = data;

  for (guint i = 0; i < N_COLUMNS; i++)
    g_free (student->values[i]);
  g_free (student);
}

/* Takes @student. Nobody has entered a name yet: no student. */
static void
add_student (JumpRoster *self, Student *student)
{
  if (student->values[COLUMN_NAME] == NULL || *student->values[COLUMN_NAME] == '\0')
    student_free (student);
  else
    g_ptr_array_add (self->students, student);
}

static gboolean
find_column (const char *title, Column *column)
{
  g_autofree char *plain = g_strdelimit (g_ascii_strdown (title, -1), "_-", ' ');

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++) {
    if (g_str_equal (g_strstrip (plain), titles[i].title)) {
      *column = titles[i].column;
      return TRUE;
    }
  }
  return FALSE;
}

/* @indices: where each column is, -1 where it is not */
static gboolean
read_header (JumpRoster *self, const JumpCsvRow *header, int *indices, GError **error)
{
  for (guint i = 0; i < N_COLUMNS; i++)
    indices[i] = -1;
  for (guint i = 0; header->fields[i] != NULL; i++) {
    Column column;

    if (find_column (header->fields[i], &column) && indices[column] < 0)
      indices[column] = (int)i;
  }
  if (indices[COLUMN_NAME] >= 0 && indices[COLUMN_HOST] >= 0)
    return TRUE;
  g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED, "%s:%u: %s", self->path, header->line,
               _ ("the first row must have the titles “name” and “host” or “ip”, and may have "
                  "“user”, “key” and “port”"));
  return FALSE;
}

static gboolean
read_sheet (JumpRoster *self, const char *text, GError **error)
{
  g_autoptr (GPtrArray) rows = jump_csv_parse (text, self->path, error);
  int indices[N_COLUMNS];

  if (rows == NULL)
    return FALSE;
  if (rows->len == 0) {
    g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED, "%s:1: %s", self->path,
                 _ ("the sheet is empty"));
    return FALSE;
  }
  if (!read_header (self, g_ptr_array_index (rows, 0), indices, error))
    return FALSE;
  for (guint i = 1; i < rows->len; i++) {
    const JumpCsvRow *row = g_ptr_array_index (rows, i);
    int n_fields = (int)g_strv_length (row->fields);
    Student *student = g_new0 (Student, 1);

    student->line = row->line;
    for (guint column = 0; column < N_COLUMNS; column++)
      if (indices[column] >= 0 && indices[column] < n_fields)
        student->values[column] = g_strdup (row->fields[indices[column]]);
    add_student (self, student);
  }
  return TRUE;
}

static Student *
read_entry (JsonObject *entry, guint number)
{
  Student *student = g_new0 (Student, 1);
  JsonObjectIter iter;
  const char *member;
  JsonNode *value;

  student->line = number;
  json_object_iter_init (&iter, entry);
  while (json_object_iter_next (&iter, &member, &value)) {
    Column column;

    if (find_column (member, &column) && student->values[column] == NULL &&
        JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
      student->values[column] = g_strdup (json_node_get_string (value));
  }
  return student;
}

/* Every scalar is a string, so that a host like 10.10 or a name like No is what it looks like. */
static gboolean
read_yaml (JumpRoster *self, const char *text, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autoptr (JsonNode) root = base_yaml_parse (text, -1, self->path, BASE_YAML_ALL_STRINGS, &inner);
  JsonArray *entries;

  if (root == NULL) {
    g_set_error_literal (error, JUMP_ERROR, JUMP_ERROR_FAILED, inner->message);
    return FALSE;
  }
  entries = JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root)
                                         : base_json_get_array (root, "students", NULL);
  if (entries == NULL || json_array_get_length (entries) > MAX_STUDENTS) {
    g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED, "%s:1: %s", self->path,
                 _ ("a list of students is expected, each with “name” and “host”"));
    return FALSE;
  }
  for (guint i = 0; i < json_array_get_length (entries); i++) {
    JsonNode *entry = json_array_get_element (entries, i);

    if (JSON_NODE_HOLDS_OBJECT (entry))
      add_student (self, read_entry (json_node_get_object (entry), i + 1));
  }
  return TRUE;
}

static gboolean
is_yaml (const char *path)
{
  g_autofree char *lower = g_ascii_strdown (path, -1);

  return g_str_has_suffix (lower, ".yaml") || g_str_has_suffix (lower, ".yml") ||
         g_str_has_suffix (lower, ".json");
}

/* The same name however it was typed: by case, and by how its accents are made up. */
static char *
dup_folded (const char *name)
{
  g_autofree char *normalized = g_utf8_normalize (name, -1, G_NORMALIZE_ALL_COMPOSE);

  return g_utf8_casefold (g_strstrip (normalized), -1);
}

static char *
dup_some_names (JumpRoster *self)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < self->students->len && i < MAX_SHOWN; i++) {
    const Student *student = g_ptr_array_index (self->students, i);

    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", student->values[COLUMN_NAME]);
  }
  if (self->students->len > MAX_SHOWN)
    g_string_append (names, ", …");
  return g_string_free (names, FALSE);
}

static const Student *
find_student (JumpRoster *self, const char *name, GError **error)
{
  g_autofree char *wanted = dup_folded (name);
  g_autofree char *names = NULL;
  const Student *found = NULL;

  for (guint i = 0; i < self->students->len; i++) {
    const Student *student = g_ptr_array_index (self->students, i);
    g_autofree char *folded = dup_folded (student->values[COLUMN_NAME]);

    if (!g_str_equal (folded, wanted))
      continue;
    if (found != NULL) {
      g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED,
                   /* Translators: a file, a line, a student's name, another line */
                   _ ("%s:%u: “%s” stands in line %u, too. Ask the instructor which is yours."),
                   self->path, student->line, name, found->line);
      return NULL;
    }
    found = student;
  }
  if (found != NULL)
    return found;
  names = dup_some_names (self);
  g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED,
               /* Translators: a student's name, a file, names that are in it */
               _ ("There is no “%s” in %s. It has: %s."), name, self->path, names);
  return NULL;
}

/* @key is relative to the sheet's own folder, where the instructor has put the keys. */
static char *
dup_identity (JumpRoster *self, const char *key)
{
  if (key == NULL || *key == '\0')
    return NULL;
  if (g_str_has_prefix (key, "~/"))
    return g_build_filename (g_get_home_dir (), key + 2, NULL);
  return g_canonicalize_filename (key, self->folder);
}

/* The host may have a user and a port of its own: centos@10.1.2.3:2222. */
static JumpAddress *
parse_address (const Student *student, GError **error)
{
  const char *user = student->values[COLUMN_USER];
  const char *port = student->values[COLUMN_PORT];
  g_autoptr (JumpAddress) address = jump_address_parse (student->values[COLUMN_HOST], error);

  if (address == NULL)
    return NULL;
  if (port != NULL && *port != '\0' && !jump_address_parse_port (port, &address->port, error))
    return NULL;
  if (user != NULL && *user != '\0')
    return jump_address_new (user, address->host, address->port, error);
  if (address->user == NULL)
    address->user = g_strdup (DEFAULT_USER);
  return g_steal_pointer (&address);
}

static void
jump_roster_finalize (GObject *object)
{
  JumpRoster *self = JUMP_ROSTER (object);

  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->students, g_ptr_array_unref);

  G_OBJECT_CLASS (jump_roster_parent_class)->finalize (object);
}

static void
jump_roster_class_init (JumpRosterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = jump_roster_finalize;
}

static void
jump_roster_init (JumpRoster *self)
{
  self->students = g_ptr_array_new_with_free_func (student_free);
}

/**
 * jump_roster_load:
 * @path: a file of at most 1 MiB; YAML where its name ends so, else a sheet
 *
 * Returns: (transfer full): the roster, or %NULL with an error that names the file and the line
 */
JumpRoster *
jump_roster_load (const char *path, GError **error)
{
  g_autoptr (JumpRoster) self = g_object_new (JUMP_TYPE_ROSTER, NULL);
  g_autoptr (GBytes) bytes = jump_file_read (path, NULL, error);
  g_autofree char *text = NULL;
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  gsize length;
  const char *data;

  if (bytes == NULL)
    return NULL;
  self->path = g_strdup (path);
  self->folder = g_path_get_dirname (absolute);
  data = g_bytes_get_data (bytes, &length);
  text = g_strndup (length > 0 ? data : "", length);
  if (strlen (text) != length || !g_utf8_validate (text, -1, NULL)) {
    g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED, "%s:1: %s", path,
                 _ ("the file is not UTF-8 text. Export the sheet as CSV."));
    return NULL;
  }
  if (is_yaml (path) ? !read_yaml (self, text, error) : !read_sheet (self, text, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * jump_roster_dup_names:
 *
 * Returns: (transfer full): the students in the sheet's order
 */
GStrv
jump_roster_dup_names (JumpRoster *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_return_val_if_fail (JUMP_IS_ROSTER (self), NULL);

  for (guint i = 0; i < self->students->len; i++)
    g_strv_builder_add (names,
                        ((Student *)g_ptr_array_index (self->students, i))->values[COLUMN_NAME]);
  return g_strv_builder_end (names);
}

/**
 * jump_roster_create_place:
 * @name: a student of the roster
 *
 * Returns: (transfer full): the student's jumpserver, or %NULL with %JUMP_ERROR_FAILED
 */
JumpPlace *
jump_roster_create_place (JumpRoster *self, const char *name, GError **error)
{
  g_autofree char *identity = NULL;
  g_autoptr (JumpAddress) address = NULL;
  const Student *student;

  g_return_val_if_fail (JUMP_IS_ROSTER (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  student = find_student (self, name, error);
  if (student == NULL)
    return NULL;
  if (student->values[COLUMN_HOST] == NULL || *student->values[COLUMN_HOST] == '\0') {
    g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED,
                 /* Translators: a file, a line, a student's name */
                 _ ("%s:%u: “%s” has no jumpserver yet. Ask the instructor."), self->path,
                 student->line, student->values[COLUMN_NAME]);
    return NULL;
  }
  address = parse_address (student, error);
  if (address == NULL) {
    g_prefix_error (error, "%s:%u: ", self->path, student->line);
    return NULL;
  }
  identity = dup_identity (self, student->values[COLUMN_KEY]);
  return jump_ssh_new (address->user, address->host, address->port, identity, error);
}
