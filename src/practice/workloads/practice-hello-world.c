/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-hello-world.h"

/**
 * PracticeHelloWorld:
 *
 * Istio's sample helloworld: says its version and its pod.
 */
struct _PracticeHelloWorld {
  PracticeProgram parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeHelloWorld, practice_hello_world, PRACTICE_TYPE_PROGRAM)

static PracticeHttpResponse *
practice_hello_world_respond (PracticeProgram *program, PracticeHttpRequest *request)
{
  PracticeLaunch *launch = practice_program_get_launch (program);
  g_autofree char *path = practice_http_request_dup_path (request);
  g_autofree char *body = NULL;

  if (g_str_equal (path, "/health"))
    return practice_http_response_new (200, "text/html; charset=utf-8", "Helloworld is healthy");
  if (!g_str_equal (path, "/hello"))
    return practice_http_response_new (404, "text/html", "<h1>Not Found</h1>\n");

  body = g_strdup_printf ("Hello version: %s, instance: %s\n",
                          practice_launch_get (launch, "SERVICE_VERSION", "v1"),
                          practice_launch_get (launch, "HOSTNAME", ""));

  return practice_http_response_new (200, "text/html; charset=utf-8", body);
}

static void
practice_hello_world_class_init (PracticeHelloWorldClass *klass)
{
  PRACTICE_PROGRAM_CLASS (klass)->respond = practice_hello_world_respond;
}

static void
practice_hello_world_init (PracticeHelloWorld *self)
{
}
