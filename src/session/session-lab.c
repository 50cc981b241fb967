/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-lab.h"

#include "course-template.h"
#include "session-addresses.h"
#include "session-cluster.h"
#include "session-facts.h"
#include "session-steps.h"

/**
 * SessionLab:
 *
 * The one object that a window, or a rehearsal, is built on. It connects when it is told to, and
 * again by itself when the place is back, or when the API server may be.
 */
struct _SessionLab {
  GObject parent_instance;

  CourseCourse *course;
  JumpPlace *place;
  CourseProgress *progress;
  SessionCluster *cluster;
  SessionPages *pages;
  SessionFacts *facts;
  SessionSteps *steps;
  SessionAddresses *addresses;
  SessionMemory *memory;
};

G_DEFINE_FINAL_TYPE (SessionLab, session_lab, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SessionLabState,
                    session_lab_state,
                    G_DEFINE_ENUM_VALUE (SESSION_LAB_OFFLINE, "offline"),
                    G_DEFINE_ENUM_VALUE (SESSION_LAB_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (SESSION_LAB_ONLINE, "online"))

enum {
  PROP_0,
  PROP_STATE,
  PROP_ERROR,
  PROP_CLIENT,
  PROP_COURSE,
  PROP_PLACE,
  PROP_PROGRESS,
  PROP_SERVER_VERSION,
  PROP_ISTIO_VERSION,
  PROP_APIS,
  PROP_ADDRESSES,
  PROP_EXEC_ARGV,
  PROP_TROUBLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum {
  FALLEN_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Our property of the same name is another one, too. */
static void
cluster_cb (SessionCluster *cluster, GParamSpec *pspec, SessionLab *self)
{
  g_object_notify (G_OBJECT (self), pspec->name);
}

static SessionConnection *
get_connection (SessionLab *self)
{
  return session_cluster_get_connection (self->cluster);
}

static void
addresses_cb (SessionAddresses *addresses, SessionLab *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ADDRESSES]);
}

static void
fallen_cb (SessionLab *self)
{
  g_signal_emit (self, signals[FALLEN_CHANGED], 0);
}

static void
session_lab_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SessionLab *self = SESSION_LAB (object);

  switch (id) {
    case PROP_STATE:
    case PROP_ERROR:
    case PROP_CLIENT:
    case PROP_SERVER_VERSION:
    case PROP_ISTIO_VERSION:
    case PROP_APIS:
    case PROP_EXEC_ARGV:
    case PROP_TROUBLE:
      g_object_get_property (G_OBJECT (self->cluster), pspec->name, value);
      break;
    case PROP_ADDRESSES:
      g_value_set_boxed (value, session_addresses_get_list (self->addresses));
      break;
    case PROP_COURSE:
      g_value_set_object (value, self->course);
      break;
    case PROP_PLACE:
      g_value_set_object (value, self->place);
      break;
    case PROP_PROGRESS:
      g_value_set_object (value, self->progress);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_lab_dispose (GObject *object)
{
  SessionLab *self = SESSION_LAB (object);

  if (self->steps != NULL)
    session_steps_drop (self->steps);
  g_clear_object (&self->steps);
  g_clear_object (&self->addresses);
  if (self->pages != NULL)
    session_pages_close (self->pages);
  g_clear_object (&self->pages);
  g_clear_object (&self->cluster);
  G_OBJECT_CLASS (session_lab_parent_class)->dispose (object);
}

static void
session_lab_finalize (GObject *object)
{
  SessionLab *self = SESSION_LAB (object);

  g_clear_object (&self->course);
  g_clear_object (&self->place);
  g_clear_object (&self->progress);
  g_clear_pointer (&self->facts, session_facts_free);
  g_clear_pointer (&self->memory, session_memory_free);
  G_OBJECT_CLASS (session_lab_parent_class)->finalize (object);
}

static void
session_lab_class_init (SessionLabClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = session_lab_get_property;
  object_class->dispose = session_lab_dispose;
  object_class->finalize = session_lab_finalize;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SESSION_TYPE_LAB_STATE, SESSION_LAB_OFFLINE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, KUBE_TYPE_CLIENT, flags);
  properties[PROP_COURSE] = g_param_spec_object ("course", NULL, NULL, COURSE_TYPE_COURSE, flags);
  properties[PROP_PLACE] = g_param_spec_object ("place", NULL, NULL, JUMP_TYPE_PLACE, flags);
  properties[PROP_PROGRESS] =
    g_param_spec_object ("progress", NULL, NULL, COURSE_TYPE_PROGRESS, flags);
  properties[PROP_SERVER_VERSION] = g_param_spec_string ("server-version", NULL, NULL, NULL, flags);
  properties[PROP_ISTIO_VERSION] = g_param_spec_string ("istio-version", NULL, NULL, NULL, flags);
  properties[PROP_APIS] = g_param_spec_boxed ("apis", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_ADDRESSES] = g_param_spec_boxed ("addresses", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_EXEC_ARGV] = g_param_spec_boxed ("exec-argv", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_TROUBLE] = g_param_spec_boxed ("trouble", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[FALLEN_CHANGED] = g_signal_new ("fallen-changed", SESSION_TYPE_LAB, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
session_lab_init (SessionLab *self)
{
}

/**
 * session_lab_new:
 * @context_name: (nullable): a context of the place's kubeconfig, NULL: its current one
 *
 * Nothing is connected before session_lab_connect_async().
 */
SessionLab *
session_lab_new (CourseCourse *course,
                 JumpPlace *place,
                 CourseProgress *progress,
                 const char *context_name)
{
  SessionLab *self = NULL;

  g_return_val_if_fail (COURSE_IS_COURSE (course), NULL);
  g_return_val_if_fail (JUMP_IS_PLACE (place), NULL);
  g_return_val_if_fail (COURSE_IS_PROGRESS (progress), NULL);

  self = g_object_new (SESSION_TYPE_LAB, NULL);
  self->course = g_object_ref (course);
  self->place = g_object_ref (place);
  self->facts = session_facts_new (place);
  self->progress = g_object_ref (progress);
  self->cluster = session_cluster_new (place, context_name);
  self->steps = session_steps_new (self);
  self->addresses = session_addresses_new (self);
  self->memory = session_memory_new ();
  self->pages = session_pages_new (place);
  g_signal_connect_object (self->cluster, "notify", G_CALLBACK (cluster_cb), self, 0);
  g_signal_connect_object (self->addresses, "changed", G_CALLBACK (addresses_cb), self, 0);
  g_signal_connect_object (self->steps, "fallen-changed", G_CALLBACK (fallen_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

CourseCourse *
session_lab_get_course (SessionLab *self)
{
  g_return_val_if_fail (SESSION_IS_LAB (self), NULL);

  return self->course;
}

/**
 * session_lab_set_course:
 * @self: a lab
 * @course: the course as its author has just saved it, with the same id
 *
 * Goes on with @course. The live state of all steps begins anew; what is done of them is the
 * progress's, and stays. No section is open.
 */
void
session_lab_set_course (SessionLab *self, CourseCourse *course)
{
  g_return_if_fail (SESSION_IS_LAB (self));
  g_return_if_fail (COURSE_IS_COURSE (course));
  g_return_if_fail (
    g_str_equal (course_course_get_id (course), course_course_get_id (self->course)));

  if (self->course == course)
    return;
  session_steps_drop (self->steps);
  session_addresses_open (self->addresses, NULL);
  g_set_object (&self->course, course);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COURSE]);
}

JumpPlace *
session_lab_get_place (SessionLab *self)
{
  g_return_val_if_fail (SESSION_IS_LAB (self), NULL);

  return self->place;
}

CourseProgress *
session_lab_get_progress (SessionLab *self)
{
  g_return_val_if_fail (SESSION_IS_LAB (self), NULL);

  return self->progress;
}

/**
 * session_lab_get_pages:
 *
 * Returns: (transfer none): the way to web pages that are shown at the place; closed when it is
 * left
 */
SessionPages *
session_lab_get_pages (SessionLab *self)
{
  g_return_val_if_fail (SESSION_IS_LAB (self), NULL);

  return self->pages;
}

/**
 * session_lab_get_memory:
 *
 * Returns: (transfer none): what was seen of objects, over all connections
 */
SessionMemory *
session_lab_get_memory (SessionLab *self)
{
  g_return_val_if_fail (SESSION_IS_LAB (self), NULL);

  return self->memory;
}

/**
 * session_lab_get_client:
 *
 * Returns: (nullable) (transfer none): the last client; it stays while the connection is lost
 */
KubeClient *
session_lab_get_client (SessionLab *self)
{
  g_return_val_if_fail (SESSION_IS_LAB (self), NULL);

  return session_cluster_get_client (self->cluster);
}

SessionLabState
session_lab_get_state (SessionLab *self)
{
  g_return_val_if_fail (SESSION_IS_LAB (self), SESSION_LAB_OFFLINE);

  return session_connection_get_state (get_connection (self));
}

/**
 * session_lab_get_error:
 *
 * Returns: (nullable) (transfer none): why it is offline, in a sentence that says what to do
 */
const GError *
session_lab_get_error (SessionLab *self)
{
  g_return_val_if_fail (SESSION_IS_LAB (self), NULL);

  return session_connection_get_error (get_connection (self));
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (session_connection_connect_finish (SESSION_CONNECTION (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * session_lab_connect_async:
 * @cancellable: (nullable): ends the attempt, also for others who wait for it
 *
 * Connects the place where it is not, and then to the API server of its kubeconfig. An attempt that
 * is under way is shared. After a failure that may be over by itself it is tried again, without
 * end, until session_lab_disconnect().
 */
void
session_lab_connect_async (SessionLab *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (SESSION_IS_LAB (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, session_lab_connect_async);
  session_connection_connect_async (get_connection (self), cancellable, connected_cb,
                                    g_steal_pointer (&task));
}

gboolean
session_lab_connect_finish (SessionLab *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * session_lab_disconnect:
 *
 * Leaves the place, and stays away until session_lab_connect_async().
 */
void
session_lab_disconnect (SessionLab *self)
{
  g_return_if_fail (SESSION_IS_LAB (self));

  session_pages_close (self->pages);
  session_connection_disconnect (get_connection (self));
}

/**
 * session_lab_get_trouble:
 *
 * Returns: (nullable) (transfer none): while it is online, why the cluster does not answer, in a
 *   sentence that says what to do
 */
const GError *
session_lab_get_trouble (SessionLab *self)
{
  g_return_val_if_fail (SESSION_IS_LAB (self), NULL);

  return session_cluster_get_trouble (self->cluster);
}

const char *const *
session_lab_get_exec_argv (SessionLab *self)
{
  g_return_val_if_fail (SESSION_IS_LAB (self), NULL);

  return session_connection_get_exec_argv (get_connection (self));
}

/**
 * session_lab_approve_exec:
 *
 * The user has agreed to the command line of session_lab_get_exec_argv(). Another one asks again.
 */
void
session_lab_approve_exec (SessionLab *self)
{
  g_return_if_fail (SESSION_IS_LAB (self));

  session_connection_approve_exec (get_connection (self));
}

/**
 * session_lab_get_resource:
 * @name: as kube_kind_lookup() takes it
 *
 * Returns: (nullable) (transfer none): the same one for all names of a kind; NULL where the kind is
 *   not known
 */
SessionResource *
session_lab_get_resource (SessionLab *self, const char *name)
{
  g_return_val_if_fail (SESSION_IS_LAB (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return session_cluster_get_resource (self->cluster, name);
}

/**
 * session_lab_get_step:
 *
 * Returns: (transfer none): the same one for a step, for the life of the lab
 */
SessionStep *
session_lab_get_step (SessionLab *self, CourseSection *section, CourseStep *step)
{
  g_return_val_if_fail (SESSION_IS_LAB (self), NULL);
  g_return_val_if_fail (COURSE_IS_SECTION (section), NULL);
  g_return_val_if_fail (COURSE_IS_STEP (step), NULL);

  return session_steps_get (self->steps, section, step);
}

void
session_lab_set_open_section (SessionLab *self, CourseSection *section)
{
  g_return_if_fail (SESSION_IS_LAB (self));

  session_steps_open (self->steps, section);
  session_addresses_open (self->addresses, section);
}

/**
 * session_lab_get_fallen:
 *
 * Returns: (transfer none) (element-type CourseStep): a set of the steps that are done, and are
 *   seen not to be so any more; "fallen-changed" tells when it is another. Of sections that were
 *   not opened yet nothing is seen.
 */
GHashTable *
session_lab_get_fallen (SessionLab *self)
{
  g_return_val_if_fail (SESSION_IS_LAB (self), NULL);

  return session_steps_get_fallen (self->steps);
}

/**
 * session_lab_count_fallen:
 *
 * Returns: how many of the steps of @section are in session_lab_get_fallen()
 */
guint
session_lab_count_fallen (SessionLab *self, CourseSection *section)
{
  GHashTable *fallen = session_lab_get_fallen (self);
  GPtrArray *steps = NULL;
  guint n = 0;

  g_return_val_if_fail (COURSE_IS_SECTION (section), 0);

  steps = course_section_get_steps (section);
  for (guint i = 0; g_hash_table_size (fallen) > 0 && i < steps->len; i++)
    n += g_hash_table_contains (fallen, g_ptr_array_index (steps, i));
  return n;
}

void
session_lab_take_command (SessionLab *self, const SessionTyped *typed)
{
  g_return_if_fail (SESSION_IS_LAB (self));

  session_steps_take_command (self->steps, typed);
}

/**
 * session_lab_get_facts:
 * @facts: (out caller-allocates): its strings are the lab's, and good until it changes
 */
void
session_lab_get_facts (SessionLab *self, CourseFacts *facts)
{
  g_return_if_fail (SESSION_IS_LAB (self));

  facts->kubernetes = session_cluster_get_server_version (self->cluster);
  facts->istio = session_cluster_get_istio_version (self->cluster);
  facts->apis = session_cluster_get_apis (self->cluster);
  facts->addresses = session_addresses_get_list (self->addresses);
  session_facts_fill (self->facts, facts);
}

/**
 * session_lab_dup_shell_lines:
 *
 * Returns: (transfer full): what @section has typed into a fresh terminal, with all filled in that
 *   is known; may be empty
 */
GStrv
session_lab_dup_shell_lines (SessionLab *self, CourseSection *section)
{
  const char *const *lines = course_section_get_shell (section);
  g_autoptr (GStrvBuilder) filled = g_strv_builder_new ();
  CourseFacts facts = { NULL };

  g_return_val_if_fail (SESSION_IS_LAB (self), NULL);

  session_lab_get_facts (self, &facts);
  for (; lines != NULL && *lines != NULL; lines++) {
    g_autofree char *line = course_template_fill (*lines, &facts);

    g_strv_builder_add (filled, line);
  }
  return g_strv_builder_end (filled);
}

/**
 * session_lab_set_student:
 * @student: (nullable): as the class's sheet has them
 */
void
session_lab_set_student (SessionLab *self, const char *student)
{
  g_return_if_fail (SESSION_IS_LAB (self));

  session_facts_set_student (self->facts, student);
}
