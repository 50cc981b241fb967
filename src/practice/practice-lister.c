/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-lister.h"

#include <string.h>

#include "base-metadata.h"
#include "practice-status.h"

/* Where a real server knows no field of a kind, it says so in other words. */
static gboolean
knows_only_metadata (PracticeResource *resource)
{
  return resource->kind_class != NULL && resource->kind_class->selectable_fields == NULL;
}

/**
 * practice_filter_init:
 * @self: the selectors of a request
 * @resource: the resource
 * @request: the request
 * @error: return location
 *
 * Reads the selectors of a request.
 *
 * Returns: %FALSE with a Status, and nothing to clear
 */
gboolean
practice_filter_init (PracticeFilter *self,
                      PracticeResource *resource,
                      PracticeRequest *request,
                      GError **error)
{
  const char *const *known =
    resource->kind_class != NULL ? resource->kind_class->selectable_fields : NULL;
  g_autoptr (GError) why = NULL;
  const char *unknown = NULL;

  self->fields = NULL;
  self->labels =
    practice_selector_parse_labels (practice_request_get (request, "labelSelector"), &why);
  if (self->labels != NULL)
    self->fields =
      practice_selector_parse_fields (practice_request_get (request, "fieldSelector"), &why);
  if (self->fields != NULL)
    unknown = practice_selector_find_unknown_field (self->fields, known);
  if (self->fields == NULL)
    practice_status_set_bad_request (error, "%s", why->message);
  else if (unknown != NULL && knows_only_metadata (resource))
    practice_status_set_bad_request (error,
                                     "\"%s\" is not a known field selector: only "
                                     "\"metadata.name\", \"metadata.namespace\"",
                                     unknown);
  else if (unknown != NULL)
    practice_status_set_bad_request (error, "field label not supported: %s", unknown);
  else
    return TRUE;
  practice_filter_clear (self);
  return FALSE;
}

/**
 * practice_filter_clear:
 * @self: the selectors of a request
 *
 * Releases what @self holds.
 */
void
practice_filter_clear (PracticeFilter *self)
{
  g_clear_pointer (&self->labels, practice_selector_free);
  g_clear_pointer (&self->fields, practice_selector_free);
}

/**
 * practice_filter_matches:
 * @self: the selectors of a request
 * @object: a stored object
 *
 * Returns: whether @object is to be shown
 */
gboolean
practice_filter_matches (PracticeFilter *self, JsonNode *object)
{
  return practice_selector_matches_labels (self->labels, object) &&
         practice_selector_matches_fields (self->fields, object);
}

static char *
make_key (JsonNode *object)
{
  const char *namespace_ = base_metadata_get_namespace (object);

  return g_strconcat (namespace_ != NULL ? namespace_ : "", "/", base_metadata_get_name (object),
                      NULL);
}

/* What clients carry from page to page: the version of the first and the last key shown. */
static char *
make_token (guint64 version, const char *key)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT ":%s", version, key);

  return g_base64_encode ((const guchar *)text, strlen (text));
}

static gboolean
parse_token (const char *token, guint64 *version, char **key, GError **error)
{
  gsize length;
  g_autofree guchar *data = g_base64_decode (token, &length);
  g_autofree char *text = g_strndup ((const char *)data, length);
  char *end;

  *version = g_ascii_strtoull (text, &end, 10);
  if (*version == 0 || *end != ':') {
    practice_status_set_bad_request (
      error,
      "invalid continue token: continue key is not valid: illegal "
      "base64 data at input byte %" G_GSIZE_FORMAT,
      strspn (token, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_+/"));
    return FALSE;
  }
  *key = g_strdup (end + 1);
  return TRUE;
}

/**
 * practice_lister_get_version:
 * @store: the store
 * @request: the request
 * @version: (out): the version; 0 for any
 * @error: return location
 *
 * Reads the resourceVersion of a request.
 *
 * Returns: %FALSE with a Status, where it is none or not reached yet
 */
gboolean
practice_lister_get_version (PracticeStore *store,
                             PracticeRequest *request,
                             guint64 *version,
                             GError **error)
{
  const char *text = practice_request_get (request, "resourceVersion");
  guint64 present = practice_store_get_version (store);

  *version = 0;
  if (text == NULL || *text == '\0')
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, version, NULL)) {
    practice_status_set_bad_request (
      error,
      "resourceVersion: Invalid value: \"%s\": strconv.ParseUint: parsing \"%s\": invalid "
      "syntax",
      text, text);
    return FALSE;
  }
  if (*version <= present)
    return TRUE;
  practice_status_set_too_large_version (error, *version, present);
  return FALSE;
}

static void
select_objects (GPtrArray *all, PracticeFilter *filter, const char *after, GPtrArray *selected)
{
  for (guint i = 0; i < all->len; i++) {
    g_autofree char *key = after != NULL ? make_key (all->pdata[i]) : NULL;

    if ((key == NULL || strcmp (key, after) > 0) && practice_filter_matches (filter, all->pdata[i]))
      g_ptr_array_add (selected, all->pdata[i]);
  }
}

/* A page is of the present state from where the last one ended, under the version of the first:
 * a watch from that version hears of all that has changed since, so the client ends up right. A
 * version whose events are gone is too old, as a compacted one is for a real server. */
static gboolean
read_token (PracticeStore *store,
            PracticeResource *resource,
            const char *token,
            guint64 *version,
            char **after,
            GError **error)
{
  *after = NULL;
  *version = practice_store_get_version (store);
  if (token == NULL || *token == '\0')
    return TRUE;
  if (!parse_token (token, version, after, error))
    return FALSE;
  if (practice_store_keeps_events_since (store, resource->store_name, *version))
    return TRUE;
  practice_status_set_continue_expired (error);
  return FALSE;
}

/**
 * practice_lister_list:
 * @store: the store
 * @resource: the resource
 * @request: the request
 * @view: how it is to be shown
 * @error: return location
 *
 * Answers a list, in pages where it is so asked.
 *
 * Returns: (transfer full) (nullable): the answer, or %NULL with a Status
 */
PracticeAnswer *
practice_lister_list (PracticeStore *store,
                      PracticeResource *resource,
                      PracticeRequest *request,
                      PracticeView *view,
                      GError **error)
{
  g_auto (PracticeFilter) filter = { NULL };
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) selected = g_ptr_array_new ();
  g_autoptr (PracticeAnswer) answer = NULL;
  g_autofree char *after = NULL;
  g_autofree char *next = NULL;
  guint64 version, asked;
  gint64 limit = practice_request_get_int (request, "limit", 0);
  gint64 remaining = -1;

  if (!practice_filter_init (&filter, resource, request, error) ||
      !practice_lister_get_version (store, request, &asked, error) ||
      !read_token (store, resource, practice_request_get (request, "continue"), &version, &after,
                   error))
    return NULL;
  all = resource->kind_class != NULL && resource->kind_class->list_present != NULL
          ? resource->kind_class->list_present (store)
          : practice_store_list (store, resource->store_name, request->namespace_);
  select_objects (all, &filter, after, selected);

  if (limit > 0 && (gint64)selected->len > limit) {
    g_autofree char *key = make_key (selected->pdata[limit - 1]);

    next = make_token (version, key);
    if (practice_selector_is_empty (filter.labels) && practice_selector_is_empty (filter.fields))
      remaining = (gint64)selected->len - limit;
    g_ptr_array_set_size (selected, (int)limit);
  }
  answer = practice_answer_new (200);
  g_ptr_array_unref (answer->body);
  answer->body = practice_view_render_list (view, selected, version, next, remaining);
  return g_steal_pointer (&answer);
}
