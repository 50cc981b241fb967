/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-drills.h"

#include <glib/gi18n-lib.h>

#include "practice-faults.h"

struct _PracticeDrills {
  GObject parent_instance;

  PracticeFaults *faults;
  PracticeSnapshots *snapshots;
};

G_DEFINE_FINAL_TYPE (PracticeDrills, practice_drills, G_TYPE_OBJECT)

static gboolean
set_usage (GError **error, const char *usage)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               /* Translators: a command line */
               _ ("This is not understood. It is: %s"), usage);
  return FALSE;
}

static gboolean
check_fault (const char *const *argv, GError **error)
{
  g_auto (PracticeFaultRequest) request = { 0 };
  guint length = g_strv_length ((char **)argv);
  PracticeFault fault;

  if (length < 2)
    return set_usage (error, "fault NAME [SECONDS] | fault list | fault clear [NAME]");
  if (g_str_equal (argv[1], "list"))
    return length == 2 || set_usage (error, "fault list");
  if (g_str_equal (argv[1], "clear"))
    return length == 2 || (length == 3 && practice_fault_find (argv[2], &fault, error)) ||
           (length > 3 && set_usage (error, "fault clear [NAME]"));
  return practice_fault_request_init (&request, argv + 1, error);
}

/**
 * practice_drills_is_command:
 * @name: a word
 *
 * Returns: whether it is one of the commands for drills
 */
gboolean
practice_drills_is_command (const char *name)
{
  const char *const commands[] = { "fault", "reset", "restore", "snapshot", NULL };

  g_return_val_if_fail (name != NULL, FALSE);

  return g_strv_contains (commands, name);
}

/**
 * practice_drills_check:
 * @argv: (array zero-terminated=1): a command and its arguments
 * @error: return location
 *
 * Returns: %FALSE with %G_IO_ERROR_INVALID_ARGUMENT or %G_IO_ERROR_INVALID_FILENAME where the
 *   words make no sense
 */
gboolean
practice_drills_check (const char *const *argv, GError **error)
{
  guint length;

  g_return_val_if_fail (argv != NULL && argv[0] != NULL, FALSE);

  length = g_strv_length ((char **)argv);
  for (guint i = 0; i < length; i++)
    if (!g_utf8_validate (argv[i], -1, NULL))
      return set_usage (error, "--help");
  if (g_str_equal (argv[0], "fault"))
    return check_fault (argv, error);
  if (g_str_equal (argv[0], "reset"))
    return length == 1 || set_usage (error, "reset");
  if (g_str_equal (argv[0], "snapshot") && length == 1)
    return TRUE;
  if (length != 2 || !practice_drills_is_command (argv[0]))
    return set_usage (error,
                      g_str_equal (argv[0], "snapshot") ? "snapshot [NAME]" : "restore NAME");
  return practice_snapshots_check_name (argv[1], error);
}

/**
 * practice_drills_needs_owner:
 * @argv: (array zero-terminated=1): a command and its arguments
 *
 * Returns: whether it is about a cluster that runs: a fault would end with it
 */
gboolean
practice_drills_needs_owner (const char *const *argv)
{
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, FALSE);

  return g_str_equal (argv[0], "fault");
}

/**
 * practice_drills_renews:
 * @argv: (array zero-terminated=1): a command and its arguments
 *
 * Returns: whether nothing of the cluster's present state is wanted any more
 */
gboolean
practice_drills_renews (const char *const *argv)
{
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, FALSE);

  return g_str_equal (argv[0], "reset");
}

static void
practice_drills_dispose (GObject *object)
{
  PracticeDrills *self = PRACTICE_DRILLS (object);

  g_clear_object (&self->faults);
  g_clear_object (&self->snapshots);

  G_OBJECT_CLASS (practice_drills_parent_class)->dispose (object);
}

static void
practice_drills_class_init (PracticeDrillsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = practice_drills_dispose;
}

static void
practice_drills_init (PracticeDrills *self)
{
}

/**
 * practice_drills_new:
 * @store: the cluster's objects
 * @gate: of the API server
 * @cluster: what else there is of it
 * @snapshots: its snapshots
 *
 * Returns: (transfer full): drills for a cluster
 */
PracticeDrills *
practice_drills_new (PracticeStore *store,
                     PracticeApiGate *gate,
                     PracticeCluster *cluster,
                     PracticeSnapshots *snapshots)
{
  PracticeDrills *self;

  g_return_val_if_fail (PRACTICE_IS_SNAPSHOTS (snapshots), NULL);

  self = g_object_new (PRACTICE_TYPE_DRILLS, NULL);
  self->faults = practice_faults_new (store, gate, cluster);
  self->snapshots = g_object_ref (snapshots);
  return self;
}

static char *
run_fault (PracticeDrills *self, const char *const *argv, GError **error)
{
  g_auto (PracticeFaultRequest) request = { 0 };
  PracticeFault fault;
  guint count;

  if (g_str_equal (argv[1], "list"))
    return practice_faults_dup_list (self->faults);
  if (!g_str_equal (argv[1], "clear")) {
    if (!practice_fault_request_init (&request, argv + 1, error))
      return NULL;
    return practice_faults_start (self->faults, &request, error);
  }
  if (argv[2] != NULL) {
    if (!practice_fault_find (argv[2], &fault, error))
      return NULL;
    count = practice_faults_stop (self->faults, fault) ? 1 : 0;
  } else {
    count = practice_faults_stop_all (self->faults);
  }
  if (count == 0)
    return g_strdup (_ ("No fault was on.\n"));
  return g_strdup_printf (ngettext ("%u fault has ended.\n", "%u faults have ended.\n", count),
                          count);
}

/**
 * practice_drills_run:
 * @self: the drills
 * @argv: (array zero-terminated=1): a command and its arguments
 * @error: return location for a sentence
 *
 * Does what a user asks.
 *
 * Returns: (transfer full) (nullable): what to print, with its line ends
 */
char *
practice_drills_run (PracticeDrills *self, const char *const *argv, GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_DRILLS (self), NULL);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);

  if (!practice_drills_check (argv, error))
    return NULL;
  if (g_str_equal (argv[0], "fault"))
    return run_fault (self, argv, error);
  if (g_str_equal (argv[0], "reset")) {
    if (!practice_snapshots_reset (self->snapshots, error))
      return NULL;
    return g_strdup (_ ("The cluster is as it was at its first start.\n"));
  }
  if (g_str_equal (argv[0], "restore")) {
    if (!practice_snapshots_restore (self->snapshots, argv[1], error))
      return NULL;
    return g_strdup_printf (_ ("The cluster is back at the snapshot “%s”.\n"), argv[1]);
  }
  if (argv[1] == NULL)
    return practice_snapshots_dup_list (self->snapshots);
  if (!practice_snapshots_save (self->snapshots, argv[1], error))
    return NULL;
  return g_strdup_printf (_ ("The snapshot “%s” is kept.\n"), argv[1]);
}
