/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-network.h"
#include "practice-router.h"

G_BEGIN_DECLS

/* NetworkPolicies at the sockets that listen in a network: for who is cut off, what listens there
 * does not answer at all. */
#define PRACTICE_TYPE_GATES (practice_gates_get_type ())
G_DECLARE_FINAL_TYPE (PracticeGates, practice_gates, PRACTICE, GATES, GObject)

/* @client (nullable): the one whose network it is; NULL: clients are known by their addresses. */
PracticeGates *
practice_gates_new (PracticeNetwork *network, PracticeRouter *router, const PracticePeer *client);

G_END_DECLS
