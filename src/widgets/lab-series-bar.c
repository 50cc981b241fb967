/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-series-bar.h"

#include <glib/gi18n-lib.h>

#include "lab-banner.h"

struct _LabSeriesBar {
  GtkWidget parent_instance;

  LabBanner *banner;

  SessionSeries *series;     /* (nullable): while it is played */
  GCancellable *cancellable; /* (nullable): of that */
  CourseSection *shown;      /* (nullable): what the reader has open */
  CourseSection *about;      /* (nullable): whose steps are told of */
  char *text;                /* (nullable): what is told */
  const char *button_label;  /* of that */
};

G_DEFINE_FINAL_TYPE (LabSeriesBar, lab_series_bar, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_PLAYING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  PASSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Sections have steps of the same numbers: one that is not in sight is named. A course that is read
 * anew has new objects. */
static void
refresh (LabSeriesBar *self)
{
  g_autofree char *text = NULL;

  if (self->text == NULL) {
    lab_banner_hide (self->banner);
    return;
  }
  if (self->shown == NULL || self->about == NULL ||
      g_str_equal (course_section_get_id (self->shown), course_section_get_id (self->about)))
    text = g_strdup (self->text);
  else
    /* Translators: the title of a section, and a sentence about a step of it */
    text = g_strdup_printf (_ ("%s: %s"), course_section_get_title (self->about), self->text);
  lab_banner_show (self->banner, text, self->button_label);
}

/* @text: (nullable): nothing any more */
static void
tell (LabSeriesBar *self, const char *text, const char *button_label)
{
  g_free (self->text);
  self->text = g_strdup (text);
  self->button_label = button_label;
  if (text != NULL)
    g_set_object (&self->about, session_step_get_section (session_series_get_step (self->series)));
  refresh (self);
}

static guint
get_step_number (LabSeriesBar *self)
{
  return course_step_get_number (session_step_get_step (session_series_get_step (self->series)));
}

static void
show_position (LabSeriesBar *self)
{
  guint position = session_series_get_position (self->series);
  guint n_steps = session_series_get_n_steps (self->series);
  g_autofree char *text = NULL;

  if (position == n_steps)
    return;
  /* Translators: several steps are run by themselves: the number of the one that runs, which of
   * them it is, and how many they are: "Running step 4 (2 of 5)" */
  text = g_strdup_printf (_ ("Running step %u (%u of %u)"), get_step_number (self), position + 1,
                          n_steps);
  if (session_series_get_notice (self->series) != NULL) {
    g_autofree char *running = g_steal_pointer (&text);

    /* Translators: the sentence above, and one about what the step waits for */
    text = g_strdup_printf (_ ("%s. %s"), running, session_series_get_notice (self->series));
  }
  tell (self, text, _ ("_Stop"));
}

/* The series is over, and @text says why it has stopped. */
static void
show_end (LabSeriesBar *self, const char *text)
{
  tell (self, text, _ ("_Close"));
  g_signal_handlers_disconnect_by_data (self->series, self);
  g_clear_object (&self->series);
  g_clear_object (&self->cancellable);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAYING]);
}

static void
show_failure (LabSeriesBar *self, const SessionFailure *failure)
{
  g_autofree char *sentence = session_failure_dup_sentence (failure);
  /* Translators: running several steps has come to a step that did not pass; %s is a sentence that
   * tells why */
  g_autofree char *text =
    g_strdup_printf (_ ("Stopped at step %u. %s"), get_step_number (self), sentence);

  show_end (self, text);
}

static void
played_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LabSeriesBar) self = user_data;
  g_autoptr (SessionFailure) failure = NULL;
  g_autoptr (GError) error = NULL;

  /* what was stopped has been shown by who stopped it */
  if (!session_series_play_finish (SESSION_SERIES (source), result, &failure, &error) ||
      self->series != SESSION_SERIES (source))
    return;

  if (failure != NULL) {
    show_failure (self, failure);
  } else {
    show_end (self, NULL);
    g_signal_emit (self, signals[PASSED], 0);
  }
}

static char *
dup_stop_text (LabSeriesStop why, guint number)
{
  switch (why) {
    case LAB_SERIES_TYPED:
      /* Translators: %u is the number of a step */
      return g_strdup_printf (_ ("Stopped at step %u, since you have typed in the terminal."),
                              number);
    case LAB_SERIES_STOPPED:
    default:
      /* Translators: %u is the number of a step */
      return g_strdup_printf (_ ("Stopped at step %u. What it has begun in the terminal goes on."),
                              number);
  }
}

static void
clicked_cb (LabSeriesBar *self)
{
  if (self->series != NULL)
    lab_series_bar_stop (self, LAB_SERIES_STOPPED);
  else
    tell (self, NULL, NULL);
}

static void
lab_series_bar_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  switch (property_id) {
    case PROP_PLAYING:
      g_value_set_boolean (value, lab_series_bar_get_playing (LAB_SERIES_BAR (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
lab_series_bar_dispose (GObject *object)
{
  LabSeriesBar *self = LAB_SERIES_BAR (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->series != NULL)
    g_signal_handlers_disconnect_by_data (self->series, self);
  g_clear_object (&self->series);
  if (self->banner != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->banner));
  self->banner = NULL;
  g_clear_object (&self->shown);
  g_clear_object (&self->about);
  g_clear_pointer (&self->text, g_free);

  G_OBJECT_CLASS (lab_series_bar_parent_class)->dispose (object);
}

static void
lab_series_bar_class_init (LabSeriesBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lab_series_bar_get_property;
  object_class->dispose = lab_series_bar_dispose;

  properties[PROP_PLAYING] =
    g_param_spec_boolean ("playing", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[PASSED] = g_signal_new ("passed", LAB_TYPE_SERIES_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
lab_series_bar_init (LabSeriesBar *self)
{
  self->banner = g_object_new (LAB_TYPE_BANNER, NULL);
  gtk_widget_set_parent (GTK_WIDGET (self->banner), GTK_WIDGET (self));
  g_signal_connect_object (self->banner, "clicked", G_CALLBACK (clicked_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * lab_series_bar_new:
 *
 * Returns: (transfer floating): a bar with nothing to say
 */
GtkWidget *
lab_series_bar_new (void)
{
  return g_object_new (LAB_TYPE_SERIES_BAR, NULL);
}

/**
 * lab_series_bar_play:
 * @self: a bar that does not play
 * @series: at least one step, none of them played yet
 */
void
lab_series_bar_play (LabSeriesBar *self, SessionSeries *series)
{
  g_return_if_fail (LAB_IS_SERIES_BAR (self));
  g_return_if_fail (SESSION_IS_SERIES (series));
  g_return_if_fail (self->series == NULL);

  self->series = g_object_ref (series);
  self->cancellable = g_cancellable_new ();
  g_signal_connect_object (series, "notify::position", G_CALLBACK (show_position), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (series, "notify::notice", G_CALLBACK (show_position), self,
                           G_CONNECT_SWAPPED);
  show_position (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PLAYING]);
  session_series_play_async (series, self->cancellable, played_cb, g_object_ref (self));
}

/**
 * lab_series_bar_stop:
 * @self: a bar
 * @why: what to tell
 *
 * Nothing more is typed. What runs in the terminal runs on. Does nothing where nothing is played.
 */
void
lab_series_bar_stop (LabSeriesBar *self, LabSeriesStop why)
{
  g_autofree char *text = NULL;

  g_return_if_fail (LAB_IS_SERIES_BAR (self));

  if (self->series == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  text = dup_stop_text (why, get_step_number (self));
  show_end (self, text);
}

/**
 * lab_series_bar_clear:
 * @self: a bar
 *
 * Stops, and says nothing any more.
 */
void
lab_series_bar_clear (LabSeriesBar *self)
{
  g_return_if_fail (LAB_IS_SERIES_BAR (self));

  g_cancellable_cancel (self->cancellable);
  if (self->series != NULL)
    show_end (self, NULL);
  else
    tell (self, NULL, NULL);
}

/**
 * lab_series_bar_set_section:
 * @self: a bar
 * @section: (nullable): what the reader has open; what is played in another one is told with its
 *   title
 */
void
lab_series_bar_set_section (LabSeriesBar *self, CourseSection *section)
{
  g_return_if_fail (LAB_IS_SERIES_BAR (self));
  g_return_if_fail (section == NULL || COURSE_IS_SECTION (section));

  if (g_set_object (&self->shown, section))
    refresh (self);
}

gboolean
lab_series_bar_get_playing (LabSeriesBar *self)
{
  g_return_val_if_fail (LAB_IS_SERIES_BAR (self), FALSE);

  return self->series != NULL;
}
