/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-screen-mask.h"
#include "test-wait.h"

#include <string.h>

#define TOKEN                                                                                      \
  "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzdHVkZW50IiwibmFtZSI6IkEifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"

static void
output_cb (LabScreenMask *mask, GBytes *bytes, GString *shown)
{
  g_string_append_len (shown, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
push (LabScreenMask *mask, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  lab_screen_mask_push (mask, bytes);
}

static gboolean
is_shown (gpointer data)
{
  GString *shown = data;

  return shown->len > 0;
}

static void
test_lines (void)
{
  g_autoptr (LabScreenMask) mask = lab_screen_mask_new ();
  g_autoptr (GString) shown = g_string_new (NULL);

  g_signal_connect (mask, "output", G_CALLBACK (output_cb), shown);
  push (mask, "one\r\ntwo");
  g_assert_cmpstr (shown->str, ==, "one\r\n");
  lab_screen_mask_flush (mask);
  g_assert_cmpstr (shown->str, ==, "one\r\ntwo");
}

/* A prompt has no newline; it must not be kept from the reader. */
static void
test_prompt (void)
{
  g_autoptr (LabScreenMask) mask = lab_screen_mask_new ();
  g_autoptr (GString) shown = g_string_new (NULL);

  g_signal_connect (mask, "output", G_CALLBACK (output_cb), shown);
  push (mask, "$ ");
  test_wait_until (is_shown, shown, 5, "the prompt to be shown");
  g_assert_cmpstr (shown->str, ==, "$ ");
}

static void
test_credential_in_two_parts (void)
{
  g_autoptr (LabScreenMask) mask = lab_screen_mask_new ();
  g_autoptr (GString) shown = g_string_new (NULL);

  g_signal_connect (mask, "output", G_CALLBACK (output_cb), shown);
  push (mask, "Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.");
  push (mask, TOKEN + strlen ("eyJhbGciOiJSUzI1NiJ9."));
  push (mask, "\nnext\n");
  g_assert_null (strstr (shown->str, "c2lnbmF0dXJl"));
  g_assert_nonnull (strstr (shown->str, "•••"));
  g_assert_true (g_str_has_suffix (shown->str, "next\n"));
}

static void
test_password (void)
{
  g_autoptr (LabScreenMask) mask = lab_screen_mask_new ();
  g_autoptr (GString) shown = g_string_new (NULL);

  g_signal_connect (mask, "output", G_CALLBACK (output_cb), shown);
  push (mask, "Username: alice\nPassword: hunter2secret\n");
  g_assert_nonnull (strstr (shown->str, "alice"));
  g_assert_null (strstr (shown->str, "hunter2"));
}

/* A character that arrives in two writes stays one. */
static void
test_split_character (void)
{
  g_autoptr (LabScreenMask) mask = lab_screen_mask_new ();
  g_autoptr (GString) shown = g_string_new (NULL);

  g_signal_connect (mask, "output", G_CALLBACK (output_cb), shown);
  push (mask, "a\xe2\x80");
  lab_screen_mask_flush (mask);
  g_assert_cmpstr (shown->str, ==, "a");
  push (mask, "\xa6");
  lab_screen_mask_flush (mask);
  g_assert_cmpstr (shown->str, ==, "a…");
}

static void
test_finalize (void)
{
  LabScreenMask *mask = lab_screen_mask_new ();

  push (mask, "held");
  g_assert_finalize_object (mask);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/screen-mask/lines", test_lines);
  g_test_add_func ("/lab/screen-mask/prompt", test_prompt);
  g_test_add_func ("/lab/screen-mask/credential-in-two-parts", test_credential_in_two_parts);
  g_test_add_func ("/lab/screen-mask/password", test_password);
  g_test_add_func ("/lab/screen-mask/split-character", test_split_character);
  g_test_add_func ("/lab/screen-mask/finalize", test_finalize);

  return g_test_run ();
}
