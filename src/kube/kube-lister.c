/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-lister.h"

#include "kube-change.h"
#include "kube-client-private.h"
#include "kube-error-private.h"
#include "kube-page.h"

/* as kubectl asks */
#define PAGE_ITEMS 500
#define MAX_ITEMS 200000

typedef struct {
  /* input */
  const KubeKind *kind;
  char *version;
  char *namespace_;
  char *label_selector;
  KubeTreeCache *cache;
  KubePageFunc page_func;
  gpointer page_data;
  /* in progress */
  gboolean whole; /* no more pages */
  char *continue_token;
  /* output */
  GPtrArray *changes;
  char *resource_version;
} Listing;

static void ask (GTask *task);

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  g_free (listing->version);
  g_free (listing->namespace_);
  g_free (listing->label_selector);
  g_clear_pointer (&listing->cache, kube_tree_cache_unref);
  g_free (listing->continue_token);
  g_clear_pointer (&listing->changes, g_ptr_array_unref);
  g_free (listing->resource_version);
  g_free (listing);
}

static KubeCollection
get_collection (const Listing *listing)
{
  return (KubeCollection){ .kind = listing->kind,
                           .version = listing->version,
                           .namespace_ = listing->namespace_,
                           .label_selector = listing->label_selector,
                           .cache = listing->cache };
}

/* Hands over what @page has, and keeps it for the whole. */
static void
take_page (GTask *task, KubePage *page)
{
  Listing *listing = g_task_get_task_data (task);
  g_autoptr (GPtrArray) part = NULL;

  if (page->continue_token != NULL && listing->page_func != NULL &&
      !g_cancellable_is_cancelled (g_task_get_cancellable (task))) {
    part = kube_change_new_array ();
    for (guint i = 0; i < page->changes->len; i++) {
      const KubeChange *change = g_ptr_array_index (page->changes, i);

      g_ptr_array_add (part, kube_change_new (g_object_ref (change->object), FALSE));
    }
    kube_change_settle (part);
    listing->page_func (part, listing->page_data);
  }
  g_ptr_array_extend_and_steal (listing->changes, g_steal_pointer (&page->changes));
}

/* A token lives for some minutes. Like client-go's pager, what begins again is all in one. */
static gboolean
begin_again (Listing *listing, const GError *error)
{
  if (listing->whole || listing->continue_token == NULL ||
      !g_error_matches (error, KUBE_ERROR, KUBE_ERROR_GONE))
    return FALSE;
  listing->whole = TRUE;
  g_clear_pointer (&listing->continue_token, g_free);
  g_ptr_array_set_size (listing->changes, 0);
  return TRUE;
}

static void
page_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KubeClient *client = g_task_get_source_object (task);
  Listing *listing = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (KubePage) page = kube_page_read_finish (G_INPUT_STREAM (object), result, &error);

  if (page == NULL) {
    g_task_return_error (task, kube_error_new_from_transport (
                                 error, kube_context_get_host (kube_client_get_context (client))));
    return;
  }

  g_free (listing->resource_version);
  listing->resource_version = g_strdup (page->resource_version);
  g_free (listing->continue_token);
  listing->continue_token = g_strdup (page->continue_token);
  take_page (task, page);
  if (listing->continue_token != NULL) {
    ask (g_steal_pointer (&task));
    return;
  }
  kube_change_settle (listing->changes);
  g_task_return_boolean (task, TRUE);
}

static void
sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Listing *listing = g_task_get_task_data (task);
  KubeCollection collection = get_collection (listing);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  g_autoptr (GInputStream) stream =
    kube_transport_send_finish (KUBE_TRANSPORT (object), result, &error);

  if (stream != NULL) {
    kube_page_read_async (stream, &collection, MAX_ITEMS - listing->changes->len, cancellable,
                          page_cb, g_steal_pointer (&task));
  } else if (begin_again (listing, error)) {
    g_clear_error (&error);
    ask (g_steal_pointer (&task));
  } else {
    g_task_return_error (task, error);
  }
}

static char *
dup_path (const Listing *listing)
{
  KubeCollection collection = get_collection (listing);
  g_autofree char *token = NULL;

  if (listing->whole)
    return kube_collection_dup_path (&collection, "resourceVersion=");
  if (listing->continue_token == NULL)
    return kube_collection_dup_path (&collection, "limit=%d", PAGE_ITEMS);
  token = g_uri_escape_string (listing->continue_token, NULL, FALSE);
  return kube_collection_dup_path (&collection, "limit=%d&continue=%s", PAGE_ITEMS, token);
}

/* Takes @task. */
static void
ask (GTask *task)
{
  KubeClient *client = g_task_get_source_object (task);
  g_autofree char *path = dup_path (g_task_get_task_data (task));
  const KubeRequest request = { .method = "GET", .path = path, .pool = KUBE_CONNECTION_REQUEST };

  kube_transport_send_async (kube_client_get_transport (client), &request,
                             g_task_get_cancellable (task), sent_cb, task);
}

/**
 * kube_lister_list_async:
 * @client: a client
 * @collection: which objects
 * @cancellable: (nullable): a cancellable; @page_func is not called any more after that
 * @page_func: (nullable): gets the first pages while there are more to come
 * @callback: called when all is there
 * @user_data: data for @page_func and @callback
 *
 * Asks for the newest state (no resourceVersion), since one that the server has at hand may be
 * older than what a watch has shown.
 */
void
kube_lister_list_async (KubeClient *client,
                        const KubeCollection *collection,
                        GCancellable *cancellable,
                        KubePageFunc page_func,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = g_task_new (client, cancellable, callback, user_data);
  Listing *listing = g_new0 (Listing, 1);

  g_task_set_source_tag (task, kube_lister_list_async);
  g_task_set_task_data (task, listing, listing_free);
  listing->kind = collection->kind;
  listing->version = g_strdup (collection->version);
  listing->namespace_ = g_strdup (collection->namespace_);
  listing->label_selector = g_strdup (collection->label_selector);
  listing->cache = kube_tree_cache_ref (collection->cache);
  listing->page_func = page_func;
  listing->page_data = user_data;
  listing->changes = kube_change_new_array ();
  ask (task);
}

/**
 * kube_lister_list_finish:
 * @client: a client
 * @result: what the callback got
 * @resource_version: (out) (transfer full) (nullable): where a watch begins
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable) (element-type KubeChange): all objects, settled
 */
GPtrArray *
kube_lister_list_finish (KubeClient *client,
                         GAsyncResult *result,
                         char **resource_version,
                         GError **error)
{
  Listing *listing = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  *resource_version = g_steal_pointer (&listing->resource_version);
  return g_steal_pointer (&listing->changes);
}
