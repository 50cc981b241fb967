/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-sample-strip.h"

#include <string.h>

#include "lab-star.h"

/* What needs no bar, and what fills it: the page gives up after 6 s. */
#define QUICK_MS 350
#define SLOW_MS 6000
#define SLOW_STEPS 6

#define MAX_COLUMNS 50
#define MIN_COLUMNS 10
#define NATURAL_COLUMNS 20
#define MAX_LINES (MESH_HISTORY_SIZE / MIN_COLUMNS)
#define BAR 2

/* What is drawn of an answer. A line of the same ones is drawn once. */
typedef struct {
  guint8 star;
  guint8 slowness; /* 0: quick, to SLOW_STEPS */
  gboolean is_marked;
} Cell;

typedef struct {
  Cell cells[MAX_COLUMNS];
  guint n_cells;
  GskRenderNode *node; /* (nullable) */
} Line;

struct _LabSampleStrip {
  GtkWidget parent_instance;

  MeshHistory *history; /* (nullable) */
  int cell;             /* its width and height */
  guint columns;
  Line lines[MAX_LINES]; /* by the number of the line, going round */
  GdkTexture *stars[LAB_N_STARS];
  LabStarColors colors;
  GdkRGBA accent;
  gint64 chosen; /* the number of the answer, of all that came; -1: none */
};

G_DEFINE_FINAL_TYPE (LabSampleStrip, lab_sample_strip, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_CHOSEN,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* The number, of all that came, of the oldest that is kept. */
static gint64
get_first (LabSampleStrip *self)
{
  return (gint64)mesh_history_get_n_ever (self->history) -
         (gint64)mesh_history_get_n (self->history);
}

static guint
count_lines (LabSampleStrip *self)
{
  return (MESH_HISTORY_SIZE + self->columns - 1) / self->columns;
}

/* The first of the lines that are seen: the last of them is the one being filled. */
static gint64
get_top_line (LabSampleStrip *self)
{
  gint64 n_ever = (gint64)mesh_history_get_n_ever (self->history);
  gint64 last = n_ever > 0 ? (n_ever - 1) / self->columns : 0;

  return MAX (last + 1 - count_lines (self), 0);
}

static void
forget_lines (LabSampleStrip *self)
{
  for (guint i = 0; i < MAX_LINES; i++)
    g_clear_pointer (&self->lines[i].node, gsk_render_node_unref);
}

static void
forget_looks (LabSampleStrip *self)
{
  forget_lines (self);
  for (guint i = 0; i < LAB_N_STARS; i++)
    g_clear_object (&self->stars[i]);
}

static void
load_looks (LabSampleStrip *self)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  int size = (self->cell - 2 - BAR) * gtk_widget_get_scale_factor (GTK_WIDGET (self));

  if (self->stars[0] != NULL)
    return;
  lab_star_load_colors (GTK_WIDGET (self), &self->colors);
  if (!gtk_style_context_lookup_color (context, "accent_color", &self->accent))
    self->accent = self->colors.foreground;
  for (guint i = 0; i < LAB_N_STARS; i++)
    self->stars[i] = lab_star_new_texture (i, &self->colors, size);
}

static guint8
get_slowness (guint latency)
{
  if (latency < QUICK_MS)
    return 0;
  return (guint8)MIN (1 + latency * (SLOW_STEPS - 1) / SLOW_MS, SLOW_STEPS);
}

/* Cells of a line that are not kept any more are empty. */
static guint
read_line (LabSampleStrip *self, gint64 line, Cell *cells)
{
  gint64 first = get_first (self);
  gint64 number = line * self->columns;
  guint n_cells = 0;

  memset (cells, 0, sizeof *cells * MAX_COLUMNS);
  for (guint i = 0; i < self->columns; i++, number++) {
    const MeshAnswer *answer;

    if (number >= (gint64)mesh_history_get_n_ever (self->history))
      break;
    n_cells = i + 1;
    cells[i].star = LAB_N_STARS;
    if (number < first)
      continue;
    answer = mesh_history_get (self->history, (guint)(number - first));
    cells[i].star = (guint8)lab_star_of_answer (answer);
    cells[i].slowness = get_slowness (answer->latency_ms);
    cells[i].is_marked = mesh_history_is_marked (self->history, (guint)(number - first));
  }

  return n_cells;
}

static float
get_x (LabSampleStrip *self, guint column)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  return rtl ? (float)(width - (int)(column + 1) * self->cell) : (float)((int)column * self->cell);
}

static void
append_rectangle (GtkSnapshot *snapshot, const GdkRGBA *color, float x, float y, float w, float h)
{
  gtk_snapshot_append_color (snapshot, color, &GRAPHENE_RECT_INIT (x, y, w, h));
}

static void
snapshot_cell (LabSampleStrip *self, GtkSnapshot *snapshot, const Cell *cell, float x)
{
  float size = (float)(self->cell - 2 - BAR);

  if (cell->star < LAB_N_STARS)
    gtk_snapshot_append_texture (snapshot, self->stars[cell->star],
                                 &GRAPHENE_RECT_INIT (x + 1 + BAR / 2, 1, size, size));
  if (cell->slowness > 0)
    append_rectangle (snapshot, &self->colors.foreground, x + 1, (float)(self->cell - BAR),
                      (float)((self->cell - 2) * cell->slowness) / SLOW_STEPS, BAR);
  if (cell->is_marked) {
    append_rectangle (snapshot, &self->accent, x - 1, 0, 2, (float)self->cell);
    append_rectangle (snapshot, &self->accent, x - 1, 0, 6, 3);
  }
}

static GskRenderNode *
draw_line (LabSampleStrip *self, const Line *line)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  for (guint i = 0; i < line->n_cells; i++)
    snapshot_cell (self, snapshot, &line->cells[i], get_x (self, i));
  return gtk_snapshot_free_to_node (snapshot);
}

static void
snapshot_line (LabSampleStrip *self, GtkSnapshot *snapshot, gint64 number)
{
  Line *line = &self->lines[number % MAX_LINES];
  Cell cells[MAX_COLUMNS];
  guint n_cells = read_line (self, number, cells);

  if (line->node == NULL || n_cells != line->n_cells ||
      memcmp (cells, line->cells, sizeof cells) != 0) {
    memcpy (line->cells, cells, sizeof cells);
    line->n_cells = n_cells;
    g_clear_pointer (&line->node, gsk_render_node_unref);
    line->node = draw_line (self, line);
  }
  if (line->node != NULL)
    gtk_snapshot_append_node (snapshot, line->node);
}

static void
snapshot_chosen (LabSampleStrip *self, GtkSnapshot *snapshot, gint64 top)
{
  float x = get_x (self, (guint)(self->chosen % self->columns));
  float y = (float)((self->chosen / self->columns - top) * self->cell);
  const GdkRGBA *color = &self->accent;
  float end = (float)self->cell - 1;

  append_rectangle (snapshot, color, x, y, end, 1);
  append_rectangle (snapshot, color, x, y + end, end, 1);
  append_rectangle (snapshot, color, x, y, 1, end);
  append_rectangle (snapshot, color, x + end, y, 1, end + 1);
}

static void
lab_sample_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  LabSampleStrip *self = LAB_SAMPLE_STRIP (widget);
  gint64 top, n_ever;

  if (self->history == NULL || self->columns == 0)
    return;
  load_looks (self);
  top = get_top_line (self);
  n_ever = (gint64)mesh_history_get_n_ever (self->history);
  gtk_snapshot_save (snapshot);
  for (gint64 line = top; line * self->columns < n_ever; line++) {
    snapshot_line (self, snapshot, line);
    gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (0, (float)self->cell));
  }
  gtk_snapshot_restore (snapshot);
  if (self->chosen >= MAX (get_first (self), top * self->columns))
    snapshot_chosen (self, snapshot, top);
}

/* As large as the text around it. */
static void
measure_cell (LabSampleStrip *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int height = PANGO_PIXELS (pango_font_metrics_get_ascent (metrics) +
                             pango_font_metrics_get_descent (metrics));

  pango_font_metrics_unref (metrics);
  self->cell = MAX (height, 12);
}

static guint
get_columns (LabSampleStrip *self, int width)
{
  return (guint)CLAMP (width / self->cell, MIN_COLUMNS, MAX_COLUMNS);
}

static GtkSizeRequestMode
lab_sample_strip_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
lab_sample_strip_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  LabSampleStrip *self = LAB_SAMPLE_STRIP (widget);

  measure_cell (self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MIN_COLUMNS * self->cell;
    *natural = NATURAL_COLUMNS * self->cell;
  } else {
    guint columns = for_size >= 0 ? get_columns (self, for_size) : NATURAL_COLUMNS;

    *minimum = (int)((MESH_HISTORY_SIZE + columns - 1) / columns) * self->cell;
    *natural = *minimum;
  }
}

static void
lab_sample_strip_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  LabSampleStrip *self = LAB_SAMPLE_STRIP (widget);

  measure_cell (self);
  self->columns = get_columns (self, width);
  forget_looks (self);
}

static void
lab_sample_strip_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (lab_sample_strip_parent_class)->css_changed (widget, change);
  forget_looks (LAB_SAMPLE_STRIP (widget));
  gtk_widget_queue_resize (widget);
}

static void
choose (LabSampleStrip *self, gint64 number)
{
  if (self->history == NULL || mesh_history_get_n (self->history) == 0)
    number = -1;
  else if (number >= 0)
    number = CLAMP (number, MAX (get_first (self), get_top_line (self) * self->columns),
                    (gint64)mesh_history_get_n_ever (self->history) - 1);
  if (number == self->chosen)
    return;
  self->chosen = number;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHOSEN]);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, LabSampleStrip *self)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  gint64 number;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (self->history == NULL || self->columns == 0)
    return;
  if (rtl)
    x = gtk_widget_get_width (GTK_WIDGET (self)) - x;
  if (x < 0 || y < 0 || x >= (double)self->columns * self->cell)
    return;
  number =
    (get_top_line (self) + (gint64)(y / self->cell)) * self->columns + (gint64)(x / self->cell);
  choose (self, number < (gint64)mesh_history_get_n_ever (self->history) ? number : -1);
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint key,
                guint code,
                GdkModifierType modifiers,
                LabSampleStrip *self)
{
  gint64 last = self->history != NULL ? (gint64)mesh_history_get_n_ever (self->history) - 1 : -1;
  gint64 from = self->chosen >= 0 ? self->chosen : last + 1;
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  switch (key) {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      choose (self, MAX (from + (rtl ? 1 : -1), 0));
      return TRUE;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      choose (self, MAX (from + (rtl ? -1 : 1), 0));
      return TRUE;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      choose (self, 0);
      return TRUE;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      choose (self, MAX (last, 0));
      return TRUE;
    case GDK_KEY_Escape:
      if (self->chosen < 0)
        return FALSE;
      choose (self, -1);
      return TRUE;
    default:
      return FALSE;
  }
}

static void
changed_cb (MeshHistory *history, LabSampleStrip *self)
{
  if (self->chosen >= 0 && (self->chosen < get_first (self) ||
                            self->chosen >= (gint64)mesh_history_get_n_ever (history)))
    choose (self, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
lab_sample_strip_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_CHOSEN:
      g_value_set_int (value, lab_sample_strip_get_chosen (LAB_SAMPLE_STRIP (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
lab_sample_strip_dispose (GObject *object)
{
  lab_sample_strip_set_history (LAB_SAMPLE_STRIP (object), NULL);
  forget_looks (LAB_SAMPLE_STRIP (object));
  G_OBJECT_CLASS (lab_sample_strip_parent_class)->dispose (object);
}

static void
lab_sample_strip_class_init (LabSampleStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lab_sample_strip_get_property;
  object_class->dispose = lab_sample_strip_dispose;
  widget_class->snapshot = lab_sample_strip_snapshot;
  widget_class->measure = lab_sample_strip_measure;
  widget_class->get_request_mode = lab_sample_strip_get_request_mode;
  widget_class->size_allocate = lab_sample_strip_size_allocate;
  widget_class->css_changed = lab_sample_strip_css_changed;

  properties[PROP_CHOSEN] =
    g_param_spec_int ("chosen", NULL, NULL, -1, MESH_HISTORY_SIZE, -1,
                      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "samplestrip");
}

static void
lab_sample_strip_init (LabSampleStrip *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->chosen = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_object (click, "pressed", G_CALLBACK (pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (forget_looks), NULL);
}

/**
 * lab_sample_strip_new:
 *
 * Returns: (transfer floating): a strip without answers
 */
GtkWidget *
lab_sample_strip_new (void)
{
  return g_object_new (LAB_TYPE_SAMPLE_STRIP, NULL);
}

/**
 * lab_sample_strip_set_history:
 * @history: (nullable): what it shows
 */
void
lab_sample_strip_set_history (LabSampleStrip *self, MeshHistory *history)
{
  g_return_if_fail (LAB_IS_SAMPLE_STRIP (self));
  g_return_if_fail (history == NULL || MESH_IS_HISTORY (history));

  if (self->history == history)
    return;
  if (self->history != NULL)
    g_signal_handlers_disconnect_by_data (self->history, self);
  g_set_object (&self->history, history);
  if (history != NULL)
    g_signal_connect_object (history, "changed", G_CALLBACK (changed_cb), self, 0);
  choose (self, -1);
  forget_lines (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * lab_sample_strip_get_chosen:
 *
 * Returns: the index, in the history, of the answer that the user has chosen; -1: none
 */
int
lab_sample_strip_get_chosen (LabSampleStrip *self)
{
  g_return_val_if_fail (LAB_IS_SAMPLE_STRIP (self), -1);

  if (self->history == NULL || self->chosen < get_first (self))
    return -1;
  return (int)(self->chosen - get_first (self));
}
