/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-asker.h"

G_BEGIN_DECLS

/* What stands between who asks and Bookinfo's page, in a sentence that says what to do. */
char *session_hindrance_dup_sentence (SessionAskerTrouble trouble,
                                      GListModel *policies,
                                      const char *namespace_);

G_END_DECLS
