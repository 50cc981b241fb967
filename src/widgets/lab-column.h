/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-kind.h"
#include "kube-object.h"

G_BEGIN_DECLS

typedef struct {
  const char *title; /* not translated yet */
  /* One of: what the object says, or the age since it was made. */
  char *(*dup_text) (JsonNode *object);
  gboolean is_age;
  gboolean is_name;
  gboolean is_namespace;
  gboolean (*needs_attention) (JsonNode *object); /* nullable: something is awaited or wrong */
  int width;                                      /* in characters */
  gboolean expands;
  gboolean keeps_begin; /* what does not fit is cut at the end, not in the middle */
} LabColumn;

char *lab_column_dup_text (const LabColumn *self, KubeObject *object);

/* What a panel shows. Static data; texts are not translated yet. */
typedef struct {
  const char *resource; /* as kube_kind_lookup() takes it */
  const char *title;
  const char *tab; /* the same as short as can be */
  const char *filter_label;
  const char *empty_title;
  const char *empty_hint;
  const char *absent_title; /* where the server knows no such resource */
  const char *absent_hint;
  const LabColumn *columns;
  gsize n_columns;
} LabPanelKind;

const LabPanelKind *lab_panel_kind_get_all (gsize *n_kinds);
const LabPanelKind *lab_panel_kind_lookup (const char *name);

G_END_DECLS
