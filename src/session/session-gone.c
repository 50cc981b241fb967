/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-gone.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"

#define MAX_NAMES 3

/* "default/redis", or "default" for a namespace itself */
static char *
dup_full_name (const char *namespace_, const char *name)
{
  return namespace_ != NULL ? g_strdup_printf ("%s/%s", namespace_, name) : g_strdup (name);
}

/* @gone_at: 0: nobody was looking */
static char *
dup_one (
  const KubeKind *kind, const char *namespace_, const char *name, gint64 seen_at, gint64 gone_at)
{
  g_autofree char *full_name = dup_full_name (namespace_, name);
  g_autofree char *time = session_memory_dup_time (gone_at != 0 ? gone_at : seen_at);

  if (gone_at != 0)
    /* Translators: a kind such as pod, a name, and a time */
    return g_strdup_printf (_ ("the %s %s is gone, as was seen at %s. Do again what has made it."),
                            kind->singular, full_name, time);
  /* Translators: a kind such as pod, a name, and a time */
  return g_strdup_printf (_ ("the %s %s is gone; it was there at %s. Do again what has made it."),
                          kind->singular, full_name, time);
}

/**
 * session_gone_dup_object:
 * @namespace_: (nullable): NULL for kinds that have none
 * @name: of an object that is not there
 *
 * Returns: (transfer full) (nullable): that it is gone, since when, and what to do; %NULL where it
 *   was never seen
 */
char *
session_gone_dup_object (SessionSight *sight,
                         const KubeKind *kind,
                         const char *namespace_,
                         const char *name)
{
  const SessionRecollection *past = session_sight_recall (sight, kind->plural, namespace_, name);

  if (past == NULL)
    return NULL;
  return dup_one (kind, namespace_, name, past->seen_at, past->gone_at);
}

/* Who watches over it makes another one in its place. */
static gboolean
is_owned (JsonNode *object)
{
  return base_json_get_length (base_json_get_array (object, "metadata", "ownerReferences", NULL)) >
         0;
}

static char *
dup_names (GPtrArray *names, const char *namespace_)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (names->len, MAX_NAMES); i++) {
    g_autofree char *full_name = dup_full_name (namespace_, g_ptr_array_index (names, i));

    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", full_name);
  }
  if (names->len > MAX_NAMES)
    g_string_append (text, ", …");
  return g_strdup (text->str);
}

static char *
dup_several (const KubeKind *kind, const char *namespace_, GPtrArray *names, gint64 gone_at)
{
  g_autofree char *list = dup_names (names, namespace_);
  g_autofree char *time = session_memory_dup_time (gone_at);

  /* Translators: a kind such as pods, names, and a time */
  return g_strdup_printf (_ ("the %s %s are gone, as was seen at %s. Do again what has made them."),
                          kind->plural, list, time);
}

/* It is there, and is none of them any more. */
static char *
dup_other (const KubeKind *kind, const char *namespace_, const char *name, const char *selector)
{
  g_autofree char *full_name = dup_full_name (namespace_, name);

  return g_strdup_printf (
    /* Translators: a kind such as pod, a name, and labels such as app=redis; then kind and name for
     * a command, and more of it */
    _ ("the %s %s no longer has %s. See which labels it has: kubectl get %s %s --show-labels%s%s"),
    kind->singular, full_name, selector, kind->singular, name, namespace_ != NULL ? " -n " : "",
    namespace_ != NULL ? namespace_ : "");
}

/* @missing: (element-type utf8): none of those that are looked for */
static char *
dup_missing (SessionSight *sight,
             const KubeKind *kind,
             const char *namespace_,
             const char *selector,
             const SessionGroup *past,
             GPtrArray *missing)
{
  g_autoptr (GPtrArray) gone = g_ptr_array_new ();

  for (guint i = 0; i < missing->len; i++) {
    const char *name = g_ptr_array_index (missing, i);

    if (session_sight_find (sight, kind->plural, namespace_, name) == NULL)
      g_ptr_array_add (gone, (char *)name);
  }
  if (gone->len == 1)
    return dup_one (kind, namespace_, g_ptr_array_index (gone, 0), past->seen_at, past->gone_at);
  if (gone->len > 1)
    return dup_several (kind, namespace_, gone, past->gone_at);
  return selector != NULL ? dup_other (kind, namespace_, g_ptr_array_index (missing, 0), selector)
                          : NULL;
}

/* In another life of the program: nobody knows any more which they were. */
static char *
dup_nameless (const KubeKind *kind, const char *namespace_, const char *selector, gint64 seen_at)
{
  g_autofree char *time = session_memory_dup_time (seen_at);
  g_autofree char *what = selector != NULL ? g_strdup_printf ("%s (%s)", kind->plural, selector)
                                           : g_strdup (kind->plural);

  if (namespace_ != NULL)
    /* Translators: a kind such as pods, perhaps with labels in brackets, a namespace, and a time */
    return g_strdup_printf (
      _ ("all %s of %s are gone; they were there at %s. Do again what has made them."), what,
      namespace_, time);
  /* Translators: a kind such as nodes, perhaps with labels in brackets, and a time */
  return g_strdup_printf (
    _ ("all %s are gone; they were there at %s. Do again what has made them."), what, time);
}

/**
 * session_gone_dup_group:
 * @check: that does not pass, and names no object
 * @namespace_: (nullable): that it looks in
 * @objects: (element-type JsonNode): those that it is about
 *
 * Where some are there, those that are missed are only told of where it is their number that
 * counts, and where nobody makes others in their place.
 *
 * Returns: (transfer full) (nullable): which of them are gone, since when, and what to do; %NULL
 *   where none is
 */
char *
session_gone_dup_group (SessionSight *sight,
                        CourseCheck *check,
                        const KubeKind *kind,
                        const char *namespace_,
                        GPtrArray *objects)
{
  const char *selector = course_check_get_selector (check);
  const SessionGroup *past = session_sight_recall_group (sight, check, namespace_);
  g_autoptr (GPtrArray) missing = NULL;

  if (past == NULL)
    return NULL;
  if (objects->len > 0 &&
      (!course_check_counts_objects (check) || is_owned (g_ptr_array_index (objects, 0))))
    return NULL;
  if (past->names == NULL)
    return objects->len == 0 ? dup_nameless (kind, namespace_, selector, past->seen_at) : NULL;
  missing = session_group_list_missing (past, objects);
  return missing->len > 0 ? dup_missing (sight, kind, namespace_, selector, past, missing) : NULL;
}
