/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* `istioctl install` and `istioctl uninstall` of later releases. @argv[0] is the command. */
int practice_istioctl_install (int argc, char *argv[]);
int practice_istioctl_manifest (int argc, char *argv[]);
int practice_istioctl_uninstall (int argc, char *argv[]);
