/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-connection.h"

G_BEGIN_DECLS

/* A place for tests: this computer with a home folder of its own, a marked bash, and kubeconfig
 * files that are only in memory. */
#define FAKE_TYPE_PLACE (fake_place_get_type ())
G_DECLARE_FINAL_TYPE (FakePlace, fake_place, FAKE, PLACE, JumpConnection)

FakePlace *fake_place_new (void);
const char *fake_place_get_home (FakePlace *self);
/* @text NULL: the file is not there any more. Kubeconfigs are listed in the order of coming. */
void fake_place_set_kubeconfig (FakePlace *self, const char *path, const char *text);
void fake_place_set_file (FakePlace *self, const char *path, const char *text);
/* (nullable): what the next attempts to connect end with */
void fake_place_set_failure (FakePlace *self, const GError *error);
/* Where an address of the cluster leads: a port of this computer. 0: nowhere */
void fake_place_set_service_port (FakePlace *self, guint16 port);
/* Such an address cannot be reached, as a place finds that tries it first. */
void fake_place_set_unreachable (FakePlace *self, gboolean unreachable);
/* Nobody answers there in time. */
void fake_place_set_silent (FakePlace *self, gboolean silent);
/* There is no such name. */
void fake_place_set_nameless (FakePlace *self, gboolean nameless);
/* Nor does the place tell that: who reaches waits until they give up. */
void fake_place_set_hanging (FakePlace *self, gboolean hanging);
/* (nullable): whom such an address leads to instead, by name */
void fake_place_set_service_name (FakePlace *self, const char *name);
guint fake_place_get_n_reached (FakePlace *self);
/* More lines for its terminal's bash. */
void fake_place_add_rc (FakePlace *self, const char *lines);
void fake_place_lose (FakePlace *self);

G_END_DECLS
