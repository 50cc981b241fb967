/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-text-scale.h"

/* As browsers and document viewers step. */
static const double steps[] = { 0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0 };

/* GtkSettings:gtk-xft-dpi is in 1024ths of a dot per inch; -1 stands for 96. */
#define DEFAULT_DPI (96 * 1024)
#define ICON_SIZE 16

struct _LabTextScale {
  GObject parent_instance;

  GdkDisplay *display;
  GtkSettings *settings;
  GtkCssProvider *provider; /* (nullable): at scale 1 nothing is added */
  int dpi;                  /* the desktop's own */
  double scale;
};

G_DEFINE_FINAL_TYPE (LabTextScale, lab_text_scale, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_SCALE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
remove_provider (LabTextScale *self)
{
  if (self->provider != NULL)
    gtk_style_context_remove_provider_for_display (self->display,
                                                   GTK_STYLE_PROVIDER (self->provider));
  g_clear_object (&self->provider);
}

/* The resolution scales every font, the terminal's too; symbols are measured in pixels and follow
 * by a style of ours. Pictures that have a size of their own (.icon of a status page, .large-icons)
 * stay. */
static void
apply (LabTextScale *self)
{
  g_autofree char *css = NULL;

  g_object_set (self->settings, "gtk-xft-dpi", (int)(self->dpi * self->scale + 0.5), NULL);
  remove_provider (self);
  if (self->scale == 1.0)
    return;

  css = g_strdup_printf ("image:not(.icon):not(.large-icons) { -gtk-icon-size: %dpx; }",
                         (int)(ICON_SIZE * self->scale + 0.5));
  self->provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_data (self->provider, css, -1);
  gtk_style_context_add_provider_for_display (self->display, GTK_STYLE_PROVIDER (self->provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
lab_text_scale_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  switch (property_id) {
    case PROP_SCALE:
      g_value_set_double (value, LAB_TEXT_SCALE (object)->scale);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
lab_text_scale_set_property (GObject *object,
                             guint property_id,
                             const GValue *value,
                             GParamSpec *pspec)
{
  switch (property_id) {
    case PROP_SCALE:
      lab_text_scale_set_scale (LAB_TEXT_SCALE (object), g_value_get_double (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
lab_text_scale_dispose (GObject *object)
{
  LabTextScale *self = LAB_TEXT_SCALE (object);

  if (self->display != NULL) {
    remove_provider (self);
    if (self->scale != 1.0)
      gtk_settings_reset_property (self->settings, "gtk-xft-dpi");
  }
  g_clear_object (&self->display);

  G_OBJECT_CLASS (lab_text_scale_parent_class)->dispose (object);
}

static void
lab_text_scale_class_init (LabTextScaleClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lab_text_scale_get_property;
  object_class->set_property = lab_text_scale_set_property;
  object_class->dispose = lab_text_scale_dispose;

  properties[PROP_SCALE] =
    g_param_spec_double ("scale", NULL, NULL, LAB_TEXT_SCALE_MIN, LAB_TEXT_SCALE_MAX, 1.0,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lab_text_scale_init (LabTextScale *self)
{
  self->scale = 1.0;
}

/**
 * lab_text_scale_new:
 * @display: whose text to size
 *
 * Returns: (transfer full): a scale of 1
 */
LabTextScale *
lab_text_scale_new (GdkDisplay *display)
{
  LabTextScale *self;

  g_return_val_if_fail (GDK_IS_DISPLAY (display), NULL);

  self = g_object_new (LAB_TYPE_TEXT_SCALE, NULL);
  self->display = g_object_ref (display);
  self->settings = gtk_settings_get_for_display (display);
  g_object_get (self->settings, "gtk-xft-dpi", &self->dpi, NULL);
  if (self->dpi <= 0)
    self->dpi = DEFAULT_DPI;

  return self;
}

/**
 * lab_text_scale_get_scale:
 * @self: a text scale
 *
 * Returns: the factor to the desktop's own size
 */
double
lab_text_scale_get_scale (LabTextScale *self)
{
  g_return_val_if_fail (LAB_IS_TEXT_SCALE (self), 1.0);

  return self->scale;
}

/**
 * lab_text_scale_set_scale:
 * @self: a text scale
 * @scale: the factor, brought into %LAB_TEXT_SCALE_MIN to %LAB_TEXT_SCALE_MAX
 */
void
lab_text_scale_set_scale (LabTextScale *self, double scale)
{
  g_return_if_fail (LAB_IS_TEXT_SCALE (self));

  scale = CLAMP (scale, LAB_TEXT_SCALE_MIN, LAB_TEXT_SCALE_MAX);
  if (scale == self->scale)
    return;

  self->scale = scale;
  apply (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SCALE]);
}

/**
 * lab_text_scale_step:
 * @self: a text scale
 * @by: 1 for the next larger step, -1 for the next smaller one
 */
void
lab_text_scale_step (LabTextScale *self, int by)
{
  double next = self->scale;

  g_return_if_fail (LAB_IS_TEXT_SCALE (self));

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    if (by > 0 && steps[i] > self->scale) {
      next = steps[i];
      break;
    }
    if (by < 0 && steps[i] < self->scale)
      next = steps[i];
  }
  lab_text_scale_set_scale (self, next);
}
