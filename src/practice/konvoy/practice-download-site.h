/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-handler.h"

G_BEGIN_DECLS

/* The web sites that a release of Istio is fetched from, inside the practice network: the scripts
 * of istio.io and the archives of its releases. Implements PracticeHttpHandler. */
#define PRACTICE_TYPE_DOWNLOAD_SITE (practice_download_site_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeDownloadSite, practice_download_site, PRACTICE, DOWNLOAD_SITE, GObject)

PracticeDownloadSite *practice_download_site_new (void);
/* (array zero-terminated=1): the hosts that it is */
const char *const *practice_download_site_get_names (void);

G_END_DECLS
