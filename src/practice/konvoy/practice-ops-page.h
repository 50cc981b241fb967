/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-handler.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* The ops portal: who logs in finds the web pages of the add-ons. Implements PracticeHttpHandler.
 */
#define PRACTICE_TYPE_OPS_PAGE (practice_ops_page_get_type ())
G_DECLARE_FINAL_TYPE (PracticeOpsPage, practice_ops_page, PRACTICE, OPS_PAGE, GObject)

PracticeOpsPage *practice_ops_page_new (PracticeStore *store);

G_END_DECLS
