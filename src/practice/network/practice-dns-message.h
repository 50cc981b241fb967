/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-resolve.h"

G_BEGIN_DECLS

GBytes *practice_dns_message_answer (const guint8 *query,
                                     gsize length,
                                     PracticeLookUpFunc look_up,
                                     gpointer user_data);

G_END_DECLS
