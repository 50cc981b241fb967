/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-address.h"
#include "jump-socket-folder.h"

G_BEGIN_DECLS

/* What ssh is told about one jumpserver: its configuration file and its command lines. */
#define JUMP_TYPE_SSH_SETTINGS (jump_ssh_settings_get_type ())
G_DECLARE_FINAL_TYPE (JumpSshSettings, jump_ssh_settings, JUMP, SSH_SETTINGS, GObject)

JumpSshSettings *jump_ssh_settings_new (const JumpAddress *address,
                                        const char *identity,
                                        const char *known_hosts,
                                        GError **error);
JumpSocketFolder *jump_ssh_settings_get_folder (JumpSshSettings *self);
const char *jump_ssh_settings_get_title (JumpSshSettings *self);
const char *jump_ssh_settings_get_identity (JumpSshSettings *self); /* nullable */
const char *jump_ssh_settings_get_known_hosts (JumpSshSettings *self);
const char *jump_ssh_settings_get_control_path (JumpSshSettings *self);
const char *const *jump_ssh_settings_get_environment (JumpSshSettings *self);

GSubprocessLauncher *jump_ssh_settings_new_launcher (JumpSshSettings *self, GSubprocessFlags flags);
GStrv jump_ssh_settings_dup_master_argv (JumpSshSettings *self);
GStrv jump_ssh_settings_dup_scan_argv (JumpSshSettings *self, const char *offered);
GStrv jump_ssh_settings_dup_command_argv (JumpSshSettings *self, const char *command);
GStrv jump_ssh_settings_dup_separate_argv (JumpSshSettings *self, const char *command);
GStrv jump_ssh_settings_dup_terminal_argv (JumpSshSettings *self, const char *command);
GStrv jump_ssh_settings_dup_probe_argv (JumpSshSettings *self, const char *host, guint16 port);
GStrv jump_ssh_settings_dup_forward_argv (JumpSshSettings *self, const char *host, guint16 port);

G_END_DECLS
