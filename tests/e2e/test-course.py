#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the course in a practice cluster, as TAP: test-course.py whole|mistakes KONVOY-LAB

Of the whole course each step is a test. Then the same with mistakes in it, such as a student makes:
the right check has to fail, with a sentence that names the cause.
"""

import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
COURSE = os.path.join(HERE, '..', '..', 'data', 'course')
WHOLE_SECONDS = 900
SECTION_SECONDS = 400
CLUSTERS = 4     # at once
AT_LEAST = 45   # steps

# file, what a student types instead: (before, after), step that fails, what its line says
MISTAKES = [
    ('load-balancer', [
        # the Service looks for another label
        ('type: LoadBalancer\n  selector:\n    app: redis', 'type: LoadBalancer\n  selector:\n    app: rdis'),
        # the label is not given back
        ('kubectl label pod redis app=redis --overwrite', 'kubectl label pod redis app=radis --overwrite'),
    ], {
        'redis-name': 'The load balancer takes connections on port 6379 .*default/redis selects app=rdis',
        'redis-nc': 'Redis answers PING with PONG .*default/redis selects app=rdis',
        'label-back': r'The pod has the label app=redis again \(there are 0.*the pod redis has app=radis',
    }),
    ('load-balancer', [
        ('image: redis:5.0.3', 'image: rediss:5.0.3'),
        ('type: LoadBalancer', 'type: ClusterIP'),
    ], {
        'redis-ready': r'The pod redis is running \(it is “Pending” .*cannot get the image rediss:5.0.3',
        'redis-service': r'The service redis is of type LoadBalancer \(it is “ClusterIP” instead of “LoadBalancer”',
        'redis-address': 'The service redis has an address from outside .*default/redis is of the type ClusterIP',
    }),
    ('ingress', [
        ('--text="Hello from http-echo-2"', '--text="Good morning"'),
        ('  - host: "http-echo-1.com"', '  - host: "http-echo-one.com"'),
        ('http-echo-3.com', 'http-echo-2.com'),
    ], {
        'echo-1': r'http-echo-1.com leads to the first application \(it answers with status 404.*has one for http-echo-one.com',
        'echo-2': r'http-echo-2.com leads to the second application \(it answers, but without .*to the service http-echo-2',
        'echo-3': r'A host without a rule gets a 404 \(it answers with status 200',
    }),
    ('ingress', [
        ('kubectl expose pod http-echo-2 --port 80 --target-port 80 --type NodePort',
         'kubectl expose pod http-echo-2 --port 80 --target-port 80'),
        ('hashicorp/http-echo --labels app=http-echo-1', 'hashicorp/httpecho --labels app=http-echo-1'),
    ], {
        'echo-pods': r'The pod http-echo-1 is running \(it is “Pending” instead of “Running”',
        'echo-services': r'The service http-echo-2 is of type NodePort \(it is “ClusterIP” instead of “NodePort”',
        'echo-1': r'http-echo-1.com leads to the first application \(it answers with status 503.*cannot get the image hashicorp/httpecho',
    }),
    ('network-policies', [
        # it names only one application
        ('name: default-deny\nspec:\n  podSelector: {}\n  policyTypes:\n  - Ingress\nEOF\n```\n\n```output\nnetworkpolicy.networking.k8s.io/default-deny created',
         'name: default-deny\nspec:\n  podSelector:\n    matchLabels:\n      app: http-echo-1\n  policyTypes:\n  - Ingress\nEOF\n```\n\n```output\nnetworkpolicy.networking.k8s.io/default-deny created'),
        ('kubectl delete -f -', 'kubectl get -f -'),
    ], {
        'deny': r'Redis no longer takes connections \(it can still be reached.*default/default-deny selects the pods app=http-echo-1',
        'denied-redis': r'A new connection to Redis hangs \(it can still be reached',
        'denied-echo': 'The policy default-deny names every pod.*kubectl get networkpolicy default-deny',
        'deny-gone': r'The policy default-deny is gone \(the networkpolicy default/default-deny is still there',
    }),
    ('network-policies', [
        ('name: access-redis\nspec:\n  podSelector:\n    matchLabels:\n      app: redis',
         'name: access-redis\nspec:\n  podSelector:\n    matchLabels:\n      app: rodis'),
        ('name: access-http-echo-2\n', 'name: access-http-echo-three\n'),
    ], {
        'allow': r'A policy opens http-echo-2 \(there is no networkpolicy default/access-http-echo-2',
        'allowed-redis': 'Redis answers through the load balancer again .*default/access-redis, which would, selects app=rodis',
    }),
    ('bookinfo', [
        # the policy of section 4 is still there
        ('istio-injection=enabled --overwrite\n```',
         'istio-injection=enabled --overwrite\n'
         'cat <<EOF | kubectl apply -f -\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n'
         'metadata: {name: default-deny}\nspec: {podSelector: {}, policyTypes: [Ingress]}\nEOF\n```'),
        ('curl -s productpage', 'curl -s -m 3 productpage'),
        ('curl -s -m 15 ', 'curl -s -m 1 '),
    ], {
        'inside': r'has said its title \(there is no .*The network policy default/default-deny selects every pod of default',
        'gateway-name': r'The page of the book shop is there \(.*The network policy default/default-deny selects every pod of default',
    }),
    ('request-routing', [
        ('samples/bookinfo/networking/virtual-service-reviews-test-v2.yaml',
         'samples/bookinfo/networking/virtual-service-reviews-v3.yaml'),
        ('kubectl delete -f samples/bookinfo/networking/virtual-service-all-v1.yaml', 'true'),
    ], {
        'jason': 'The first rule is for the user jason',
        'jason-look': 'The second rule leads everyone else to v1',
        # both are so, and which is told depends on which was tried last
        'sign-in': r'(signed in as jason is answered by v2 \(v3 8 of 8|Without signing in it is v1 \(v3 12 of 12) requests.*Everyone goes to v3',
        'somebody-else': r'Jason with a capital J gets v1 \(v3 12 of 12 requests.*Everyone goes to v3',
        'rules-gone': r'The rules for reviews are gone \(the virtualservice default/reviews is still there',
    }),
    ('timeouts', [
        ('fixedDelay: 2s', 'fixedDelay: 1s'),
        ('timeout: 0.5s', 'timeout: 5s'),
    ], {
        'delay': r'Requests to ratings are held for two seconds \(it is “1s” instead of “2s”',
        'time-delay': r'The page has its stars, after two seconds \(it answers after \d.*held up for 1 s',
        'timeout': r'A request to reviews may take half a second \(it is “5s”',
        'time-timeout': 'The page gives up on reviews after one second',
    }),
]


class Tap:
    """Counts and prints."""

    def __init__(self):
        self.number = 0
        self.failures = 0

    def report(self, good, name, *comments):
        self.number += 1
        self.failures += not good
        for comment in comments:
            for line in str(comment).splitlines():
                print('#', line)
        print(f'{"ok" if good else "not ok"} {self.number} {name}', flush=True)

    def end(self):
        print(f'1..{self.number}')
        return 1 if self.failures else 0


def rehearse(program, *arguments, seconds):
    """The lines of a rehearsal: {step: None or the reason why it failed}."""
    with tempfile.TemporaryDirectory(prefix='konvoy-course-') as folder:
        report = os.path.join(folder, 'junit.xml')
        # no window for what fails
        environment = {name: value for name, value in os.environ.items()
                       if name not in ('DISPLAY', 'WAYLAND_DISPLAY')}
        result = subprocess.run([program, '--rehearse', '--practice', '--report', report, *arguments],
                                stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                timeout=seconds, env=environment, check=False)
        steps = {}
        for line in result.stdout.splitlines():
            match = re.match(r'(ok|FAIL) ([a-z0-9-]+/[a-z0-9-]+)(?:: (.*))?$', line)
            if match:
                steps[match.group(2)] = match.group(3) if match.group(1) == 'FAIL' else None
        outputs = {}
        if os.path.exists(report):
            for case in ElementTree.parse(report).iter('testcase'):
                text = case.findtext('system-out') or case.findtext('failure')
                outputs[f"{case.get('classname')}/{case.get('name')}"] = text
    return steps, outputs, result


def play_whole(tap, program):
    """Every step of every section passes."""
    steps, outputs, result = rehearse(program, seconds=WHOLE_SECONDS)
    for step, reason in steps.items():
        tap.report(reason is None, step, *([reason, outputs.get(step, '')] if reason else []))
    tap.report(result.returncode == 0 and len(steps) >= AT_LEAST,
               f'the whole course: {len(steps)} steps', result.stderr)


def spoil(folder, section, mistakes):
    """A copy of the course whose author is the student with these mistakes."""
    shutil.copytree(COURSE, folder, dirs_exist_ok=True)
    name = next(name for name in sorted(os.listdir(folder)) if name.endswith(section + '.md'))
    path = os.path.join(folder, name)
    with open(path, encoding='utf-8') as file:
        text = file.read()
    for before, after in mistakes:
        if before not in text:
            raise SystemExit(f'{name} has no “{before}” any more')
        text = text.replace(before, after)
    # what is wrong stays wrong, and need not be waited for
    text = re.sub(r'within: \d+s', 'within: 5s', text)
    text = re.sub(r'--timeout=\d+s', '--timeout=3s', text)
    text = text.replace('\ntelnet ', '\ntimeout 5 telnet ')
    text = text.replace('until nslookup', 'timeout 10 nslookup').replace('\ndo\n  sleep 1\ndone', '')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)


def play_spoilt(program, section, mistakes):
    """The steps of a section with mistakes in it, in a cluster of its own."""
    with tempfile.TemporaryDirectory(prefix='konvoy-course-') as folder:
        spoil(folder, section, mistakes)
        return rehearse(program, '--course', folder, '--section', section,
                        seconds=SECTION_SECONDS)[0]


def play_mistakes(tap, program):
    """Mistakes are found, and named. What is wrong is waited for, so several clusters run at once."""
    with concurrent.futures.ThreadPoolExecutor(CLUSTERS) as pool:
        # the later sections need the most before them, so they begin first
        plays = [pool.submit(play_spoilt, program, section, mistakes)
                 for section, mistakes, _ in reversed(MISTAKES)]
        plays.reverse()
    for (section, _, expected), play in zip(MISTAKES, plays):
        steps = play.result()
        for step, pattern in expected.items():
            reason = steps.get(f'{section}/{step}')
            tap.report(reason is not None and re.search(pattern, reason) is not None,
                       f'mistake in {section}/{step}', f'{pattern}', f'{reason}')


def main():
    tap = Tap()
    play = {'whole': play_whole, 'mistakes': play_mistakes}[sys.argv[1]]
    play(tap, os.path.abspath(sys.argv[2]))
    return tap.end()


if __name__ == '__main__':
    sys.exit(main())
