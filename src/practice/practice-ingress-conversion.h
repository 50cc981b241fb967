/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Between networking.k8s.io/v1 and the v1beta1 of that group and of extensions: changes @ingress
 * (transfer full) and hands it back. apiVersion is the caller's. */
JsonNode *practice_ingress_conversion_to_v1 (JsonNode *ingress);
JsonNode *practice_ingress_conversion_to_beta (JsonNode *ingress);

G_END_DECLS
