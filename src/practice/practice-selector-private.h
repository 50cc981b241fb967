/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-selector.h"

G_BEGIN_DECLS

typedef enum {
  PRACTICE_SELECTOR_IN,
  PRACTICE_SELECTOR_NOT_IN,
  PRACTICE_SELECTOR_EXISTS,
  PRACTICE_SELECTOR_MISSING,
  PRACTICE_SELECTOR_GREATER,
  PRACTICE_SELECTOR_LESS,
} PracticeSelectorOperator;

/* (transfer full): @value alone */
GStrv practice_selector_new_values (const char *value);
/* Takes @key and @values (nullable). */
void practice_selector_add (PracticeSelector *self,
                            char *key,
                            PracticeSelectorOperator operator_,
                            GStrv values);

G_END_DECLS
