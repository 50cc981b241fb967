/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-question.h"

#include <glib/gi18n-lib.h>

#include "lab-button-names.h"

typedef struct {
  LabAnswerFunc answered;
  gpointer user_data;
  GDestroyNotify destroy;
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *question = data;

  if (question->destroy != NULL)
    question->destroy (question->user_data);
  g_free (question);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, gpointer user_data)
{
  Question *question = user_data;

  question->answered (g_str_equal (response, "accept"), question->user_data);
}

static AdwMessageDialog *
new_dialog (GtkWindow *parent, const char *heading, const char *body)
{
  /* A fingerprint or a path that is broken in two must not gain a hyphen. */
  g_autofree char *markup =
    g_markup_printf_escaped ("<span insert_hyphens=\"false\">%s</span>", body);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, markup));

  adw_message_dialog_set_body_use_markup (dialog, TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  /* So that the program's keys, to quit for one, work in it. */
  gtk_window_set_application (GTK_WINDOW (dialog), gtk_window_get_application (parent));
  return dialog;
}

static void
present (AdwMessageDialog *dialog)
{
  lab_button_names_mend (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * lab_question_ask_with:
 * @parent: the window that is blocked until the answer
 * @heading: the question
 * @body: what the answer rests on; plain text
 * @extra: (transfer floating) (nullable): what else is to be chosen, under @body
 * @accept_label: the verb for yes, with a mnemonic
 * @appearance: how grave yes is
 * @answered: called once; closing the question is a no
 * @user_data: for @answered
 * @destroy: (nullable): frees @user_data
 */
void
lab_question_ask_with (GtkWindow *parent,
                       const char *heading,
                       const char *body,
                       GtkWidget *extra,
                       const char *accept_label,
                       AdwResponseAppearance appearance,
                       LabAnswerFunc answered,
                       gpointer user_data,
                       GDestroyNotify destroy)
{
  AdwMessageDialog *dialog;
  Question *question;

  g_return_if_fail (GTK_IS_WINDOW (parent));
  g_return_if_fail (answered != NULL);

  dialog = new_dialog (parent, heading, body);
  adw_message_dialog_set_extra_child (dialog, extra);
  adw_message_dialog_add_response (dialog, "cancel", _ ("_Cancel"));
  adw_message_dialog_add_response (dialog, "accept", accept_label);
  adw_message_dialog_set_response_appearance (dialog, "accept", appearance);
  adw_message_dialog_set_default_response (dialog, appearance == ADW_RESPONSE_SUGGESTED ? "accept"
                                                                                        : "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");

  question = g_new0 (Question, 1);
  question->answered = answered;
  question->user_data = user_data;
  question->destroy = destroy;
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_free,
                         G_CONNECT_DEFAULT);
  present (dialog);
}

/**
 * lab_question_ask:
 *
 * As lab_question_ask_with(), where there is nothing else to choose.
 */
void
lab_question_ask (GtkWindow *parent,
                  const char *heading,
                  const char *body,
                  const char *accept_label,
                  AdwResponseAppearance appearance,
                  LabAnswerFunc answered,
                  gpointer user_data,
                  GDestroyNotify destroy)
{
  lab_question_ask_with (parent, heading, body, NULL, accept_label, appearance, answered, user_data,
                         destroy);
}

/**
 * lab_question_tell:
 * @parent: the window that is blocked until it is read
 * @heading: what happened
 * @body: why, and what to do; plain text
 *
 * For what is too long for a toast.
 */
void
lab_question_tell (GtkWindow *parent, const char *heading, const char *body)
{
  AdwMessageDialog *dialog;

  g_return_if_fail (GTK_IS_WINDOW (parent));

  dialog = new_dialog (parent, heading, body);
  adw_message_dialog_add_response (dialog, "close", _ ("_Close"));
  adw_message_dialog_set_close_response (dialog, "close");
  present (dialog);
}
