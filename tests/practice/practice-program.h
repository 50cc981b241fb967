/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The whole program as others start it, on a folder of its own. */
typedef struct {
  char *root;
  char *dir;
  char *program;
  GSubprocessLauncher *launcher;
} Program;

/* A program that is run on the jumpserver. */
typedef struct {
  GSubprocess *process;
  char *output;
  char *errors;
  int status; /* as a shell has it; -1: not ended */
} ProgramRun;

void program_run_clear (ProgramRun *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ProgramRun, program_run_clear)

/* A client that keeps the cluster running until its input is closed. */
typedef struct {
  GSubprocess *process;
  GDataInputStream *output;
  char *line;
  JsonNode *root;
  gboolean has_read;
  gboolean has_ended;
} ProgramOwner;

void program_owner_clear (ProgramOwner *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ProgramOwner, program_owner_clear)

void program_set_up (Program *self, gconstpointer data);
void program_tear_down (Program *self, gconstpointer data);

/* `konvoy-practice --dir DIR -- sh -c SCRIPT`, or without a script no more than `--dir DIR`. */
void program_start (Program *self, ProgramRun *run, const char *script, const char *input);
void
program_start_argv (Program *self, ProgramRun *run, const char *const *argv, const char *input);
gboolean program_run_has_ended (gpointer run);
void program_run_script (Program *self, ProgramRun *run, const char *script, const char *input);

void program_attach (Program *self, ProgramOwner *owner);
/* FALSE: the test is skipped, since this computer refuses a sandbox, which is no fault of ours. */
gboolean program_attach_or_skip (Program *self, ProgramOwner *owner);
void program_detach (ProgramOwner *owner);
gboolean program_owner_has_ended (gpointer owner);

/* Processes that have @text on their command line. */
guint program_count_processes (const char *text);
/* That none of this fixture's folder is left. */
gboolean program_nothing_left (gpointer self);
/* That there is a file of this path. */
gboolean program_file_exists (gpointer path);

G_END_DECLS
