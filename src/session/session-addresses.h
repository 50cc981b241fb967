/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* The addresses of the Services that the forms of the open section ask for. Signal "changed". */
#define SESSION_TYPE_ADDRESSES (session_addresses_get_type ())
G_DECLARE_FINAL_TYPE (SessionAddresses, session_addresses, SESSION, ADDRESSES, GObject)

SessionAddresses *session_addresses_new (SessionLab *lab);
void session_addresses_open (SessionAddresses *self, CourseSection *section);
const char *const *session_addresses_get_list (SessionAddresses *self);

G_END_DECLS
