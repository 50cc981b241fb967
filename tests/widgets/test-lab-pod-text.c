/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-yaml.h"
#include "lab-pod-text.h"

static void
assert_pod (const char *yaml, const char *ready, const char *status)
{
  g_autoptr (JsonNode) node = base_yaml_parse (yaml, -1, "test", BASE_YAML_NONE, NULL);
  g_autofree char *ready_text = lab_pod_dup_ready (node);
  g_autofree char *status_text = lab_pod_dup_status (node);

  g_assert_cmpstr (ready_text, ==, ready);
  g_assert_cmpstr (status_text, ==, status);
}

static void
test_running (void)
{
  assert_pod ("spec: {containers: [{}, {}]}\n"
              "status:\n"
              "  phase: Running\n"
              "  containerStatuses:\n"
              "  - {ready: true, state: {running: {}}}\n"
              "  - {ready: false, state: {running: {}}}\n",
              "1/2", "Running");
}

static void
test_waiting (void)
{
  assert_pod ("spec: {containers: [{}]}\n"
              "status:\n"
              "  phase: Pending\n"
              "  containerStatuses: [{state: {waiting: {reason: ImagePullBackOff}}}]\n",
              "0/1", "ImagePullBackOff");
  assert_pod ("spec: {containers: [{}]}\nstatus: {phase: Pending}", "0/1", "Pending");
}

static void
test_ended (void)
{
  assert_pod ("spec: {containers: [{}]}\n"
              "status:\n"
              "  phase: Failed\n"
              "  containerStatuses: [{state: {terminated: {exitCode: 3}}}]\n",
              "0/1", "ExitCode:3");
  assert_pod ("metadata: {deletionTimestamp: '2020-01-01T00:00:00Z'}\n"
              "spec: {containers: [{}]}\n"
              "status: {phase: Running}",
              "0/1", "Terminating");
}

/* One container has done its work, another goes on. */
static void
test_mixed (void)
{
  assert_pod ("spec: {containers: [{}, {}]}\n"
              "status:\n"
              "  phase: Running\n"
              "  containerStatuses:\n"
              "  - {state: {terminated: {reason: Completed, exitCode: 0}}}\n"
              "  - {ready: true, state: {running: {}}}\n",
              "1/2", "Running");
}

static void
test_init (void)
{
  assert_pod ("spec: {containers: [{}], initContainers: [{}, {}]}\n"
              "status:\n"
              "  phase: Pending\n"
              "  initContainerStatuses:\n"
              "  - {state: {terminated: {exitCode: 0}}}\n"
              "  - {state: {running: {}}}\n",
              "0/1", "Init:1/2");
  assert_pod ("spec: {containers: [{}], initContainers: [{}]}\n"
              "status:\n"
              "  phase: Pending\n"
              "  initContainerStatuses: [{state: {terminated: {reason: Error, exitCode: 1}}}]\n",
              "0/1", "Init:Error");
}

static void
test_nonsense (void)
{
  assert_pod ("{}", "0/0", "Unknown");
  assert_pod ("{spec: 1, status: {containerStatuses: [1, null], phase: []}}", "0/0", "Unknown");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/pod-text/running", test_running);
  g_test_add_func ("/lab/pod-text/waiting", test_waiting);
  g_test_add_func ("/lab/pod-text/ended", test_ended);
  g_test_add_func ("/lab/pod-text/mixed", test_mixed);
  g_test_add_func ("/lab/pod-text/init", test_init);
  g_test_add_func ("/lab/pod-text/nonsense", test_nonsense);

  return g_test_run ();
}
