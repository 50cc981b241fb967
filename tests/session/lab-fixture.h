/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fake-api-server.h"
#include "fake-place.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* A lab at a fake place, with a fake API server and a course that is written for the test. */
typedef struct {
  FakeApiServer *server;
  FakePlace *place;
  CourseProgress *progress;
  CourseCourse *course;
  SessionLab *lab;
  char *folder;
} LabFixture;

/* @sections: Markdown, one text for each section; NULL at the end */
void lab_fixture_set_up (LabFixture *self, const char *const *sections);
void lab_fixture_tear_down (LabFixture *self);
void lab_fixture_set_kubeconfig (LabFixture *self, const char *user);
/* Waits for the end of an attempt. */
gboolean lab_fixture_connect (LabFixture *self, GError **error);
void lab_fixture_wait_state (LabFixture *self, SessionLabState state);
CourseSection *lab_fixture_get_section (LabFixture *self, guint index);
SessionStep *lab_fixture_get_step (LabFixture *self, guint section, const char *id);
/* A pod in the namespace default with the label app=@name. */
void lab_fixture_put_pod (LabFixture *self, const char *name, const char *phase);

G_END_DECLS
