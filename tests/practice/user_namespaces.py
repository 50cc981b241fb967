# SPDX-License-Identifier: GPL-3.0-or-later
"""How tests see to it that a program is refused user namespaces, as some systems do."""

import ctypes
import os

CLONE_NEWUSER = 0x10000000
LANDLOCK_CREATE_RULESET = 444
LANDLOCK_GET_VERSION = 1


def refuse():
    """Moves this process to where the kernel refuses further ones."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER) != 0:
        return
    for path, text in (("/proc/self/setgroups", "deny"),
                       ("/proc/self/uid_map", "0 %d 1" % user),
                       ("/proc/self/gid_map", "0 %d 1" % group),
                       ("/proc/sys/user/max_user_namespaces", "0")):
        with open(path, "w") as file:
            file.write(text)


def can_confine():
    """Whether Landlock can keep programs from files and from TCP."""
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.syscall(LANDLOCK_CREATE_RULESET, None, 0, LANDLOCK_GET_VERSION) >= 4
