/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-addresses.h"

#include <string.h>

#include "course-condition.h"
#include "session-reach.h"

struct _SessionAddresses {
  GObject parent_instance;

  SessionLab *lab;           /* not owned: owns us */
  SessionResource *services; /* (nullable): held while somebody asks */
  GHashTable *asked;         /* set of names, as conditions write them */
  GStrv list;                /* "NAME=ADDRESS" */
};

G_DEFINE_FINAL_TYPE (SessionAddresses, session_addresses, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* @name: "redis", or "istio-system/istio-ingressgateway" */
static char *
dup_address (SessionAddresses *self, const char *name)
{
  const char *slash = strchr (name, '/');
  g_autofree char *namespace_ =
    slash != NULL ? g_strndup (name, slash - name)
                  : g_strdup (course_course_get_namespace (session_lab_get_course (self->lab)));
  KubeObject *service =
    session_resource_find (self->services, namespace_, slash != NULL ? slash + 1 : name);

  return service != NULL ? session_reach_dup_address (service) : NULL;
}

static void
read_services (SessionAddresses *self)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer name;
  g_auto (GStrv) old = g_steal_pointer (&self->list);

  g_hash_table_iter_init (&iter, self->asked);
  while (self->services != NULL && g_hash_table_iter_next (&iter, &name, NULL)) {
    g_autofree char *address = dup_address (self, name);
    g_autofree char *entry = address != NULL ? g_strconcat (name, "=", address, NULL) : NULL;

    if (entry != NULL)
      g_strv_builder_add (found, entry);
  }
  self->list = g_strv_builder_end (found);
  if (!g_strv_equal ((const char *const *)old, (const char *const *)self->list))
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
let_go (SessionAddresses *self)
{
  if (self->services != NULL) {
    g_signal_handlers_disconnect_by_data (self->services, self);
    session_resource_release (self->services);
  }
  g_clear_object (&self->services);
}

static void
watch (SessionAddresses *self)
{
  self->services = g_object_ref (session_lab_get_resource (self->lab, "services"));
  g_signal_connect_object (self->services, "updated", G_CALLBACK (read_services), self,
                           G_CONNECT_SWAPPED);
  session_resource_hold (self->services);
}

static void
ask_for (SessionAddresses *self, CourseSection *section)
{
  GPtrArray *steps = course_section_get_steps (section);

  for (guint i = 0; i < steps->len; i++) {
    GPtrArray *forms = course_step_get_forms (g_ptr_array_index (steps, i));

    for (guint j = 0; j < forms->len; j++) {
      const CourseForm *form = g_ptr_array_index (forms, j);
      g_auto (GStrv) names = course_condition_list_services (form->when);

      for (guint k = 0; names[k] != NULL; k++)
        g_hash_table_add (self->asked, g_strdup (names[k]));
    }
  }
}

static void
session_addresses_dispose (GObject *object)
{
  let_go (SESSION_ADDRESSES (object));
  G_OBJECT_CLASS (session_addresses_parent_class)->dispose (object);
}

static void
session_addresses_finalize (GObject *object)
{
  SessionAddresses *self = SESSION_ADDRESSES (object);

  g_hash_table_unref (self->asked);
  g_strfreev (self->list);
  G_OBJECT_CLASS (session_addresses_parent_class)->finalize (object);
}

static void
session_addresses_class_init (SessionAddressesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = session_addresses_dispose;
  object_class->finalize = session_addresses_finalize;

  signals[CHANGED] = g_signal_new ("changed", SESSION_TYPE_ADDRESSES, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
session_addresses_init (SessionAddresses *self)
{
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->list = g_new0 (char *, 1);
}

/**
 * session_addresses_new:
 * @lab: must outlive it
 *
 * Returns: (transfer full): of no section
 */
SessionAddresses *
session_addresses_new (SessionLab *lab)
{
  SessionAddresses *self = g_object_new (SESSION_TYPE_ADDRESSES, NULL);

  self->lab = lab;
  return self;
}

/**
 * session_addresses_open:
 * @section: (nullable): whose forms ask, no other's
 *
 * Services are watched only where they do.
 */
void
session_addresses_open (SessionAddresses *self, CourseSection *section)
{
  g_return_if_fail (SESSION_IS_ADDRESSES (self));

  g_hash_table_remove_all (self->asked);
  if (section != NULL)
    ask_for (self, section);
  if (g_hash_table_size (self->asked) == 0)
    let_go (self);
  else if (self->services == NULL)
    watch (self);
  read_services (self);
}

/**
 * session_addresses_get_list:
 *
 * Returns: (transfer none): as #CourseFacts has it
 */
const char *const *
session_addresses_get_list (SessionAddresses *self)
{
  g_return_val_if_fail (SESSION_IS_ADDRESSES (self), NULL);

  return (const char *const *)self->list;
}
