/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-step-card.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-hidden.h"
#include "lab-check-row.h"
#include "lab-code-label.h"
#include "lab-form-chooser.h"
#include "lab-form-text.h"
#include "lab-step-details.h"
#include "lab-step-editor.h"
#include "lab-tip.h"

struct _LabStepCard {
  AdwBin parent_instance;

  GtkBox *head_box;
  GtkLabel *title_label;
  GtkImage *state_icon;
  GtkLabel *state_label;
  GtkWidget *forget_button; /* (nullable): once it has been done */
  GtkBox *forms_box;
  GtkToggleButton *edit_button;
  GtkButton *copy_button;
  GtkButton *run_button;
  LabCodeLabel *code_label;
  GtkLabel *form_note;
  GtkWidget *editor;     /* (nullable): while the reader changes the text */
  GtkWidget *edited_box; /* (nullable): once they have */
  GtkBox *checks_box;

  LabBlockItem *item;
  GtkDropDown *forms; /* (nullable): where the step has several */
};

G_DEFINE_FINAL_TYPE (LabStepCard, lab_step_card, ADW_TYPE_BIN)

enum {
  RUN,
  EDIT,
  OPENED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static CourseStep *
get_step (LabStepCard *self)
{
  return session_step_get_step (lab_block_item_get_step (self->item));
}

/* All parts of the card, one below the other. */
static GtkBox *
get_box (LabStepCard *self)
{
  return GTK_BOX (adw_bin_get_child (ADW_BIN (self)));
}

/* Buttons without a text, or with the same in every step, are told apart by their names. */
static void
set_name (gpointer widget, char *name)
{
  g_autofree char *owned = name;

  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, owned,
                                  -1);
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\n")] == '\0';
}

/* A step is run once at a time, and nothing is no command. */
static void
update_run (LabStepCard *self)
{
  SessionStep *step = lab_block_item_get_step (self->item);

  gtk_widget_set_sensitive (GTK_WIDGET (self->run_button),
                            !session_step_get_running (step) &&
                              !is_blank (lab_block_item_get_text (self->item)));
}

static void
put_back_clicked_cb (LabStepCard *self)
{
  lab_block_item_set_edited (self->item, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

/* Few steps are ever edited; pages are long, and a card takes much of a frame. */
static void
ensure_edited_box (LabStepCard *self)
{
  GtkWidget *put_back;

  if (self->edited_box != NULL)
    return;
  self->edited_box =
    lab_step_details_new_edited (course_step_get_number (get_step (self)), &put_back);
  g_signal_connect_object (put_back, "clicked", G_CALLBACK (put_back_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_insert_child_after (get_box (self), self->edited_box, GTK_WIDGET (self->form_note));
}

static void
show_text (LabStepCard *self)
{
  gboolean edited = lab_block_item_get_edited (self->item) != NULL;

  lab_code_label_set_code (self->code_label, lab_block_item_get_text (self->item),
                           lab_block_item_get_form (self->item)->language);
  if (edited)
    ensure_edited_box (self);
  if (self->edited_box != NULL)
    gtk_widget_set_visible (self->edited_box, edited);
  update_run (self);
}

static void
show_form (LabStepCard *self)
{
  g_autofree char *note = lab_form_dup_note (lab_block_item_get_form (self->item),
                                             lab_block_item_get_filled (self->item));

  gtk_label_set_label (self->form_note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->form_note), *note != '\0');
  show_text (self);
  if (self->forms != NULL)
    gtk_drop_down_set_selected (self->forms, lab_block_item_get_form_index (self->item));
}

/* Shape, word and colour each say alone what the step is doing; nothing, where it is yet to be run.
 */
static const struct {
  const char *icon; /* (nullable) */
  const char *css_class;
  const char *text;
} looks[] = {
  [SESSION_STEP_OPEN] = { NULL, "dim-label", "" },
  [SESSION_STEP_RUNNING] = { "lab-waiting-symbolic", "waiting", N_ ("Running…") },
  /* Translators: a step's command has ended, and the cluster is looked at */
  [SESSION_STEP_CHECKING] = { "lab-waiting-symbolic", "waiting", N_ ("Checking…") },
  /* Translators: a step was run */
  [SESSION_STEP_NOT_YET] = { "dialog-warning-symbolic", "attention", N_ ("Not done yet") },
  [SESSION_STEP_DONE] = { "lab-done-symbolic", "success", N_ ("Done") },
};

static gboolean
is_fallen (LabStepCard *self)
{
  return session_step_get_n_fallen (lab_block_item_get_step (self->item)) > 0;
}

static char *
dup_example_name (LabStepCard *self)
{
  g_autofree char *beginning = lab_form_dup_beginning (lab_block_item_get_text (self->item));

  /* Translators: accessible name of commands that are only shown; %s is what they begin with */
  return g_strdup_printf (_ ("Example: %s"), beginning);
}

/* The whole card in a few words, for those who do not see it. */
static char *
dup_name (LabStepCard *self, SessionStepState state)
{
  guint number = course_step_get_number (get_step (self));

  if (!course_step_get_runnable (get_step (self)))
    return dup_example_name (self);
  switch (state) {
    case SESSION_STEP_RUNNING:
      /* Translators: accessible name of a step */
      return g_strdup_printf (_ ("Step %u, running"), number);
    case SESSION_STEP_CHECKING:
      /* Translators: accessible name of a step whose command has ended */
      return g_strdup_printf (_ ("Step %u, checking"), number);
    case SESSION_STEP_NOT_YET:
      /* Translators: accessible name of a step that was run */
      return g_strdup_printf (_ ("Step %u, not done yet"), number);
    case SESSION_STEP_DONE:
      if (is_fallen (self))
        /* Translators: accessible name of a step whose effect is gone */
        return g_strdup_printf (_ ("Step %u, done, no longer so"), number);
      /* Translators: accessible name of a step */
      return g_strdup_printf (_ ("Step %u, done"), number);
    case SESSION_STEP_OPEN:
    default:
      /* Translators: accessible name of a step */
      return g_strdup_printf (_ ("Step %u"), number);
  }
}

static void
describe (LabStepCard *self, SessionStepState state)
{
  g_autofree char *name = dup_name (self, state);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_BUSY,
                               state == SESSION_STEP_RUNNING || state == SESSION_STEP_CHECKING, -1);
}

static void
forget_clicked_cb (LabStepCard *self)
{
  session_step_forget (lab_block_item_get_step (self->item));
}

static void
show_forget (LabStepCard *self, gboolean show)
{
  if (show && self->forget_button == NULL) {
    self->forget_button = gtk_button_new_from_icon_name ("edit-undo-symbolic");
    gtk_widget_set_valign (self->forget_button, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class (self->forget_button, "flat");
    gtk_widget_add_css_class (self->forget_button, "forget");
    lab_tip_set (self->forget_button, _ ("Forget that this is done"));
    /* Translators: accessible name of the button by which a step counts as not done again */
    set_name (self->forget_button,
              g_strdup_printf (_ ("Forget step %u"), course_step_get_number (get_step (self))));
    g_signal_connect_object (self->forget_button, "clicked", G_CALLBACK (forget_clicked_cb), self,
                             G_CONNECT_SWAPPED);
    gtk_box_insert_child_after (self->head_box, self->forget_button,
                                GTK_WIDGET (self->state_label));
  }
  if (self->forget_button != NULL)
    gtk_widget_set_visible (self->forget_button, show);
}

static void
show_state (LabStepCard *self)
{
  SessionStepState state = session_step_get_state (lab_block_item_get_step (self->item));
  gboolean fallen = state == SESSION_STEP_DONE && is_fallen (self);
  SessionStepState look = fallen ? SESSION_STEP_NOT_YET : state;
  const char *css_classes[] = { looks[look].css_class, NULL };

  gtk_widget_set_visible (GTK_WIDGET (self->state_icon), looks[state].icon != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), looks[state].icon != NULL);
  if (looks[state].icon != NULL) {
    gtk_image_set_from_icon_name (self->state_icon, looks[look].icon);
    gtk_widget_set_css_classes (GTK_WIDGET (self->state_icon), css_classes);
    gtk_label_set_label (self->state_label,
                         fallen ? _ ("Done, no longer so") : _ (looks[state].text));
  }
  show_forget (self, state == SESSION_STEP_DONE && course_step_get_runnable (get_step (self)));
  update_run (self);
  describe (self, state);
}

/* The step that is next stands out. */
static void
show_current (LabStepCard *self)
{
  if (lab_block_item_get_current (self->item)) {
    gtk_widget_add_css_class (GTK_WIDGET (self), "current");
    gtk_widget_add_css_class (GTK_WIDGET (self->run_button), "suggested-action");
  } else {
    gtk_widget_remove_css_class (GTK_WIDGET (self), "current");
    gtk_widget_remove_css_class (GTK_WIDGET (self->run_button), "suggested-action");
  }
}

static void
run_clicked_cb (LabStepCard *self)
{
  g_signal_emit (self, signals[RUN], 0);
}

static void
edit_clicked_cb (LabStepCard *self)
{
  g_signal_emit (self, signals[EDIT], 0);
}

static void
copy_clicked_cb (LabStepCard *self)
{
  /* as it is shown: what is pasted must not be another command than the one that was read */
  g_autofree char *visible = base_hidden_dup_visible (lab_block_item_get_text (self->item));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), visible);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _ ("Copied"));
}

static void
editor_closed_cb (LabStepCard *self)
{
  gtk_toggle_button_set_active (self->edit_button, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->edit_button));
}

/* The text in place, as label or to be changed. */
static void
edit_toggled_cb (LabStepCard *self)
{
  gboolean editing = gtk_toggle_button_get_active (self->edit_button);

  if (self->editor != NULL)
    gtk_box_remove (get_box (self), self->editor);
  self->editor = NULL;
  gtk_widget_set_visible (GTK_WIDGET (self->code_label), !editing);
  if (!editing)
    return;
  self->editor = lab_step_editor_new (self->item);
  g_signal_connect_object (self->editor, "close", G_CALLBACK (editor_closed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_insert_child_after (get_box (self), self->editor, GTK_WIDGET (self->code_label));
  gtk_widget_grab_focus (self->editor);
  g_signal_emit (self, signals[OPENED], 0);
}

static void
add_details (LabStepCard *self)
{
  GtkWidget *edit;
  GtkWidget *details = lab_step_details_new (self->item, &edit);

  if (edit != NULL)
    g_signal_connect_object (edit, "clicked", G_CALLBACK (edit_clicked_cb), self,
                             G_CONNECT_SWAPPED);
  if (details != NULL)
    gtk_box_insert_child_after (get_box (self), details, GTK_WIDGET (self->form_note));
}

static void
add_checks (LabStepCard *self, LabClock *clock)
{
  SessionStep *step = lab_block_item_get_step (self->item);
  GPtrArray *checks = session_step_get_checks (step);

  for (guint i = 0; i < checks->len; i++)
    gtk_box_append (self->checks_box,
                    lab_check_row_new (g_ptr_array_index (checks, i), step, clock));
  gtk_widget_set_visible (GTK_WIDGET (self->checks_box), checks->len > 0);
}

static void
set_example_title (LabStepCard *self)
{
  g_autofree char *beginning = lab_form_dup_beginning (lab_block_item_get_text (self->item));

  gtk_label_set_label (self->title_label, _ ("Example"));
  gtk_widget_set_visible (GTK_WIDGET (self->run_button), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->edit_button), FALSE);
  /* Translators: accessible name of the button that copies commands that are only shown; %s is what
   * they begin with */
  set_name (self->copy_button, g_strdup_printf (_ ("Copy the example: %s"), beginning));
}

static void
set_title (LabStepCard *self)
{
  guint number = course_step_get_number (get_step (self));
  g_autofree char *title = NULL;

  if (!course_step_get_runnable (get_step (self))) {
    set_example_title (self);
    return;
  }

  /* Translators: heading of a command to run */
  title = g_strdup_printf (_ ("Step %u"), number);
  gtk_label_set_label (self->title_label, title);
  /* Translators: accessible name of the button that runs a step */
  set_name (self->run_button, g_strdup_printf (_ ("Run step %u"), number));
  /* Translators: accessible name of the button that copies the text of a step */
  set_name (self->copy_button, g_strdup_printf (_ ("Copy step %u"), number));
  /* Translators: accessible name of the button that lets a reader change a step's text */
  set_name (self->edit_button, g_strdup_printf (_ ("Edit step %u"), number));
}

static void
set_tips (LabStepCard *self)
{
  lab_tip_set (GTK_WIDGET (self->run_button), _ ("Type this into the terminal"));
  lab_tip_set (GTK_WIDGET (self->copy_button), _ ("Copy"));
  lab_tip_set (GTK_WIDGET (self->edit_button), _ ("Edit before running"));
}

static void
lab_step_card_dispose (GObject *object)
{
  LabStepCard *self = LAB_STEP_CARD (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_STEP_CARD);
  g_clear_object (&self->item);

  G_OBJECT_CLASS (lab_step_card_parent_class)->dispose (object);
}

static void
lab_step_card_class_init (LabStepCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_step_card_dispose;

  signals[RUN] = g_signal_new ("run", LAB_TYPE_STEP_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);

  signals[EDIT] = g_signal_new ("edit", LAB_TYPE_STEP_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[OPENED] = g_signal_new ("opened", LAB_TYPE_STEP_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-step-card.ui");
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, head_box);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, title_label);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, state_icon);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, state_label);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, forms_box);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, edit_button);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, copy_button);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, run_button);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, code_label);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, form_note);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, checks_box);
  gtk_widget_class_bind_template_callback (widget_class, run_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_toggled_cb);
}

static void
lab_step_card_init (LabStepCard *self)
{
  g_type_ensure (LAB_TYPE_CODE_LABEL);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lab_step_card_new:
 * @item: the row of a step
 * @clock: ticks for how long its checks have waited
 *
 * Returns: (transfer floating): a card that follows @item
 */
GtkWidget *
lab_step_card_new (LabBlockItem *item, LabClock *clock)
{
  LabStepCard *self;
  SessionStep *step;

  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (item), NULL);
  g_return_val_if_fail (lab_block_item_get_step (item) != NULL, NULL);
  g_return_val_if_fail (LAB_IS_CLOCK (clock), NULL);

  self = g_object_new (LAB_TYPE_STEP_CARD, NULL);
  self->item = g_object_ref (item);
  step = lab_block_item_get_step (item);

  set_title (self);
  set_tips (self);
  if (course_step_get_forms (get_step (self))->len > 1)
    gtk_box_append (self->forms_box, lab_form_chooser_new (item));
  add_details (self);
  add_checks (self, clock);
  show_form (self);
  show_state (self);
  show_current (self);

  g_signal_connect_object (item, "notify::form", G_CALLBACK (show_form), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (item, "notify::edited", G_CALLBACK (show_text), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (item, "notify::current", G_CALLBACK (show_current), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (step, "notify::state", G_CALLBACK (show_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (step, "notify::n-fallen", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * lab_step_card_focus_run:
 * @self: a card
 *
 * Gives the keyboard to what the reader does next.
 */
void
lab_step_card_focus_run (LabStepCard *self)
{
  g_return_if_fail (LAB_IS_STEP_CARD (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->run_button));
}
