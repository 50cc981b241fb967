/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A piece of the text that is scanned; it lives as long as that. */
typedef struct {
  const char *text;
  gsize length;
} KubeJsonSlice;

/* A pull reader over JSON in memory, which makes no tree. Plain data, no allocation. */
typedef struct {
  const char *at;
  const char *end;
  gboolean fresh; /* an object was just entered */
  gboolean failed;
} KubeJsonScanner;

void kube_json_scanner_init (KubeJsonScanner *self, const char *data, gsize length);
gboolean kube_json_scanner_enter_object (KubeJsonScanner *self);
gboolean kube_json_scanner_next_member (KubeJsonScanner *self, KubeJsonSlice *name);
gboolean kube_json_scanner_skip (KubeJsonScanner *self, KubeJsonSlice *value);
gboolean kube_json_scanner_at_end (KubeJsonScanner *self);

gboolean kube_json_slice_equal (const KubeJsonSlice *self, const char *text);
char *kube_json_slice_dup_string (const KubeJsonSlice *value);

G_END_DECLS
