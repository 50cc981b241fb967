/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-yaml.h"
#include "lab-fixture.h"
#include "lab-object-window.h"

static void
test_new_destroy (void)
{
  const char *json = "{\"kind\":\"Service\",\"metadata\":{\"name\":\"redis\",\"uid\":\"1\"}}";
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));
  g_autoptr (KubeObject) object = kube_object_new (bytes);
  GtkWindow *parent = GTK_WINDOW (gtk_window_new ());
  GtkWidget *window = lab_object_window_new (parent, object);

  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "redis");
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *)&window);
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_null (window);
  gtk_window_destroy (parent);
}

static void
test_secret (void)
{
  g_autoptr (JsonNode) secret = base_yaml_parse (
    "kind: Secret\n"
    "metadata:\n"
    "  name: s\n"
    "  managedFields: [{manager: kubectl}]\n"
    "  annotations:\n"
    "    kubectl.kubernetes.io/last-applied-configuration: '{data: aHVudGVyMg==}'\n"
    "data: {password: aHVudGVyMg==}\n"
    "stringData: {token: hunter2}\n",
    -1, "test", BASE_YAML_NONE, NULL);
  g_autofree char *yaml = lab_object_dup_yaml (secret);

  g_assert_nonnull (strstr (yaml, "password"));
  g_assert_null (strstr (yaml, "aHVudGVyMg"));
  g_assert_null (strstr (yaml, "hunter2"));
  g_assert_null (strstr (yaml, "managedFields"));
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/object-window/new-destroy", test_new_destroy);
  g_test_add_func ("/lab/object-window/secret", test_secret);

  return g_test_run ();
}
