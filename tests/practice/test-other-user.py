#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What another user of the computer gets of somebody's practice cluster: nothing.

The argument is konvoy-practice. It takes root to be two users; skipped without, or where they cannot
reach the program.
"""

import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from urllib.parse import urlparse

OWNER = 41971
OTHER = 41972
SECONDS = 60

# Run by the other user. Each line of its output is a thing that it could do and may not.
ATTEMPTS = r"""
import os, socket, ssl, subprocess, sys, urllib.error, urllib.request

directory, runtime, api, pid, program = sys.argv[1:6]

def attempt(name, function):
    try:
        function()
    except (OSError, urllib.error.URLError, subprocess.SubprocessError):
        return
    print(name)

def connect(path):
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        client.connect(path)

def ask(path, token=None):
    request = urllib.request.Request(api + path)
    if token:
        request.add_header("Authorization", "Bearer " + token)
    urllib.request.urlopen(request, timeout=30, context=ssl._create_unverified_context()).read()

attempt("lists the folder", lambda: os.listdir(directory))
attempt("reads the kubeconfig", lambda: open(directory + "/kubeconfig").read())
attempt("reads the state", lambda: open(directory + "/cluster.db").read(1))
attempt("lists the runtime folder", lambda: os.listdir(runtime))
for line in open("/proc/net/unix"):
    path = line.split()[-1]
    if path.startswith(runtime):
        attempt("connects to " + os.path.basename(path), lambda: connect(path))
for path in ("/api", "/api/v1/secrets", "/apis", "/openapi/v2", "/version",
             "/api/v1/namespaces/default/pods?watch=true"):
    attempt("asks for " + path, lambda: ask(path))
    attempt("asks with a token for " + path, lambda: ask(path, "guess"))
for name in ("environ", "maps", "mem", "fd", "root", "ns/net", "cwd"):
    path = "/proc/%s/%s" % (pid, name)
    attempt("reads /proc/PID/" + name,
            lambda: os.listdir(path) if name == "fd" else
            os.readlink(path) if name in ("root", "ns/net", "cwd") else open(path, "rb").read(1))
attempt("runs something there",
        lambda: subprocess.run([program, "--dir", directory, "--", "true"], check=True, timeout=60,
                               stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
"""


def skip(reason):
    print("1..0 # SKIP " + reason)
    sys.exit(0)


def as_user(user):
    return {"user": user, "group": user, "extra_groups": []}


class Owner:
    def __init__(self, program, root):
        self.folder = os.path.join(root, "practice")
        self.runtime = os.path.join(root, "run")
        os.mkdir(self.runtime, 0o700)
        for path in (root, self.runtime):
            os.chown(path, OWNER, OWNER)
        # Others may pass through, as through /home: the rest is the program's own business.
        os.chmod(root, 0o711)
        self.process = subprocess.Popen(
            [program, "--dir", self.folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "XDG_RUNTIME_DIR": self.runtime, "HOME": root}, text=True,
            **as_user(OWNER))
        self.line = json.loads(self.process.stdout.readline() or "{}")

    def close(self):
        self.process.stdin.close()
        self.process.wait(SECONDS)


def can_run(*argv):
    """Whether the other user can run a program."""
    try:
        subprocess.run(argv, check=True, timeout=SECONDS, cwd="/",
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **as_user(OTHER))
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def read_token(path):
    with open(path) as file:
        return next(line.split(":", 1)[1].strip() for line in file if "token:" in line)


def ask_as_owner(owner):
    """The same question with the token has an answer, or nothing above would mean anything."""
    request = urllib.request.Request(owner.line["api"] + "/api/v1/namespaces")
    request.add_header("Authorization", "Bearer " + read_token(owner.line["kubeconfig"]))
    try:
        urllib.request.urlopen(request, timeout=SECONDS,
                               context=ssl._create_unverified_context()).read()
    except urllib.error.URLError as error:
        return str(error)
    return ""


def find_in_command_lines(token):
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % pid, "rb") as file:
                if token.encode() in file.read():
                    return pid
        except OSError:
            pass
    return ""


def main():
    program = os.path.abspath(sys.argv[1])
    if os.geteuid() != 0:
        skip("it takes root to be two users")
    if not can_run(program, "--version"):
        skip("another user cannot reach the program")
    python = next((path for path in (sys.executable, "/usr/bin/python3")
                   if can_run(path, "--version")), None)
    if python is None:
        skip("another user cannot reach python3")
    root = tempfile.mkdtemp(prefix="konvoy-others-", dir="/tmp")
    owner = Owner(program, root)
    found = []
    try:
        if "api" not in owner.line:
            skip("the practice cluster does not start")
        address = urlparse(owner.line["api"]).hostname
        found.append(("the API is on loopback", "" if address == "127.0.0.1" else address))
        found.append(("its owner gets an answer", ask_as_owner(owner)))
        tried = subprocess.run(
            [python, "-c", ATTEMPTS, owner.folder, os.path.join(owner.runtime, "konvoy-lab"),
             owner.line["api"], str(owner.process.pid), program],
            cwd="/", env={"PATH": os.environ["PATH"], "HOME": "/"}, timeout=5 * SECONDS, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **as_user(OTHER))
        found.append(("the other user tried everything",
                      tried.stderr if tried.returncode != 0 else ""))
        found.append(("and got nothing", tried.stdout))
        token = read_token(owner.line["kubeconfig"])
        found.append(("no command line has the token", find_in_command_lines(token)))
    finally:
        owner.close()
        shutil.rmtree(root, ignore_errors=True)
    print("1..%d" % len(found))
    for number, (name, trouble) in enumerate(found, 1):
        for line in trouble.splitlines():
            print("# " + line)
        print("%s %d %s" % ("not ok" if trouble else "ok", number, name))
    sys.exit(1 if any(trouble for _, trouble in found) else 0)


main()
