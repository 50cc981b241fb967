/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-condition.h"
#include "base-metadata.h"
#include "practice-claim-controller.h"
#include "practice-disks.h"
#include "practice-object.h"
#include "practice-scheduler.h"
#include "practice-volume-controller.h"
#include "practice-volume-provisioner.h"
#include "test-cluster-objects.h"
#include "test-wait.h"

/* Two nodes in two zones, a scheduler, and what storage needs; nothing runs. */
typedef struct {
  TestObjects objects;
  char *folder;
  PracticeDisks *disks;
  GPtrArray *controllers;
} Fixture;

#define NODE(name)                                                                                 \
  "{'kind':'Node','apiVersion':'v1','metadata':{'name':'" name "','labels':{'topology.ebs.csi.aws" \
  ".com/zone':'zone-" name "'}},'spec':{},'status':{'allocatable':{'cpu':'2','memory':'4Gi',"      \
  "'pods':'110'},'conditions':[{'type':'Ready','status':'True'}]}}"

#define CLASS(name, more)                                                                          \
  "{'kind':'StorageClass','apiVersion':'storage.k8s.io/v1','metadata':{'name':'" name "'" more "}"

#define DEFAULT ",'annotations':{'storageclass.kubernetes.io/is-default-class':'true'}"

#define DISK ",'provisioner':'ebs.csi.aws.com','volumeBindingMode':'WaitForFirstConsumer'"

#define CLAIM(name, more)                                                                          \
  "{'kind':'PersistentVolumeClaim','apiVersion':'v1','metadata':{'name':'" name "'},'spec':{"      \
  "'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'2Gi'}}" more "}}"

#define VOLUME(name, size, policy, more)                                                           \
  "{'kind':'PersistentVolume','apiVersion':'v1','metadata':{'name':'" name "'},'spec':{'capacity'" \
  ":{'storage':'" size                                                                             \
  "'},'accessModes':['ReadWriteOnce'],'persistentVolumeReclaimPolicy':'" policy                    \
  "','storageClassName':'by-hand'" more "}}"

#define HOST_PATH(path) ",'hostPath':{'path':'" path "'}"

#define POD(name, claim)                                                                           \
  "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'" name "'},'spec':{'volumes':[{'name':'d'," \
  "'persistentVolumeClaim':{'claimName':'" claim "'}}],'containers':[{'name':'c','image':'a'}]}}"

static void
set_up (Fixture *self, gconstpointer data)
{
  PracticeStore *store;
  g_autoptr (GError) error = NULL;

  test_objects_set_up (&self->objects, NULL);
  store = self->objects.store;
  practice_store_create (store, "/nodes", test_json (NODE ("one")), NULL);
  practice_store_create (store, "/nodes", test_json (NODE ("two")), NULL);
  self->folder = g_dir_make_tmp ("practice-storage-XXXXXX", &error);
  g_assert_no_error (error);
  self->disks = practice_disks_new (store, self->folder);
  self->controllers = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->controllers, practice_claim_controller_new (store));
  g_ptr_array_add (self->controllers, practice_volume_controller_new (store, self->disks));
  g_ptr_array_add (self->controllers, practice_volume_provisioner_new (store));
  g_ptr_array_add (self->controllers, practice_scheduler_new (store));
  for (guint i = 0; i < self->controllers->len; i++)
    practice_controller_start (self->controllers->pdata[i]);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_ptr_array_unref (self->controllers);
  g_assert_finalize_object (self->disks);
  g_rmdir (self->folder);
  g_free (self->folder);
  test_objects_tear_down (&self->objects, NULL);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static JsonNode *
get (Fixture *self, const char *resource, const char *name)
{
  return practice_store_get (self->objects.store, resource,
                             g_str_equal (resource, "/persistentvolumes") ? NULL : "default", name);
}

static const char *
get_phase (Fixture *self, const char *resource, const char *name)
{
  return base_json_get_string (get (self, resource, name), "status", "phase", NULL);
}

typedef struct {
  Fixture *fixture;
  const char *resource;
  const char *name;
  const char *phase; /* NULL: it is to be gone */
} Expectation;

static gboolean
is_in_phase (gpointer data)
{
  Expectation *self = data;

  return g_strcmp0 (get_phase (self->fixture, self->resource, self->name), self->phase) == 0;
}

static void
wait_for (Fixture *self, const char *resource, const char *name, const char *phase)
{
  Expectation expectation = { self, resource, name, phase };

  test_wait_until (is_in_phase, &expectation, 20, name);
}

static const char *
get_why (Fixture *self, const char *pod)
{
  JsonNode *condition = base_condition_find (get (self, "/pods", pod), "PodScheduled");

  return base_json_get_string (condition, "message", NULL);
}

/* What is said of @name with that reason, and how. */
static void
assert_event (
  Fixture *self, const char *name, const char *type, const char *reason, const char *message)
{
  g_autoptr (GPtrArray) events = practice_store_list (self->objects.store, "/events", NULL);

  for (guint i = 0; i < events->len; i++) {
    JsonNode *event = events->pdata[i];

    if (g_strcmp0 (base_json_get_string (event, "involvedObject", "name", NULL), name) != 0 ||
        g_strcmp0 (base_json_get_string (event, "reason", NULL), reason) != 0)
      continue;
    g_assert_cmpstr (base_json_get_string (event, "message", NULL), ==, message);
    g_assert_cmpstr (base_json_get_string (event, "type", NULL), ==, type);
    return;
  }
  g_error ("there is no event %s of %s", reason, name);
}

/* As the driver's Deployment is once a pod of it is ready. */
static void
start_driver (Fixture *self)
{
  practice_store_create (
    self->objects.store, "apps/deployments",
    test_json ("{'kind':'Deployment','apiVersion':'apps/v1','metadata':{'name':"
               "'ebs-csi-controller','namespace':'kube-system'},'status':{'readyReplicas':1}}"),
    NULL);
}

static void
test_default_class (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) refused = NULL;

  test_objects_must_create (&self->objects, CLAIM ("without", ""));
  test_objects_must_create (&self->objects, CLASS ("fast", DEFAULT) DISK "}");
  test_objects_must_create (&self->objects, CLAIM ("with", ""));
  test_objects_must_create (&self->objects, CLAIM ("none", ",'storageClassName':''"));
#define CLASS_OF(name)                                                                             \
  base_json_get_string (get (self, "/persistentvolumeclaims", name), "spec", "storageClassName",   \
                        NULL)
  g_assert_cmpstr (CLASS_OF ("without"), ==, NULL);
  g_assert_cmpstr (CLASS_OF ("with"), ==, "fast");
  g_assert_cmpstr (CLASS_OF ("none"), ==, "");
  settle ();
  assert_event (self, "without", "Normal", "FailedBinding",
                "no persistent volumes available for this claim and no storage class is set");

  test_objects_must_create (&self->objects, CLASS ("other", DEFAULT) DISK "}");
  refused = test_objects_create (&self->objects, CLAIM ("torn", ""), &error);
  g_assert_null (refused);
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, ==,
                   "persistentvolumeclaims \"torn\" is forbidden: Internal error occurred: 2 "
                   "default StorageClasses were found");
}

/* A volume is made once a pod wants it and the driver runs, and goes with its claim, which stays
 * while the pod does. */
static void
test_provision (Fixture *self, gconstpointer data)
{
  g_autofree char *volume = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *claim;

  test_objects_must_create (&self->objects, CLASS ("fast", DEFAULT) DISK "}");
  test_objects_must_create (&self->objects, CLAIM ("data", ""));
  settle ();
  assert_event (self, "data", "Normal", "WaitForFirstConsumer",
                "waiting for first consumer to be created before binding");
  test_objects_must_create (&self->objects, POD ("p", "data"));
  settle ();
  g_assert_cmpstr (get_phase (self, "/persistentvolumeclaims", "data"), ==, "Pending");
  g_assert_null (base_json_get (get (self, "/pods", "p"), "spec", "nodeName", NULL));
  assert_event (self, "data", "Normal", "ExternalProvisioning",
                "waiting for a volume to be created, either by external provisioner "
                "\"ebs.csi.aws.com\" or manually created by system administrator");

  start_driver (self);
  wait_for (self, "/persistentvolumeclaims", "data", "Bound");
  settle ();
  claim = get (self, "/persistentvolumeclaims", "data");
  volume = g_strdup (base_json_get_string (claim, "spec", "volumeName", NULL));
  g_assert_cmpstr (base_json_get_string (claim, "status", "capacity", "storage", NULL), ==, "2Gi");
  g_assert_cmpstr (get_phase (self, "/persistentvolumes", volume), ==, "Bound");
  g_assert_cmpstr (base_json_get_string (get (self, "/pods", "p"), "spec", "nodeName", NULL), ==,
                   base_metadata_get_annotation (claim, "volume.kubernetes.io/selected-node"));
  path = practice_disks_dup_path (self->disks, volume, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_DIR));

  g_assert_false (test_objects_delete (&self->objects, "/persistentvolumeclaims", "data", NULL));
  settle ();
  g_assert_nonnull (get (self, "/persistentvolumeclaims", "data"));
  practice_store_delete (self->objects.store, "/pods", "default", "p", NULL);
  wait_for (self, "/persistentvolumeclaims", "data", NULL);
  wait_for (self, "/persistentvolumes", volume, NULL);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* A second pod can only go where its volume is. */
static void
test_zone (Fixture *self, gconstpointer data)
{
  const char *node;
  JsonNode *next;

  start_driver (self);
  test_objects_must_create (&self->objects, CLASS ("fast", DEFAULT) DISK "}");
  test_objects_must_create (&self->objects, CLAIM ("data", ""));
  test_objects_must_create (&self->objects, POD ("p", "data"));
  wait_for (self, "/persistentvolumeclaims", "data", "Bound");
  settle ();
  node = base_json_get_string (get (self, "/pods", "p"), "spec", "nodeName", NULL);
  g_assert_nonnull (node);
  next = base_json_copy (practice_store_get (self->objects.store, "/nodes", NULL, node));
  json_object_set_boolean_member (practice_object_ensure (next, "spec", NULL), "unschedulable",
                                  TRUE);
  practice_store_update (self->objects.store, "/nodes", next, NULL, NULL);
  test_objects_must_create (&self->objects, POD ("q", "data"));
  settle ();
  g_assert_cmpstr (get_why (self, "q"), ==,
                   "0/2 nodes are available: 1 node(s) had volume node affinity conflict, 1 "
                   "node(s) were unschedulable.");
}

/* The smallest that is large enough; a pod waits until there is one. */
static void
test_by_hand (Fixture *self, gconstpointer data)
{
  test_objects_must_create (&self->objects, POD ("p", "data"));
  settle ();
  g_assert_cmpstr (get_why (self, "p"), ==, "persistentvolumeclaim \"data\" not found");
  test_objects_must_create (&self->objects, CLAIM ("data", ",'storageClassName':'by-hand'"));
  settle ();
  g_assert_cmpstr (get_why (self, "p"), ==,
                   "pod has unbound immediate PersistentVolumeClaims (repeated 2 times)");
  assert_event (self, "data", "Warning", "ProvisioningFailed",
                "storageclass.storage.k8s.io \"by-hand\" not found");
  test_objects_must_create (&self->objects, VOLUME ("small", "1Gi", "Retain", HOST_PATH ("/a")));
  settle ();
  g_assert_cmpstr (get_phase (self, "/persistentvolumes", "small"), ==, "Available");
  test_objects_must_create (
    &self->objects,
    "{'kind':'PersistentVolume','apiVersion':'v1','metadata':{'name':'other'},'spec':{'capacity':{"
    "'storage':'2Gi'},'accessModes':['ReadWriteMany'],'storageClassName':'by-hand','hostPath':{"
    "'path':'/o'}}}");
  settle ();
  g_assert_cmpstr (get_phase (self, "/persistentvolumeclaims", "data"), ==, "Pending");
  test_objects_must_create (&self->objects, VOLUME ("fitting", "3Gi", "Retain", HOST_PATH ("/b")));
  settle ();
  g_assert_cmpstr (base_json_get_string (get (self, "/persistentvolumeclaims", "data"), "spec",
                                         "volumeName", NULL),
                   ==, "fitting");
  g_assert_nonnull (base_json_get (get (self, "/pods", "p"), "spec", "nodeName", NULL));
}

static void
release (Fixture *self, const char *claim)
{
  settle ();
  g_assert_cmpstr (get_phase (self, "/persistentvolumeclaims", claim), ==, "Bound");
  test_objects_delete (&self->objects, "/persistentvolumeclaims", claim, NULL);
  settle ();
  g_assert_null (get (self, "/persistentvolumeclaims", claim));
}

static void
test_reclaim (Fixture *self, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *file = NULL;

  test_objects_must_create (&self->objects, VOLUME ("kept", "2Gi", "Retain", HOST_PATH ("/a")));
  test_objects_must_create (&self->objects,
                            CLAIM ("a", ",'storageClassName':'by-hand','volumeName':'kept'"));
  release (self, "a");
  g_assert_cmpstr (get_phase (self, "/persistentvolumes", "kept"), ==, "Released");

  /* A deleted volume is gone at once where no claim has it. */
  test_objects_delete (&self->objects, "/persistentvolumes", "kept", NULL);
  settle ();
  g_assert_null (get (self, "/persistentvolumes", "kept"));

  test_objects_must_create (&self->objects, VOLUME ("wiped", "2Gi", "Recycle", HOST_PATH ("/b")));
  path = practice_disks_dup_path (self->disks, "wiped", NULL);
  file = g_build_filename (path, "file", NULL);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  test_objects_must_create (&self->objects, CLAIM ("b", ",'storageClassName':'by-hand'"));
  release (self, "b");
  g_assert_cmpstr (get_phase (self, "/persistentvolumes", "wiped"), ==, "Available");
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS));
  test_objects_delete (&self->objects, "/persistentvolumes", "wiped", NULL);

  test_objects_must_create (&self->objects, VOLUME ("stuck", "2Gi", "Delete", HOST_PATH ("/c")));
  test_objects_must_create (&self->objects, CLAIM ("c", ",'storageClassName':'by-hand'"));
  release (self, "c");
  g_assert_cmpstr (get_phase (self, "/persistentvolumes", "stuck"), ==, "Failed");
  assert_event (self, "stuck", "Warning", "VolumeFailedDelete",
                "host_path deleter only supports /tmp/.+ but received provided /c");
}

static void
test_lost (Fixture *self, gconstpointer data)
{
  test_objects_must_create (&self->objects, VOLUME ("v", "2Gi", "Retain", HOST_PATH ("/a")));
  test_objects_must_create (&self->objects, CLAIM ("data", ",'storageClassName':'by-hand'"));
  settle ();
  g_assert_false (test_objects_delete (&self->objects, "/persistentvolumes", "v", NULL));
  settle ();
  /* It is protected, as long as nobody forces it. */
  g_assert_cmpstr (get_phase (self, "/persistentvolumes", "v"), ==, "Bound");
  practice_store_delete (self->objects.store, "/persistentvolumes", NULL, "v", NULL);
  settle ();
  g_assert_cmpstr (get_phase (self, "/persistentvolumeclaims", "data"), ==, "Lost");
  assert_event (self, "data", "Warning", "ClaimLost",
                "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
}

static void
assert_growth (Fixture *self, const char *size, const char *message)
{
  PracticeResource *resource =
    practice_registry_find_stored (self->objects.registry, "/persistentvolumeclaims");
  JsonNode *next = base_json_copy (get (self, "/persistentvolumeclaims", "data"));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) stored = NULL;

  json_object_set_string_member (
    practice_object_ensure (next, "spec", "resources", "requests", NULL), "storage", size);
  stored = practice_objects_update (self->objects.objects, resource, "default", "data", next, NULL,
                                    &error);
  g_assert_cmpstr (error != NULL ? error->message : NULL, ==, message);
}

static void
test_growth (Fixture *self, gconstpointer data)
{
  test_objects_must_create (&self->objects, VOLUME ("v", "2Gi", "Retain", HOST_PATH ("/a")));
  test_objects_must_create (&self->objects, CLAIM ("data", ",'storageClassName':'by-hand'"));
  settle ();
  assert_growth (self, "1Gi",
                 "PersistentVolumeClaim \"data\" is invalid: spec.resources.requests.storage: "
                 "Forbidden: field can not be less than previous value");
  assert_growth (self, "5Gi",
                 "persistentvolumeclaims \"data\" is forbidden: only dynamically provisioned pvc "
                 "can be resized and the storageclass that provisions the pvc must support resize");
  test_objects_delete (&self->objects, "/persistentvolumeclaims", "data", NULL);
  settle ();

  start_driver (self);
  test_objects_must_create (&self->objects,
                            CLASS ("soft", "") DISK ",'allowVolumeExpansion':true}");
  test_objects_must_create (&self->objects, CLAIM ("data", ",'storageClassName':'soft'"));
  test_objects_must_create (&self->objects, POD ("p", "data"));
  wait_for (self, "/persistentvolumeclaims", "data", "Bound");
  assert_growth (self, "5Gi", NULL);
  settle ();
  g_assert_cmpstr (base_json_get_string (get (self, "/persistentvolumeclaims", "data"), "status",
                                         "capacity", "storage", NULL),
                   ==, "5Gi");
}

/* What is on a disk goes, and nothing that a link there leads to. */
static void
test_scrub (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = practice_disks_dup_path (self->disks, "v", &error);
  g_autofree char *outside = g_build_filename (self->folder, "outside", NULL);
  g_autofree char *kept = g_build_filename (outside, "kept", NULL);
  g_autofree char *closed = g_build_filename (path, "closed", NULL);
  g_autofree char *link = g_build_filename (closed, "link", NULL);

  g_assert_no_error (error);
  g_assert_cmpint (g_mkdir (outside, 0700), ==, 0);
  g_assert_true (g_file_set_contents (kept, "x", 1, NULL));
  g_assert_cmpint (g_mkdir (closed, 0700), ==, 0);
  g_assert_cmpint (symlink (outside, link), ==, 0);
  g_assert_cmpint (g_chmod (closed, 0), ==, 0);
  practice_disks_scrub (self->disks, "v");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (kept, G_FILE_TEST_EXISTS));
  g_unlink (kept);
  g_rmdir (outside);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function)                                                                        \
  g_test_add ("/practice/storage/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("default-class", test_default_class);
  ADD ("provision", test_provision);
  ADD ("zone", test_zone);
  ADD ("by-hand", test_by_hand);
  ADD ("reclaim", test_reclaim);
  ADD ("lost", test_lost);
  ADD ("growth", test_growth);
  ADD ("scrub", test_scrub);

  return g_test_run ();
}
