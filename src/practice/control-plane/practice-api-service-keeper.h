/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-registry.h"

G_BEGIN_DECLS

#define PRACTICE_API_SERVICES "apiregistration.k8s.io/apiservices"
#define PRACTICE_API_SERVICE_AVAILABLE "Available"

/* Keeps an APIService for each group and version that is served, and says of those that somebody
 * else is to serve whether that one is there. */
#define PRACTICE_TYPE_API_SERVICE_KEEPER (practice_api_service_keeper_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeApiServiceKeeper, practice_api_service_keeper, PRACTICE, API_SERVICE_KEEPER, GObject)

PracticeApiServiceKeeper *
practice_api_service_keeper_new (PracticeStore *store, PracticeRegistry *registry);

/* (element-type JsonNode): the APIServices of what is not served here, but by a Service. */
GPtrArray *practice_api_services_list_elsewhere (PracticeRegistry *registry);
/* Whether @path of a request leads to one of those. */
gboolean practice_api_services_is_elsewhere (PracticeRegistry *registry, const char *path);

G_END_DECLS
