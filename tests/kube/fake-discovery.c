/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-discovery.h"

#include <string.h>

#include "kube-kind-private.h"

struct _FakeDiscovery {
  GHashTable *served; /* of "group/version/plural" */
};

static char *
dup_key (const char *group, const char *version, const char *plural)
{
  return g_strjoin ("/", group, version, plural, NULL);
}

FakeDiscovery *
fake_discovery_new (void)
{
  FakeDiscovery *self = g_new0 (FakeDiscovery, 1);

  self->served = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  fake_discovery_set_served (self, "", "v1", NULL, TRUE);
  fake_discovery_set_served (self, "apps", "v1", NULL, TRUE);
  fake_discovery_set_served (self, "networking.k8s.io", "v1", "networkpolicies", TRUE);
  fake_discovery_set_served (self, "networking.k8s.io", "v1beta1", "ingresses", TRUE);
  fake_discovery_set_served (self, "extensions", "v1beta1", "ingresses", TRUE);
  fake_discovery_set_served (self, "apiextensions.k8s.io", "v1beta1", NULL, TRUE);
  return self;
}

void
fake_discovery_free (FakeDiscovery *self)
{
  g_hash_table_unref (self->served);
  g_free (self);
}

static gboolean
has_version (const KubeKind *kind, const char *group, const char *version)
{
  return g_str_equal (kind->group, group) && g_strv_contains (kind->versions, version);
}

void
fake_discovery_set_served (
  FakeDiscovery *self, const char *group, const char *version, const char *plural, gboolean served)
{
  gsize n_kinds;
  const KubeKind *kinds = kube_kind_get_all (&n_kinds);

  for (gsize i = 0; i < n_kinds; i++) {
    g_autofree char *key = dup_key (group, version, kinds[i].plural);

    if (!has_version (&kinds[i], group, version) ||
        (plural != NULL && !g_str_equal (plural, kinds[i].plural)))
      continue;
    if (served)
      g_hash_table_add (self->served, g_steal_pointer (&key));
    else
      g_hash_table_remove (self->served, key);
  }
}

gboolean
fake_discovery_is_served (FakeDiscovery *self, const FakePath *path)
{
  g_autofree char *key = dup_key (path->kind->group, path->version, path->kind->plural);

  return g_hash_table_contains (self->served, key);
}

static gboolean
serves (FakeDiscovery *self, const KubeKind *kind, const char *version)
{
  g_autofree char *key = dup_key (kind->group, version, kind->plural);

  return g_hash_table_contains (self->served, key);
}

static gboolean
serves_any (FakeDiscovery *self, const char *group, const char *version)
{
  gsize n_kinds;
  const KubeKind *kinds = kube_kind_get_all (&n_kinds);

  for (gsize i = 0; i < n_kinds; i++) {
    if (has_version (&kinds[i], group, version) && serves (self, &kinds[i], version))
      return TRUE;
  }
  return FALSE;
}

static void
append_separated (GString *text, const char *piece)
{
  if (text->len > 0)
    g_string_append_c (text, ',');
  g_string_append (text, piece);
}

/* The items of an APIResourceList, or of a version in an APIGroupDiscoveryList. */
static char *
dup_resources (FakeDiscovery *self,
               const char *group,
               const char *version,
               const char *name_member,
               const char *kind_format)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize n_kinds;
  const KubeKind *kinds = kube_kind_get_all (&n_kinds);

  for (gsize i = 0; i < n_kinds; i++) {
    g_autofree char *item = NULL;
    g_auto (GStrv) halves = g_strsplit (kind_format, "*", 2);

    if (!has_version (&kinds[i], group, version) || !serves (self, &kinds[i], version))
      continue;
    item = g_strconcat ("{\"", name_member, "\":\"", kinds[i].plural, "\",", halves[0],
                        kinds[i].kind, halves[1], "}", NULL);
    append_separated (text, item);
  }
  return g_strdup (text->str);
}

/* Calls for each version of a group that has anything, in the order of the table. */
static char *
dup_versions (FakeDiscovery *self, const KubeKind *kind, gboolean aggregated)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; kind->versions[i] != NULL; i++) {
    const char *version = kind->versions[i];
    g_autofree char *item = NULL;

    if (!serves_any (self, kind->group, version))
      continue;
    if (aggregated) {
      g_autofree char *resources =
        dup_resources (self, kind->group, version, "resource", "\"responseKind\":{\"kind\":\"*\"}");

      item = g_strdup_printf ("{\"version\":\"%s\",\"resources\":[%s]}", version, resources);
    } else {
      item = g_strdup_printf ("{\"groupVersion\":\"%s/%s\",\"version\":\"%s\"}", kind->group,
                              version, version);
    }
    append_separated (text, item);
  }
  return g_strdup (text->str);
}

/* All groups but the core one. */
static char *
dup_groups (FakeDiscovery *self, gboolean aggregated)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  gsize n_kinds;
  const KubeKind *kinds = kube_kind_get_all (&n_kinds);

  for (gsize i = 0; i < n_kinds; i++) {
    g_autofree char *versions = NULL;
    g_autofree char *item = NULL;

    if (*kinds[i].group == '\0' || !g_hash_table_add (seen, (gpointer)kinds[i].group))
      continue;
    versions = dup_versions (self, &kinds[i], aggregated);
    if (*versions == '\0')
      continue;
    item = g_strconcat (aggregated ? "{\"metadata\":{\"name\":\"" : "{\"name\":\"", kinds[i].group,
                        aggregated ? "\"}" : "\"", ",\"versions\":[", versions, "]}", NULL);
    append_separated (text, item);
  }
  return g_strdup (text->str);
}

char *
fake_discovery_dup_aggregated (FakeDiscovery *self)
{
  g_autofree char *groups = dup_groups (self, TRUE);

  return g_strdup_printf ("{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":"
                          "\"apidiscovery.k8s.io/v2\",\"metadata\":{},\"items\":[%s]}",
                          groups);
}

static char *
dup_resource_list (FakeDiscovery *self, const char *group, const char *version)
{
  g_autofree char *resources =
    dup_resources (self, group, version, "name", "\"kind\":\"*\",\"verbs\":[\"list\"]");

  if (!serves_any (self, group, version))
    return NULL;
  return g_strdup_printf (
    "{\"kind\":\"APIResourceList\",\"groupVersion\":\"%s%s%s\",\"resources\":[%s]}", group,
    *group != '\0' ? "/" : "", version, resources);
}

char *
fake_discovery_dup_answer (FakeDiscovery *self, const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  g_autofree char *groups = NULL;

  if (g_str_equal (path, "/version"))
    return g_strdup ("{\"major\":\"1\",\"minor\":\"15\",\"gitVersion\":\"v1.15.2\"}");
  if (g_str_equal (path, "/api"))
    return g_strdup ("{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}");
  if (g_str_equal (path, "/api/v1"))
    return dup_resource_list (self, "", "v1");
  if (g_str_equal (path, "/apis")) {
    groups = dup_groups (self, FALSE);
    return g_strdup_printf ("{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[%s]}",
                            groups);
  }
  if (g_strv_length (parts) == 4 && g_str_equal (parts[1], "apis"))
    return dup_resource_list (self, parts[2], parts[3]);
  return NULL;
}
