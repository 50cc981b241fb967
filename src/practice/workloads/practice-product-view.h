/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-book-call.h"

G_BEGIN_DECLS

/* The pages of productpage, as HTML. */
JsonNode *practice_product_view_new_products (void);
char *
practice_product_view_dup_index (const char *details, const char *reviews, const char *ratings);
char *practice_product_view_dup_page (const char *user,
                                      PracticeBookAnswer *details,
                                      PracticeBookAnswer *reviews);

G_END_DECLS
