/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-outcome.h"

#include <glib/gi18n-lib.h>

#include "kube-error.h"
#include "lab-traffic-notice.h"

struct _LabTrafficOutcome {
  AdwBin parent_instance;

  LabTrafficNotice *conflict;
  LabTrafficNotice *failure;

  GSignalGroup *editor_signals;
};

G_DEFINE_FINAL_TYPE (LabTrafficOutcome, lab_traffic_outcome, ADW_TYPE_BIN)

enum {
  FORBIDDEN,
  GONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update_visible (LabTrafficOutcome *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), gtk_widget_get_visible (GTK_WIDGET (self->conflict)) ||
                                               gtk_widget_get_visible (GTK_WIDGET (self->failure)));
}

/* What the two answers are depends on what is asked. */
static void
show_conflict (LabTrafficOutcome *self, MeshConflictKind kind, const char *text)
{
  const char *first = _ ("Keep mine");
  const char *second = _ ("Take theirs");

  if (kind != MESH_CONFLICT_CHANGE) {
    first = kind == MESH_CONFLICT_UNDO ? _ ("Undo anyway") : _ ("Redo anyway");
    second = _ ("Keep theirs");
  }
  lab_traffic_notice_show (self->conflict, "dialog-warning-symbolic", text, first, second);
}

static void
conflict_cb (LabTrafficOutcome *self)
{
  g_autoptr (MeshEditor) editor = g_signal_group_dup_target (self->editor_signals);
  const char *text = editor != NULL ? mesh_editor_get_conflict (editor) : NULL;

  if (text != NULL)
    show_conflict (self, mesh_editor_get_conflict_kind (editor), text);
  else
    lab_traffic_notice_hide (self->conflict);
  update_visible (self);
}

static void
decided_cb (LabTrafficOutcome *self, int button)
{
  g_autoptr (MeshEditor) editor = g_signal_group_dup_target (self->editor_signals);

  if (editor == NULL)
    return;
  if (button == 0)
    mesh_editor_keep_mine (editor);
  else
    mesh_editor_take_theirs (editor);
}

static void
dismissed_cb (LabTrafficOutcome *self)
{
  lab_traffic_notice_hide (self->failure);
  update_visible (self);
}

/* The next change has its own outcome. */
static void
pending_cb (LabTrafficOutcome *self)
{
  g_autoptr (MeshEditor) editor = g_signal_group_dup_target (self->editor_signals);

  if (editor != NULL && mesh_editor_get_pending (editor))
    dismissed_cb (self);
}

static void
failed_cb (LabTrafficOutcome *self, GError *error)
{
  /* Translators: %s is the server's reason */
  g_autofree char *text = g_strdup_printf (_ ("The change was not saved: %s"), error->message);

  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_FORBIDDEN)) {
    g_signal_emit (self, signals[FORBIDDEN], 0, error->message);
    return;
  }
  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND)) {
    g_signal_emit (self, signals[GONE], 0);
    return;
  }
  lab_traffic_notice_show (self->failure, "dialog-error-symbolic", text, _ ("Dismiss"), NULL);
  update_visible (self);
}

static void
lab_traffic_outcome_dispose (GObject *object)
{
  LabTrafficOutcome *self = LAB_TRAFFIC_OUTCOME (object);

  g_clear_object (&self->editor_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_OUTCOME);

  G_OBJECT_CLASS (lab_traffic_outcome_parent_class)->dispose (object);
}

static void
lab_traffic_outcome_class_init (LabTrafficOutcomeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_outcome_dispose;

  signals[FORBIDDEN] = g_signal_new ("forbidden", LAB_TYPE_TRAFFIC_OUTCOME, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[GONE] = g_signal_new ("gone", LAB_TYPE_TRAFFIC_OUTCOME, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-outcome.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficOutcome, conflict);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficOutcome, failure);
  gtk_widget_class_bind_template_callback (widget_class, decided_cb);
  gtk_widget_class_bind_template_callback (widget_class, dismissed_cb);
}

static void
lab_traffic_outcome_init (LabTrafficOutcome *self)
{
  g_type_ensure (LAB_TYPE_TRAFFIC_NOTICE);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->editor_signals = g_signal_group_new (MESH_TYPE_EDITOR);
  g_signal_group_connect_swapped (self->editor_signals, "notify::conflict",
                                  G_CALLBACK (conflict_cb), self);
  g_signal_group_connect_swapped (self->editor_signals, "notify::pending", G_CALLBACK (pending_cb),
                                  self);
  g_signal_group_connect_swapped (self->editor_signals, "failed", G_CALLBACK (failed_cb), self);
}

/**
 * lab_traffic_outcome_set_editor:
 * @self: an outcome
 * @editor: (nullable): whose changes it tells of
 */
void
lab_traffic_outcome_set_editor (LabTrafficOutcome *self, MeshEditor *editor)
{
  g_return_if_fail (LAB_IS_TRAFFIC_OUTCOME (self));
  g_return_if_fail (editor == NULL || MESH_IS_EDITOR (editor));

  g_signal_group_set_target (self->editor_signals, editor);
  lab_traffic_notice_hide (self->failure);
  conflict_cb (self);
}
