/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>

#include "base-metadata.h"
#include "practice-decoder.h"
#include "practice-objects.h"
#include "practice-status.h"
#include "test-json.h"

G_BEGIN_DECLS

/* A store with a namespace "default", and what stands before it in the API server. */
typedef struct {
  char *dir;
  PracticeStore *store;
  PracticeRegistry *registry;
  PracticeObjects *objects;
} TestObjects;

static inline void
test_objects_set_up (TestObjects *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  self->dir = g_dir_make_tmp ("practice-objects-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (self->dir, "state.db", NULL);
  self->store = practice_store_new (path, &error);
  g_assert_no_error (error);
  self->registry = practice_registry_new (self->store);
  self->objects = practice_objects_new (self->store, self->registry);
  practice_store_create (self->store, "/namespaces",
                         test_json ("{'kind':'Namespace','apiVersion':'v1','metadata':{'name':"
                                    "'default'},'spec':{'finalizers':['kubernetes']},'status':{"
                                    "'phase':'Active'}}"),
                         &error);
  g_assert_no_error (error);
}

static inline void
test_objects_tear_down (TestObjects *self, gconstpointer data)
{
  const char *names[] = { "state.db", "state.db-wal" };

  g_assert_finalize_object (g_steal_pointer (&self->objects));
  g_assert_finalize_object (g_steal_pointer (&self->registry));
  g_assert_finalize_object (g_steal_pointer (&self->store));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (self->dir, names[i], NULL);

    g_unlink (path);
  }
  g_rmdir (self->dir);
  g_free (self->dir);
}

/* The resource and version that an object's apiVersion and kind name. */
static inline PracticeResource *
test_objects_find_resource (TestObjects *self, JsonNode *object, const PracticeVersion **version)
{
  const char *api_version = base_json_get_string (object, "apiVersion", NULL);
  g_auto (GStrv) parts = g_strsplit (api_version, "/", 2);
  const char *group = parts[1] != NULL ? parts[0] : "";
  PracticeResource *resource = practice_registry_find_kind (
    self->registry, group, base_json_get_string (object, "kind", NULL));

  g_assert_nonnull (resource);
  *version = practice_resource_find_version (resource, parts[1] != NULL ? parts[1] : parts[0]);
  g_assert_nonnull (*version);
  return resource;
}

/* (transfer full) (nullable): as a POST of @text would do it. */
static inline JsonNode *
test_objects_create (TestObjects *self, const char *text, GError **error)
{
  g_autoptr (JsonNode) object = test_json (text);
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  const char *namespace_ = base_metadata_get_namespace (object);
  const PracticeVersion *version;
  PracticeResource *resource = test_objects_find_resource (self, object, &version);
  PracticeWrite write = { PRACTICE_PART_WHOLE };

  if (!practice_decoder_check (self->registry, resource, version, object, PRACTICE_STRICT_REFUSE,
                               warnings, error))
    return NULL;
  return practice_objects_create (self->objects, resource,
                                  namespace_ != NULL ? namespace_ : "default",
                                  g_steal_pointer (&object), &write, error);
}

static inline void
test_objects_must_create (TestObjects *self, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) stored = test_objects_create (self, text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (stored);
}

/* TRUE: gone at once. */
static inline gboolean
test_objects_delete (TestObjects *self,
                     const char *store_name,
                     const char *name,
                     const char *propagation)
{
  PracticeResource *resource = practice_registry_find_stored (self->registry, store_name);
  PracticeDeletion deletion = { .grace_seconds = -1, .propagation = propagation };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object = NULL;
  gboolean removed;

  object =
    practice_objects_delete (self->objects, resource, resource->namespaced ? "default" : NULL, name,
                             &deletion, &removed, &error);
  g_assert_no_error (error);
  g_assert_nonnull (object);
  return removed;
}

#define TEST_POD(name)                                                                             \
  "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'" name "'},'spec':{'containers':[{'name':"  \
  "'a','image':'nginx'}]}}"

#define TEST_DEFINITION                                                                            \
  "{'kind':'CustomResourceDefinition','apiVersion':'apiextensions.k8s.io/v1','metadata':{'name':"  \
  "'crontabs.stable.example.com'},'spec':{'group':'stable.example.com','scope':'Namespaced',"      \
  "'names':{'plural':'crontabs','kind':'CronTab','shortNames':['ct']},'versions':[{'name':'v1',"   \
  "'served':true,'storage':true,'schema':{'openAPIV3Schema':{'type':'object','properties':{"       \
  "'spec':{'type':'object','x-kubernetes-preserve-unknown-fields':true,'required':['image'],"      \
  "'properties':{'image':{'type':'string'},"                                                       \
  "'replicas':{'type':'integer','minimum':1}}}}}},'additionalPrinterColumns':[{'name':'Image',"    \
  "'type':'string','jsonPath':'.spec.image'}],'subresources':{'status':{},'scale':{"               \
  "'specReplicasPath':'.spec.replicas','statusReplicasPath':'.status.replicas'}}},{'name':"        \
  "'v1beta1','served':true,'storage':false,'schema':{'openAPIV3Schema':{'type':'object'}}}]}}"

#define TEST_CRONTAB                                                                               \
  "{'kind':'CronTab','apiVersion':'stable.example.com/v1','metadata':{'name':'c'},'spec':{"        \
  "'image':'x','replicas':2,'free':[1]}}"

G_END_DECLS
