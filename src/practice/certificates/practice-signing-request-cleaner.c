/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-signing-request-cleaner.h"

#include <gio/gio.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"
#include "practice-object.h"
#include "practice-signing-request.h"

#define DECIDED_LIFE G_TIME_SPAN_HOUR
#define PENDING_LIFE (24 * G_TIME_SPAN_HOUR)

#define NEVER G_MAXINT64

/* Timers stand still while a computer sleeps. */
#define MAX_WAIT (10 * G_TIME_SPAN_MINUTE)

/**
 * PracticeSigningRequestCleaner:
 *
 * Removes requests that are approved and have their certificate, denied or failed an hour after
 * that, and pending ones a day after they were made; those whose certificate is no longer good at
 * once. One that is approved and waits for the signer of somebody else stays
 * (kubernetes/kubernetes, pkg/controller/certificates/cleaner; that looks once an hour, and so
 * leaves them up to an hour longer).
 */
struct _PracticeSigningRequestCleaner {
  PracticeController parent_instance;

  PracticeClockFunc clock;
  gpointer clock_data;
};

G_DEFINE_FINAL_TYPE (PracticeSigningRequestCleaner,
                     practice_signing_request_cleaner,
                     PRACTICE_TYPE_CONTROLLER)

static gint64
get_real_time (gpointer user_data)
{
  return g_get_real_time ();
}

/* @life after @time, which is RFC 3339; NEVER where there is none. */
static gint64
add (const char *time, gint64 life)
{
  g_autoptr (GDateTime) begin = time != NULL ? g_date_time_new_from_iso8601 (time, NULL) : NULL;

  return begin != NULL ? g_date_time_to_unix (begin) * G_USEC_PER_SEC + life : NEVER;
}

/* When the certificate that was issued is good no longer. */
static gint64
get_certificate_end (const char *base64)
{
  gsize length;
  g_autofree guchar *pem = g_base64_decode (base64, &length);
  g_autoptr (GTlsCertificate) certificate =
    g_tls_certificate_new_from_pem ((const char *)pem, (gssize)length, NULL);
  g_autoptr (GDateTime) end =
    certificate != NULL ? g_tls_certificate_get_not_valid_after (certificate) : NULL;

  return end != NULL ? g_date_time_to_unix (end) * G_USEC_PER_SEC : NEVER;
}

static gint64
get_condition_end (JsonNode *condition, const char *certificate)
{
  const char *type = base_json_get_string (condition, "type", NULL);
  gint64 end = add (base_json_get_string (condition, "lastUpdateTime", NULL), DECIDED_LIFE);

  if (g_strcmp0 (type, PRACTICE_DENIED) == 0 || g_strcmp0 (type, PRACTICE_FAILED) == 0)
    return end;
  if (g_strcmp0 (type, PRACTICE_APPROVED) != 0 || certificate == NULL)
    return NEVER;
  return MIN (end, get_certificate_end (certificate));
}

/* When the time of @object is over. */
static gint64
get_end (JsonNode *object)
{
  JsonArray *conditions = base_json_get_array (object, "status", "conditions", NULL);
  const char *certificate = base_json_get_string (object, "status", "certificate", NULL);
  guint n = base_json_get_length (conditions);
  gint64 end = NEVER;

  if (n == 0)
    return add (base_json_get_string (object, "metadata", "creationTimestamp", NULL), PENDING_LIFE);
  for (guint i = 0; i < n; i++)
    end = MIN (end, get_condition_end (json_array_get_element (conditions, i), certificate));
  return end;
}

/* As a deletion through the API: what has finalizers waits for those. */
static void
remove_request (PracticeStore *store, JsonNode *object)
{
  g_autoptr (JsonNode) marked = NULL;
  g_autofree char *now = NULL;
  JsonObject *metadata;

  if (base_json_get_length (base_json_get_array (object, "metadata", "finalizers", NULL)) == 0) {
    practice_store_delete (store, PRACTICE_SIGNING_REQUESTS, NULL, base_metadata_get_name (object),
                           NULL);
    return;
  }
  if (practice_object_is_deleted (object))
    return;
  now = practice_age_dup_now ();
  marked = base_json_copy (object);
  metadata = practice_object_ensure (marked, "metadata", NULL);
  json_object_set_string_member (metadata, "deletionTimestamp", now);
  json_object_set_int_member (metadata, "deletionGracePeriodSeconds", 0);
  practice_store_update (store, PRACTICE_SIGNING_REQUESTS, g_steal_pointer (&marked), NULL, NULL);
}

static void
practice_signing_request_cleaner_reconcile (PracticeController *controller,
                                            const char *namespace_,
                                            const char *name,
                                            JsonNode *object)
{
  PracticeSigningRequestCleaner *self = PRACTICE_SIGNING_REQUEST_CLEANER (controller);
  gint64 end = object != NULL ? get_end (object) : NEVER;
  gint64 now = self->clock (self->clock_data);

  if (end == NEVER)
    return;
  if (now > end)
    remove_request (practice_controller_get_store (controller), object);
  else
    practice_controller_enqueue_after (
      controller, NULL, name, (guint)(MIN (end - now, MAX_WAIT) / G_TIME_SPAN_MILLISECOND + 1));
}

static void
practice_signing_request_cleaner_class_init (PracticeSigningRequestCleanerClass *klass)
{
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = PRACTICE_SIGNING_REQUESTS;
  controller_class->reconcile = practice_signing_request_cleaner_reconcile;
}

static void
practice_signing_request_cleaner_init (PracticeSigningRequestCleaner *self)
{
  self->clock = get_real_time;
}

/**
 * practice_signing_request_cleaner_new:
 * @store: the state
 *
 * Returns: (transfer full): the controller
 */
PracticeController *
practice_signing_request_cleaner_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_SIGNING_REQUEST_CLEANER, "store", store, NULL);
}

/**
 * practice_signing_request_cleaner_set_clock:
 * @self: a cleaner that is not started
 * @clock: tells the time
 * @user_data: handed to @clock
 *
 * Goes by another clock than the computer's. Where that jumps, practice_controller_enqueue_all()
 * is due.
 */
void
practice_signing_request_cleaner_set_clock (PracticeSigningRequestCleaner *self,
                                            PracticeClockFunc clock,
                                            gpointer user_data)
{
  g_return_if_fail (PRACTICE_IS_SIGNING_REQUEST_CLEANER (self));
  g_return_if_fail (clock != NULL);

  self->clock = clock;
  self->clock_data = user_data;
}
