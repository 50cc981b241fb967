/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* Bookinfo's productpage. */
#define PRACTICE_TYPE_PRODUCT_PAGE (practice_product_page_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeProductPage, practice_product_page, PRACTICE, PRODUCT_PAGE, PracticeProgram)

G_END_DECLS
