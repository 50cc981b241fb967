/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-api-gate.h"
#include "practice-cluster.h"
#include "practice-fault.h"

G_BEGIN_DECLS

/* The faults that are on. */
#define PRACTICE_TYPE_FAULTS (practice_faults_get_type ())
G_DECLARE_FINAL_TYPE (PracticeFaults, practice_faults, PRACTICE, FAULTS, GObject)

PracticeFaults *
practice_faults_new (PracticeStore *store, PracticeApiGate *gate, PracticeCluster *cluster);
char *
practice_faults_start (PracticeFaults *self, const PracticeFaultRequest *request, GError **error);
gboolean practice_faults_stop (PracticeFaults *self, PracticeFault fault);
guint practice_faults_stop_all (PracticeFaults *self);
char *practice_faults_dup_list (PracticeFaults *self);

G_END_DECLS
