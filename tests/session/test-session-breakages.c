/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "breakages.h"
#include "jump-local.h"
#include "practice-lab.h"
#include "session-check-private.h"
#include "test-wait.h"

/* What is broken on purpose in a practice cluster of the test's own is told by the right check, in
 * a sentence that names the cause. One cluster serves all tests, which go on from each other. */

#define WAIT 15

typedef struct {
  PracticeLab *cluster;
  const BreakageGroup *group;
} Case;

/* (transfer full): a course of one section, with a step for each breakage */
static char *
dup_course (void)
{
  GString *text = g_string_new ("---\nid: broken\ntitle: Broken\n---\n# Broken\n\n");

  for (gsize i = 0; i < n_breakage_groups; i++) {
    for (const Breakage *at = breakage_groups[i].breakages; at->id != NULL; at++) {
      gsize length = strlen (at->check);

      g_string_append_printf (text, "```bash {id=%s}\ntrue\n```\n\n```check\n", at->id);
      if (*at->check == '{')
        g_string_append_printf (text, "- %.*s, says: It is well}\n```\n\n", (int)length - 1,
                                at->check);
      else
        g_string_append_printf (text, "- %s\n  says: It is well\n```\n\n", at->check);
    }
  }
  return g_string_free (text, FALSE);
}

static CourseCourse *
load_course (PracticeLab *self)
{
  g_autofree char *path = g_build_filename (self->folder, "broken.md", NULL);
  g_autofree char *text = dup_course ();
  g_autoptr (GError) error = NULL;
  CourseCourse *course;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  course = course_course_load (path, &error);
  g_assert_no_error (error);
  return course;
}

static CourseSection *
get_section (PracticeLab *self)
{
  g_autoptr (CourseSection) section =
    g_list_model_get_item (course_course_get_sections (self->course), 0);

  return section;
}

static SessionCheck *
get_check (PracticeLab *self, const Breakage *breakage)
{
  CourseSection *section = get_section (self);
  SessionStep *step =
    session_lab_get_step (self->lab, section, course_section_find_step (section, breakage->id));

  return g_ptr_array_index (session_step_get_checks (step), 0);
}

static void
set_up (PracticeLab *self)
{
  practice_lab_start (self, NULL);
  practice_lab_connect (self, load_course (self));
  session_lab_set_open_section (self->lab, get_section (self));
}

static void
tear_down (PracticeLab *self)
{
  session_lab_set_open_section (self->lab, NULL);
  practice_lab_end (self);
}

typedef struct {
  const Breakage *breakage;
  SessionCheck *check;
  char *seen;
  gint64 deadline; /* monotonic */
  gboolean is_late;
} Wait;

static gboolean
is_right (Wait *self, const char *detail)
{
  SessionCheckState state = session_check_get_state (self->check);

  if (self->breakage->detail == NULL)
    return state == SESSION_CHECK_PASSED;
  return state == SESSION_CHECK_WAITING && detail != NULL &&
         g_pattern_match_simple (self->breakage->detail, detail);
}

/* A sentence that does not come is shown beside the others that do. */
static gboolean
is_told (gpointer data)
{
  Wait *self = data;
  const char *detail = session_check_get_detail (self->check);

  if (g_strcmp0 (detail, self->seen) != 0) {
    g_free (self->seen);
    self->seen = g_strdup (detail);
    g_test_message ("%s: %s", self->breakage->id, detail != NULL ? detail : "nothing");
  }
  self->is_late = g_get_monotonic_time () > self->deadline;
  return self->is_late || is_right (self, detail);
}

/* Where this computer gives the practice cluster no network of its own, what is asked answers or
 * does not, and there is no port at which nothing listens. */
static gboolean
can_be_seen (PracticeLab *cluster, const Breakage *breakage)
{
  g_autofree char *notice = NULL;

  g_object_get (cluster->place, "notice", &notice, NULL);
  return notice == NULL || !breakage->needs_sockets;
}

static void
wait_for (PracticeLab *cluster, const Breakage *breakage)
{
  Wait wait = {
    .breakage = breakage,
    .check = get_check (cluster, breakage),
    .deadline = g_get_monotonic_time () + WAIT * TEST_WAIT_FACTOR * G_TIME_SPAN_SECOND,
  };

  test_wait_until (is_told, &wait, 2 * WAIT, breakage->id);
  if (wait.is_late)
    g_test_fail_printf ("%s: “%s” instead of “%s”", breakage->id, wait.seen,
                        breakage->detail != NULL ? breakage->detail : "nothing");
  g_free (wait.seen);
}

/* Once the script has ended the checks are begun, as a step that is run does. What nothing is done
 * for now was broken before. */
static void
test_group (gconstpointer data)
{
  const Case *self = data;
  const Breakage *breakages = self->group->breakages;

  if (self->group->script != NULL)
    practice_lab_run (self->cluster, self->group->script);
  for (const Breakage *at = breakages; self->group->script != NULL && at->id != NULL; at++)
    session_check_begin (get_check (self->cluster, at));
  for (const Breakage *at = breakages; at->id != NULL; at++)
    if (can_be_seen (self->cluster, at))
      wait_for (self->cluster, at);
}

/* Who may see one namespace only, and then nothing any more. */

static const char *const MAKE_VISITOR =
  "exec 3>&1 >/dev/null\n"
  "kubectl -n denied create serviceaccount visitor\n"
  "kubectl -n denied create role see --verb=get,list,watch --resource=pods,services\n"
  "kubectl -n denied create rolebinding see --role=see --serviceaccount=denied:visitor\n"
  "until secret=$(kubectl -n denied get secrets -o name | grep visitor-token); do sleep 0.1; done\n"
  "kubectl -n denied get $secret -o jsonpath={.data.token} | base64 -d >&3\n";

static const char *const VISITOR_COURSE =
  "---\nid: visit\ntitle: Visit\n---\n# Visit\n\n"
  "```bash {id=list}\ntrue\n```\n\n"
  "```check\n"
  "- {resource: service/redis, says: It is well}\n"
  "- {resource: nodes, at-least: 1, says: It is well}\n"
  "- {resource: deployment/web, absent: true, says: It is well}\n"
  "- {reach: {service: redis, port: 6379}, says: It is well}\n"
  "- {resource: pod/redis, namespace: denied, says: It is well}\n"
  "```\n";

static const char *const visitor_details[] = {
  "You may see the services of the namespace denied only, not those of default. Ask who runs the "
  "cluster to let you see them.",
  "nodes is forbidden: User \"system:serviceaccount:denied:visitor\" cannot list resource "
  "\"nodes\" in "
  "API group \"\" at the cluster scope. Ask who runs the cluster to let you see it.",
  "deployments.apps is forbidden: User \"system:serviceaccount:denied:visitor\" cannot list "
  "resource "
  "\"deployments\" in API group \"apps\" in the namespace \"denied\". Ask who runs the cluster to "
  "let "
  "you see it.",
  "You may see the services of the namespace denied only, not those of default. Ask who runs the "
  "cluster to let you see them.",
  NULL,
};

/* The practice cluster's kubeconfig, with another token and namespace. */
static char *
write_kubeconfig (PracticeLab *self, const char *token)
{
  g_autofree char *from = g_build_filename (self->folder, "kubeconfig", NULL);
  g_autofree char *text = NULL;
  g_autofree char *changed = NULL;
  g_autoptr (GRegex) regex = g_regex_new ("(token: ).*", 0, 0, NULL);
  g_autofree char *replacement = g_strconcat ("\\1", token, NULL);
  g_autoptr (GString) whole = NULL;
  char *path = g_build_filename (self->folder, "visitor", NULL);
  g_autoptr (GError) error = NULL;

  g_file_get_contents (from, &text, NULL, &error);
  g_assert_no_error (error);
  changed = g_regex_replace (regex, text, -1, 0, replacement, 0, &error);
  g_assert_no_error (error);
  whole = g_string_new (changed);
  g_string_replace (whole, "namespace: default", "namespace: denied", 0);
  g_file_set_contents (path, whole->str, -1, &error);
  g_assert_no_error (error);
  return path;
}

typedef struct {
  SessionCheck *check;
  const char *detail; /* NULL: it passes */
} VisitorWait;

static gboolean
is_told_visitor (gpointer data)
{
  VisitorWait *self = data;

  if (self->detail == NULL)
    return session_check_get_state (self->check) == SESSION_CHECK_PASSED;
  return session_check_get_state (self->check) == SESSION_CHECK_UNKNOWN &&
         g_strcmp0 (session_check_get_detail (self->check), self->detail) == 0;
}

static gboolean
connect_lab (SessionLab *lab, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  session_lab_connect_async (lab, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the visitor to connect");
  return session_lab_connect_finish (lab, result, error);
}

static void
test_visitor (gconstpointer data)
{
  PracticeLab *cluster = (PracticeLab *)data;
  g_autofree char *token = practice_lab_dup_output (cluster, MAKE_VISITOR);
  g_autofree char *kubeconfig = write_kubeconfig (cluster, token);
  g_autofree char *path = g_build_filename (cluster->folder, "visit.md", NULL);
  g_autoptr (CourseProgress) progress = course_progress_new (NULL);
  g_autoptr (CourseCourse) course = NULL;
  g_autoptr (CourseSection) section = NULL;
  g_autoptr (GError) error = NULL;
  JumpPlace *place = jump_local_new (kubeconfig);
  SessionLab *lab = NULL;
  GPtrArray *checks = NULL;

  g_file_set_contents (path, VISITOR_COURSE, -1, &error);
  g_assert_no_error (error);
  course = course_course_load (path, &error);
  g_assert_no_error (error);
  section = g_list_model_get_item (course_course_get_sections (course), 0);
  lab = session_lab_new (course, place, progress, NULL);
  checks = session_step_get_checks (
    session_lab_get_step (lab, section, course_section_find_step (section, "list")));
  g_assert_true (connect_lab (lab, &error));
  g_assert_no_error (error);
  session_lab_set_open_section (lab, section);
  for (guint i = 0; i < checks->len; i++) {
    VisitorWait wait = { g_ptr_array_index (checks, i), visitor_details[i] };

    test_wait_until (is_told_visitor, &wait, WAIT,
                     visitor_details[i] != NULL ? visitor_details[i] : "what may be seen");
  }

  /* the token is worth nothing any more */
  practice_lab_run (cluster, "kubectl -n denied delete serviceaccount visitor\n");
  session_lab_disconnect (lab);
  practice_lab_wait_disconnected (place);
  g_assert_false (connect_lab (lab, &error));
  for (guint i = 0; i < checks->len; i++) {
    VisitorWait wait = {
      g_ptr_array_index (checks, i),
      "The cluster does not accept these credentials. Sign in again, or get a new "
      "kubeconfig."
    };

    test_wait_until (is_told_visitor, &wait, WAIT, "the refusal to be told");
  }
  session_lab_disconnect (lab);
  test_wait_finalize (lab, WAIT);
  g_object_unref (place);
}

int
main (int argc, char **argv)
{
  static const char *const needed[] = { "kubectl", NULL };
  g_autofree Case *cases = g_new0 (Case, n_breakage_groups);
  PracticeLab cluster = { 0 };
  int result;

  if (!practice_lab_has_programs (needed))
    return 77;
  kube_client_init_process ();
  /* LeakSanitizer stumbles over idle threads that have used GnuTLS. */
  g_thread_pool_set_max_unused_threads (0);
  g_test_init (&argc, &argv, NULL);
  set_up (&cluster);
  for (gsize i = 0; i < n_breakage_groups; i++) {
    g_autofree char *path = g_strconcat ("/session/breakages/", breakage_groups[i].name, NULL);

    cases[i] = (Case){ &cluster, &breakage_groups[i] };
    g_test_add_data_func (path, &cases[i], test_group);
  }
  g_test_add_data_func ("/session/breakages/visitor", &cluster, test_visitor);
  result = g_test_run ();
  tear_down (&cluster);
  return result;
}
