/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "jump-shell-marks.h"
#include "jump-shell.h"

/* The files that a login shell reads (bash(1), INVOCATION), then the marks: OSC 133;D;STATUS after
 * a command, OSC 133;A at each prompt, and where the shell is then (OSC 7), which is told of home
 * first. A bash as old as that of CentOS 7 (4.2) has no PS0, but runs PROMPT_COMMAND. What the
 * user's files have put there stays, and finds the status of the command. The shell is no login
 * shell, since one would not read this, but knows "logout" all the same. */
static const char bash_startup[] =
  "__konvoy_lab_directory () { printf '\\033]7;file://%s%s\\007' \"$HOSTNAME\" \"${1//%/%25}\"; }; "
  "__konvoy_lab_directory \"$HOME\"; "
  "[ -r /etc/profile ] && . /etc/profile; "
  "for f in ~/.bash_profile ~/.bash_login ~/.profile; do "
  "if [ -r \"$f\" ]; then . \"$f\"; break; fi; done; unset f; "
  "logout () { builtin exit \"$@\"; }; "
  "__konvoy_lab_ended () { local s=$?; "
  "[ -n \"$__konvoy_lab_begun\" ] && printf '\\033]133;D;%s\\007' \"$s\"; "
  "__konvoy_lab_begun=1; return $s; }; "
  "__konvoy_lab_prompt () { local s=$?; printf '\\033]133;A\\007'; "
  "__konvoy_lab_directory \"$PWD\"; return $s; }; "
  "PROMPT_COMMAND=$'__konvoy_lab_ended\\n'\"$PROMPT_COMMAND\"$'\\n__konvoy_lab_prompt'";

/* $0 is the shell, $1 the text above. */
static const char bash_script[] = "exec \"$0\" --rcfile <(printf %s \"$1\")";

/* zsh reads its files from ZDOTDIR (zsh(1), STARTUP/SHUTDOWN FILES), which is ours until the first
 * of them is read. */
static const char zsh_startup[] =
  "__konvoy_lab_directory () { printf '\\033]7;file://%s%s\\007' \"$HOST\" \"${1//\\%/%25}\"; }; "
  "__konvoy_lab_directory \"$HOME\"; "
  "rm -f \"$__konvoy_lab_dir/.zshrc\"; rmdir \"$__konvoy_lab_dir\"; unset __konvoy_lab_dir; "
  "if [[ -n $__konvoy_lab_zdotdir ]]; then ZDOTDIR=$__konvoy_lab_zdotdir; else unset ZDOTDIR; fi; "
  "unset __konvoy_lab_zdotdir; "
  "for f in .zshenv .zprofile .zshrc .zlogin; do "
  "[[ -r ${ZDOTDIR:-$HOME}/$f ]] && . ${ZDOTDIR:-$HOME}/$f; done; unset f; "
  "__konvoy_lab_ended () { local s=$?; "
  "[[ -n $__konvoy_lab_begun ]] && printf '\\033]133;D;%s\\007' $s; "
  "__konvoy_lab_begun=1; return $s; }; "
  "__konvoy_lab_prompt () { local s=$?; printf '\\033]133;A\\007'; "
  "__konvoy_lab_directory \"$PWD\"; return $s; }; "
  "precmd_functions=(__konvoy_lab_ended $precmd_functions __konvoy_lab_prompt)\n";

static const char zsh_script[] = "__konvoy_lab_dir=$(mktemp -d) || exec \"$0\" -l; "
                                 "printf %s \"$1\" > \"$__konvoy_lab_dir/.zshrc\"; "
                                 "export __konvoy_lab_dir __konvoy_lab_zdotdir=$ZDOTDIR; "
                                 "ZDOTDIR=$__konvoy_lab_dir exec \"$0\" -l -i";

/* fish runs a text after its files (fish(1), --init-command), and has events for both marks. */
static const char fish_startup[] =
  "function __konvoy_lab_directory; printf \"\\033]7;file://%s%s\\007\" (hostname) "
  "(string replace -a % %25 -- $argv[1]); end; __konvoy_lab_directory $HOME; "
  "function __konvoy_lab_prompt --on-event fish_prompt; printf \"\\033]133;A\\007\"; "
  "__konvoy_lab_directory $PWD; end; "
  "function __konvoy_lab_ended --on-event fish_postexec; "
  "printf \"\\033]133;D;%s\\007\" $status; end";

static char *
dup_with_script (const char *shell_script, const char *shell_startup)
{
  g_autofree char *script = jump_shell_quote (shell_script);
  g_autofree char *startup = jump_shell_quote (shell_startup);

  return g_strdup_printf ("exec \"$SHELL\" -c %s \"$SHELL\" %s", script, startup);
}

/**
 * jump_shell_marks_dup_command:
 * @shell: name of a login shell, such as "bash"
 *
 * Returns: (transfer full) (nullable): a command line for that login shell, which becomes one whose
 *   prompts are marked; %NULL where it is not known how
 */
char *
jump_shell_marks_dup_command (const char *shell)
{
  g_return_val_if_fail (shell != NULL, NULL);

  if (g_str_equal (shell, "bash"))
    return dup_with_script (bash_script, bash_startup);
  if (g_str_equal (shell, "zsh"))
    return dup_with_script (zsh_script, zsh_startup);
  if (g_str_equal (shell, "fish")) {
    g_autofree char *startup = jump_shell_quote (fish_startup);

    return g_strdup_printf ("exec \"$SHELL\" -l -i -C %s", startup);
  }
  return NULL;
}
