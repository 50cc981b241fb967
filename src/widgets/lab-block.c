/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block.h"

#include <glib/gi18n-lib.h>

#include "base-hidden.h"
#include "lab-code-label.h"
#include "lab-form-text.h"
#include "lab-image.h"
#include "lab-section-header.h"
#include "lab-step-card.h"
#include "lab-step-details.h"
#include "lab-tip.h"

#define INDENT 24

/* Letters of the narrowest line of a text. */
#define NARROWEST 8

struct _LabBlock {
  GtkWidget parent_instance;

  GtkWidget *child;
  LabClock *clock;
  LabBlockItem *item;
};

G_DEFINE_FINAL_TYPE (LabBlock, lab_block, GTK_TYPE_WIDGET)

enum {
  RUN,
  EDIT,
  OPENED,
  NEXT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A link is a web page, or another section of the course. Nothing else gets this far. */
static gboolean
activate_link_cb (GtkLabel *label, const char *uri, gpointer user_data)
{
  if (*uri == '#')
    gtk_widget_activate_action (GTK_WIDGET (label), "win.open-section", "s", uri + 1);
  else
    gtk_widget_activate_action (GTK_WIDGET (label), "win.open-page", "(sms)", uri, NULL);

  return GDK_EVENT_STOP;
}

static GtkWidget *
new_label (const char *markup)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  /* without it, each letter is laid out on a line of its own to find the narrowest label */
  gtk_label_set_width_chars (GTK_LABEL (label), NARROWEST);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_widget_set_hexpand (label, TRUE);
  g_signal_connect (label, "activate-link", G_CALLBACK (activate_link_cb), NULL);

  return label;
}

static GtkWidget *
new_heading (const CourseBlock *block)
{
  static const char *const styles[] = { "title-2", "title-3", "title-4", "heading" };
  GtkWidget *label = new_label (block->markup);
  guint level = CLAMP (block->level, 1, G_N_ELEMENTS (styles));

  g_object_set (label, "accessible-role", GTK_ACCESSIBLE_ROLE_HEADING, NULL);
  gtk_widget_add_css_class (label, styles[level - 1]);
  gtk_widget_add_css_class (label, "section-heading");
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LEVEL,
                                  (int)MAX (block->level, 1), -1);

  return label;
}

/* In a grid: a box would look for the width of its text by trying many. */
static GtkWidget *
new_list_item (const CourseBlock *block)
{
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *marker = gtk_label_new (block->marker);

  gtk_widget_set_valign (marker, GTK_ALIGN_START);
  gtk_widget_add_css_class (marker, "dim-label");
  gtk_widget_add_css_class (marker, "numeric");
  gtk_widget_set_size_request (marker, INDENT - 6, -1);
  gtk_widget_set_margin_start (grid, (int)MIN (MAX (block->level, 1) - 1, 5) * INDENT);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);
  gtk_grid_attach (GTK_GRID (grid), marker, 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), new_label (block->markup), 1, 0, 1, 1);

  return grid;
}

/* As it is shown, and all of it. */
static void
copy_clicked_cb (LabBlock *self)
{
  const CourseBlock *block = lab_block_item_get_block (self->item);
  g_autofree char *visible = base_hidden_dup_visible (block->text);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), visible);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _ ("Copied"));
}

/* (transfer full): as many lines of @text as a label lays out in a moment; @left: how many follow
 */
static char *
dup_beginning (const char *text, guint *left)
{
  const char *end = NULL;

  *left = 0;
  if (strlen (text) <= LAB_CODE_LABEL_BYTES)
    return g_strdup (text);
  end = g_strrstr_len (text, LAB_CODE_LABEL_BYTES, "\n");
  if (end == NULL)
    end = g_utf8_find_prev_char (text, text + LAB_CODE_LABEL_BYTES);
  *left = *end != '\n';
  for (const char *p = strchr (end, '\n'); p != NULL; p = strchr (p + 1, '\n'))
    (*left)++;

  return g_strndup (text, end - text);
}

static GtkWidget *
new_left (guint left)
{
  g_autofree char *text = g_strdup_printf (
    /* Translators: at the end of a long text, such as a file */
    g_dngettext (GETTEXT_PACKAGE, "… and %u more line, which Copy takes along",
                 "… and %u more lines, which Copy takes along", left),
    left);
  GtkWidget *note = lab_step_details_new_note (text);

  gtk_label_set_width_chars (GTK_LABEL (note), NARROWEST);
  gtk_widget_add_css_class (note, "left-out");

  return note;
}

static GtkWidget *
new_copy (LabBlock *self, const CourseBlock *block)
{
  GtkWidget *copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  g_autofree char *beginning = lab_form_dup_beginning (block->text);
  /* Translators: accessible name of the button that copies a text such as a file; %s is its first
   * line */
  g_autofree char *name = g_strdup_printf (_ ("Copy the text: %s"), beginning);

  gtk_widget_set_valign (copy, GTK_ALIGN_START);
  gtk_widget_add_css_class (copy, "flat");
  lab_tip_set (copy, _ ("Copy"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (copy), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_object (copy, "clicked", G_CALLBACK (copy_clicked_cb), self, G_CONNECT_SWAPPED);

  return copy;
}

/* In a grid: a box would look for the width of its text by trying many. */
static GtkWidget *
new_code (LabBlock *self, const CourseBlock *block)
{
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *code = lab_code_label_new ();
  guint left;
  g_autofree char *shown = dup_beginning (block->text, &left);

  lab_code_label_set_code (LAB_CODE_LABEL (code), shown, block->language);
  gtk_widget_set_hexpand (code, TRUE);
  gtk_widget_set_valign (code, GTK_ALIGN_CENTER);
  gtk_grid_attach (GTK_GRID (grid), code, 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), new_copy (self, block), 1, 0, 1, 1);
  if (left > 0)
    gtk_grid_attach (GTK_GRID (grid), new_left (left), 0, 1, 2, 1);
  gtk_widget_add_css_class (grid, "card");
  gtk_widget_add_css_class (grid, "code");

  return grid;
}

static GtkWidget *
new_styled (const char *markup, const char *style)
{
  GtkWidget *label = new_label (markup);

  gtk_widget_add_css_class (label, style);

  return label;
}

/* Cells of equal width, one tab between two; the first row is the head (level 1). */
static GtkWidget *
new_table_row (const CourseBlock *block)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_auto (GStrv) cells = g_strsplit (block->markup, "\t", -1);

  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_widget_add_css_class (row, "table-row");
  for (gsize i = 0; cells[i] != NULL; i++) {
    GtkWidget *label = new_label (cells[i]);

    gtk_label_set_yalign (GTK_LABEL (label), 0);
    if (block->level > 0)
      gtk_widget_add_css_class (label, "heading");
    gtk_box_append (GTK_BOX (row), label);
  }

  return row;
}

static void
run_cb (LabBlock *self)
{
  g_signal_emit (self, signals[RUN], 0);
}

static void
edit_cb (LabBlock *self)
{
  g_signal_emit (self, signals[EDIT], 0);
}

static void
opened_cb (LabBlock *self)
{
  g_signal_emit (self, signals[OPENED], 0);
}

static void
next_cb (LabBlock *self)
{
  g_signal_emit (self, signals[NEXT], 0);
}

static GtkWidget *
new_step (LabBlock *self)
{
  GtkWidget *card = lab_step_card_new (self->item, self->clock);

  g_signal_connect_object (card, "run", G_CALLBACK (run_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "edit", G_CALLBACK (edit_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (card, "opened", G_CALLBACK (opened_cb), self, G_CONNECT_SWAPPED);

  return card;
}

static GtkWidget *
new_footer (LabBlock *self)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Next section"));

  gtk_widget_add_css_class (button, "pill");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  g_signal_connect_object (button, "clicked", G_CALLBACK (next_cb), self, G_CONNECT_SWAPPED);

  return button;
}

static GtkWidget *
new_content (LabBlock *self, const CourseBlock *block)
{
  switch (block->type) {
    case COURSE_BLOCK_HEADING:
      return new_heading (block);
    case COURSE_BLOCK_LIST_ITEM:
      return new_list_item (block);
    case COURSE_BLOCK_QUOTE:
      return new_styled (block->markup, "quote");
    case COURSE_BLOCK_IMAGE:
      return lab_image_new (block->path, block->text,
                            (LabPictureSize){ (int)block->width, (int)block->height });
    case COURSE_BLOCK_CODE:
      return new_code (self, block);
    case COURSE_BLOCK_TABLE_ROW:
      return new_table_row (block);
    case COURSE_BLOCK_RULE:
      return gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
    case COURSE_BLOCK_STEP:
      return new_step (self);
    case COURSE_BLOCK_PARAGRAPH:
    default:
      return new_label (block->markup);
  }
}

static GtkWidget *
new_child (LabBlock *self)
{
  switch (lab_block_item_get_block_type (self->item)) {
    case LAB_BLOCK_HEADER:
      return lab_section_header_new (lab_block_item_get_section (self->item));
    case LAB_BLOCK_FOOTER:
      return new_footer (self);
    case LAB_BLOCK_CONTENT:
    default:
      return new_content (self, lab_block_item_get_block (self->item));
  }
}

static void
show_found (LabBlock *self)
{
  if (lab_block_item_get_found (self->item))
    gtk_widget_add_css_class (GTK_WIDGET (self), "found");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "found");
}

static void
lab_block_dispose (GObject *object)
{
  LabBlock *self = LAB_BLOCK (object);

  g_clear_pointer (&self->child, gtk_widget_unparent);
  g_clear_object (&self->item);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (lab_block_parent_class)->dispose (object);
}

static void
lab_block_class_init (LabBlockClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lab_block_dispose;

  signals[RUN] =
    g_signal_new ("run", LAB_TYPE_BLOCK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[EDIT] =
    g_signal_new ("edit", LAB_TYPE_BLOCK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[OPENED] =
    g_signal_new ("opened", LAB_TYPE_BLOCK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[NEXT] =
    g_signal_new ("next", LAB_TYPE_BLOCK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "block");
}

static void
lab_block_init (LabBlock *self)
{
}

/**
 * lab_block_new:
 * @item: what to show
 * @clock: ticks for the checks of a step
 *
 * Returns: (transfer floating): a row
 */
GtkWidget *
lab_block_new (LabBlockItem *item, LabClock *clock)
{
  LabBlock *self;

  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (item), NULL);
  g_return_val_if_fail (LAB_IS_CLOCK (clock), NULL);

  self = g_object_new (LAB_TYPE_BLOCK, NULL);
  self->item = g_object_ref (item);
  self->clock = g_object_ref (clock);
  self->child = new_child (self);
  gtk_widget_set_parent (self->child, GTK_WIDGET (self));
  g_signal_connect_object (item, "notify::found", G_CALLBACK (show_found), self, G_CONNECT_SWAPPED);
  show_found (self);

  return GTK_WIDGET (self);
}

/**
 * lab_block_get_item:
 * @self: a row
 *
 * Returns: (transfer none): what it shows
 */
LabBlockItem *
lab_block_get_item (LabBlock *self)
{
  g_return_val_if_fail (LAB_IS_BLOCK (self), NULL);

  return self->item;
}
