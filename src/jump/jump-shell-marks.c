/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "jump-shell-marks.h"
#include "jump-shell.h"

/* The files that a login shell reads (bash(1), INVOCATION), then the marks: OSC 133;D;STATUS after
 * a command, OSC 133;A at each prompt. A bash as old as that of CentOS 7 (4.2) has no PS0, but runs
 * PROMPT_COMMAND. What the user's files have put there stays, and finds the status of the command.
 * The shell is no login shell, since one would not read this, but knows "logout" all the same. */
static const char bash_startup[] =
  "[ -r /etc/profile ] && . /etc/profile; "
  "for f in ~/.bash_profile ~/.bash_login ~/.profile; do "
  "if [ -r \"$f\" ]; then . \"$f\"; break; fi; done; unset f; "
  "logout () { builtin exit \"$@\"; }; "
  "__konvoy_lab_ended () { local s=$?; "
  "[ -n \"$__konvoy_lab_begun\" ] && printf '\\033]133;D;%s\\007' \"$s\"; "
  "__konvoy_lab_begun=1; return $s; }; "
  "__konvoy_lab_prompt () { local s=$?; printf '\\033]133;A\\007'; return $s; }; "
  "PROMPT_COMMAND=$'__konvoy_lab_ended\\n'\"$PROMPT_COMMAND\"$'\\n__konvoy_lab_prompt'";

/* $0 is the shell, $1 the text above. */
static const char bash_script[] = "exec \"$0\" --rcfile <(printf %s \"$1\")";

/**
 * jump_shell_marks_dup_bash_command:
 *
 * Returns: (transfer full): a command line for a login shell that is bash
 */
char *
jump_shell_marks_dup_bash_command (void)
{
  g_autofree char *script = jump_shell_quote (bash_script);
  g_autofree char *startup = jump_shell_quote (bash_startup);

  return g_strdup_printf ("exec \"$SHELL\" -c %s \"$SHELL\" %s", script, startup);
}
