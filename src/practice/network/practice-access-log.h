/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container-logs.h"
#include "practice-http-message.h"

G_BEGIN_DECLS

/* The access log of a Traefik container. */
typedef struct _PracticeAccessLog PracticeAccessLog;

PracticeAccessLog *
practice_access_log_new (PracticeContainerLogs *logs, const char *pod_uid, const char *container);
void practice_access_log_free (PracticeAccessLog *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeAccessLog, practice_access_log_free)

/* @number: of the request; @frontend and @url (nullable): who took it. */
void practice_access_log_write (PracticeAccessLog *self,
                                PracticeHttpRequest *request,
                                PracticeHttpResponse *response,
                                guint number,
                                const char *frontend,
                                const char *url,
                                gint64 microseconds);

G_END_DECLS
