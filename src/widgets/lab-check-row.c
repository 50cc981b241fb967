/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-check-row.h"

#include <glib/gi18n-lib.h>

#include "lab-age.h"
#include "lab-chain-line.h"
#include "session-fall.h"

/* Seconds. */
#define HINT_AFTER_S 20

struct _LabCheckRow {
  AdwBin parent_instance;

  GtkImage *icon;
  GtkLabel *says_label;
  GtkLabel *detail_label;
  GtkLabel *hint_label;
  GtkLabel *state_label;
  GtkWidget *chain_line; /* (nullable): once there is a stage to tell of */

  SessionCheck *check;
  SessionStep *step; /* that it proves */
  LabClock *clock;
};

G_DEFINE_FINAL_TYPE (LabCheckRow, lab_check_row, ADW_TYPE_BIN)

/* Shape, word and colour each say the state alone. */
static const struct {
  const char *icon;
  const char *css_class;
  const char *text;
} looks[] = {
  [SESSION_CHECK_UNKNOWN] = { "lab-unknown-symbolic", "dim-label", N_ ("Not checked yet") },
  [SESSION_CHECK_WAITING] = { "lab-waiting-symbolic", "waiting", N_ ("Waiting") },
  [SESSION_CHECK_PASSED] = { "lab-done-symbolic", "success", N_ ("Done") },
  [SESSION_CHECK_OVERDUE] = { "dialog-warning-symbolic", "attention", N_ ("Late") },
};

/* A step that is done stays so, though the cluster has moved on. */
static gboolean
is_past (LabCheckRow *self, SessionCheckState state)
{
  return state != SESSION_CHECK_PASSED && session_step_get_done (self->step);
}

/* What it has seen was so before its step was run. */
static gboolean
is_seen_again (LabCheckRow *self, SessionCheckState state)
{
  return state == SESSION_CHECK_PASSED && !session_check_get_proven (self->check) &&
         session_check_get_begun_at (self->check) != 0 && !session_step_get_done (self->step);
}

static char *
dup_state_text (LabCheckRow *self, SessionCheckState state)
{
  gint64 since = session_check_get_since (self->check);
  gint64 seconds = lab_clock_get_now (self->clock) - since;
  g_autofree char *age = NULL;

  if (is_past (self, state))
    /* Translators: a check had passed, and would not pass now */
    return session_fall_is (self->step, self->check) ? g_strdup (_ ("Done, no longer so"))
                                                     : g_strdup (_ ("Done"));
  if (since == 0 || state == SESSION_CHECK_UNKNOWN)
    return g_strdup (_ (looks[state].text));
  if (is_seen_again (self, state))
    /* Translators: a check had passed before its step was run, and has to pass once more */
    return g_strdup (_ ("Checking again"));
  if (state == SESSION_CHECK_PASSED) {
    age = lab_age_dup_ago (seconds);
    /* Translators: a check passed; %s is like "2 s ago" */
    return g_strdup_printf (_ ("Done, %s"), age);
  }

  age = lab_age_dup_duration (seconds);
  if (state == SESSION_CHECK_OVERDUE)
    /* Translators: a check takes longer than it should; %s is a duration such as 3 min */
    return g_strdup_printf (_ ("Late, for %s"), age);

  /* Translators: a check is not passed yet; %s is a duration such as 45 s */
  return g_strdup_printf (_ ("Waiting for %s"), age);
}

/* How long somebody has waited who has run the step: the check may have looked on before. */
static gint64
count_waited (LabCheckRow *self)
{
  gint64 since =
    MAX (session_check_get_since (self->check), session_check_get_begun_at (self->check));

  return lab_clock_get_now (self->clock) - since;
}

static char *
dup_mend (LabCheckRow *self, SessionStep *mender)
{
  CourseSection *section = session_step_get_section (mender);
  guint number = course_step_get_number (session_step_get_step (mender));

  if (section == session_step_get_section (self->step))
    /* Translators: the number of a step, which has made what is gone or was changed */
    return g_strdup_printf (_ ("To have it so again, run step %u again."), number);
  return g_strdup_printf (
    /* Translators: the number of a step, which has made what is gone or was changed; then the title
     * of its section */
    _ ("To have it so again, run step %u of “%s” again."), number,
    course_section_get_title (section));
}

/* What is no longer so may be what makes a later step fail, so it is said how to mend it. */
static void
show_mend (LabCheckRow *self)
{
  SessionStep *mender = session_fall_find_mender (self->step, self->check);
  g_autofree char *text = mender != NULL ? dup_mend (self, mender) : NULL;

  if (text != NULL && g_strcmp0 (gtk_label_get_label (self->hint_label), text) != 0)
    gtk_label_set_label (self->hint_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), text != NULL);
}

/* What may help is for one who has waited for a while. */
static void
update_hint (LabCheckRow *self)
{
  const char *hint = course_check_get_hint (session_check_get_check (self->check));
  SessionCheckState state = session_check_get_state (self->check);
  gboolean waits = state == SESSION_CHECK_OVERDUE ||
                   (state == SESSION_CHECK_WAITING && count_waited (self) >= HINT_AFTER_S);

  if (session_fall_is (self->step, self->check)) {
    show_mend (self);
    return;
  }
  if (hint != NULL)
    gtk_label_set_label (self->hint_label, hint);
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label),
                          hint != NULL && waits && session_check_get_begun_at (self->check) != 0 &&
                            !is_past (self, state));
}

static void
update_time (LabCheckRow *self)
{
  g_autofree char *text = dup_state_text (self, session_check_get_state (self->check));

  /* a new text lays the whole page out anew */
  if (g_strcmp0 (gtk_label_get_label (self->state_label), text) != 0)
    gtk_label_set_label (self->state_label, text);
  update_hint (self);
}

/* Of what nobody waits for there is nothing to tell, nor of what a later step has undone; nor of
 * what is not looked at, but for a step that was done: how long that took is known. */
static gboolean
has_stages_to_tell (LabCheckRow *self)
{
  SessionChain *chain = session_check_get_chain (self->check);
  SessionCheckState state = session_check_get_state (self->check);

  if (chain == NULL || !session_chain_is_telling (chain))
    return FALSE;
  if (is_past (self, state) && !session_fall_is (self->step, self->check))
    return session_chain_is_whole (chain);
  return state != SESSION_CHECK_UNKNOWN;
}

static void
update_chain (LabCheckRow *self)
{
  gboolean has_stages = has_stages_to_tell (self);
  GtkWidget *grid = adw_bin_get_child (ADW_BIN (self));

  if (self->chain_line == NULL && has_stages) {
    self->chain_line = lab_chain_line_new (self->check);
    gtk_grid_attach (GTK_GRID (grid), self->chain_line, 1, 1, 2, 1);
    /* it is heard where it is seen */
    gtk_widget_insert_after (self->chain_line, grid, GTK_WIDGET (self->state_label));
  }
  if (self->chain_line != NULL)
    gtk_widget_set_visible (self->chain_line, has_stages);
}

static void
update (LabCheckRow *self)
{
  SessionCheckState state = session_check_get_state (self->check);
  gboolean fallen = session_fall_is (self->step, self->check);
  gboolean past = is_past (self, state) && !fallen;
  const char *detail = session_check_get_detail (self->check);
  SessionCheckState look = fallen                        ? SESSION_CHECK_OVERDUE
                           : past                        ? SESSION_CHECK_PASSED
                           : is_seen_again (self, state) ? SESSION_CHECK_WAITING
                                                         : state;
  const char *css_classes[] = { past ? "dim-label" : looks[look].css_class, NULL };

  gtk_image_set_from_icon_name (self->icon, looks[look].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), css_classes);
  gtk_label_set_label (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label),
                          detail != NULL && *detail != '\0' && !past);
  update_chain (self);
  update_time (self);
}

static void
lab_check_row_dispose (GObject *object)
{
  LabCheckRow *self = LAB_CHECK_ROW (object);

  self->chain_line = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_CHECK_ROW);
  g_clear_object (&self->check);
  g_clear_object (&self->step);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (lab_check_row_parent_class)->dispose (object);
}

static void
lab_check_row_class_init (LabCheckRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_check_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-check-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LabCheckRow, icon);
  gtk_widget_class_bind_template_child (widget_class, LabCheckRow, says_label);
  gtk_widget_class_bind_template_child (widget_class, LabCheckRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, LabCheckRow, hint_label);
  gtk_widget_class_bind_template_child (widget_class, LabCheckRow, state_label);
}

static void
lab_check_row_init (LabCheckRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lab_check_row_new:
 * @check: what to show
 * @step: the step that it proves
 * @clock: ticks for how long it has been so
 *
 * Returns: (transfer floating): a row that follows @check
 */
GtkWidget *
lab_check_row_new (SessionCheck *check, SessionStep *step, LabClock *clock)
{
  LabCheckRow *self;

  g_return_val_if_fail (SESSION_IS_CHECK (check), NULL);
  g_return_val_if_fail (SESSION_IS_STEP (step), NULL);
  g_return_val_if_fail (LAB_IS_CLOCK (clock), NULL);

  self = g_object_new (LAB_TYPE_CHECK_ROW, NULL);
  self->check = g_object_ref (check);
  self->step = g_object_ref (step);
  self->clock = g_object_ref (clock);
  gtk_label_set_label (self->says_label, course_check_get_says (session_check_get_check (check)));
  if (session_check_get_chain (check) != NULL)
    g_signal_connect_object (session_check_get_chain (check), "changed", G_CALLBACK (update_chain),
                             self, G_CONNECT_SWAPPED);
  g_signal_connect_object (check, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (step, "notify::done", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (step, "notify::n-fallen", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (clock, "tick", G_CALLBACK (update_time), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
