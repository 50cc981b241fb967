/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"
#include "practice-user.h"

G_BEGIN_DECLS

/* The tokens of service accounts: JSON web tokens, signed with a secret of the state. */

/* The token that a Secret holds: for good, while the Secret is there. (nullable) */
char *practice_tokens_new_for_secret (PracticeStore *store, JsonNode *account, const char *secret);
/* One for some time, and when it ends. (nullable) */
char *
practice_tokens_new_for_time (PracticeStore *store, JsonNode *account, gint64 seconds, char **end);
/* (nullable): the account that a token is for, where it is good. */
PracticeUser *practice_tokens_check (PracticeStore *store, const char *token);

G_END_DECLS
