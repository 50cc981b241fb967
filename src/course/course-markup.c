/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "course-markup.h"

/* Emphasis inside of emphasis beyond this depth is shown plain. */
#define MAX_DEPTH 8
#define MAX_ADDRESS 2000

typedef struct {
  CourseMarkup *result;
  CourseTargets *targets;
  const CourseReport *report;
  guint line;
  guint depth;       /* of emphasis */
  gboolean in_link;  /* one that is kept */
  guint image_depth; /* inside of the alternative text of an image */
  GString *image_text;
} Writer;

static void
image_free (gpointer data)
{
  CourseImage *image = data;

  g_free (image->address);
  g_free (image->text);
  g_free (image);
}

/* Escapes @text; a control character, which a label would hide, is shown as a question mark. */
static void
append_escaped (GString *markup, const char *text)
{
  g_autofree char *shown = g_strdup (text);
  g_autofree char *escaped = NULL;

  for (char *p = shown; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) && *p != '\n' && *p != '\t')
      *p = '?';
  escaped = g_markup_escape_text (shown, -1);
  g_string_append (markup, escaped);
}

static void
write_text (Writer *self, const char *text)
{
  if (self->image_depth > 0) {
    g_string_append (self->image_text, text);
    return;
  }
  append_escaped (self->result->markup, text);
  g_string_append (self->result->text, text);
  if (text[strspn (text, " \t\n")] != '\0')
    self->result->only_image = FALSE;
}

static void
write_code (Writer *self, const char *text)
{
  if (self->image_depth > 0) {
    write_text (self, text);
    return;
  }
  g_string_append (self->result->markup, "<tt>");
  write_text (self, text);
  g_string_append (self->result->markup, "</tt>");
}

static void
write_tag (Writer *self, const char *name, gboolean entering)
{
  gboolean shown;

  if (self->image_depth > 0)
    return;
  if (!entering)
    self->depth--;
  shown = self->depth < MAX_DEPTH;
  if (entering)
    self->depth++;
  if (shown)
    g_string_append_printf (self->result->markup, entering ? "<%s>" : "</%s>", name);
}

static gboolean
is_web_address (const char *address)
{
  if (g_ascii_strncasecmp (address, "http://", 7) != 0 &&
      g_ascii_strncasecmp (address, "https://", 8) != 0)
    return FALSE;
  for (const char *p = address; *p != '\0'; p++)
    if ((guchar)*p <= ' ' || *p == 0x7f)
      return FALSE;
  return strlen (address) <= MAX_ADDRESS;
}

/* (transfer full) (nullable): where a link may lead */
static char *
dup_allowed_address (Writer *self, const char *address)
{
  const char *section;

  if (is_web_address (address))
    return g_strdup (address);
  section = course_targets_find (self->targets, address);
  if (section != NULL)
    return g_strconcat ("#", section, NULL);

  if (address[0] == '#')
    course_report_error (self->report, self->line, _ ("No section has the id “%s”"), address + 1);
  else if (g_str_has_suffix (address, ".md"))
    course_report_error (self->report, self->line, _ ("No section has the file “%s”"), address);
  else
    course_report_warning (
      self->report, self->line,
      _ ("This link is not shown: “%s” is neither a web address nor a section"), address);
  return NULL;
}

static void
write_link (Writer *self, cmark_node *node, gboolean entering)
{
  g_autofree char *address = NULL;
  g_autofree char *escaped = NULL;

  if (self->image_depth > 0)
    return;
  if (!entering) {
    if (self->in_link)
      g_string_append (self->result->markup, "</a>");
    self->in_link = FALSE;
    return;
  }
  address = dup_allowed_address (self, cmark_node_get_url (node));
  if (address == NULL)
    return;
  escaped = g_markup_escape_text (address, -1);
  g_string_append_printf (self->result->markup, "<a href=\"%s\">", escaped);
  self->in_link = TRUE;
}

/* The picture becomes a block of its own; its place in the sentence keeps the alternative text. */
static void
write_image (Writer *self, cmark_node *node, gboolean entering)
{
  CourseImage *image;

  if (entering) {
    if (self->image_depth++ == 0)
      g_string_truncate (self->image_text, 0);
    return;
  }
  if (--self->image_depth > 0)
    return;
  image = g_new0 (CourseImage, 1);
  image->address = g_strdup (cmark_node_get_url (node));
  image->text = g_strdup (self->image_text->str);
  g_ptr_array_add (self->result->images, image);
  append_escaped (self->result->markup, self->image_text->str);
  g_string_append (self->result->text, self->image_text->str);
}

/* Never interpreted: a comment is left out, a line break is one, all else is shown as written. */
static void
write_html (Writer *self, const char *html)
{
  if (g_str_has_prefix (html, "<!--"))
    return;
  if (g_ascii_strncasecmp (html, "<br", 3) == 0 && strlen (html) <= 6)
    write_text (self, "\n");
  else
    write_text (self, html);
}

static void
write_node (Writer *self, cmark_node *node, gboolean entering)
{
  cmark_node_type type = cmark_node_get_type (node);

  if (type == CMARK_NODE_TEXT)
    write_text (self, cmark_node_get_literal (node));
  else if (type == CMARK_NODE_SOFTBREAK)
    write_text (self, " ");
  else if (type == CMARK_NODE_LINEBREAK)
    write_text (self, "\n");
  else if (type == CMARK_NODE_CODE)
    write_code (self, cmark_node_get_literal (node));
  else if (type == CMARK_NODE_HTML_INLINE)
    write_html (self, cmark_node_get_literal (node));
  else if (type == CMARK_NODE_EMPH)
    write_tag (self, "i", entering);
  else if (type == CMARK_NODE_STRONG)
    write_tag (self, "b", entering);
  else if (type == CMARK_NODE_LINK)
    write_link (self, node, entering);
  else if (type == CMARK_NODE_IMAGE)
    write_image (self, node, entering);
}

/**
 * course_markup_new_empty:
 *
 * Returns: (transfer full): no content yet
 */
CourseMarkup *
course_markup_new_empty (void)
{
  CourseMarkup *self = g_new0 (CourseMarkup, 1);

  self->markup = g_string_new (NULL);
  self->text = g_string_new (NULL);
  self->images = g_ptr_array_new_with_free_func (image_free);
  return self;
}

/**
 * course_markup_new:
 * @node: a paragraph or heading
 * @targets: what links may lead to inside of the course
 * @report: where to say what is wrong
 * @line: line of the file where @node begins
 *
 * Writes the inline content of @node as markup that a label shows: everything escaped, emphasis,
 * code and links as tags. Links lead only to http and https addresses and to sections.
 *
 * Returns: (transfer full): the content
 */
CourseMarkup *
course_markup_new (cmark_node *node, CourseTargets *targets, const CourseReport *report, guint line)
{
  CourseMarkup *result = course_markup_new_empty ();
  g_autoptr (GString) image_text = g_string_new (NULL);
  Writer writer = {
    .result = result,
    .targets = targets,
    .report = report,
    .line = line,
    .image_text = image_text,
  };
  cmark_iter *iter = cmark_iter_new (node);
  cmark_event_type event;

  result->only_image = TRUE;
  while ((event = cmark_iter_next (iter)) != CMARK_EVENT_DONE)
    write_node (&writer, cmark_iter_get_node (iter), event == CMARK_EVENT_ENTER);
  cmark_iter_free (iter);

  result->only_image = result->only_image && result->images->len > 0;
  return result;
}

/**
 * course_markup_free:
 * @self: (nullable): content
 *
 * Frees @self.
 */
void
course_markup_free (CourseMarkup *self)
{
  if (self == NULL)
    return;
  g_string_free (self->markup, TRUE);
  g_string_free (self->text, TRUE);
  g_ptr_array_unref (self->images);
  g_free (self);
}
