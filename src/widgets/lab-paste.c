/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-paste.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "lab-question.h"

#define MAX_SHOWN 400

typedef struct {
  VteTerminal *terminal;
  char *text;
} Paste;

static void
paste_free (gpointer data)
{
  Paste *self = data;

  g_clear_object (&self->terminal);
  g_free (self->text);
  g_free (self);
}

/**
 * lab_paste_count_lines:
 * @text: what is to be pasted
 *
 * Line ends at the end of @text count for nothing: the user sees the line and what it does. Those
 * at its beginning do.
 *
 * Returns: how many lines @text is
 */
guint
lab_paste_count_lines (const char *text)
{
  gsize length;
  guint lines = 1;

  g_return_val_if_fail (text != NULL, 0);

  length = strlen (text);
  while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
    length--;
  for (gsize i = 0; i < length; i++)
    lines += text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n');

  return lines;
}

static void
answered_cb (gboolean yes, gpointer user_data)
{
  Paste *paste = user_data;

  if (yes)
    vte_terminal_paste_text (paste->terminal, paste->text);
  gtk_widget_grab_focus (GTK_WIDGET (paste->terminal));
}

/* Takes @text. */
static void
ask (VteTerminal *terminal, char *text, guint lines)
{
  Paste *paste = g_new0 (Paste, 1);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (terminal));
  g_autofree char *heading = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *body = NULL;

  paste->terminal = g_object_ref (terminal);
  paste->text = text;
  if (!GTK_IS_WINDOW (root)) {
    paste_free (paste);
    return;
  }
  heading = g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "Paste %u line?", "Paste %u lines?", lines), lines);
  shown =
    g_utf8_strlen (text, -1) > MAX_SHOWN ? g_utf8_substring (text, 0, MAX_SHOWN) : g_strdup (text);
  /* Translators: %s is what would be pasted, or its beginning */
  body = g_strdup_printf (_ ("The shell may run each line at once:\n\n%s"), shown);
  lab_question_ask (GTK_WINDOW (root), heading, body, _ ("_Paste"), ADW_RESPONSE_DEFAULT,
                    answered_cb, paste, paste_free);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (VteTerminal) terminal = user_data;
  char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  guint lines = text != NULL ? lab_paste_count_lines (text) : 0;

  if (lines > 1 && !gdk_clipboard_is_local (GDK_CLIPBOARD (source))) {
    ask (terminal, text, lines);
    return;
  }
  if (text != NULL)
    vte_terminal_paste_text (terminal, text);
  g_free (text);
}

/**
 * lab_paste_from_clipboard:
 * @terminal: where to
 * @clipboard: from where
 *
 * Text of several lines that comes from another program is shown first: what looks like one command
 * on a web page may be more. The course's own blocks, and what was copied in this program, are
 * pasted at once.
 */
void
lab_paste_from_clipboard (VteTerminal *terminal, GdkClipboard *clipboard)
{
  g_return_if_fail (VTE_IS_TERMINAL (terminal));
  g_return_if_fail (GDK_IS_CLIPBOARD (clipboard));

  gdk_clipboard_read_text_async (clipboard, NULL, read_cb, g_object_ref (terminal));
}
