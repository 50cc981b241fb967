#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the course on this computer against the cluster whose kubeconfig KONVOY_LAB_TEST_KUBECONFIG
names, as TAP: test-cluster-course.py KONVOY-LAB

It asks of the cluster no more than its API: the steps that say that they require pods, addresses,
Konvoy, or tools that are to be downloaded, are left out, and so are those that require Istio where
the cluster does not know its kinds. Everything is made in a namespace of its own, which is deleted
at the end.
"""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, '..', '..', 'data')
ABSENT = ['pods', 'addresses', 'konvoy', 'internet', 'istioctl']
ISTIO = 'istio'
AT_LEAST = {False: 15, True: 35}    # steps, without Istio's kinds and with them
SECONDS = 800
ACCOUNT_SECONDS = 5
# in this order: what belongs to another comes before it
KINDS = ['virtualservices.networking.istio.io', 'destinationrules.networking.istio.io',
         'gateways.networking.istio.io', 'ingresses', 'networkpolicies', 'services', 'deployments',
         'replicasets', 'pods', 'serviceaccounts']


def kubectl(kubeconfig, *arguments, check=True):
    result = subprocess.run(['kubectl', '--kubeconfig', kubeconfig, *arguments], capture_output=True,
                            text=True, timeout=120, check=False)
    if check and result.returncode != 0:
        raise SystemExit(f'kubectl {" ".join(arguments)}: {result.stderr}')
    return result.stdout


def make_namespace(kubeconfig, name):
    """Where nothing is yet. Whoever runs pods also makes an account for them; nobody else does."""
    kubectl(kubeconfig, 'create', 'namespace', name)
    end = time.monotonic() + ACCOUNT_SECONDS
    while time.monotonic() < end:
        if kubectl(kubeconfig, 'get', 'serviceaccounts', '--namespace', name, '--output', 'name'):
            return
        time.sleep(0.5)


def delete_namespace(kubeconfig, name):
    """Objects first: a cluster without controllers does not collect what a namespace leaves."""
    for kind in KINDS:
        kubectl(kubeconfig, 'delete', kind, '--all', '--namespace', name, '--wait=false', check=False)
    kubectl(kubeconfig, 'delete', 'namespace', name, '--wait=false', check=False)


def write_kubeconfig(source, path, namespace):
    """The same cluster and user, at home in the namespace."""
    text = kubectl(source, 'config', 'view', '--raw', '--minify', '--flatten', '--output', 'json')
    config = json.loads(text)
    config['contexts'][0]['context']['namespace'] = namespace
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), 'w', encoding='utf-8') as file:
        json.dump(config, file)


def copy_course(folder, namespace):
    """The course as it is, but for the namespace that it names."""
    shutil.copytree(os.path.join(DATA, 'course'), folder)
    for name in os.listdir(folder):
        if not name.endswith(('.md', '.yaml')):
            continue
        path = os.path.join(folder, name)
        with open(path, encoding='utf-8') as file:
            text = file.read()
        text = re.sub(r'\bnamespace([:/ ] ?)default\b', rf'namespace\g<1>{namespace}', text)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)


def knows_istio(kubeconfig):
    kinds = kubectl(kubeconfig, 'get', 'crd', '--output', 'name')
    return all(f'{kind}.networking.istio.io' in kinds
               for kind in ('virtualservices', 'destinationrules', 'gateways'))


def rehearse(program, folder, kubeconfig, namespace, absent):
    """The lines that the rehearsal prints, its status, and what it says else."""
    home = os.path.join(folder, 'home')
    course = os.path.join(folder, 'course')
    copy_course(course, namespace)
    shutil.copytree(os.path.join(DATA, 'jumpserver', 'home', 'istio-1.4.0'),
                    os.path.join(home, 'istio-1.4.0'))
    os.makedirs(os.path.join(home, 'lab'))
    environment = {name: value for name, value in os.environ.items()
                   if name not in ('DISPLAY', 'WAYLAND_DISPLAY')}
    environment.update(HOME=home, SHELL='/bin/bash', LANG='C.UTF-8')
    result = subprocess.run([program, '--rehearse', '--kubeconfig', kubeconfig, '--course', course,
                             '--without', ','.join(absent)],
                            stdin=subprocess.DEVNULL, capture_output=True, text=True,
                            timeout=SECONDS, env=environment, check=False)
    return result.stdout.splitlines(), result.returncode, result.stderr


def report(lines, status, errors, at_least):
    """Each step is a test; how many there are is one, too."""
    played = left_out = number = failures = 0
    for line in lines:
        match = re.match(r'(ok|FAIL|skip) ([a-z0-9-]+/[a-z0-9-]+)(?:: (.*))?$', line)
        if not match:
            print('#', line)
            continue
        result, step, reason = match.groups()
        number += 1
        played += result != 'skip'
        left_out += result == 'skip'
        failures += result == 'FAIL'
        if result == 'FAIL':
            print('#', reason)
        print(f'{"not ok" if result == "FAIL" else "ok"} {number} {step}'
              f'{" # SKIP " + reason if result == "skip" else ""}')
    good = status == 0 and played >= at_least
    for line in errors.splitlines():
        print('#', line)
    print(f'{"ok" if good else "not ok"} {number + 1} the course: {played} steps played, '
          f'{left_out} left out, {failures} failed, status {status}')
    print(f'1..{number + 1}')
    return 0 if good else 1


def main():
    source = os.environ.get('KONVOY_LAB_TEST_KUBECONFIG')
    if not source:
        print('1..0 # SKIP KONVOY_LAB_TEST_KUBECONFIG names no cluster')
        return 0
    program = os.path.abspath(sys.argv[1])
    namespace = f'konvoy-lab-course-{secrets.token_hex(3)}'
    absent = list(ABSENT)
    with_istio = knows_istio(source)
    if not with_istio:
        absent.append(ISTIO)
        print('# The cluster does not know the kinds of Istio: their steps are left out.')
    with tempfile.TemporaryDirectory(prefix='konvoy-course-') as folder:
        kubeconfig = os.path.join(folder, 'kubeconfig')
        write_kubeconfig(source, kubeconfig, namespace)
        try:
            make_namespace(kubeconfig, namespace)
            result = rehearse(program, folder, kubeconfig, namespace, absent)
        finally:
            delete_namespace(source, namespace)
    return report(*result, AT_LEAST[with_istio])


if __name__ == '__main__':
    sys.exit(main())
