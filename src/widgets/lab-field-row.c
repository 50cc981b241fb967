/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-field-row.h"

struct _LabFieldRow {
  AdwActionRow parent_instance;

  GtkEntry *entry;

  char *hint;  /* (nullable) */
  char *error; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (LabFieldRow, lab_field_row, ADW_TYPE_ACTION_ROW)

enum {
  PROP_0,
  PROP_HINT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update (LabFieldRow *self)
{
  const char *words = self->error != NULL ? self->error : self->hint;
  GtkAccessible *accessible = GTK_ACCESSIBLE (self->entry);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), words != NULL ? words : "");
  /* the row names the entry by its title */
  gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  words != NULL ? words : "", -1);
  gtk_accessible_update_state (
    accessible, GTK_ACCESSIBLE_STATE_INVALID,
    self->error != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  if (self->error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "wrong");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "wrong");
}

static void
entry_changed_cb (LabFieldRow *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The row itself is no place to stop at. */
static gboolean
lab_field_row_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (LAB_FIELD_ROW (widget)->entry));
}

static gboolean
lab_field_row_focus (GtkWidget *widget, GtkDirectionType direction)
{
  return gtk_widget_get_focus_child (widget) == NULL && gtk_widget_grab_focus (widget);
}

static void
lab_field_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_HINT:
      g_value_set_string (value, LAB_FIELD_ROW (object)->hint);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
lab_field_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  LabFieldRow *self = LAB_FIELD_ROW (object);

  switch (id) {
    case PROP_HINT:
      g_free (self->hint);
      self->hint = g_value_dup_string (value);
      update (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
lab_field_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LAB_TYPE_FIELD_ROW);

  G_OBJECT_CLASS (lab_field_row_parent_class)->dispose (object);
}

static void
lab_field_row_finalize (GObject *object)
{
  LabFieldRow *self = LAB_FIELD_ROW (object);

  g_free (self->hint);
  g_free (self->error);

  G_OBJECT_CLASS (lab_field_row_parent_class)->finalize (object);
}

static void
lab_field_row_class_init (LabFieldRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lab_field_row_get_property;
  object_class->set_property = lab_field_row_set_property;
  object_class->dispose = lab_field_row_dispose;
  object_class->finalize = lab_field_row_finalize;

  widget_class->focus = lab_field_row_focus;
  widget_class->grab_focus = lab_field_row_grab_focus;

  properties[PROP_HINT] =
    g_param_spec_string ("hint", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHANGED] = g_signal_new ("changed", LAB_TYPE_FIELD_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-field-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LabFieldRow, entry);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
}

static void
lab_field_row_init (LabFieldRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lab_field_row_get_text:
 * @self: a field
 *
 * Returns: what is written in it
 */
const char *
lab_field_row_get_text (LabFieldRow *self)
{
  g_return_val_if_fail (LAB_IS_FIELD_ROW (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

/**
 * lab_field_row_set_text:
 * @self: a field
 * @text: what is to be in it
 */
void
lab_field_row_set_text (LabFieldRow *self, const char *text)
{
  g_return_if_fail (LAB_IS_FIELD_ROW (self));

  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}

/**
 * lab_field_row_set_error:
 * @self: a field
 * @error: (nullable): what is wrong with what is written in it
 */
void
lab_field_row_set_error (LabFieldRow *self, const char *error)
{
  g_return_if_fail (LAB_IS_FIELD_ROW (self));

  if (g_strcmp0 (self->error, error) == 0)
    return;
  g_free (self->error);
  self->error = g_strdup (error);
  update (self);
}

/**
 * lab_field_row_get_error:
 * @self: a field
 *
 * Returns: (nullable): what is said to be wrong
 */
const char *
lab_field_row_get_error (LabFieldRow *self)
{
  g_return_val_if_fail (LAB_IS_FIELD_ROW (self), NULL);

  return self->error;
}
