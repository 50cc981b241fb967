/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-chain.h"

G_BEGIN_DECLS

char *lab_chain_dup_stage (SessionChain *chain, guint index);
char *lab_chain_dup_text (SessionChain *chain, gboolean is_late);

G_END_DECLS
