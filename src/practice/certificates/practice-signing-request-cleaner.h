/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Throws CertificateSigningRequests away after their time. */
#define PRACTICE_TYPE_SIGNING_REQUEST_CLEANER (practice_signing_request_cleaner_get_type ())
G_DECLARE_FINAL_TYPE (PracticeSigningRequestCleaner,
                      practice_signing_request_cleaner,
                      PRACTICE,
                      SIGNING_REQUEST_CLEANER,
                      PracticeController)

/* The present, in microseconds since 1970, as g_get_real_time() has it. */
typedef gint64 (*PracticeClockFunc) (gpointer user_data);

PracticeController *practice_signing_request_cleaner_new (PracticeStore *store);
void practice_signing_request_cleaner_set_clock (PracticeSigningRequestCleaner *self,
                                                 PracticeClockFunc clock,
                                                 gpointer user_data);

G_END_DECLS
