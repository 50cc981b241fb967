/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-message.h"

G_BEGIN_DECLS

/* (transfer full): "STATUS BODY" */
static inline char *
test_response_describe (PracticeHttpResponse *response)
{
  GBytes *body = practice_http_response_get_body (response);

  return g_strdup_printf ("%u %.*s", practice_http_response_get_status (response),
                          (int)g_bytes_get_size (body),
                          (const char *)g_bytes_get_data (body, NULL));
}

G_END_DECLS
