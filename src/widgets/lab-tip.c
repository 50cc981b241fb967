/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-tip.h"

static gboolean
query_cb (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip, char *text)
{
  gtk_tooltip_set_text (tooltip, text);

  return TRUE;
}

static void
text_free (gpointer text, GClosure *closure)
{
  g_free (text);
}

/**
 * lab_tip_set:
 * @widget: a widget that has no tooltip yet
 * @text: what it does
 *
 * To be used instead of gtk_widget_set_tooltip_text() for widgets that are made by the dozen while
 * a page is scrolled: that one asks the display where the pointer is, and waits for the answer.
 */
void
lab_tip_set (GtkWidget *widget, const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (text != NULL);

  gtk_widget_set_has_tooltip (widget, TRUE);
  g_signal_connect_data (widget, "query-tooltip", G_CALLBACK (query_cb), g_strdup (text), text_free,
                         0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text, -1);
}
