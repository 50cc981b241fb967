/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-handler.h"
#include "practice-network.h"

G_BEGIN_DECLS

/* The Internet of the jumpserver, as far as the training needs it: web sites with a certificate of
 * an authority that only the jumpserver trusts. */
#define PRACTICE_TYPE_SITES (practice_sites_get_type ())
G_DECLARE_FINAL_TYPE (PracticeSites, practice_sites, PRACTICE, SITES, GObject)

PracticeSites *practice_sites_new (GError **error);
/* The authorities of this computer and the sites' own, in one file. */
gboolean practice_sites_write_bundle (PracticeSites *self, const char *path, GError **error);
gboolean practice_sites_listen (PracticeSites *self, PracticeNetwork *network, GError **error);
/* (nullable): the address of a site */
const char *practice_sites_resolve (PracticeSites *self, const char *name);
gboolean practice_sites_has_address (PracticeSites *self, const char *address);
PracticeHttpHandler *practice_sites_get_handler (PracticeSites *self);
GTlsCertificate *practice_sites_get_certificate (PracticeSites *self);

G_END_DECLS
