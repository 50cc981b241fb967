#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What kubectl says to the practice API server, beside what it says to a real one.

    test-kubectl-answers.py HOST            replays kubectl-answers/commands.txt against
                                            practice-api-host and compares with answers.txt
    test-kubectl-answers.py --record KUBECONFIG KUBECTL...
                                            writes answers.txt from a real cluster, with each kubectl

KONVOY_LAB_KUBECTL names the program; without it the kubectl on the PATH is taken, and the whole is
skipped where there is none. A real server for it runs without controllers but those of namespaces
and garbage (kube-controller-manager --controllers=namespace,garbagecollector) and without the
admission of service accounts (--disable-admission-plugins=ServiceAccount). It takes a namespace
"lab", which it deletes.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kubectl-answers")
NAMESPACE = "lab"

# What differs from one run to the next, or says only when it was.
CHANGING = [
    (r"https://127\.0\.0\.1:\d+", "SERVER"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "UID"),
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"),
    (r"\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", "TIME"),
    (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \+0000( UTC)?", "TIME"),
    (r"(?<=\s)\d+[smhd](\d+[smh])?(?=\s|$)", "AGE"),
    (r"\b10\.\d+\.\d+\.\d+\b(?!/)", "IP"),
    (r"\b3[0-2]\d{3}/TCP", "NODEPORT/TCP"),
    (r"(Resource Version:\s+|resourceVersion\D{1,4})\d+", r"\1VERSION"),
    (r"\b(made|robot-token)-[a-z0-9]{5}\b", r"\1-SUFFIX"),
    (r"/tmp/\S+", "FILE"),
    (r"memcache\.go:\d+", "memcache.go"),
    (r"\b[EWI]\d{4} \S+ +\d+ ", "LOG "),
    (r" {2,}", "  "),
]

# A cluster of the training's time sends no warnings of what is to go.
DROPPED = re.compile(r"is deprecated in v\d|^Flag --\S+ has been deprecated|^LOG ")

# The words of the explanations are our own.
EXPLAINED = re.compile(r"^(GROUP|KIND|VERSION|RESOURCE|FIELD|FIELDS):|^ +\S+\t<|^error")


def normalise(command, text):
    for pattern, replacement in CHANGING:
        text = re.sub(pattern, replacement, text)
    lines = [line.rstrip() for line in text.splitlines()]
    lines = [line for line in lines if line and not DROPPED.search(line)]
    if " explain " in command:
        lines = [line.lstrip() for line in lines if EXPLAINED.search(line)]
    # Go goes through a map in no order.
    wrong = [number for number, line in enumerate(lines) if line.startswith("* ")]
    for number, line in zip(wrong, sorted(lines[number] for number in wrong)):
        lines[number] = line
    if " api-versions" in command:
        lines = [line for line in lines if re.match(r"(v1|apps/v1)$", line)]
    return lines


def get_version(program):
    answer = subprocess.run(
        [program, "version", "--client", "-o", "json"], stdout=subprocess.PIPE, timeout=20
    )
    info = json.loads(answer.stdout)["clientVersion"]
    return "%s.%s" % (info["major"], info["minor"].rstrip("+"))


def read_commands():
    """(versions or None, command)"""
    commands = []
    with open(os.path.join(FOLDER, "commands.txt"), encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            only, _, rest = line.partition(": ")
            if re.match(r"^[\d. ]+$", only):
                commands.append((only.split(), rest))
            else:
                commands.append((None, line))
    return commands


class Runner:
    """Runs kubectl commands against one cluster."""

    def __init__(self, program, kubeconfig, folder):
        self.program = program
        self.version = get_version(program)
        self.folder = folder
        self.environment = {
            "HOME": folder,
            "PATH": os.environ["PATH"],
            "KUBECONFIG": kubeconfig,
            "LC_ALL": "C.UTF-8",
            "TMPDIR": folder,
        }

    def run(self, arguments):
        answer = subprocess.run(
            [self.program] + arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
            cwd=os.path.join(FOLDER, "manifests"),
            timeout=60,
        )
        return answer.returncode, answer.stdout.decode() + answer.stderr.decode()

    def answer(self, command):
        # A command that is never answered by the server needs no namespace either.
        arguments = shlex.split(command)[1:]
        if "-n" not in arguments:
            arguments = ["-n", NAMESPACE] + arguments
        status, text = self.run(arguments)
        return status, normalise(command, text)


def read_answers():
    """{command number: [(versions, status, lines)]}"""
    answers = {}
    number = -1
    with open(os.path.join(FOLDER, "answers.txt"), encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("$ "):
                number += 1
                answers[number] = []
            elif line.startswith("= "):
                status, _, versions = line[2:].partition(" ")
                answers[number].append((versions.split(), int(status), []))
            elif line.startswith("| "):
                answers[number][-1][2].append(line[2:])
    return answers


def read_differences():
    """{command: reason} of what is known to differ"""
    differences = {}
    with open(os.path.join(FOLDER, "differences.txt"), encoding="utf-8") as file:
        reason = ""
        for line in file:
            line = line.rstrip("\n")
            if line.startswith("# "):
                reason = line[2:]
            elif line:
                differences[line] = reason
    return differences


def pick(variants, version):
    """The answer that was recorded with the nearest kubectl."""

    def distance(variant):
        minors = [int(name.split(".")[1]) for name in variant[0]]
        return min(abs(minor - int(version.split(".")[1])) for minor in minors)

    return min(variants, key=distance) if variants else None


def record(kubeconfig, programs):
    commands = read_commands()
    found = [[] for _ in commands]
    for program in programs:
        with tempfile.TemporaryDirectory() as folder:
            runner = Runner(program, kubeconfig, folder)
            runner.run(["delete", "ns", NAMESPACE, "--ignore-not-found"])
            runner.run(["create", "ns", NAMESPACE])
            for number, (only, command) in enumerate(commands):
                if only is not None and runner.version not in only:
                    continue
                status, lines = runner.answer(command)
                for variant in found[number]:
                    if variant[1:] == (status, lines):
                        variant[0].append(runner.version)
                        break
                else:
                    found[number].append(([runner.version], status, lines))
            runner.run(["delete", "ns", NAMESPACE])
    with open(os.path.join(FOLDER, "answers.txt"), "w", encoding="utf-8") as file:
        for (_, command), variants in zip(commands, found):
            file.write("$ %s\n" % command)
            for versions, status, lines in variants:
                file.write("= %d %s\n" % (status, " ".join(versions)))
                file.writelines("| %s\n" % line for line in lines)


def replay(runner):
    answers = read_answers()
    differences = read_differences()
    commands = read_commands()
    failed = 0
    runner.run(["create", "ns", NAMESPACE])
    print("1..%d" % len(commands))
    for number, (only, command) in enumerate(commands):
        name = "ok %d %s" % (number + 1, command.replace("#", "\\#"))
        if only is not None and runner.version not in only:
            print(name, "# SKIP only with kubectl %s" % " ".join(only))
            continue
        _, status, lines = pick(answers[number], runner.version)
        found = runner.answer(command)
        if found == (status, lines):
            print(name)
        elif command in differences:
            print(name, "# SKIP %s" % differences[command])
        else:
            failed += 1
            print("not", name)
            for text in ["a real server: status %d" % status] + lines:
                print("#   - %s" % text)
            for text in ["here: status %d" % found[0]] + found[1]:
                print("#   + %s" % text)
        sys.stdout.flush()
    return failed


def test(host):
    program = os.environ.get("KONVOY_LAB_KUBECTL", "").split(":")[0] or shutil.which("kubectl")
    if not program:
        print("1..0 # SKIP there is no kubectl")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        kubeconfig = os.path.join(folder, "kubeconfig")
        with subprocess.Popen(
            [host, os.path.join(folder, "state.db"), kubeconfig],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as server:
            try:
                if server.stdout.readline() != b"ready\n":
                    print("Bail out! the server did not start")
                    return 1
                return 1 if replay(Runner(program, kubeconfig, folder)) > 0 else 0
            finally:
                server.stdin.close()
                server.wait(timeout=20)


if __name__ == "__main__":
    if len(sys.argv) > 3 and sys.argv[1] == "--record":
        record(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(test(sys.argv[1]))
