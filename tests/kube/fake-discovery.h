/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fake-path.h"

G_BEGIN_DECLS

/* What the fake server says that it serves: at first what Kubernetes 1.15 with no Istio does. */
typedef struct _FakeDiscovery FakeDiscovery;

FakeDiscovery *fake_discovery_new (void);
void fake_discovery_free (FakeDiscovery *self);
/* @plural NULL: all that the program knows of that version */
void fake_discovery_set_served (
  FakeDiscovery *self, const char *group, const char *version, const char *plural, gboolean served);
gboolean fake_discovery_is_served (FakeDiscovery *self, const FakePath *path);
/* The legacy forms: NULL where @path is not one of discovery's */
char *fake_discovery_dup_answer (FakeDiscovery *self, const char *path);
/* APIGroupDiscoveryList of /apis */
char *fake_discovery_dup_aggregated (FakeDiscovery *self);

G_END_DECLS
