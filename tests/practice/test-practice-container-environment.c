/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-container-environment.h"

#include "practice-volume-files.h"
#include "test-cluster-objects.h"

#define POD                                                                                        \
  "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'p','namespace':'default','labels':{"        \
  "'app':'x'}},'spec':{'nodeName':'n','containers':[{'name':'c',%s}],'volumes':[{'name':'v',"      \
  "'configMap':{'name':'settings'}},{'name':'s','secret':{'secretName':'keys'}},{'name':'e',"      \
  "'emptyDir':{}}]},'status':{'podIP':'10.4.0.9'}}"

static void
create (TestObjects *objects, const char *resource, const char *text)
{
  g_autoptr (GError) error = NULL;

  practice_store_create (objects->store, resource, test_json (text), &error);
  g_assert_no_error (error);
}

static void
fill (TestObjects *objects)
{
  create (objects, "/configmaps",
          "{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'settings','namespace':"
          "'default'},'data':{'colour':'red','size':'big'}}");
  create (objects, "/secrets",
          "{'kind':'Secret','apiVersion':'v1','metadata':{'name':'keys','namespace':'default'},"
          "'data':{'key':'c2VjcmV0'}}");
  create (objects, "/services",
          "{'kind':'Service','apiVersion':'v1','metadata':{'name':'my-redis','namespace':"
          "'default'},'spec':{'clusterIP':'10.0.7.7','ports':[{'name':'tcp','port':6379,"
          "'protocol':'TCP'}]}}");
  create (objects, "/services",
          "{'kind':'Service','apiVersion':'v1','metadata':{'name':'other','namespace':'away'},"
          "'spec':{'clusterIP':'10.0.8.8','ports':[{'port':1}]}}");
}

static JsonNode *
new_pod (const char *container)
{
  g_autofree char *text = g_strdup_printf (POD, container);

  return test_json (text);
}

static GStrv
build (TestObjects *objects, const char *container, GError **error)
{
  g_autoptr (JsonNode) pod = new_pod (container);

  return practice_container_environment_new (objects->store, pod, "c", error);
}

static void
test_variables (TestObjects *objects, gconstpointer data)
{
  static const char *const expected[][2] = {
    { "HOSTNAME", "p" },
    { "HOME", "/root" },
    { "A", "1" },
    { "B", "1-$(NOPE)-$(A)" },
    { "COLOUR", "red" },
    { "KEY", "secret" },
    { "X_colour", "red" },
    { "X_size", "big" },
    { "IP", "10.4.0.9" },
    { "LABEL", "x" },
    { "MY_REDIS_SERVICE_HOST", "10.0.7.7" },
    { "MY_REDIS_SERVICE_PORT", "6379" },
    { "MY_REDIS_SERVICE_PORT_TCP", "6379" },
    { "MY_REDIS_PORT", "tcp://10.0.7.7:6379" },
    { "MY_REDIS_PORT_6379_TCP_ADDR", "10.0.7.7" },
    { "OTHER_SERVICE_HOST", NULL },
    { "MAYBE", NULL },
  };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) environment = NULL;

  fill (objects);
  environment = build (
    objects,
    "'envFrom':[{'prefix':'X_','configMapRef':{'name':'settings'}},{'secretRef':{'name':'gone',"
    "'optional':true}}],'env':[{'name':'A','value':'1'},{'name':'B','value':'$(A)-$(NOPE)-$$(A)'},"
    "{'name':'COLOUR','valueFrom':{'configMapKeyRef':{'name':'settings','key':'colour'}}},"
    "{'name':'KEY','valueFrom':{'secretKeyRef':{'name':'keys','key':'key'}}},"
    "{'name':'MAYBE','valueFrom':{'configMapKeyRef':{'name':'settings','key':'no','optional':true}}"
    "},"
    "{'name':'IP','valueFrom':{'fieldRef':{'fieldPath':'status.podIP'}}},"
    "{'name':'LABEL','valueFrom':{'fieldRef':{'fieldPath':'metadata.labels[\\u0027app\\u0027]'}}}]",
    &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_test_message ("%s", expected[i][0]);
    g_assert_cmpstr (g_environ_getenv (environment, expected[i][0]), ==, expected[i][1]);
  }
}

static void
test_missing (TestObjects *objects, gconstpointer data)
{
  static const char *const cases[][2] = {
    { "'env':[{'name':'A','valueFrom':{'configMapKeyRef':{'name':'gone','key':'k'}}}]",
      "configmap \"gone\" not found" },
    { "'env':[{'name':'A','valueFrom':{'secretKeyRef':{'name':'keys','key':'k'}}}]",
      "couldn't find key k in Secret default/keys" },
    { "'envFrom':[{'secretRef':{'name':'gone'}}]", "secret \"gone\" not found" },
  };

  fill (objects);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) environment = build (objects, cases[i][0], &error);

    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    g_assert_cmpstr (error->message, ==, cases[i][1]);
    g_assert_null (environment);
  }
}

/* What the mounts of a container come to, as text. */
static char *
mount (TestObjects *objects, const char *mounts)
{
  g_autofree char *container = g_strdup_printf ("'volumeMounts':[%s]", mounts);
  g_autoptr (JsonNode) pod = new_pod (container);
  g_autoptr (GPtrArray) files =
    g_ptr_array_new_with_free_func ((GDestroyNotify)practice_volume_file_free);
  g_autoptr (GPtrArray) folders =
    g_ptr_array_new_with_free_func ((GDestroyNotify)practice_volume_folder_free);
  g_autoptr (GError) error = NULL;
  GString *text = g_string_new (NULL);

  practice_volume_files_collect (
    objects->store, pod,
    json_array_get_element (base_json_get_array (pod, "spec", "containers", NULL), 0), files,
    folders, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < folders->len; i++) {
    const PracticeVolumeFolder *folder = folders->pdata[i];

    g_string_append_printf (text, "%s/", folder->path);
    if (folder->number >= 0)
      g_string_append_printf (text, "%d%s", folder->number, folder->is_read_only ? "ro" : "");
    if (folder->part != NULL)
      g_string_append_printf (text, ":%s", folder->part);
    g_string_append_c (text, ' ');
  }
  for (guint i = 0; i < files->len; i++) {
    PracticeVolumeFile *file = files->pdata[i];
    gsize size;
    const char *content = g_bytes_get_data (file->data, &size);

    g_string_append_printf (text, "%s=%.*s ", file->path, (int)size, content);
  }
  return g_string_free (text, FALSE);
}

static void
test_volumes (TestObjects *objects, gconstpointer data)
{
  static const char *const cases[][2] = {
    { "{'name':'v','mountPath':'/etc/v'}", "/etc/v/ /etc/v/colour=red /etc/v/size=big " },
    { "{'name':'v','mountPath':'/one','subPath':'size'}", "/one=big " },
    { "{'name':'s','mountPath':'/s'},{'name':'e','mountPath':'/e'}", "/s/ /e/2 /s/key=secret " },
    { "{'name':'e','mountPath':'/e','readOnly':true},{'name':'e','mountPath':'/f'}",
      "/e/2ro /f/2 " },
    { "{'name':'e','mountPath':'/e','subPath':'part'}", "/e/2:part " },
    { "{'name':'nope','mountPath':'/x'},{'name':'v','mountPath':'relative'}", "" },
  };

  fill (objects);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = mount (objects, cases[i][0]);

    g_assert_cmpstr (text, ==, cases[i][1]);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/practice/container-environment/variables", TestObjects, NULL, test_objects_set_up,
              test_variables, test_objects_tear_down);
  g_test_add ("/practice/container-environment/missing", TestObjects, NULL, test_objects_set_up,
              test_missing, test_objects_tear_down);
  g_test_add ("/practice/container-environment/volumes", TestObjects, NULL, test_objects_set_up,
              test_volumes, test_objects_tear_down);

  return g_test_run ();
}
