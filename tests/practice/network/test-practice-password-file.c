/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-password-file.h"

/* Made with htpasswd(1) and openssl-passwd(1). */
static const char *const users[] = {
  "ann:$apr1$8sDyf0aR$zAOhkXODNecXHPtoo.R6E1",
  "bob:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
  "eve:plain",
  "broken",
  NULL,
};

static void
test_check (void)
{
  g_assert_true (practice_password_file_check (users, "ann", "secret"));
  g_assert_false (practice_password_file_check (users, "ann", "Secret"));
  g_assert_false (practice_password_file_check (users, "ann", ""));
  g_assert_true (practice_password_file_check (users, "bob", "secret"));
  g_assert_false (practice_password_file_check (users, "bob", "other"));
  g_assert_false (practice_password_file_check (users, "an", "secret"));
  g_assert_false (practice_password_file_check (users, "nobody", "secret"));
  /* A password that is not hashed is none. */
  g_assert_false (practice_password_file_check (users, "eve", "plain"));
  g_assert_false (practice_password_file_check (users, "broken", ""));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice-password-file/check", test_check);

  return g_test_run ();
}
