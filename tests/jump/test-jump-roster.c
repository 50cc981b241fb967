/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "jump-roster.h"
#include "jump-ssh.h"
#include "test-place.h"

typedef struct {
  char *folder;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("jump-roster-XXXXXX", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_place_remove_tree (fixture->folder);
  g_clear_pointer (&fixture->folder, g_free);
}

static JumpRoster *
load (Fixture *fixture, const char *name, const char *text, gssize length, GError **error)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
  return jump_roster_load (path, error);
}

static void
assert_student (
  Fixture *fixture, JumpRoster *roster, const char *name, const char *id, const char *key)
{
  g_autofree char *identity = key != NULL ? g_canonicalize_filename (key, fixture->folder) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JumpPlace) place = jump_roster_create_place (roster, name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (jump_place_get_id (place), ==, id);
  g_assert_cmpstr (jump_ssh_get_identity (JUMP_SSH (place)), ==, identity);
}

static void
assert_no_student (JumpRoster *roster, const char *name, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (jump_roster_create_place (roster, name, &error));
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_sheet (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *home = g_build_filename (g_get_home_dir (), "key", NULL);
  g_autoptr (JumpRoster) roster = load (fixture, "class.csv",
                                        "Nr,Student Name,IP_Address,SSH private key,Username,Port\n"
                                        "1,Ann,10.0.0.1,id_rsa_student1,,\n"
                                        "2,\"Müller, Jörg\",10.0.0.2,keys/2.pem,admin,2222\n"
                                        "3,,10.0.0.3,id_rsa_student3,,\n"
                                        "4,Bo,,id_rsa_student4,,\n"
                                        "5,Cy,root@[2001:db8::1]:23\n"
                                        "6,Di,10.0.0.6,/keys/6,,\n"
                                        "7,Ed,10.0.0.7,~/key,,\n"
                                        "8,Flo,-oProxyCommand=x,,,\n"
                                        "9,Gus,10.0.0.9,,,99999\n"
                                        "10,ann,10.0.0.10,,,\n",
                                        -1, &error);
  g_auto (GStrv) names = NULL;
  g_autofree char *joined = NULL;

  g_assert_no_error (error);
  names = jump_roster_dup_names (roster);
  joined = g_strjoinv ("|", names);
  g_assert_cmpstr (joined, ==, "Ann|Müller, Jörg|Bo|Cy|Di|Ed|Flo|Gus|ann");
  assert_student (fixture, roster, " MÜLLER, Jo\xcc\x88rg ", "ssh:admin@10.0.0.2:2222",
                  "keys/2.pem");
  assert_student (fixture, roster, "cy", "ssh:root@[2001:db8::1]:23", NULL);
  assert_student (fixture, roster, "Di", "ssh:centos@10.0.0.6:22", "/keys/6");
  assert_student (fixture, roster, "Ed", "ssh:centos@10.0.0.7:22", home);
  assert_no_student (roster, "Bo", "class.csv:5: ");
  assert_no_student (roster, "Flo", "class.csv:9: ");
  assert_no_student (roster, "Gus", "class.csv:10: ");
  assert_no_student (roster, "Ann", "class.csv:11: ");
  assert_no_student (roster, "Zoe", "Ann, Müller");
  g_assert_finalize_object (g_steal_pointer (&roster));
}

static void
test_yaml (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JumpRoster) list = load (fixture, "class.yaml",
                                      "- name: No\n  host: 10.10\n  key: id\n"
                                      "- name: Ann\n  ip: 10.0.0.1\n  user: ubuntu\n  port: 22022\n"
                                      "- just text\n- host: 10.0.0.3\n",
                                      -1, &error);
  g_autoptr (JumpRoster) map = NULL;

  g_assert_no_error (error);
  assert_student (fixture, list, "no", "ssh:centos@10.10:22", "id");
  assert_student (fixture, list, "Ann", "ssh:ubuntu@10.0.0.1:22022", NULL);
  map = load (fixture, "class.json",
              "{\"students\": [{\"name\": \"Ann\", \"host\": \"a.example\"}]}", -1, &error);
  g_assert_no_error (error);
  assert_student (fixture, map, "Ann", "ssh:centos@a.example:22", NULL);
}

static void
test_bad (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *name, *text;
    gssize length;
    const char *words;
  } cases[] = {
    { "a.csv", "", -1, "a.csv:1: " },
    { "a.csv", "Name,Address of the thing\nAnn,1\n", -1, "a.csv:1: the first row" },
    { "a.csv", "host\n1\n", -1, "a.csv:1: the first row" },
    { "a.csv", "name,host\n\"Ann,1\n", -1, "a.csv:2: " },
    { "a.csv", "name,host\nJ\xf6rg,1\n", -1, "a.csv:1: the file is not UTF-8" },
    { "a.csv", "name,host\nA\0nn,1\n", 17, "a.csv:1: the file is not UTF-8" },
    { "a.yaml", "- name: [\n", -1, "a.yaml:2:" },
    { "a.yaml", "name: Ann\n", -1, "a list of students" },
    { "a.yml", "", -1, "a.yml" },
  };
  g_autoptr (GError) missing = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (load (fixture, cases[i].name, cases[i].text, cases[i].length, &error));
    g_assert_error (error, JUMP_ERROR, JUMP_ERROR_FAILED);
    g_assert_nonnull (strstr (error->message, cases[i].words));
  }
  g_assert_null (jump_roster_load ("/no/such/class.csv", &missing));
  g_assert_error (missing, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

#define ADD(name, func) g_test_add ("/jump/roster/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("sheet", test_sheet);
  ADD ("yaml", test_yaml);
  ADD ("bad", test_bad);

  return g_test_run ();
}
