/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-code-label.h"

#include <adwaita.h>

#include "base-hidden.h"
#include "lab-syntax.h"

/* Letters of the narrowest line of code. */
#define NARROWEST 16

struct _LabCodeLabel {
  GtkWidget parent_instance;

  GtkLabel *label;
  char *language; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (LabCodeLabel, lab_code_label, GTK_TYPE_WIDGET)

static void
highlight (LabCodeLabel *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  g_autoptr (PangoAttrList) attributes =
    lab_syntax_highlight (gtk_label_get_label (self->label), self->language, dark);

  /* what wraps in the middle of a word is copied by eye */
  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (self->label, attributes);
}

/* Letters of the longest line, but no more than @limit. */
static int
count_letters (const char *code, int limit)
{
  int longest = 0;

  for (const char *line = code; line != NULL && longest < limit;) {
    const char *end = strchr (line, '\n');

    longest = MAX (longest, (int)MIN (g_utf8_strlen (line, end != NULL ? end - line : -1), limit));
    line = end != NULL ? end + 1 : NULL;
  }

  return longest;
}

static void
lab_code_label_dispose (GObject *object)
{
  LabCodeLabel *self = LAB_CODE_LABEL (object);

  if (self->label != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->label));
  self->label = NULL;

  G_OBJECT_CLASS (lab_code_label_parent_class)->dispose (object);
}

static void
lab_code_label_finalize (GObject *object)
{
  g_free (LAB_CODE_LABEL (object)->language);

  G_OBJECT_CLASS (lab_code_label_parent_class)->finalize (object);
}

static void
lab_code_label_class_init (LabCodeLabelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lab_code_label_dispose;
  G_OBJECT_CLASS (klass)->finalize = lab_code_label_finalize;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "codelabel");
}

static void
lab_code_label_init (LabCodeLabel *self)
{
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->label, 0);
  gtk_label_set_selectable (self->label, TRUE);
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_wrap_mode (self->label, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode (self->label, GTK_NATURAL_WRAP_NONE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->label), TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->label), GTK_WIDGET (self));

  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (highlight),
                           self, G_CONNECT_SWAPPED);
}

/**
 * lab_code_label_new:
 *
 * Returns: (transfer floating): an empty label
 */
GtkWidget *
lab_code_label_new (void)
{
  return g_object_new (LAB_TYPE_CODE_LABEL, NULL);
}

/**
 * lab_code_label_set_wrap:
 * @self: a label
 * @wrap: whether a line that is too long goes on in the next one; it does at first
 */
void
lab_code_label_set_wrap (LabCodeLabel *self, gboolean wrap)
{
  g_return_if_fail (LAB_IS_CODE_LABEL (self));

  gtk_label_set_wrap (self->label, wrap);
}

/**
 * lab_code_label_set_code:
 * @self: a label
 * @code: the text, UTF-8
 * @language: (nullable): as lab_syntax_highlight() takes it
 *
 * Characters that nobody would see stand there by their numbers.
 */
void
lab_code_label_set_code (LabCodeLabel *self, const char *code, const char *language)
{
  g_autofree char *visible = NULL;

  g_return_if_fail (LAB_IS_CODE_LABEL (self));
  g_return_if_fail (code != NULL);

  visible = base_hidden_dup_visible (code);
  g_free (self->language);
  self->language = g_strdup (language);
  /* without a width, each letter is laid out on a line of its own to find the narrowest label; GTK
   * 4.18 complains where that is wider than the text, whose letters may be narrower than it thinks
   */
  gtk_label_set_width_chars (self->label,
                             MIN (NARROWEST, count_letters (visible, 2 * NARROWEST) * 3 / 4));
  gtk_label_set_label (self->label, visible);
  highlight (self);
}
