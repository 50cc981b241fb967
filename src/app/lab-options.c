/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-options.h"

#include <glib/gi18n-lib.h>

#include "base-install.h"
#include "jump-local.h"
#include "jump-practice.h"
#include "jump-roster.h"
#include "jump-ssh.h"

static gboolean
practice_cb (const char *option, const char *value, gpointer data, GError **error)
{
  LabOptions *self = data;

  self->practice = TRUE;
  if (value != NULL && *value != '\0') {
    g_free (self->practice_dir);
    self->practice_dir = g_strdup (value);
  }

  return TRUE;
}

/* Once with several words, or several times. */
static gboolean
without_cb (const char *option, const char *value, gpointer data, GError **error)
{
  LabOptions *self = data;
  g_auto (GStrv) words = g_strsplit_set (value, ", ", -1);
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();

  if (self->without != NULL)
    g_strv_builder_addv (all, (const char **)self->without);
  for (guint i = 0; words[i] != NULL; i++) {
    if (*words[i] != '\0')
      g_strv_builder_add (all, words[i]);
  }
  g_strfreev (self->without);
  self->without = g_strv_builder_end (all);

  return TRUE;
}

static void
make_absolute (char **path, const char *cwd)
{
  g_autofree char *given = *path;

  *path = given != NULL ? g_canonicalize_filename (given, cwd) : NULL;
}

static GOptionContext *
new_context (LabOptions *self)
{
  GOptionContext *context = g_option_context_new (NULL);
  GOptionGroup *group = g_option_group_new ("konvoy-lab", NULL, NULL, self, NULL);
  const GOptionEntry entries[] = {
    { "practice", 0, G_OPTION_FLAG_OPTIONAL_ARG | G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK,
      practice_cb, N_ ("Work in the practice cluster, kept in DIR (the default)"), N_ ("DIR") },
    { "jumpserver", 0, 0, G_OPTION_ARG_STRING, &self->jumpserver,
      N_ ("Work on a jumpserver over SSH"), N_ ("USER@HOST[:PORT]") },
    { "identity", 0, 0, G_OPTION_ARG_FILENAME, &self->identity,
      N_ ("Private key for the jumpserver"), N_ ("FILE") },
    { "roster", 0, 0, G_OPTION_ARG_FILENAME, &self->roster, N_ ("The class's sheet of jumpservers"),
      N_ ("FILE") },
    { "student", 0, 0, G_OPTION_ARG_STRING, &self->student, N_ ("Whose line of the sheet to take"),
      N_ ("NAME") },
    { "kubeconfig", 0, 0, G_OPTION_ARG_FILENAME, &self->kubeconfig,
      N_ ("Work on this computer, with this kubeconfig"), N_ ("FILE") },
    { "context", 0, 0, G_OPTION_ARG_STRING, &self->context, N_ ("Context of the kubeconfig"),
      N_ ("NAME") },
    { "course", 0, 0, G_OPTION_ARG_FILENAME, &self->course, N_ ("Open this course"),
      N_ ("DIR-or-FILE") },
    { "section", 0, 0, G_OPTION_ARG_STRING, &self->section,
      N_ ("Open, or rehearse, this section only"), N_ ("ID") },
    { "present", 0, 0, G_OPTION_ARG_NONE, &self->present,
      N_ ("Large, light, and with credentials masked: for a projector"), NULL },
    { "rehearse", 0, 0, G_OPTION_ARG_NONE, &self->rehearse,
      N_ ("Play the course through as a student would; needs no display"), NULL },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &self->report,
      N_ (
        "Write the rehearsal's result to FILE as JUnit XML, and pictures of what failed beside it; "
        "where there is a display, a window appears for a moment for each"),
      N_ ("FILE") },
    { "without", 0, 0, G_OPTION_ARG_CALLBACK, without_cb,
      N_ ("Leave steps out of the rehearsal that require one of WORDS, such as pods,addresses"),
      N_ ("WORDS") },
    { "lint", 0, 0, G_OPTION_ARG_FILENAME, &self->lint,
      N_ ("Check a course and say what is wrong with it"), N_ ("DIR-or-FILE") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &self->version, N_ ("Print the version"), NULL },
    { NULL },
  };

  g_option_group_add_entries (group, entries);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_context_set_main_group (context, group);

  return context;
}

/* The places, as the options that choose one name them. */
static gboolean
check_place (const LabOptions *self, GError **error)
{
  guint places = self->practice + (self->jumpserver != NULL) + (self->roster != NULL) +
                 (self->kubeconfig != NULL);
  const char *text = NULL;

  if (places > 1)
    text = _ ("Only one of --practice, --jumpserver, --roster and --kubeconfig can be given");
  else if ((self->roster == NULL) != (self->student == NULL))
    text = _ ("--roster and --student belong together");
  else if (self->identity != NULL && self->jumpserver == NULL)
    text = _ ("--identity belongs to --jumpserver");
  else if (self->report != NULL && !self->rehearse)
    text = _ ("--report belongs to --rehearse");
  else if (self->without != NULL && !self->rehearse)
    text = _ ("--without belongs to --rehearse");
  if (text == NULL)
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);

  return FALSE;
}

/**
 * lab_options_parse:
 * @arguments: the command line, the program's name first; not changed
 * @cwd: (nullable): what relative paths start from; the process's own where %NULL
 * @error: return location for a #GOptionError
 *
 * Prints the help and ends the process where that is asked for, as GOption does.
 *
 * Returns: (transfer full): the options
 */
LabOptions *
lab_options_parse (char **arguments, const char *cwd, GError **error)
{
  g_autoptr (LabOptions) self = g_new0 (LabOptions, 1);
  g_autoptr (GOptionContext) context = new_context (self);
  g_auto (GStrv) copy = g_strdupv (arguments);

  if (!g_option_context_parse_strv (context, &copy, error))
    return NULL;
  if (g_strv_length (copy) > 1) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION, _ ("“%s” is not an option"),
                 copy[1]);
    return NULL;
  }
  if (!check_place (self, error))
    return NULL;

  make_absolute (&self->practice_dir, cwd);
  make_absolute (&self->identity, cwd);
  make_absolute (&self->roster, cwd);
  make_absolute (&self->kubeconfig, cwd);
  make_absolute (&self->course, cwd);
  make_absolute (&self->report, cwd);

  return g_steal_pointer (&self);
}

/**
 * lab_options_free:
 * @self: (transfer full): options
 */
void
lab_options_free (LabOptions *self)
{
  g_free (self->lint);
  g_free (self->report);
  g_strfreev (self->without);
  g_free (self->course);
  g_free (self->section);
  g_free (self->context);
  g_free (self->practice_dir);
  g_free (self->jumpserver);
  g_free (self->identity);
  g_free (self->roster);
  g_free (self->student);
  g_free (self->kubeconfig);
  g_free (self);
}

/**
 * lab_options_names_place:
 * @self: options
 *
 * Returns: whether they say where to work, or on what
 */
gboolean
lab_options_names_place (const LabOptions *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->practice || self->jumpserver != NULL || self->roster != NULL ||
         self->kubeconfig != NULL || self->context != NULL || self->course != NULL;
}

/**
 * lab_options_create_place:
 * @self: options
 * @error: return location for an error
 *
 * Returns: (transfer full): where to work: the practice cluster where nothing else is said
 */
JumpPlace *
lab_options_create_place (const LabOptions *self, GError **error)
{
  g_autoptr (JumpRoster) roster = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->roster != NULL) {
    roster = jump_roster_load (self->roster, error);
    return roster != NULL ? jump_roster_create_place (roster, self->student, error) : NULL;
  }
  if (self->jumpserver != NULL)
    return jump_ssh_new_for_spec (self->jumpserver, self->identity, error);
  if (self->kubeconfig != NULL || (self->context != NULL && !self->practice))
    return jump_local_new (self->kubeconfig);

  return jump_practice_new (self->practice_dir);
}

/**
 * lab_options_load_course:
 * @self: options
 * @error: return location for a #CourseError
 *
 * Returns: (transfer full): the course they name, else the one that came with the program
 */
CourseCourse *
lab_options_load_course (const LabOptions *self, GError **error)
{
  g_autofree char *data_dir = NULL;
  g_autofree char *own = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->course != NULL)
    return course_course_load (self->course, error);

  data_dir = base_install_dup_data_dir ();
  own = g_build_filename (data_dir, "course", NULL);

  return course_course_load (own, error);
}
