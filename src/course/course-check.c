/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-check-private.h"
#include "course-condition.h"

#include <string.h>

G_DEFINE_FINAL_TYPE (CourseCheck, course_check, G_TYPE_OBJECT)

static void
course_check_finalize (GObject *object)
{
  CourseCheck *self = COURSE_CHECK (object);

  g_clear_pointer (&self->says, g_free);
  g_clear_pointer (&self->hint, g_free);
  g_clear_pointer (&self->when, g_free);
  g_clear_pointer (&self->until, g_free);
  g_clear_pointer (&self->namespace_, g_free);
  g_clear_pointer (&self->resource, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->selector, g_free);
  g_clear_pointer (&self->path, base_json_path_unref);
  g_clear_pointer (&self->expected, json_node_unref);
  g_clear_pointer (&self->regex, g_regex_unref);
  g_clear_pointer (&self->service, g_free);
  g_clear_pointer (&self->send, g_free);
  g_clear_pointer (&self->reply, g_free);
  g_clear_pointer (&self->scheme, g_free);
  g_clear_pointer (&self->http_host, g_free);
  g_clear_pointer (&self->http_path, g_free);
  g_clear_pointer (&self->contains, g_free);
  g_clear_pointer (&self->traffic_host, g_free);
  g_clear_pointer (&self->file, g_free);
  g_clear_pointer (&self->command, g_free);
  g_clear_pointer (&self->lacks, g_free);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->split, g_hash_table_unref);

  G_OBJECT_CLASS (course_check_parent_class)->finalize (object);
}

static void
course_check_class_init (CourseCheckClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = course_check_finalize;
}

static void
course_check_init (CourseCheck *self)
{
  self->mode = -1;
  self->exit_status = -1;
  self->split = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * course_check_get_check_type:
 * @self: a check
 *
 * Returns: what kind of check it is; the getters of other kinds have nothing to say
 */
CourseCheckType
course_check_get_check_type (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), COURSE_CHECK_RESOURCE);
  return self->type;
}

/**
 * course_check_get_says:
 * @self: a check
 *
 * Returns: the sentence that says what is waited for
 */
const char *
course_check_get_says (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->says;
}

/**
 * course_check_get_hint:
 * @self: a check
 *
 * Returns: (nullable): what may help one who waits in vain
 */
const char *
course_check_get_hint (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->hint;
}

/**
 * course_check_get_within:
 * @self: a check
 *
 * Returns: how long it usually takes at most, in seconds
 */
guint
course_check_get_within (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), 0);
  return self->within;
}

/**
 * course_check_is_needed:
 * @self: a check
 * @facts: (nullable): what is known of the place
 *
 * Returns: whether it counts there; where nothing is known of the place, it does
 */
gboolean
course_check_is_needed (CourseCheck *self, const CourseFacts *facts)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), FALSE);
  return self->when == NULL ||
         course_condition_evaluate (self->when, facts) != COURSE_CONDITION_FALSE;
}

/**
 * course_check_get_line:
 * @self: a check
 *
 * Returns: line of the course file where the check begins
 */
guint
course_check_get_line (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), 0);
  return self->line;
}

/**
 * course_check_dup_until:
 * @self: a check
 * @own: the id of its section
 * @step: (out) (transfer full) (nullable): the id of the step that undoes on purpose what the check
 *   asks for
 *
 * Returns: (transfer full) (nullable): the id of that step's section; %NULL where it is to last
 */
char *
course_check_dup_until (CourseCheck *self, const char *own, char **step)
{
  const char *slash;

  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  g_return_val_if_fail (own != NULL, NULL);

  *step = NULL;
  if (self->until == NULL)
    return NULL;
  slash = strchr (self->until, '/');
  *step = g_strdup (slash != NULL ? slash + 1 : self->until);
  return slash != NULL ? g_strndup (self->until, slash - self->until) : g_strdup (own);
}

/**
 * course_check_get_resource:
 * @self: a check
 *
 * Returns: (nullable): the kind as written, for example "service"; %NULL where it is no resource
 * check
 */
const char *
course_check_get_resource (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->resource;
}

/**
 * course_check_get_name:
 * @self: a check
 *
 * Returns: (nullable): the object's name; %NULL where a selector, or all, are meant
 */
const char *
course_check_get_name (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->name;
}

/**
 * course_check_get_namespace:
 * @self: a check
 *
 * Returns: (nullable): the namespace; %NULL for the course's
 */
const char *
course_check_get_namespace (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->namespace_;
}

/**
 * course_check_get_selector:
 * @self: a check
 *
 * Returns: (nullable): the label selector
 */
const char *
course_check_get_selector (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->selector;
}

/**
 * course_check_get_path:
 * @self: a check
 *
 * Returns: (nullable): where in the objects it looks, as a JSONPath; %NULL: at whether they are
 * there
 */
const char *
course_check_get_path (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->path != NULL ? base_json_path_get_expression (self->path) : NULL;
}

/**
 * course_check_get_expect_absent:
 * @self: a check
 *
 * Returns: whether it passes where there is nothing
 */
gboolean
course_check_get_expect_absent (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), FALSE);
  return self->type == COURSE_CHECK_RESOURCE &&
         (self->match == COURSE_MATCH_ABSENT ||
          (self->match == COURSE_MATCH_COUNT && self->number == 0));
}

/**
 * course_check_get_service:
 * @self: a check
 *
 * Returns: (nullable): the service whose address from outside is tried, or which the command of a
 *   check of the terminal asks
 */
const char *
course_check_get_service (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->service;
}

/**
 * course_check_get_port:
 * @self: a check
 *
 * Returns: the port of the service that is tried or asked; 0: not known
 */
guint16
course_check_get_port (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), 0);
  return self->port;
}

/**
 * course_check_get_send:
 * @self: a check
 *
 * Returns: (nullable): what is sent once connected
 */
const char *
course_check_get_send (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->send;
}

/**
 * course_check_get_reply:
 * @self: a check
 *
 * Returns: (nullable): what the answer starts with
 */
const char *
course_check_get_reply (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->reply;
}

/**
 * course_check_get_expect_blocked:
 * @self: a check
 *
 * Returns: whether no connection is what is hoped for
 */
gboolean
course_check_get_expect_blocked (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), FALSE);
  return self->expect_blocked;
}

/**
 * course_check_get_scheme:
 * @self: a check
 *
 * Returns: (nullable): "http" or "https"
 */
const char *
course_check_get_scheme (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->scheme;
}

/**
 * course_check_get_http_host:
 * @self: a check
 *
 * Returns: (nullable): the Host header; %NULL for the address's own
 */
const char *
course_check_get_http_host (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->http_host;
}

/**
 * course_check_get_http_path:
 * @self: a check
 *
 * Returns: (nullable): the path that is asked for
 */
const char *
course_check_get_http_path (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->http_path;
}

/**
 * course_check_get_http_status:
 * @self: a check
 *
 * Returns: the status that is hoped for
 */
guint
course_check_get_http_status (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), 0);
  return self->http_status;
}

/**
 * course_check_get_contains:
 * @self: a check
 *
 * Returns: (nullable): a piece of text in the body that is hoped for
 */
const char *
course_check_get_contains (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->contains;
}

/**
 * course_check_get_takes_at_least:
 * @self: a check
 *
 * Returns: milliseconds that the answer must take; 0 where any time will do
 */
guint
course_check_get_takes_at_least (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), 0);
  return self->takes_at_least;
}

/**
 * course_check_get_takes_at_most:
 * @self: a check
 *
 * Returns: milliseconds that the answer may take; 0 where any time will do
 */
guint
course_check_get_takes_at_most (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), 0);
  return self->takes_at_most;
}

/**
 * course_check_get_through_api:
 * @self: a check
 *
 * Returns: whether the service is asked through the API server, not at an address from outside
 */
gboolean
course_check_get_through_api (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), FALSE);
  return self->through_api;
}

/**
 * course_check_get_user:
 * @self: a check
 *
 * Returns: (nullable): who signs in at Bookinfo's page first
 */
const char *
course_check_get_user (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->user;
}

/**
 * course_check_get_file:
 * @self: a check
 *
 * Returns: (nullable): the path at the place, which may have * and ? in it; ~/ is the home folder
 */
const char *
course_check_get_file (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->file;
}

/**
 * course_check_get_command:
 * @self: a check
 *
 * Returns: (nullable): what a command that a student types by hand has in it; %NULL: the first word
 *   of the step's
 */
const char *
course_check_get_command (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->command;
}

/**
 * course_check_get_traffic_host:
 * @self: a check
 *
 * Returns: (nullable): the service whose requests are counted
 */
const char *
course_check_get_traffic_host (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->traffic_host;
}

/**
 * course_check_get_requests:
 * @self: a check
 *
 * Returns: how many requests make a sample
 */
guint
course_check_get_requests (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), 0);
  return self->requests;
}

/**
 * course_check_get_split:
 * @self: a check
 *
 * Returns: (transfer none) (element-type utf8 uint): the share of each subset in a sample
 */
GHashTable *
course_check_get_split (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), NULL);
  return self->split;
}

/**
 * course_check_counts_objects:
 *
 * Returns: whether it is about how many objects there are, and not about what is in them
 */
gboolean
course_check_counts_objects (CourseCheck *self)
{
  g_return_val_if_fail (COURSE_IS_CHECK (self), FALSE);

  return self->path == NULL &&
         (self->match == COURSE_MATCH_COUNT || self->match == COURSE_MATCH_AT_LEAST);
}
