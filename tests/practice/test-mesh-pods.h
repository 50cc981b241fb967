/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-sidecar.h"
#include "test-mesh-store.h"
#include "test-response.h"
#include "test-wait.h"

G_BEGIN_DECLS

/* A program in a pod: answers with its name, what it is told to, or not at all. */
#define TEST_TYPE_POD_PROGRAM (test_pod_program_get_type ())
G_DECLARE_FINAL_TYPE (TestPodProgram, test_pod_program, TEST, POD_PROGRAM, GObject)

struct _TestPodProgram {
  GObject parent_instance;

  const char *name;
  guint status;
  guint n_requests;
  gboolean is_silent;
  gboolean closes;
  PracticeHttpRequest *last; /* (nullable) (owned) */
};

static void test_pod_program_handler_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestPodProgram,
                               test_pod_program,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER,
                                                      test_pod_program_handler_init))

static gboolean
test_pod_program_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
test_pod_program_handle_async (PracticeHttpHandler *handler,
                               PracticeHttpRequest *request,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  TestPodProgram *self = TEST_POD_PROGRAM (handler);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  self->n_requests++;
  g_clear_pointer (&self->last, practice_http_request_unref);
  self->last = practice_http_request_ref (request);
  if (self->is_silent) {
    g_autoptr (GSource) source = g_cancellable_source_new (cancellable);

    g_task_attach_source (task, source, G_SOURCE_FUNC (test_pod_program_cancelled_cb));
    g_steal_pointer (&task);
  } else if (self->closes) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "closed");
  } else {
    g_task_return_pointer (task, practice_http_response_new (self->status, NULL, self->name),
                           (GDestroyNotify)practice_http_response_unref);
  }
}

static PracticeHttpResponse *
test_pod_program_handle_finish (PracticeHttpHandler *handler, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_pod_program_handler_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = test_pod_program_handle_async;
  iface->handle_finish = test_pod_program_handle_finish;
}

static void
test_pod_program_finalize (GObject *object)
{
  TestPodProgram *self = TEST_POD_PROGRAM (object);

  g_clear_pointer (&self->last, practice_http_request_unref);

  G_OBJECT_CLASS (test_pod_program_parent_class)->finalize (object);
}

static void
test_pod_program_class_init (TestPodProgramClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_pod_program_finalize;
}

static void
test_pod_program_init (TestPodProgram *self)
{
  self->status = 200;
}

/* Bookinfo with programs in its pods, and the way out of them. */
typedef struct {
  TestMesh mesh;
  PracticeFabric *fabric;
  PracticeSidecar *sidecar;
  PracticePeer *productpage;
  TestPodProgram *page;
  TestPodProgram *reviews[3];
  TestPodProgram *ratings;
} TestPods;

static inline TestPodProgram *
test_pods_add (TestPods *self, const char *name, const char *address)
{
  TestPodProgram *program = g_object_new (TEST_TYPE_POD_PROGRAM, NULL);

  program->name = name;
  practice_fabric_set_handler (self->fabric, address, 9080, PRACTICE_HTTP_HANDLER (program));
  return program;
}

static inline void
test_pods_set_up (TestPods *self, gconstpointer data)
{
  test_mesh_set_up (&self->mesh, NULL);
  self->fabric = practice_fabric_new (self->mesh.store, NULL);
  self->sidecar = practice_sidecar_new (self->mesh.store, self->fabric, 1);
  practice_mesh_set_propagation (practice_sidecar_get_mesh (self->sidecar), 0, 0);
  self->productpage = practice_peer_new ("10.1.0.10", "default", "productpage-v1-5d4c");
  self->page = test_pods_add (self, "page", "10.1.0.10");
  self->reviews[0] = test_pods_add (self, "v1", "10.1.0.1");
  self->reviews[1] = test_pods_add (self, "v2", "10.1.0.2");
  self->reviews[2] = test_pods_add (self, "v3", "10.1.0.3");
  self->ratings = test_pods_add (self, "ratings", "10.1.0.4");
}

static inline void
test_pods_tear_down (TestPods *self, gconstpointer data)
{
  practice_fabric_stop (self->fabric);
  test_wait_finalize (g_steal_pointer (&self->sidecar), 30);
  test_wait_finalize (g_steal_pointer (&self->fabric), 30);
  test_wait_finalize (g_steal_pointer (&self->page), 30);
  for (guint i = 0; i < G_N_ELEMENTS (self->reviews); i++)
    test_wait_finalize (g_steal_pointer (&self->reviews[i]), 30);
  test_wait_finalize (g_steal_pointer (&self->ratings), 30);
  practice_peer_free (self->productpage);
  test_mesh_tear_down (&self->mesh, NULL);
}

static inline PracticeHttpResponse *
test_pods_send (TestPods *self, PracticeHttpRequest *request, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  practice_http_handler_handle_async (PRACTICE_HTTP_HANDLER (self->sidecar), request, NULL,
                                      test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "an answer");
  return practice_http_handler_handle_finish (PRACTICE_HTTP_HANDLER (self->sidecar), result, error);
}

/* What productpage gets for GET of @target at @host. */
static inline char *
test_pods_get (TestPods *self, const char *host, const char *target)
{
  g_autoptr (PracticeHttpRequest) request =
    practice_http_request_new (self->productpage, "GET", host, target, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response = test_pods_send (self, request, &error);

  if (response == NULL)
    return g_strdup (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ? "no host"
                                                                                      : "error");
  return test_response_describe (response);
}

G_END_DECLS
