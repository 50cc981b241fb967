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
admission of service accounts (--disable-admission-plugins=ServiceAccount). It takes
namespaces "lab-0" and on, which it deletes.
"""

import concurrent.futures
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kubectl-answers")
PREFIX = "lab-"
WORKERS = 2

# What differs from one run to the next, or says only when it was.
CHANGING = [
    (r"\blab-\d\b", "LAB"),
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
    (r"\bkubernetes-admin\b", "admin"),
    (r" {2,}", "  "),
]

# A cluster of the training's time sends no warnings of what is to go; "ing" is short for one kind
# here; the real server runs without accounts.
DROPPED = re.compile(
    r"is deprecated in v\d|^Flag --\S+ has been deprecated|^LOG |"
    r"could also match lower priority resource|^Service Account:"
)

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
    wrong = [number for number, line in enumerate(lines) if re.match(r"\* |\S+:  \d+ bytes$", line)]
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


def read_sections():
    """Lists of (number, versions or None, command)"""
    sections = [[]]
    number = 0
    with open(os.path.join(FOLDER, "commands.txt"), encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if line.startswith("#"):
                continue
            if not line:
                sections.append([])
                continue
            only, _, rest = line.partition(": ")
            if re.match(r"^[\d. ]+$", only):
                sections[-1].append((number, only.split(), rest))
            else:
                sections[-1].append((number, None, line))
            number += 1
    return [section for section in sections if section]


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
        return answer.returncode, answer.stdout.decode() + "\n" + answer.stderr.decode()

    def answer(self, command, namespace):
        arguments = shlex.split(command.replace("LAB", namespace))[1:]
        if "-n" not in arguments:
            arguments = ["-n", namespace] + arguments
        status, text = self.run(arguments)
        return status, normalise(command, text)

    def answer_section(self, index, section):
        """{command number: (status, lines)}"""
        namespace = PREFIX + str(index)
        self.run(["delete", "ns", namespace, "--ignore-not-found"])
        self.run(["create", "ns", namespace])
        return {
            number: self.answer(command, namespace)
            for number, only, command in section
            if only is None or self.version in only
        }

    def answer_all(self, sections):
        found = {}
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as workers:
            for answers in workers.map(self.answer_section, range(len(sections)), sections):
                found.update(answers)
        return found


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


def write_answers(commands, answers):
    with open(os.path.join(FOLDER, "answers.txt"), "w", encoding="utf-8") as file:
        for number, command in commands:
            file.write("$ %s\n" % command)
            for versions, status, lines in answers.get(number, []):
                file.write("= %d %s\n" % (status, " ".join(versions)))
                file.writelines("| %s\n" % line for line in lines)


def record(kubeconfig, programs):
    sections = read_sections()
    commands = [(number, command) for section in sections for number, _, command in section]
    answers = {}
    for program in programs:
        with tempfile.TemporaryDirectory() as folder:
            runner = Runner(program, kubeconfig, folder)
            for number, (status, lines) in runner.answer_all(sections).items():
                for variant in answers.setdefault(number, []):
                    if variant[1:] == (status, lines):
                        variant[0].append(runner.version)
                        break
                else:
                    answers[number].append(([runner.version], status, lines))
            for index in range(len(sections)):
                runner.run(["delete", "ns", PREFIX + str(index), "--wait=false"])
        write_answers(commands, answers)


def report(number, command, found, wanted, differences):
    """Whether it is as it should be."""
    name = "ok %d %s" % (number + 1, command.replace("#", "\\#"))
    if found == wanted:
        print(name)
        return True
    if command in differences:
        print(name, "# SKIP %s" % differences[command])
        return True
    print("not", name)
    for text in ["a real server: status %d" % wanted[0]] + wanted[1]:
        print("#   - %s" % text)
    for text in ["here: status %d" % found[0]] + found[1]:
        print("#   + %s" % text)
    return False


def replay(runner):
    answers = read_answers()
    differences = read_differences()
    sections = read_sections()
    found = runner.answer_all(sections)
    failed = 0
    print("1..%d" % sum(len(section) for section in sections))
    for section in sections:
        for number, only, command in section:
            if number not in found:
                print("ok %d %s # SKIP only with kubectl %s" % (number + 1, command, only))
                continue
            wanted = pick(answers[number], runner.version)[1:]
            failed += not report(number, command, found[number], wanted, differences)
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
