/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-launch.h"

G_BEGIN_DECLS

/* What stands in for the program that a container's image would run. Those that speak HTTP
 * implement the handler's answers by one of the two virtual functions. */
#define PRACTICE_TYPE_PROGRAM (practice_program_get_type ())
G_DECLARE_DERIVABLE_TYPE (PracticeProgram, practice_program, PRACTICE, PROGRAM, GObject)

struct _PracticeProgramClass {
  GObjectClass parent_class;

  /* Reads arguments and environment. FALSE: it ends at once with @status. */
  gboolean (*start) (PracticeProgram *self, int *status);
  /* (transfer full): the answer, at once. */
  PracticeHttpResponse *(*respond) (PracticeProgram *self, PracticeHttpRequest *request);
  /* The answer later, as the result of @task, whose cancellable is the caller's and whose task data
   * are taken. */
  void (*respond_later) (PracticeProgram *self, PracticeHttpRequest *request, GTask *task);
  /* Prints its access log. @milliseconds: how long the answer took. */
  void (*log) (PracticeProgram *self,
               PracticeHttpRequest *request,
               PracticeHttpResponse *response,
               double milliseconds);
  /* For what does not speak HTTP: answers on a listening socket until it is finalized; without
   * one, what accept is given. */
  GObject *(*serve) (PracticeProgram *self, GSocket *socket, GError **error);
  /* Likewise, of one connection. */
  void (*accept) (PracticeProgram *self, GObject *server, GSocketConnection *connection);
};

/* Takes @launch. */
PracticeProgram *practice_program_new (GType type, PracticeLaunch *launch);
PracticeLaunch *practice_program_get_launch (PracticeProgram *self);
gboolean practice_program_start (PracticeProgram *self, int *status);
gboolean practice_program_speaks_http (PracticeProgram *self);
guint16 practice_program_get_port (PracticeProgram *self);
gboolean practice_program_listen (PracticeProgram *self, GSocket *socket, GError **error);
void practice_program_accept (PracticeProgram *self, GSocketConnection *connection);
void practice_program_stop (PracticeProgram *self);

/* For subclasses: what is answered by a task of respond_later. */
PracticeHttpRequest *practice_program_get_request (GTask *task);
/* A GET of its own, sent out of its pod. */
PracticeHttpRequest *
practice_program_new_request (PracticeProgram *self, const char *host, const char *target);
void practice_program_call_async (PracticeProgram *self,
                                  PracticeHttpRequest *request,
                                  guint milliseconds,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
PracticeHttpResponse *
practice_program_call_finish (PracticeProgram *self, GAsyncResult *result, GError **error);

G_END_DECLS
