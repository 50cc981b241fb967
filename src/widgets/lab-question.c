/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-question.h"

#include <glib/gi18n-lib.h>

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

/**
 * lab_question_ask:
 * @parent: the window that is blocked until the answer
 * @heading: the question
 * @body: what the answer rests on; plain text
 * @accept_label: the verb for yes, with a mnemonic
 * @appearance: how grave yes is
 * @answered: called once; closing the question is a no
 * @user_data: for @answered
 * @destroy: (nullable): frees @user_data
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
  AdwMessageDialog *dialog;
  Question *question;
  g_autofree char *markup = NULL;

  g_return_if_fail (GTK_IS_WINDOW (parent));
  g_return_if_fail (answered != NULL);

  /* A fingerprint or a path that is broken in two must not gain a hyphen. */
  markup = g_markup_printf_escaped ("<span insert_hyphens=\"false\">%s</span>", body);
  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (parent, heading, markup));
  adw_message_dialog_set_body_use_markup (dialog, TRUE);
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
  gtk_window_present (GTK_WINDOW (dialog));
}
