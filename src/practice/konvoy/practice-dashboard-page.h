/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-handler.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* A plain page in the place of the Kubernetes Dashboard. Implements PracticeHttpHandler. */
#define PRACTICE_TYPE_DASHBOARD_PAGE (practice_dashboard_page_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeDashboardPage, practice_dashboard_page, PRACTICE, DASHBOARD_PAGE, GObject)

PracticeDashboardPage *practice_dashboard_page_new (PracticeStore *store);

G_END_DECLS
