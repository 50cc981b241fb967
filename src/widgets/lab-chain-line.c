/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-chain-line.h"

#include "lab-chain-text.h"

/* Between a symbol and its text, and between a stage and the arrow to the next one. */
#define GAP 3
#define LINE_GAP 3
/* Letters of the narrowest text: what is longer than the line is shortened. */
#define NARROWEST 6
#define FAINT 0.6f

/* How a stage looks. Each look has a shape of its own. */
typedef enum {
  LOOK_NOT_YET,
  LOOK_UNDER_WAY,
  LOOK_LATE,
  LOOK_DONE,
  LOOK_FALLEN,
  N_LOOKS,
} Look;

static const struct {
  const char *icon;
  const char *color; /* (nullable): of the theme; NULL: the text's */
} looks[] = {
  [LOOK_NOT_YET] = { "lab-unknown-symbolic", NULL },
  [LOOK_UNDER_WAY] = { "lab-waiting-symbolic", "accent_color" },
  [LOOK_LATE] = { "dialog-warning-symbolic", "warning_color" },
  [LOOK_DONE] = { "lab-done-symbolic", "success_color" },
  [LOOK_FALLEN] = { "dialog-error-symbolic", "error_color" },
};

typedef struct {
  Look look;
  PangoLayout *layout;
} Part;

/**
 * LabChainLine:
 *
 * It is drawn in one piece: a page has many of these lines, and who does not see it is to hear it
 * as one sentence.
 */
struct _LabChainLine {
  GtkWidget parent_instance;

  SessionCheck *check;
  GArray *parts; /* of Part */
  int size;      /* of a symbol */
};

G_DEFINE_FINAL_TYPE (LabChainLine, lab_chain_line, GTK_TYPE_WIDGET)

static void
part_clear (gpointer data)
{
  g_clear_object (&((Part *)data)->layout);
}

static Look
find_look (LabChainLine *self, guint index)
{
  switch (session_chain_get_state (session_check_get_chain (self->check), index)) {
    case SESSION_STAGE_DONE:
      return LOOK_DONE;
    case SESSION_STAGE_FALLEN:
      return LOOK_FALLEN;
    case SESSION_STAGE_UNDER_WAY:
      return session_check_get_state (self->check) == SESSION_CHECK_OVERDUE ? LOOK_LATE
                                                                            : LOOK_UNDER_WAY;
    case SESSION_STAGE_NOT_YET:
    default:
      return LOOK_NOT_YET;
  }
}

static void
make_parts (LabChainLine *self)
{
  SessionChain *chain = session_check_get_chain (self->check);

  g_array_set_size (self->parts, 0);
  for (guint i = 0; i < session_chain_get_n_stages (chain); i++) {
    g_autofree char *text = lab_chain_dup_stage (chain, i);
    Part part = { .look = find_look (self, i) };

    part.layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
    pango_layout_set_ellipsize (part.layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_single_paragraph_mode (part.layout, TRUE);
    g_array_append_val (self->parts, part);
  }
}

static void
update (LabChainLine *self)
{
  SessionChain *chain = session_check_get_chain (self->check);
  gboolean is_late = session_check_get_state (self->check) == SESSION_CHECK_OVERDUE;
  g_autofree char *text = lab_chain_dup_text (chain, is_late);

  make_parts (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/* As large as the letters beside it. */
static void
measure_symbol (LabChainLine *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);

  self->size = PANGO_PIXELS (pango_font_metrics_get_ascent (metrics) +
                             pango_font_metrics_get_descent (metrics));
  pango_font_metrics_unref (metrics);
}

static int
get_narrowest (LabChainLine *self)
{
  return self->size + GAP + NARROWEST * self->size;
}

/* The symbol and the text, no wider than the line; sets what the text may have of it. */
static int
fit_part (LabChainLine *self, const Part *part, int line_width)
{
  int room = MAX (line_width, get_narrowest (self)) - self->size - GAP;
  int width;

  pango_layout_set_width (part->layout, -1);
  pango_layout_get_pixel_size (part->layout, &width, NULL);
  if (width > room) {
    width = room;
    pango_layout_set_width (part->layout, room * PANGO_SCALE);
  }
  return self->size + GAP + width;
}

static int
get_arrow_width (LabChainLine *self)
{
  return GAP + self->size;
}

/* Walks the parts, line by line. Returns the height; calls @draw (nullable) for each with its place
 * in a line that runs from the left. */
static int
lay_out (LabChainLine *self,
         int width,
         void (*draw) (
           LabChainLine *self, GtkSnapshot *snapshot, guint index, int x, int y, int part_width),
         GtkSnapshot *snapshot)
{
  int x = 0, y = 0;

  for (guint i = 0; i < self->parts->len; i++) {
    gboolean is_last = i + 1 == self->parts->len;
    int arrow = is_last ? 0 : get_arrow_width (self);
    int part_width = fit_part (self, &g_array_index (self->parts, Part, i), width - arrow);

    if (x > 0 && x + part_width + arrow > width) {
      x = 0;
      y += self->size + LINE_GAP;
    }
    if (draw != NULL)
      draw (self, snapshot, i, x, y, part_width);
    x += part_width + arrow + GAP;
  }
  return y + self->size;
}

static GtkSizeRequestMode
lab_chain_line_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int
measure_width (LabChainLine *self)
{
  int width = 0;

  for (guint i = 0; i < self->parts->len; i++) {
    if (i > 0)
      width += get_arrow_width (self) + GAP;
    width += fit_part (self, &g_array_index (self->parts, Part, i), G_MAXINT);
  }
  return width;
}

static void
lab_chain_line_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  LabChainLine *self = LAB_CHAIN_LINE (widget);

  measure_symbol (self);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = get_narrowest (self) + get_arrow_width (self);
    *natural = MAX (*minimum, measure_width (self));
  } else {
    *natural = lay_out (self, for_size >= 0 ? for_size : G_MAXINT, NULL, NULL);
    *minimum = *natural;
  }
}

static void
snapshot_icon (LabChainLine *self,
               GtkSnapshot *snapshot,
               const char *name,
               const GdkRGBA *color,
               float x,
               float y)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (widget));
  g_autoptr (GtkIconPaintable) icon =
    gtk_icon_theme_lookup_icon (theme, name, NULL, self->size, gtk_widget_get_scale_factor (widget),
                                gtk_widget_get_direction (widget), GTK_ICON_LOOKUP_FORCE_SYMBOLIC);
  /* the others are for icons of several colors */
  GdkRGBA colors[] = { *color, *color, *color, *color };

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, self->size,
                                            self->size, colors, G_N_ELEMENTS (colors));
  gtk_snapshot_restore (snapshot);
}

static void
load_colors (LabChainLine *self, Look look, GdkRGBA *text, GdkRGBA *symbol)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));

  gtk_style_context_get_color (context, text);
  if (look == LOOK_NOT_YET)
    text->alpha *= FAINT;
  if (looks[look].color == NULL ||
      !gtk_style_context_lookup_color (context, looks[look].color, symbol))
    *symbol = *text;
}

/* Where something @width wide begins that is @x from the line's beginning. */
static float
mirror (LabChainLine *self, int x, int width)
{
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (GTK_WIDGET (self)) - x - width;
  return (float)x;
}

static void
snapshot_part (LabChainLine *self, GtkSnapshot *snapshot, guint index, int x, int y, int part_width)
{
  const Part *part = &g_array_index (self->parts, Part, index);
  int text_width = part_width - self->size - GAP;
  GdkRGBA text, symbol;

  load_colors (self, part->look, &text, &symbol);
  snapshot_icon (self, snapshot, looks[part->look].icon, &symbol, mirror (self, x, self->size),
                 (float)y);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
    snapshot, &GRAPHENE_POINT_INIT (mirror (self, x + self->size + GAP, text_width), (float)y));
  gtk_snapshot_append_layout (snapshot, part->layout, &text);
  gtk_snapshot_restore (snapshot);
  if (index + 1 < self->parts->len) {
    load_colors (self, LOOK_NOT_YET, &text, &symbol);
    snapshot_icon (self, snapshot, "go-next-symbolic", &symbol,
                   mirror (self, x + part_width + GAP, self->size), (float)y);
  }
}

static void
lab_chain_line_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  lay_out (LAB_CHAIN_LINE (widget), gtk_widget_get_width (widget), snapshot_part, snapshot);
}

/* Another font or another size of it. */
static void
lab_chain_line_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (lab_chain_line_parent_class)->css_changed (widget, change);
  if (LAB_CHAIN_LINE (widget)->check != NULL) {
    make_parts (LAB_CHAIN_LINE (widget));
    gtk_widget_queue_resize (widget);
  }
}

static void
lab_chain_line_dispose (GObject *object)
{
  LabChainLine *self = LAB_CHAIN_LINE (object);

  g_array_set_size (self->parts, 0);
  g_clear_object (&self->check);

  G_OBJECT_CLASS (lab_chain_line_parent_class)->dispose (object);
}

static void
lab_chain_line_finalize (GObject *object)
{
  g_array_unref (LAB_CHAIN_LINE (object)->parts);

  G_OBJECT_CLASS (lab_chain_line_parent_class)->finalize (object);
}

static void
lab_chain_line_class_init (LabChainLineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lab_chain_line_dispose;
  object_class->finalize = lab_chain_line_finalize;
  widget_class->get_request_mode = lab_chain_line_get_request_mode;
  widget_class->measure = lab_chain_line_measure;
  widget_class->snapshot = lab_chain_line_snapshot;
  widget_class->css_changed = lab_chain_line_css_changed;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_widget_class_set_css_name (widget_class, "chainline");
}

static void
lab_chain_line_init (LabChainLine *self)
{
  self->parts = g_array_new (FALSE, FALSE, sizeof (Part));
  g_array_set_clear_func (self->parts, part_clear);
  gtk_widget_add_css_class (GTK_WIDGET (self), "caption");
}

/**
 * lab_chain_line_new:
 * @check: one that has a chain
 *
 * Returns: (transfer floating): a line that follows @check
 */
GtkWidget *
lab_chain_line_new (SessionCheck *check)
{
  LabChainLine *self;

  g_return_val_if_fail (SESSION_IS_CHECK (check), NULL);
  g_return_val_if_fail (session_check_get_chain (check) != NULL, NULL);

  self = g_object_new (LAB_TYPE_CHAIN_LINE, NULL);
  self->check = g_object_ref (check);
  g_signal_connect_object (session_check_get_chain (check), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (check, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
