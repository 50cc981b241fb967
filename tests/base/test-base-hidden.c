/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-hidden.h"

static void
test_find (void)
{
  static const char *const hidden[] = {
    "\033",   "\r",     "\177",   "\302\205", /* a control of the second kind */
    "\u202e", "\u202c", "\u2066", "\u2069",     "\u200e",     "\u061c",
    "\u200b", "\u200d", "\u2060", "\ufeff",     "\u00ad",     "\u3164",
    "\u2028", "\ufe0f", "\u180e", "\U000e0041", "\U000e01ef",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (hidden); i++) {
    g_autofree char *text = g_strconcat ("echo é", hidden[i], "b", NULL);

    g_assert_true (base_hidden_find (text) == text + strlen ("echo é"));
    g_assert_true (base_hidden_find (hidden[i]) == hidden[i]);
  }
}

static void
test_plain (void)
{
  static const char *const plain[] = {
    "", "a\tb\nc", "naïve é日本語", "שלום", "مرحبا", "n\u0303", "⚠\ufe0f \u2194\ufe0f",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++) {
    g_autofree char *visible = base_hidden_dup_visible (plain[i]);

    g_assert_null (base_hidden_find (plain[i]));
    g_assert_cmpstr (visible, ==, plain[i]);
  }
}

/* What asks for a coloured sign is one with that sign, and nothing but hidden elsewhere. */
static void
test_emoji (void)
{
  g_assert_null (base_hidden_find ("⚠\ufe0f"));
  g_assert_nonnull (base_hidden_find ("a\ufe0f"));
  g_assert_nonnull (base_hidden_find ("⚠\ufe0f\ufe0f"));
  g_assert_nonnull (base_hidden_find ("⚠\ufe0e"));
}

static void
test_visible (void)
{
  g_autofree char *visible = base_hidden_dup_visible ("echo \u202ereversed\u202c\033\n\U000e0041");

  g_assert_cmpstr (visible, ==, "echo ⟨U+202E⟩reversed⟨U+202C⟩⟨U+001B⟩\n⟨U+E0041⟩");
}

static void
test_reason (void)
{
  g_assert_cmpstr (base_hidden_get_reason (0x1b), ==, "a control character");
  g_assert_cmpstr (base_hidden_get_reason (0x202e), ==,
                   "which shows the letters around it in another order");
  g_assert_cmpstr (base_hidden_get_reason (0x200b), ==, "which cannot be seen");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/hidden/find", test_find);
  g_test_add_func ("/base/hidden/plain", test_plain);
  g_test_add_func ("/base/hidden/emoji", test_emoji);
  g_test_add_func ("/base/hidden/visible", test_visible);
  g_test_add_func ("/base/hidden/reason", test_reason);
  return g_test_run ();
}
