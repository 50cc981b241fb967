/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* (transfer full): the Status of a program that ended so. @code: as a shell has it. */
JsonNode *practice_exec_status_new (int code);
/* What a shell has for what waitpid() gives. */
int practice_exec_status_get_code (int wait_status);
/* (transfer full): why a program could not be started, in the words of a container runtime.
 * @code: 126 or 127, as a shell has it. */
char *practice_exec_status_dup_complaint (const char *program, int code);

G_END_DECLS
