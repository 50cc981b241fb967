/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-button-names.h"

/**
 * lab_button_names_mend:
 * @widget: a button, or what buttons are in
 *
 * GTK 4.8 names a button with a mnemonic twice for a screen reader: by its label with the underline
 * of the mnemonic, and by the label widget inside. The latter is enough. To be called when the
 * labels are set.
 */
void
lab_button_names_mend (GtkWidget *widget)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  if (GTK_IS_BUTTON (widget) && GTK_IS_LABEL (gtk_button_get_child (GTK_BUTTON (widget))) &&
      gtk_label_get_use_underline (GTK_LABEL (gtk_button_get_child (GTK_BUTTON (widget)))))
    gtk_accessible_reset_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    lab_button_names_mend (child);
}
