/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-handler.h"

G_BEGIN_DECLS

/* A handler whose answers a test gives: what arrives is kept, and answered after a delay by a
 * function of the test. */
#define TEST_TYPE_FAKE_HANDLER (test_fake_handler_get_type ())
G_DECLARE_FINAL_TYPE (TestFakeHandler, test_fake_handler, TEST, FAKE_HANDLER, GObject)

/* Returns: (transfer full) (nullable): the response; NULL with @error set. @delay is in
 * milliseconds; -1: only when cancelled. */
typedef PracticeHttpResponse *(*TestFakeAnswer) (PracticeHttpRequest *request,
                                                 int *delay,
                                                 GError **error,
                                                 gpointer user_data);

struct _TestFakeHandler {
  GObject parent_instance;

  TestFakeAnswer answer;
  gpointer user_data;
  GPtrArray *requests; /* of PracticeHttpRequest */
  guint n_cancelled;
};

TestFakeHandler *test_fake_handler_new (TestFakeAnswer answer, gpointer user_data);

G_END_DECLS
