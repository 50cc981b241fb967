/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "jump-question.h"

static void
keep_answer_cb (JumpQuestion *question, gboolean yes, gpointer user_data)
{
  g_string_append (user_data, yes ? "yes " : "no ");
}

static void
test_answer (void)
{
  JumpQuestion *question = jump_question_new ("Sure?", "It matters.");
  g_autoptr (GString) answers = g_string_new (NULL);

  g_signal_connect (question, "answered", G_CALLBACK (keep_answer_cb), answers);
  g_assert_cmpstr (jump_question_get_title (question), ==, "Sure?");
  g_assert_cmpstr (jump_question_get_body (question), ==, "It matters.");
  jump_question_answer (question, TRUE);
  jump_question_answer (question, FALSE);
  g_assert_finalize_object (question);
  g_assert_cmpstr (answers->str, ==, "yes ");
}

static void
test_dropped (void)
{
  JumpQuestion *question = jump_question_new ("Sure?", "It matters.");
  g_autoptr (GString) answers = g_string_new (NULL);

  g_signal_connect (question, "answered", G_CALLBACK (keep_answer_cb), answers);
  g_assert_finalize_object (question);
  g_assert_cmpstr (answers->str, ==, "no ");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jump/question/answer", test_answer);
  g_test_add_func ("/jump/question/dropped", test_dropped);

  return g_test_run ();
}
