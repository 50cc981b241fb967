/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-lane.h"

#include <glib/gi18n-lib.h>

#include "lab-sample-strip.h"
#include "lab-sample-text.h"
#include "lab-star.h"

/* Words change more slowly than the strip, so that they can be read; what a screen reader says,
 * more slowly still. */
#define UPDATE_MS 250
#define DESCRIBE_INTERVAL (5 * G_USEC_PER_SEC)
#define STAR_SIZE 16

struct _LabTrafficLane {
  AdwBin parent_instance;

  GtkLabel *title_label;
  LabSampleStrip *strip;
  GtkBox *versions_box;
  GtkLabel *note_label;
  GtkLabel *answer_label;

  SessionLane lane;
  SessionSampler *sampler; /* (nullable) */
  GSignalGroup *sampler_signals;
  GSignalGroup *history_signals;
  GStrv versions; /* (nullable): of the rows */
  guint timer;
  gint64 described_at;
};

G_DEFINE_FINAL_TYPE (LabTrafficLane, lab_traffic_lane, ADW_TYPE_BIN)

static MeshHistory *
get_history (LabTrafficLane *self)
{
  return session_sampler_get_history (self->sampler, self->lane);
}

static const MeshSettings *
get_settings (LabTrafficLane *self)
{
  return session_sampler_get_settings (self->sampler, self->lane);
}

/* The label of a row follows its star. */
static GtkWidget *
new_row (LabTrafficLane *self, const char *version)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (NULL);
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  LabStarColors colors;
  g_autoptr (GdkTexture) star = NULL;
  GtkWidget *image;

  lab_star_load_colors (GTK_WIDGET (self), &colors);
  star = lab_star_new_texture (lab_star_of_version (version), &colors, STAR_SIZE * scale);
  image = gtk_image_new_from_paintable (GDK_PAINTABLE (star));
  gtk_image_set_pixel_size (GTK_IMAGE (image), STAR_SIZE);
  gtk_widget_set_valign (image, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (row), image);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (row), label);
  return row;
}

static void
clear_rows (LabTrafficLane *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->versions_box))) != NULL)
    gtk_box_remove (self->versions_box, child);
  g_clear_pointer (&self->versions, g_strfreev);
}

static void
update_rows (LabTrafficLane *self)
{
  g_auto (GStrv) versions = lab_sample_text_dup_versions (get_history (self), get_settings (self));
  GtkWidget *row;

  if (self->versions == NULL ||
      !g_strv_equal ((const char *const *)versions, (const char *const *)self->versions)) {
    clear_rows (self);
    for (gsize i = 0; versions[i] != NULL; i++)
      gtk_box_append (self->versions_box, new_row (self, versions[i]));
    self->versions = g_steal_pointer (&versions);
  }

  row = gtk_widget_get_first_child (GTK_WIDGET (self->versions_box));
  for (gsize i = 0; row != NULL; i++, row = gtk_widget_get_next_sibling (row)) {
    gboolean is_odd;
    g_autofree char *text = lab_sample_text_dup_version (get_history (self), get_settings (self),
                                                         self->versions[i], &is_odd);
    GtkWidget *label = gtk_widget_get_last_child (row);

    gtk_label_set_label (GTK_LABEL (label), text);
    if (is_odd)
      gtk_widget_add_css_class (label, "attention");
    else
      gtk_widget_remove_css_class (label, "attention");
  }
}

static void
update_answer (LabTrafficLane *self)
{
  MeshHistory *history = get_history (self);
  guint n = mesh_history_get_n (history);
  int chosen = lab_sample_strip_get_chosen (self->strip);
  g_autofree char *words = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->answer_label), n > 0);
  if (n == 0)
    return;
  words = lab_sample_text_dup_answer (
    mesh_history_get (history, chosen >= 0 ? (guint)chosen : n - 1), get_settings (self));
  if (chosen >= 0)
    /* Translators: which of how many answers, and what it is */
    text = g_strdup_printf (_ ("Answer %d of %u: %s"), chosen + 1, n, words);
  else
    /* Translators: %s is such as "v3, red stars after 0.02 s" */
    text = g_strdup_printf (_ ("Latest: %s"), words);
  gtk_label_set_label (self->answer_label, text);
}

/* All that the strip shows, for who cannot see it. */
static void
describe (LabTrafficLane *self)
{
  gint64 now = g_get_monotonic_time ();
  g_autoptr (GString) text = g_string_new (NULL);

  if (self->described_at != 0 && now - self->described_at < DESCRIBE_INTERVAL)
    return;
  self->described_at = now;
  for (gsize i = 0; self->versions != NULL && self->versions[i] != NULL; i++) {
    gboolean is_odd;
    g_autofree char *version = lab_sample_text_dup_version (get_history (self), get_settings (self),
                                                            self->versions[i], &is_odd);

    g_string_append_printf (text, "%s. ", version);
  }
  g_string_append_printf (text, "%s %s", gtk_label_get_label (self->note_label),
                          gtk_label_get_label (self->answer_label));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->strip), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
}

/* Bookinfo's page lets users sign in; others are told by the header that its pods pass on. */
static void
update_title (LabTrafficLane *self)
{
  gboolean is_jason = self->lane == SESSION_LANE_JASON;
  gboolean is_page = session_sampler_get_target (self->sampler)->kind != MESH_TARGET_PATH;
  const char *title = is_jason ? _ ("Signed in as jason") : _ ("Not signed in");

  if (!is_page)
    title = is_jason ? _ ("With the header end-user: jason") : _ ("Without a user");
  gtk_label_set_label (self->title_label, title);
}

static void
update (LabTrafficLane *self)
{
  g_autofree char *note = NULL;

  if (self->sampler == NULL)
    return;
  update_title (self);
  update_rows (self);
  note = lab_sample_text_dup_note (get_history (self), get_settings (self));
  gtk_label_set_label (self->note_label, note);
  gtk_widget_set_visible (GTK_WIDGET (self->note_label), *note != '\0');
  update_answer (self);
  describe (self);
}

static gboolean
update_cb (gpointer user_data)
{
  LabTrafficLane *self = LAB_TRAFFIC_LANE (user_data);

  self->timer = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

static void
schedule (LabTrafficLane *self)
{
  if (self->timer != 0)
    return;
  self->timer = g_timeout_add_full (G_PRIORITY_LOW, UPDATE_MS, update_cb, self, NULL);
  g_source_set_name_by_id (self->timer, "[konvoy-lab] words of samples");
}

/* The stars have the colours of the theme. */
static void
lab_traffic_lane_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  LabTrafficLane *self = LAB_TRAFFIC_LANE (widget);

  GTK_WIDGET_CLASS (lab_traffic_lane_parent_class)->css_changed (widget, change);
  g_clear_pointer (&self->versions, g_strfreev);
  schedule (self);
}

static void
lab_traffic_lane_dispose (GObject *object)
{
  LabTrafficLane *self = LAB_TRAFFIC_LANE (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->sampler_signals);
  g_clear_object (&self->history_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_LANE);
  g_clear_object (&self->sampler);
  g_clear_pointer (&self->versions, g_strfreev);
  G_OBJECT_CLASS (lab_traffic_lane_parent_class)->dispose (object);
}

static void
lab_traffic_lane_class_init (LabTrafficLaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_lane_dispose;
  widget_class->css_changed = lab_traffic_lane_css_changed;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-lane.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficLane, title_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficLane, strip);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficLane, versions_box);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficLane, note_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficLane, answer_label);
}

static void
lab_traffic_lane_init (LabTrafficLane *self)
{
  g_type_ensure (LAB_TYPE_SAMPLE_STRIP);
  self->sampler_signals = g_signal_group_new (SESSION_TYPE_SAMPLER);
  g_signal_group_connect_swapped (self->sampler_signals, "settings", G_CALLBACK (schedule), self);
  self->history_signals = g_signal_group_new (MESH_TYPE_HISTORY);
  g_signal_group_connect_swapped (self->history_signals, "changed", G_CALLBACK (schedule), self);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->strip, "notify::chosen", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
}

/**
 * lab_traffic_lane_new:
 * @lane: who asks
 *
 * Returns: (transfer floating): without answers
 */
GtkWidget *
lab_traffic_lane_new (SessionLane lane)
{
  LabTrafficLane *self = g_object_new (LAB_TYPE_TRAFFIC_LANE, NULL);
  gboolean is_jason = lane == SESSION_LANE_JASON;

  self->lane = lane;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->strip), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  is_jason ? _ ("Answers to jason") : _ ("Answers to anyone"), -1);
  return GTK_WIDGET (self);
}

/**
 * lab_traffic_lane_set_sampler:
 * @sampler: (nullable): whose answers it shows
 */
void
lab_traffic_lane_set_sampler (LabTrafficLane *self, SessionSampler *sampler)
{
  MeshHistory *history = NULL;

  g_return_if_fail (LAB_IS_TRAFFIC_LANE (self));
  g_return_if_fail (sampler == NULL || SESSION_IS_SAMPLER (sampler));

  g_set_object (&self->sampler, sampler);
  if (sampler != NULL)
    history = get_history (self);
  g_signal_group_set_target (self->sampler_signals, sampler);
  g_signal_group_set_target (self->history_signals, history);
  lab_sample_strip_set_history (self->strip, history);
  self->described_at = 0;
  update (self);
}
