/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-programs.h"

#include "practice-details-program.h"
#include "practice-echo-server.h"
#include "practice-hello-world.h"
#include "practice-http-echo.h"
#include "practice-httpbin.h"
#include "practice-product-page.h"
#include "practice-proxy-program.h"
#include "practice-ratings-database.h"
#include "practice-ratings-program.h"
#include "practice-redis-program.h"
#include "practice-reviews-program.h"
#include "practice-shell-program.h"
#include "practice-web-server.h"

static const struct {
  const char *server;
  GType (*get_type) (void);
} programs[] = {
  { "details", practice_details_program_get_type },
  { "echoserver", practice_echo_server_get_type },
  { "helloworld", practice_hello_world_get_type },
  { "http-echo", practice_http_echo_get_type },
  { "httpbin", practice_httpbin_get_type },
  { "istio-proxy", practice_proxy_program_get_type },
  { "productpage", practice_product_page_get_type },
  { "ratings", practice_ratings_program_get_type },
  { "ratings-database", practice_ratings_database_get_type },
  { "redis", practice_redis_program_get_type },
  { "reviews", practice_reviews_program_get_type },
  { "shell", practice_shell_program_get_type },
  { "web", practice_web_server_get_type },
};

/**
 * practice_programs_new:
 * @server: as the image catalogue names it
 * @launch: (transfer full): what it is started with
 *
 * Returns: (transfer full) (nullable): the program, not yet started
 */
PracticeProgram *
practice_programs_new (const char *server, PracticeLaunch *launch)
{
  g_autoptr (PracticeLaunch) owned = launch;

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    if (g_str_equal (programs[i].server, server))
      return practice_program_new (programs[i].get_type (), g_steal_pointer (&owned));

  return NULL;
}
