/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Quantities, counted in thousandths: "100m" is 100, "1" is 1000
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/). */
gint64 practice_quantity_read (JsonNode *quantity);
/* Whether it is written with powers of 1024, as "1Gi". */
gboolean practice_quantity_is_binary (JsonNode *quantity);
/* As a real server writes it: "1500m", "2k", "1Gi". */
char *practice_quantity_print (gint64 thousandths, gboolean binary);

/* Sums by the name of a resource, as "cpu". */
typedef struct {
  gint64 thousandths;
  gboolean binary;
} PracticeQuantitySum;

/* (element-type utf8 PracticeQuantitySum) */
GHashTable *practice_quantity_new_sums (void);
void practice_quantity_add (GHashTable *sums, const char *name, JsonNode *quantity);
/* Thousandths; 0 where there is none. */
gint64 practice_quantity_get (GHashTable *sums, const char *name);
/* Adds @more, @factor times: -1 takes it away. */
void practice_quantity_add_all (GHashTable *sums, GHashTable *more, int factor);
/* What the containers of a pod's spec have in resources.@member ("requests" or "limits"): those
 * that run together, or a greater init container. */
GHashTable *practice_quantity_sum_pod (JsonNode *pod, const char *member);

G_END_DECLS
