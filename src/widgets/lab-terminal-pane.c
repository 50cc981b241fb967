/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-terminal-pane.h"

#include <glib/gi18n-lib.h>

#include "lab-banner.h"
#include "lab-terminal.h"
#include "session-transcript.h"

/* The lines that a section types before its first step are short commands. */
#define SHELL_LINES_TIMEOUT_MS 30000

/* A prompt that nothing follows for so long is none of a program that is about to go on. */
#define PATIENCE_MS 5000

struct _LabTerminalPane {
  AdwBin parent_instance;

  LabBanner *banner;
  LabSeriesBar *series_bar;
  GtkStack *stack;
  LabTerminal *terminal;
  GtkScrollbar *scrollbar;

  SessionLab *lab; /* (nullable) */
  GSignalGroup *place_signals;
  SessionPty *pty;               /* (nullable) */
  SessionTranscript *transcript; /* (nullable): of what is typed in it by hand */
  GSignalGroup *pty_signals;
  CourseSection *prepared;   /* (nullable): whose lines this shell has had */
  GCancellable *cancellable; /* (nullable): of what is being run */
  GPtrArray *items;          /* (nullable): the steps of that, LabBlockItem */
  gboolean all;              /* all of them are to pass, one after the other */
};

G_DEFINE_FINAL_TYPE (LabTerminalPane, lab_terminal_pane, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_PLAYING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
show_toast (LabTerminalPane *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

static void
drop_pty (LabTerminalPane *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_object (&self->prepared);
  if (self->series_bar != NULL)
    lab_series_bar_clear (self->series_bar);
  g_signal_group_set_target (self->pty_signals, NULL);
  if (self->terminal != NULL)
    lab_terminal_set_pty (self->terminal, NULL);
  g_clear_object (&self->transcript);
  if (self->pty != NULL)
    session_pty_close (self->pty);
  g_clear_object (&self->pty);
}

static void
command_cb (LabTerminalPane *self, const SessionTyped *typed)
{
  if (self->lab != NULL)
    session_lab_take_command (self->lab, typed);
}

static void
open_shell (LabTerminalPane *self)
{
  JumpPlace *place = session_lab_get_place (self->lab);
  g_auto (GStrv) argv = jump_place_dup_terminal_argv (place);
  g_auto (GStrv) environment = jump_place_dup_terminal_environment (place);
  g_autoptr (GError) error = NULL;
  VteTerminal *terminal = VTE_TERMINAL (self->terminal);

  drop_pty (self);
  self->pty = session_pty_new (jump_place_has_prompt_marks (place));
  self->transcript = session_transcript_new (self->pty);
  g_signal_connect_object (self->transcript, "command", G_CALLBACK (command_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_group_set_target (self->pty_signals, self->pty);
  lab_terminal_set_pty (self->terminal, self->pty);
  if (!session_pty_spawn (self->pty, (const char *const *)argv, (const char *const *)environment,
                          (guint)MAX (vte_terminal_get_column_count (terminal), 1),
                          (guint)MAX (vte_terminal_get_row_count (terminal), 1), &error)) {
    /* Translators: %s is the system's reason */
    g_autofree char *text =
      g_strdup_printf (_ ("The terminal could not be opened: %s"), error->message);

    drop_pty (self);
    lab_banner_show (self->banner, text, _ ("_Try again"));
    return;
  }

  lab_banner_hide (self->banner);
  gtk_stack_set_visible_child_name (self->stack, "terminal");
}

static void
place_state_cb (LabTerminalPane *self)
{
  JumpPlaceState state = jump_place_get_state (session_lab_get_place (self->lab));

  if (state == JUMP_PLACE_CONNECTED && (self->pty == NULL || !session_pty_get_alive (self->pty)))
    open_shell (self);
}

static void
exited_cb (LabTerminalPane *self, int status)
{
  gboolean connected =
    jump_place_get_state (session_lab_get_place (self->lab)) == JUMP_PLACE_CONNECTED;

  g_clear_object (&self->prepared);
  if (connected)
    lab_banner_show (self->banner, _ ("The shell has ended."), _ ("_Start it again"));
  else
    lab_banner_show (self->banner, _ ("The connection of this terminal is lost."),
                     _ ("_Reconnect"));
}

static void
banner_clicked_cb (LabTerminalPane *self)
{
  if (self->lab == NULL)
    return;
  if (jump_place_get_state (session_lab_get_place (self->lab)) == JUMP_PLACE_CONNECTED)
    open_shell (self);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.reconnect", NULL);
}

/* Why nothing can be typed now, and what to do: a program is ended in its own way. */
static const char *
get_busy_text (LabTerminalPane *self)
{
  switch (session_pty_get_holder (self->pty)) {
    case SESSION_HOLDER_LINE:
      return _ ("A line at the prompt is not finished. Drop it with Ctrl+C, then run the step.");
    case SESSION_HOLDER_UNKNOWN:
      return _ ("A line at the prompt is not finished, or a program runs. End that, for example "
                "with Ctrl+C.");
    case SESSION_HOLDER_PROGRAM:
    default:
      return _ ("Another program has the terminal. End it first, then run the step.");
  }
}

static void
end_run (LabTerminalPane *self, const GError *error)
{
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY))
    show_toast (self, get_busy_text (self));
  else
    show_toast (self, error->message);
}

static void
step_run_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LabTerminalPane) self = user_data;
  g_autoptr (GError) error = NULL;

  session_step_run_finish (SESSION_STEP (source), result, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  end_run (self, error);
}

static void
run_step (LabTerminalPane *self, LabBlockItem *item)
{
  session_step_run_async (lab_block_item_get_step (item), self->pty, lab_block_item_get_text (item),
                          0, self->cancellable, step_run_cb, g_object_ref (self));
}

static void
play_steps (LabTerminalPane *self)
{
  g_autoptr (SessionSeries) series = session_series_new (self->pty, PATIENCE_MS);

  for (guint i = 0; i < self->items->len; i++) {
    LabBlockItem *item = g_ptr_array_index (self->items, i);

    session_series_add (series, lab_block_item_get_step (item), lab_block_item_get_text (item));
  }
  end_run (self, NULL);
  lab_series_bar_play (self->series_bar, series);
}

/* The shell is as the section wants it. */
static void
begin (LabTerminalPane *self)
{
  if (self->all)
    play_steps (self);
  else
    run_step (self, g_ptr_array_index (self->items, 0));
}

static CourseSection *
get_section (LabTerminalPane *self)
{
  return lab_block_item_get_section (g_ptr_array_index (self->items, 0));
}

static void
shell_lines_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LabTerminalPane) self = user_data;
  g_autoptr (GError) error = NULL;

  session_pty_run_finish (SESSION_PTY (source), result, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL) {
    end_run (self, error);
    return;
  }

  g_set_object (&self->prepared, get_section (self));
  begin (self);
}

/* A fresh shell first gets the lines that the section wants: a folder to be in, a PATH. */
static void
prepare_shell (LabTerminalPane *self)
{
  CourseSection *section = get_section (self);
  g_auto (GStrv) lines = session_lab_dup_shell_lines (self->lab, section);
  g_autofree char *text = NULL;

  if (self->prepared == section || lines[0] == NULL) {
    begin (self);
    return;
  }

  text = g_strjoinv ("\n", lines);
  session_pty_run_async (self->pty, text, NULL, SHELL_LINES_TIMEOUT_MS, self->cancellable,
                         shell_lines_cb, g_object_ref (self));
}

static gboolean
lab_terminal_pane_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (LAB_TERMINAL_PANE (widget)->terminal));
}

static void
typed_cb (LabTerminalPane *self)
{
  lab_series_bar_stop (self->series_bar, LAB_SERIES_TYPED);
}

static void
playing_cb (LabTerminalPane *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAYING]);
}

static void
passed_cb (LabTerminalPane *self)
{
  show_toast (self, _ ("All steps of this section are done."));
}

static void
lab_terminal_pane_get_property (GObject *object,
                                guint property_id,
                                GValue *value,
                                GParamSpec *pspec)
{
  switch (property_id) {
    case PROP_PLAYING:
      g_value_set_boolean (value, lab_terminal_pane_get_playing (LAB_TERMINAL_PANE (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
lab_terminal_pane_dispose (GObject *object)
{
  LabTerminalPane *self = LAB_TERMINAL_PANE (object);

  if (self->pty_signals != NULL)
    drop_pty (self);
  g_clear_object (&self->place_signals);
  g_clear_object (&self->pty_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TERMINAL_PANE);
  g_clear_object (&self->lab);

  G_OBJECT_CLASS (lab_terminal_pane_parent_class)->dispose (object);
}

static void
lab_terminal_pane_class_init (LabTerminalPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = lab_terminal_pane_get_property;
  G_OBJECT_CLASS (klass)->dispose = lab_terminal_pane_dispose;
  widget_class->grab_focus = lab_terminal_pane_grab_focus;

  properties[PROP_PLAYING] =
    g_param_spec_boolean ("playing", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-terminal-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTerminalPane, banner);
  gtk_widget_class_bind_template_child (widget_class, LabTerminalPane, series_bar);
  gtk_widget_class_bind_template_child (widget_class, LabTerminalPane, stack);
  gtk_widget_class_bind_template_child (widget_class, LabTerminalPane, terminal);
  gtk_widget_class_bind_template_child (widget_class, LabTerminalPane, scrollbar);
  gtk_widget_class_bind_template_callback (widget_class, banner_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, playing_cb);
  gtk_widget_class_bind_template_callback (widget_class, passed_cb);
}

static void
lab_terminal_pane_init (LabTerminalPane *self)
{
  g_type_ensure (LAB_TYPE_BANNER);
  g_type_ensure (LAB_TYPE_SERIES_BAR);
  g_type_ensure (LAB_TYPE_TERMINAL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_scrollbar_set_adjustment (self->scrollbar,
                                gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->terminal)));

  self->place_signals = g_signal_group_new (G_TYPE_OBJECT);
  g_signal_group_connect_swapped (self->place_signals, "notify::state", G_CALLBACK (place_state_cb),
                                  self);
  self->pty_signals = g_signal_group_new (SESSION_TYPE_PTY);
  g_signal_group_connect_swapped (self->pty_signals, "exited", G_CALLBACK (exited_cb), self);
}

/**
 * lab_terminal_pane_new:
 *
 * Returns: (transfer floating): a pane without a place
 */
GtkWidget *
lab_terminal_pane_new (void)
{
  return g_object_new (LAB_TYPE_TERMINAL_PANE, NULL);
}

/**
 * lab_terminal_pane_set_lab:
 * @self: a pane
 * @lab: (nullable): at whose place to open the shell
 */
void
lab_terminal_pane_set_lab (LabTerminalPane *self, SessionLab *lab)
{
  g_return_if_fail (LAB_IS_TERMINAL_PANE (self));
  g_return_if_fail (lab == NULL || SESSION_IS_LAB (lab));

  if (self->lab == lab)
    return;

  drop_pty (self);
  lab_banner_hide (self->banner);
  gtk_stack_set_visible_child_name (self->stack, "waiting");
  g_set_object (&self->lab, lab);
  g_signal_group_set_target (self->place_signals, lab != NULL ? session_lab_get_place (lab) : NULL);
  if (lab != NULL)
    place_state_cb (self);
}

/**
 * lab_terminal_pane_show:
 * @self: a pane without a lab
 * @screen: what another terminal shows, with escape sequences
 *
 * Shows the same, with nobody behind it.
 */
void
lab_terminal_pane_show (LabTerminalPane *self, const char *screen)
{
  g_return_if_fail (LAB_IS_TERMINAL_PANE (self));
  g_return_if_fail (self->lab == NULL);
  g_return_if_fail (screen != NULL);

  lab_terminal_show (self->terminal, screen);
  gtk_stack_set_visible_child_name (self->stack, "terminal");
}

/**
 * lab_terminal_pane_get_settled:
 * @self: a pane
 *
 * Returns: whether what lab_terminal_pane_show() was given is there
 */
gboolean
lab_terminal_pane_get_settled (LabTerminalPane *self)
{
  g_return_val_if_fail (LAB_IS_TERMINAL_PANE (self), FALSE);

  return lab_terminal_get_settled (self->terminal);
}

/**
 * lab_terminal_pane_set_presenting:
 * @self: a pane
 * @presenting: whether others look on
 */
void
lab_terminal_pane_set_presenting (LabTerminalPane *self, gboolean presenting)
{
  g_return_if_fail (LAB_IS_TERMINAL_PANE (self));

  lab_terminal_set_presenting (self->terminal, presenting);
}

/* Says so where nothing can be typed now. */
static gboolean
can_run (LabTerminalPane *self)
{
  if (self->pty == NULL || !session_pty_get_alive (self->pty))
    show_toast (self, _ ("The terminal is not open yet. Connect first, then run the step."));
  else if (lab_terminal_pane_get_playing (self))
    show_toast (self, _ ("Steps are run already. Stop that first, then run the step."));
  else if (self->cancellable != NULL || session_pty_get_busy (self->pty))
    show_toast (self, get_busy_text (self));
  else
    return TRUE;

  return FALSE;
}

static void
start (LabTerminalPane *self, GPtrArray *items, gboolean all)
{
  lab_series_bar_clear (self->series_bar);
  self->cancellable = g_cancellable_new ();
  self->items = g_ptr_array_ref (items);
  self->all = all;
  gtk_widget_grab_focus (GTK_WIDGET (self->terminal));
  prepare_shell (self);
}

/**
 * lab_terminal_pane_run:
 * @self: a pane
 * @item: the row of a step
 *
 * Types the text that @item shows, and gives the terminal the keyboard. Says so in a toast where
 * that cannot be now: only one step at a time, and never into another program. The second click of
 * two is none.
 */
void
lab_terminal_pane_run (LabTerminalPane *self, LabBlockItem *item)
{
  g_autoptr (GPtrArray) items = NULL;

  g_return_if_fail (LAB_IS_TERMINAL_PANE (self));
  g_return_if_fail (LAB_IS_BLOCK_ITEM (item));

  if (self->items != NULL && !self->all && g_ptr_array_index (self->items, 0) == item)
    return;
  if (!can_run (self))
    return;

  items = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (items, g_object_ref (item));
  start (self, items, FALSE);
}

/**
 * lab_terminal_pane_run_all:
 * @self: a pane
 * @items: (element-type LabBlockItem): rows of steps of one section, at least one
 *
 * Runs one after the other, each when the checks of the one before have passed. Stops at the first
 * that does not pass, and where somebody types.
 */
void
lab_terminal_pane_run_all (LabTerminalPane *self, GPtrArray *items)
{
  g_return_if_fail (LAB_IS_TERMINAL_PANE (self));
  g_return_if_fail (items != NULL && items->len > 0);

  if (can_run (self))
    start (self, items, TRUE);
}

/**
 * lab_terminal_pane_set_section:
 * @self: a pane
 * @section: (nullable): what the reader has open
 */
void
lab_terminal_pane_set_section (LabTerminalPane *self, CourseSection *section)
{
  g_return_if_fail (LAB_IS_TERMINAL_PANE (self));

  lab_series_bar_set_section (self->series_bar, section);
}

/**
 * lab_terminal_pane_stop:
 * @self: a pane
 * @why: what to tell
 *
 * Nothing more is typed of several steps. What runs in the terminal runs on.
 */
void
lab_terminal_pane_stop (LabTerminalPane *self, LabSeriesStop why)
{
  g_return_if_fail (LAB_IS_TERMINAL_PANE (self));

  lab_series_bar_stop (self->series_bar, why);
}

/**
 * lab_terminal_pane_get_playing:
 * @self: a pane
 *
 * Returns: whether it runs several steps, one after the other
 */
gboolean
lab_terminal_pane_get_playing (LabTerminalPane *self)
{
  g_return_val_if_fail (LAB_IS_TERMINAL_PANE (self), FALSE);

  return self->series_bar != NULL && lab_series_bar_get_playing (self->series_bar);
}
