/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-triggers.h"

#define MESH_NAMESPACE "istio-system"

struct _SessionTriggers {
  GObject parent_instance;

  SessionLab *lab; /* (nullable) (weak) */
  CourseCheck *check;
  GPtrArray *watches; /* of Watch; empty while stopped */
};

/* One kind of objects. */
typedef struct {
  SessionTriggers *triggers; /* not owned */
  SessionResource *resource;
  char *namespace_; /* (nullable): all */
  char *name;       /* (nullable): all */
  gboolean is_rule;
  guint64 seen; /* what the objects add up to */
  gboolean has_seen;
} Watch;

G_DEFINE_FINAL_TYPE (SessionTriggers, session_triggers, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
is_meant (Watch *self, KubeObject *object)
{
  return (self->namespace_ == NULL ||
          g_strcmp0 (kube_object_get_namespace (object), self->namespace_) == 0) &&
         (self->name == NULL || g_strcmp0 (kube_object_get_name (object), self->name) == 0);
}

/* A number that is another one when an object is: each version of each object counts for itself,
 * whatever their order. */
static guint64
add_up (Watch *self)
{
  GListModel *objects = G_LIST_MODEL (self->resource);
  guint n = g_list_model_get_n_items (objects);
  guint64 sum = 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr (KubeObject) object = g_list_model_get_item (objects, i);
    g_autofree char *version = NULL;

    if (!is_meant (self, object))
      continue;
    version = g_strconcat (kube_object_get_uid (object), " ",
                           kube_object_get_resource_version (object), NULL);
    sum += ((guint64)g_str_hash (version) << 8) + 1;
  }
  return sum;
}

static void
updated_cb (SessionResource *resource, Watch *self)
{
  KubeListState state = session_resource_get_state (resource);
  gboolean had_seen = self->has_seen;
  guint64 before = self->seen;

  if (state != KUBE_LIST_LIVE && state != KUBE_LIST_ABSENT)
    return;
  self->has_seen = TRUE;
  self->seen = add_up (self);
  /* whoever is told may stop us */
  if (had_seen && self->seen != before)
    g_signal_emit (self->triggers, signals[CHANGED], 0, self->is_rule);
}

static void
state_cb (SessionResource *resource, GParamSpec *pspec, Watch *self)
{
  updated_cb (resource, self);
}

static void
watch_free (gpointer data)
{
  Watch *self = data;

  g_signal_handlers_disconnect_by_data (self->resource, self);
  session_resource_release (self->resource);
  g_clear_object (&self->resource);
  g_free (self->namespace_);
  g_free (self->name);
  g_free (self);
}

static void
add (SessionTriggers *self,
     const char *kind,
     const char *namespace_,
     const char *name,
     gboolean is_rule)
{
  SessionResource *resource = session_lab_get_resource (self->lab, kind);
  Watch *watch = g_new0 (Watch, 1);

  watch->triggers = self;
  watch->resource = g_object_ref (resource);
  watch->namespace_ = g_strdup (namespace_);
  watch->name = g_strdup (name);
  watch->is_rule = is_rule;
  g_ptr_array_add (self->watches, watch);
  g_signal_connect (resource, "updated", G_CALLBACK (updated_cb), watch);
  g_signal_connect (resource, "notify::state", G_CALLBACK (state_cb), watch);
  session_resource_hold (resource);
  updated_cb (resource, watch);
}

static void
session_triggers_dispose (GObject *object)
{
  SessionTriggers *self = SESSION_TRIGGERS (object);

  session_triggers_stop (self);
  g_clear_weak_pointer (&self->lab);
  g_clear_object (&self->check);
  G_OBJECT_CLASS (session_triggers_parent_class)->dispose (object);
}

static void
session_triggers_finalize (GObject *object)
{
  g_ptr_array_unref (SESSION_TRIGGERS (object)->watches);
  G_OBJECT_CLASS (session_triggers_parent_class)->finalize (object);
}

static void
session_triggers_class_init (SessionTriggersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = session_triggers_dispose;
  object_class->finalize = session_triggers_finalize;

  signals[CHANGED] = g_signal_new ("changed", SESSION_TYPE_TRIGGERS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
session_triggers_init (SessionTriggers *self)
{
  self->watches = g_ptr_array_new_with_free_func (watch_free);
}

/**
 * session_triggers_new:
 * @lab: must outlive its being started
 * @check: of the type reach, http or traffic
 *
 * Returns: (transfer full): not started
 */
SessionTriggers *
session_triggers_new (SessionLab *lab, CourseCheck *check)
{
  SessionTriggers *self = g_object_new (SESSION_TYPE_TRIGGERS, NULL);

  g_set_weak_pointer (&self->lab, lab);
  self->check = g_object_ref (check);
  return self;
}

/* Istio's rules, wherever they are: a Gateway takes those of all namespaces. */
static void
add_mesh (SessionTriggers *self)
{
  static const char *const kinds[] = { "gateways", "virtualservices", "destinationrules" };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    add (self, kinds[i], NULL, NULL, TRUE);
}

/**
 * session_triggers_start:
 *
 * Watches, until session_triggers_stop().
 */
void
session_triggers_start (SessionTriggers *self)
{
  const char *its;
  const char *namespace_;
  const char *service;

  g_return_if_fail (SESSION_IS_TRIGGERS (self));
  g_return_if_fail (self->lab != NULL && self->watches->len == 0);

  namespace_ = course_course_get_namespace (session_lab_get_course (self->lab));
  its = course_check_get_namespace (self->check);
  if (its == NULL)
    its = namespace_;
  service = course_check_get_service (self->check);
  add (self, "networkpolicies", its, NULL, TRUE);
  if (!g_str_equal (its, namespace_))
    add (self, "networkpolicies", namespace_, NULL, TRUE);
  add (self, "services", its, service, FALSE);
  add (self, "endpoints", its, service, FALSE);
  if (g_str_equal (its, MESH_NAMESPACE))
    add_mesh (self);
  else if (course_check_get_check_type (self->check) == COURSE_CHECK_HTTP)
    add (self, "ingresses", NULL, NULL, TRUE);
}

/**
 * session_triggers_stop:
 *
 * Watches nothing any more.
 */
void
session_triggers_stop (SessionTriggers *self)
{
  g_return_if_fail (SESSION_IS_TRIGGERS (self));

  g_ptr_array_set_size (self->watches, 0);
}
