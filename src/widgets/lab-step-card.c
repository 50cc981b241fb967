/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-step-card.h"

#include <glib/gi18n-lib.h>

#include "lab-check-row.h"
#include "lab-code-label.h"
#include "lab-form-text.h"
#include "lab-step-editor.h"
#include "lab-tip.h"

struct _LabStepCard {
  AdwBin parent_instance;

  GtkLabel *title_label;
  GtkImage *state_icon;
  GtkLabel *state_label;
  GtkButton *forget_button;
  GtkBox *forms_box;
  GtkToggleButton *edit_button;
  GtkButton *copy_button;
  GtkButton *run_button;
  LabCodeLabel *code_label;
  GtkLabel *form_note;
  AdwBin *editor_bin;
  GtkBox *edited_box;
  GtkButton *put_back_button;
  GtkBox *details_box;
  GtkBox *checks_box;

  LabBlockItem *item;
  GtkDropDown *forms;     /* (nullable): where the step has several */
  GtkWidget *expander;    /* (nullable): where a form has an output */
  LabCodeLabel *expected; /* (nullable): in that */
};

G_DEFINE_FINAL_TYPE (LabStepCard, lab_step_card, ADW_TYPE_BIN)

enum {
  RUN,
  EDIT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static CourseStep *
get_step (LabStepCard *self)
{
  return session_step_get_step (lab_block_item_get_step (self->item));
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
show_text (LabStepCard *self)
{
  lab_code_label_set_code (self->code_label, lab_block_item_get_text (self->item),
                           lab_block_item_get_form (self->item)->language);
  gtk_widget_set_visible (GTK_WIDGET (self->edited_box),
                          lab_block_item_get_edited (self->item) != NULL);
  update_run (self);
}

/* What to expect of the form that is shown. */
static void
show_output (LabStepCard *self)
{
  const char *output = lab_block_item_get_form (self->item)->output;

  if (self->expander == NULL)
    return;
  gtk_widget_set_visible (self->expander, output != NULL);
  lab_code_label_set_code (self->expected, output != NULL ? output : "", NULL);
}

static void
show_form (LabStepCard *self)
{
  g_autofree char *note = lab_form_dup_note (lab_block_item_get_form (self->item),
                                             lab_block_item_get_filled (self->item));

  gtk_label_set_label (self->form_note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->form_note), *note != '\0');
  show_text (self);
  show_output (self);
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

/* The whole card in a few words, for those who do not see it. */
static char *
dup_name (LabStepCard *self, SessionStepState state)
{
  guint number = course_step_get_number (get_step (self));

  if (!course_step_get_runnable (get_step (self)))
    return g_strdup (_ ("Example"));
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
show_state (LabStepCard *self)
{
  SessionStepState state = session_step_get_state (lab_block_item_get_step (self->item));
  const char *css_classes[] = { looks[state].css_class, NULL };

  gtk_widget_set_visible (GTK_WIDGET (self->state_icon), looks[state].icon != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->state_label), looks[state].icon != NULL);
  if (looks[state].icon != NULL) {
    gtk_image_set_from_icon_name (self->state_icon, looks[state].icon);
    gtk_widget_set_css_classes (GTK_WIDGET (self->state_icon), css_classes);
    gtk_label_set_label (self->state_label, _ (looks[state].text));
  }
  gtk_widget_set_visible (GTK_WIDGET (self->forget_button),
                          state == SESSION_STEP_DONE && course_step_get_runnable (get_step (self)));
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
form_selected_cb (LabStepCard *self)
{
  guint selected = gtk_drop_down_get_selected (self->forms);

  if (selected != GTK_INVALID_LIST_POSITION &&
      selected != lab_block_item_get_form_index (self->item))
    lab_block_item_set_form_index (self->item, selected);
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
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          lab_block_item_get_text (self->item));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _ ("Copied"));
}

static void
forget_clicked_cb (LabStepCard *self)
{
  session_step_forget (lab_block_item_get_step (self->item));
}

static void
put_back_clicked_cb (LabStepCard *self)
{
  lab_block_item_set_edited (self->item, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self));
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
  GtkWidget *editor = NULL;

  if (editing) {
    editor = lab_step_editor_new (self->item);
    g_signal_connect_object (editor, "close", G_CALLBACK (editor_closed_cb), self,
                             G_CONNECT_SWAPPED);
  }
  adw_bin_set_child (self->editor_bin, editor);
  gtk_widget_set_visible (GTK_WIDGET (self->editor_bin), editing);
  gtk_widget_set_visible (GTK_WIDGET (self->code_label), !editing);
  if (editing)
    gtk_widget_grab_focus (editor);
}

static void
form_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
form_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

/* In large letters the button has less room than its text; the list that it opens has enough. */
static void
let_forms_shrink (LabStepCard *self)
{
  g_autoptr (GtkListItemFactory) whole = g_object_ref (gtk_drop_down_get_factory (self->forms));
  g_autoptr (GtkListItemFactory) narrow = gtk_signal_list_item_factory_new ();

  g_signal_connect (narrow, "setup", G_CALLBACK (form_setup_cb), NULL);
  g_signal_connect (narrow, "bind", G_CALLBACK (form_bind_cb), NULL);
  gtk_drop_down_set_list_factory (self->forms, whole);
  gtk_drop_down_set_factory (self->forms, narrow);
}

static void
add_forms (LabStepCard *self)
{
  GPtrArray *forms = course_step_get_forms (get_step (self));
  g_autoptr (GtkStringList) titles = NULL;

  if (forms->len < 2)
    return;

  titles = gtk_string_list_new (NULL);
  for (guint i = 0; i < forms->len; i++)
    gtk_string_list_take (titles, lab_form_dup_title (forms, i));

  self->forms = GTK_DROP_DOWN (gtk_drop_down_new (G_LIST_MODEL (g_steal_pointer (&titles)), NULL));
  let_forms_shrink (self);
  gtk_widget_add_css_class (GTK_WIDGET (self->forms), "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->forms), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Form of the step"), -1);
  gtk_box_append (self->forms_box, GTK_WIDGET (self->forms));
  gtk_drop_down_set_selected (self->forms, lab_block_item_get_form_index (self->item));
  g_signal_connect_object (self->forms, "notify::selected", G_CALLBACK (form_selected_cb), self,
                           G_CONNECT_SWAPPED);
}

static GtkWidget *
new_note (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "dim-label");

  return label;
}

/* What changes in a file, and a button that makes the change. */
static void
add_edit (LabStepCard *self, const CourseEdit *edit)
{
  /* Translators: a step changes a file; %s is its path */
  g_autofree char *text = g_strdup_printf (_ ("Changes in %s:"), edit->file);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *note = new_note (text);
  GtkWidget *button = gtk_button_new_with_mnemonic (_ ("_Make the change"));
  GtkWidget *patch = lab_code_label_new ();

  lab_code_label_set_code (LAB_CODE_LABEL (patch), edit->patch, "yaml");
  gtk_widget_set_hexpand (note, TRUE);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", G_CALLBACK (edit_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (head), note);
  gtk_box_append (GTK_BOX (head), button);
  gtk_box_append (self->details_box, head);
  gtk_box_append (self->details_box, patch);
}

static gboolean
has_output (LabStepCard *self)
{
  GPtrArray *forms = course_step_get_forms (get_step (self));

  for (guint i = 0; i < forms->len; i++) {
    if (((const CourseForm *)g_ptr_array_index (forms, i))->output != NULL)
      return TRUE;
  }

  return FALSE;
}

static void
add_output (LabStepCard *self)
{
  GtkWidget *code = lab_code_label_new ();

  self->expander = gtk_expander_new (_ ("Expected output"));
  self->expected = LAB_CODE_LABEL (code);
  gtk_widget_add_css_class (code, "output");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->expander), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Expected output"), -1);
  gtk_expander_set_child (GTK_EXPANDER (self->expander), code);
  /* GTK before 4.10 offers the keyboard to the child also while it is in no window */
  g_object_bind_property (self->expander, "expanded", code, "visible", G_BINDING_SYNC_CREATE);
  gtk_box_append (self->details_box, self->expander);
}

static void
add_details (LabStepCard *self)
{
  GPtrArray *inputs = course_step_get_inputs (get_step (self));
  const CourseEdit *edit = session_step_get_edit (lab_block_item_get_step (self->item));

  for (guint i = 0; inputs != NULL && i < inputs->len; i++) {
    g_autofree char *text = lab_input_dup_text (g_ptr_array_index (inputs, i));

    gtk_box_append (self->details_box, new_note (text));
  }
  if (edit != NULL)
    add_edit (self, edit);
  if (has_output (self))
    add_output (self);
  gtk_widget_set_visible (GTK_WIDGET (self->details_box),
                          gtk_widget_get_first_child (GTK_WIDGET (self->details_box)) != NULL);
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

/* Buttons without a text, or with the same in every step, are told apart by their names. */
static void
set_name (gpointer widget, char *name)
{
  g_autofree char *owned = name;

  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, owned,
                                  -1);
}

static void
set_title (LabStepCard *self)
{
  guint number = course_step_get_number (get_step (self));
  g_autofree char *title = NULL;

  if (!course_step_get_runnable (get_step (self))) {
    gtk_label_set_label (self->title_label, _ ("Example"));
    gtk_widget_set_visible (GTK_WIDGET (self->run_button), FALSE);
    gtk_widget_set_visible (GTK_WIDGET (self->edit_button), FALSE);
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
  /* Translators: accessible name of the button that puts the course's text of a step back */
  set_name (self->put_back_button, g_strdup_printf (_ ("Put back the text of step %u"), number));
  /* Translators: accessible name of the button by which a step counts as not done again */
  set_name (self->forget_button, g_strdup_printf (_ ("Forget step %u"), number));
}

static void
set_tips (LabStepCard *self)
{
  lab_tip_set (GTK_WIDGET (self->run_button), _ ("Type this into the terminal"));
  lab_tip_set (GTK_WIDGET (self->copy_button), _ ("Copy"));
  lab_tip_set (GTK_WIDGET (self->edit_button), _ ("Edit before running"));
  lab_tip_set (GTK_WIDGET (self->forget_button), _ ("Forget that this is done"));
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

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-step-card.ui");
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, title_label);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, state_icon);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, state_label);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, forget_button);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, forms_box);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, edit_button);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, copy_button);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, run_button);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, code_label);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, form_note);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, editor_bin);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, edited_box);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, put_back_button);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, details_box);
  gtk_widget_class_bind_template_child (widget_class, LabStepCard, checks_box);
  gtk_widget_class_bind_template_callback (widget_class, run_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, put_back_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, forget_clicked_cb);
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
  add_forms (self);
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
