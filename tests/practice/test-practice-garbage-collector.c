/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-metadata.h"
#include "practice-garbage-collector.h"
#include "test-cluster-objects.h"
#include "test-wait.h"

typedef struct {
  TestObjects objects;
  PracticeGarbageCollector *collector;
} Fixture;

typedef struct {
  PracticeStore *store;
  const char *store_name;
  const char *namespace_;
  const char *name;
} Gone;

static gboolean
is_gone (gpointer data)
{
  Gone *gone = data;

  return practice_store_get (gone->store, gone->store_name, gone->namespace_, gone->name) == NULL;
}

static void
wait_gone (Fixture *fixture, const char *store_name, const char *namespace_, const char *name)
{
  Gone gone = { fixture->objects.store, store_name, namespace_, name };

  test_wait_until (is_gone, &gone, 10, name);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  test_objects_set_up (&fixture->objects, data);
  fixture->collector = practice_garbage_collector_new (fixture->objects.objects);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->collector != NULL)
    g_assert_finalize_object (g_steal_pointer (&fixture->collector));
  test_objects_tear_down (&fixture->objects, data);
}

static JsonNode *
create_owner (Fixture *fixture, const char *name)
{
  g_autofree char *text =
    g_strdup_printf ("{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'%s'}}", name);

  test_objects_must_create (&fixture->objects, text);
  return practice_store_get (fixture->objects.store, "/configmaps", "default", name);
}

static char *
make_reference (JsonNode *owner)
{
  return g_strdup_printf ("{'apiVersion':'v1','kind':'ConfigMap','name':'%s','uid':'%s'}",
                          base_metadata_get_name (owner), base_metadata_get_uid (owner));
}

static void
create_dependent (Fixture *fixture, const char *name, const char *references)
{
  g_autofree char *text =
    g_strdup_printf ("{'kind':'Secret','apiVersion':'v1','metadata':{'name':'%s',"
                     "'ownerReferences':[%s]}}",
                     name, references);

  test_objects_must_create (&fixture->objects, text);
}

static JsonNode *
get_secret (Fixture *fixture, const char *name)
{
  return practice_store_get (fixture->objects.store, "/secrets", "default", name);
}

static void
test_background (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = make_reference (create_owner (fixture, "a"));
  g_autofree char *b = make_reference (create_owner (fixture, "b"));
  g_autofree char *both = g_strconcat (a, ",", b, NULL);
  JsonArray *owners;

  create_dependent (fixture, "of-a", a);
  create_dependent (fixture, "of-both", both);
  g_assert_true (test_objects_delete (&fixture->objects, "/configmaps", "a", "Background"));
  wait_gone (fixture, "/secrets", "default", "of-a");
  g_assert_nonnull (get_secret (fixture, "of-both"));
  owners =
    base_json_get_array (get_secret (fixture, "of-both"), "metadata", "ownerReferences", NULL);
  g_assert_cmpuint (json_array_get_length (owners), ==, 1);
  test_objects_delete (&fixture->objects, "/configmaps", "b", NULL);
  wait_gone (fixture, "/secrets", "default", "of-both");
}

static void
test_foreground (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = make_reference (create_owner (fixture, "a"));

  create_dependent (fixture, "of-a", a);
  g_assert_false (test_objects_delete (&fixture->objects, "/configmaps", "a", "Foreground"));
  g_assert_nonnull (get_secret (fixture, "of-a"));
  wait_gone (fixture, "/configmaps", "default", "a");
  g_assert_null (get_secret (fixture, "of-a"));
}

static void
test_orphan (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = make_reference (create_owner (fixture, "a"));

  create_dependent (fixture, "of-a", a);
  g_assert_false (test_objects_delete (&fixture->objects, "/configmaps", "a", "Orphan"));
  wait_gone (fixture, "/configmaps", "default", "a");
  g_assert_nonnull (get_secret (fixture, "of-a"));
  g_assert_null (base_json_get (get_secret (fixture, "of-a"), "metadata", "ownerReferences", NULL));
}

/* Who comes after the end of its owner goes too; one of a kind that is not known stays. */
static void
test_late (Fixture *fixture, gconstpointer data)
{
  create_dependent (fixture, "late",
                    "{'apiVersion':'v1','kind':'ConfigMap','name':'x','uid':'never-was'}");
  create_dependent (fixture, "strange",
                    "{'apiVersion':'other.io/v1','kind':'Thing','name':'x','uid':'never-was'}");
  wait_gone (fixture, "/secrets", "default", "late");
  g_assert_nonnull (get_secret (fixture, "strange"));
}

/* What a kill has left undone is done at the next start. */
static void
test_restart (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = make_reference (create_owner (fixture, "a"));

  create_dependent (fixture, "of-a", a);
  g_assert_finalize_object (g_steal_pointer (&fixture->collector));
  test_objects_delete (&fixture->objects, "/configmaps", "a", NULL);
  fixture->collector = practice_garbage_collector_new (fixture->objects.objects);
  wait_gone (fixture, "/secrets", "default", "of-a");
}

static void
test_namespace (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JsonNode *namespace_;

  test_objects_must_create (&fixture->objects,
                            "{'kind':'Namespace','apiVersion':'v1','metadata':{'name':'n'}}");
  test_objects_must_create (
    &fixture->objects,
    "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'c','namespace':'n'}}");
  g_assert_false (test_objects_delete (&fixture->objects, "/namespaces", "n", NULL));
  namespace_ = practice_store_get (fixture->objects.store, "/namespaces", NULL, "n");
  g_assert_cmpstr (base_json_get_string (namespace_, "status", "phase", NULL), ==, "Terminating");
  g_assert_null (test_objects_create (
    &fixture->objects,
    "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'d','namespace':'n'}}", &error));
  g_assert_cmpstr (error->message, ==,
                   "configmaps \"d\" is forbidden: unable to create new content in namespace n "
                   "because it is being terminated");
  wait_gone (fixture, "/namespaces", NULL, "n");
  g_assert_null (practice_store_get (fixture->objects.store, "/configmaps", "n", "c"));
}

static void
test_definition (Fixture *fixture, gconstpointer data)
{
  test_objects_must_create (&fixture->objects, TEST_DEFINITION);
  test_objects_must_create (&fixture->objects, TEST_CRONTAB);
  g_assert_false (test_objects_delete (&fixture->objects, PRACTICE_DEFINITIONS,
                                       "crontabs.stable.example.com", NULL));
  wait_gone (fixture, PRACTICE_DEFINITIONS, NULL, "crontabs.stable.example.com");
  g_assert_null (
    practice_store_get (fixture->objects.store, "stable.example.com/crontabs", "default", "c"));
  g_assert_null (
    practice_registry_find_kind (fixture->objects.registry, "stable.example.com", "CronTab"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/practice/garbage-collector/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("background", test_background);
  ADD ("foreground", test_foreground);
  ADD ("orphan", test_orphan);
  ADD ("late", test_late);
  ADD ("restart", test_restart);
  ADD ("namespace", test_namespace);
  ADD ("definition", test_definition);
#undef ADD

  return g_test_run ();
}
