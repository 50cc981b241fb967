#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a real API server for the sentences of the files beside this one, and writes them there.

    record.py KUBECONFIG [FILE...]

Nothing is created: each object is sent as a dry run, which does not reserve ports. A sentence that names an address in the memory
of the server is left out, with its object.
"""

import glob
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request

FOLDER = os.path.dirname(os.path.abspath(__file__))
PLURALS = {"Ingress": "ingresses", "NetworkPolicy": "networkpolicies"}
PLURALS.update({"PriorityClass": "priorityclasses", "IngressClass": "ingressclasses"})


def make_path(thing):
    version = thing["apiVersion"]
    plural = PLURALS.get(thing["kind"], thing["kind"].lower() + "s")
    place = "" if re.search("Class$|WebhookConf", thing["kind"]) else "namespaces/default/"
    return "/%s/%s/%s%s?dryRun=All" % ("apis" if "/" in version else "api", version, place, plural)


def ask(server, thing):
    request = urllib.request.Request(
        server + make_path(thing),
        json.dumps(thing).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=20):
            return "created"
    except urllib.error.HTTPError as error:
        return json.loads(error.read())["message"]


def record(server, path):
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            if line.startswith("#"):
                file.write(line + "\n")
            elif line.startswith("{"):
                sentence = ask(server, json.loads(line))
                if "0xc0" not in sentence:
                    file.write("\n%s\n%s\n" % (line, sentence))


def main(kubeconfig, *files):
    with subprocess.Popen(
        ["kubectl", "--kubeconfig", kubeconfig, "proxy", "--port=0"],
        stdout=subprocess.PIPE,
        text=True,
    ) as proxy:
        try:
            address = re.search(r"127\.0\.0\.1:\d+", proxy.stdout.readline()).group()
            for path in files or sorted(glob.glob(os.path.join(FOLDER, "*.txt"))):
                record("http://" + address, path)
        finally:
            proxy.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
