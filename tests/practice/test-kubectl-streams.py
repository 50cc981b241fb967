#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real kubectl commands that stream: logs, exec, attach, cp and port-forward, in a whole practice
cluster.

KONVOY_LAB_KUBECTL names the programs as for test-kubectl.py, whose helpers this uses. The first
argument is konvoy-practice. Skipped where there is no kubectl, or no user namespaces; with "plain"
as the second it is about where there are none.
"""

import importlib.util
import json
import os
import pty
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import user_namespaces

SECONDS = 60

PODS = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: red, "file.txt": "a file\\n"}
---
apiVersion: v1
kind: Pod
metadata:
  name: redis
  labels: {app: redis}
spec:
  containers:
  - name: redis
    image: redis:5.0.3
    ports: [{containerPort: 6379}]
    env:
    - name: COLOUR
      valueFrom: {configMapKeyRef: {name: settings, key: colour}}
    - {name: BOTH, value: "$(COLOUR)-$(NOPE)"}
    - name: ME
      valueFrom: {fieldRef: {fieldPath: metadata.name}}
    volumeMounts:
    - {name: settings, mountPath: /etc/settings}
  volumes:
  - name: settings
    configMap: {name: settings}
---
apiVersion: v1
kind: Service
metadata: {name: redis}
spec:
  selector: {app: redis}
  ports: [{port: 6379}]
---
apiVersion: v1
kind: Pod
metadata: {name: two, labels: {app: two}}
spec:
  containers:
  - name: one
    image: alpine
    command: [sh, -c, "echo from one; exec sleep 1000"]
    volumeMounts: [{name: shared, mountPath: /shared}, {name: shared, mountPath: /part, subPath: a/b}]
  - name: other
    image: alpine
    command: [sh, -c, "echo from other; exec sleep 1000"]
    volumeMounts: [{name: shared, mountPath: /seen, readOnly: true}]
  volumes: [{name: shared, emptyDir: {}}]
---
apiVersion: v1
kind: Pod
metadata: {name: ended}
spec:
  restartPolicy: Never
  containers:
  - {name: c, image: busybox, command: [sh, -c, "echo first; echo second >&2; exit 3"]}
---
apiVersion: v1
kind: Pod
metadata: {name: reader}
spec:
  containers:
  - {name: c, image: busybox, stdin: true, command: [sh, -c, "while read x; do echo got $x; done"]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
  - name: web
    image: python:3.8
    command: [sh, -c, "cd /tmp && echo a page > page && exec python3 -m http.server 8000"]
    readinessProbe: {httpGet: {path: /page, port: 8000}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  selector: {app: web}
  ports: [{port: 80, targetPort: 8000}]
---
apiVersion: v1
kind: Service
metadata: {name: each}
spec:
  clusterIP: None
  selector: {app: web}
  ports: [{port: 8000}]
"""

KEEPER = """
apiVersion: v1
kind: Pod
metadata: {name: keeper}
spec:
  containers:
  - name: c
    image: busybox
    command: [sh, -c, "cat /data/file; exec sleep 1000"]
    volumeMounts: [{name: d, mountPath: /data, subPath: mine}, {name: d, mountPath: /all}]
  volumes: [{name: d, persistentVolumeClaim: {claimName: kept}}]
"""

CLAIM = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: kept}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
"""

PLAIN_PODS = """
apiVersion: v1
kind: Pod
metadata: {name: redis, labels: {app: redis}}
spec:
  containers:
  - {name: redis, image: "redis:5.0.3", ports: [{containerPort: 6379}]}
---
apiVersion: v1
kind: Service
metadata: {name: redis}
spec:
  selector: {app: redis}
  ports: [{port: 6379}]
---
apiVersion: v1
kind: Pod
metadata: {name: echo, labels: {app: echo}}
spec:
  containers:
  - name: echo
    image: hashicorp/http-echo
    args: ["-listen=:5678", "-text=hello from echo"]
    env: [{name: COLOUR, value: red}]
---
apiVersion: v1
kind: Service
metadata: {name: echo}
spec:
  selector: {app: echo}
  ports: [{port: 80, targetPort: 5678}]
---
apiVersion: v1
kind: Pod
metadata: {name: busy}
spec:
  containers:
  - {name: c, image: busybox, command: [sleep, "1000"]}
"""


def load_helpers():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "test-kubectl.py")
    spec = importlib.util.spec_from_file_location("test_kubectl", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


helpers = load_helpers()


class Cluster:
    """konvoy-practice with a folder of its own."""

    def __init__(self, program, folder, is_plain):
        self.process = subprocess.Popen([program, "--dir", os.path.join(folder, "cluster")],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env={**os.environ, "OWNERS_SECRET": "secret"},
                                        preexec_fn=user_namespaces.refuse if is_plain else None)
        line = json.loads(self.process.stdout.readline())
        self.kubeconfig = line["kubeconfig"]
        self.notice = line.get("notice")

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)


class Session:
    def __init__(self, tap, kubectl):
        self.tap = tap
        self.kubectl = kubectl
        self.version = kubectl.minor()

    def check(self, good, name, detail=""):
        self.tap.check(good, "1.%d %s" % (self.version, name), detail)

    def expect(self, arguments, pattern, text=None, status=0):
        found, output = self.kubectl.run(*arguments, text=text, timeout=SECONDS)
        good = found == status and re.fullmatch(pattern, output.strip(), re.S) is not None
        self.check(good, " ".join(arguments),
                   "status %d, expected %d\n%s\nexpected %s" % (found, status, output, pattern))

    def wait_for(self, what, *arguments, text):
        """Until the output of a command holds a text."""
        end = time.monotonic() + SECONDS
        output = ""
        while text not in output and time.monotonic() < end:
            output = self.kubectl.run(*arguments)[1]
        self.check(text in output, what, output)

    def start(self, *arguments, stdin=subprocess.DEVNULL):
        return subprocess.Popen([self.kubectl.program, *arguments], env=self.kubectl.environment,
                                stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    @staticmethod
    def end(process):
        process.kill()
        process.wait()
        process.stdout.close()

    def set_up(self):
        self.kubectl.run("apply", "-f", "-", text=PODS)
        self.expect(["wait", "--for=condition=Ready", "pod/redis", "pod/two", "pod/reader",
                     "pod/web", "--timeout=60s"], r"(pod/\w+ condition met\s*){4}")
        self.wait_for("a pod that ends", "get", "pod", "ended", text="Error")

    def logs(self):
        expect = self.expect
        expect(["logs", "ended"], "first\nsecond|second\nfirst")
        expect(["logs", "ended", "--tail=1"], r"first|second")
        expect(["logs", "ended", "--timestamps", "--tail=1"], r"\d{4}-\d\d-\d\dT[\d:]+\.\d{9}Z \w+")
        expect(["logs", "ended", "--limit-bytes=3"], "fir|sec")
        expect(["logs", "ended", "--since=1h"], r"\w+\n\w+")
        expect(["logs", "-f", "ended"], r"\w+\n\w+")
        expect(["logs", "ended", "--previous"], r'Error from server \(BadRequest\): previous '
               r'terminated container "c" in pod "ended" not found', status=1)
        expect(["logs", "two", "-c", "other"], "from other")
        expect(["logs", "two", "-c", "other", "--tail=0"], "")
        expect(["logs", "two", "--all-containers"],
               "from one\nfrom other|from other\nfrom one")
        expect(["logs", "-l", "app=two", "--all-containers", "--prefix=false"],
               "from one\nfrom other|from other\nfrom one")
        expect(["logs", "two", "-c", "nope"], r".*container nope is not valid for pod two", status=1)

    def follow(self):
        process = self.start("logs", "-f", "reader")
        attached = self.start("attach", "-i", "reader", stdin=subprocess.PIPE)
        attached.stdin.write(b"this\n")
        attached.stdin.flush()
        self.check(attached.stdout.readline() == b"got this\n", "attach")
        self.check(process.stdout.readline() == b"got this\n", "logs -f")
        attached.stdin.close()
        self.end(attached)
        self.end(process)

    def execute(self):
        expect = self.expect
        expect(["exec", "redis", "--", "sh", "-c", "echo out; exit 3"],
               "out\n.*exit code 3", status=3)
        expect(["exec", "redis", "--", "hostname"], "redis")
        expect(["exec", "redis", "--", "sh", "-c", "echo $COLOUR $BOTH $ME $KUBERNETES_SERVICE_HOST"],
               r"red red-\$\(NOPE\) redis 10\.0\.0\.1")
        expect(["exec", "redis", "--", "cat", "/etc/settings/file.txt"], "a file")
        expect(["exec", "redis", "--", "sh", "-c", "id -u; grep CapEff /proc/self/status"],
               "0\nCapEff:\t0000000000000000")
        expect(["exec", "-i", "redis", "--", "cat"], "through", text="through\n")
        expect(["exec", "redis", "--", "nope"], r'.*\\"nope\\": executable file not found in \$PATH.*'
               "exit code 126", status=126)
        expect(["exec", "ended", "--", "true"], r".*(container not found|completed pod).*", status=1)
        expect(["exec", "two", "-c", "other", "--", "sh", "-c",
                "getent hosts redis"],
               r"10\.0\.[\d.]+ +redis\.default\.svc\.cluster\.local")
        if shutil.which("redis-cli"):
            expect(["exec", "redis", "--", "redis-cli", "ping"], "PONG")
        expect(["exec", "two", "-c", "one", "--", "bash", "-c",
                r'exec 3<>/dev/tcp/redis/6379; printf "PING\r\n" >&3; read -r x <&3; echo $x'],
               "\\+PONG")
        found, output = self.kubectl.run("exec", "redis", "--", "head", "-c", "2000000", "/dev/zero")
        self.check(found == 0 and len(output) == 2000000, "exec with much output", str(len(output)))

    def share(self):
        """An emptyDir is one for all containers of a pod."""
        self.expect(["exec", "two", "-c", "one", "--", "sh", "-c", "echo word > /shared/file"], "")
        self.expect(["exec", "two", "-c", "other", "--", "cat", "/seen/file"], "word")
        self.expect(["exec", "two", "-c", "other", "--", "sh", "-c", "echo x > /seen/file"],
                    r".*Read-only file system.*", status=2)
        self.expect(["exec", "redis", "--", "sh", "-c", "ls /dev/shm"], "")
        self.expect(["exec", "two", "-c", "one", "--", "sh", "-c",
                     "echo part > /part/file && cat /shared/a/b/file"], "part")

    def start_keeper(self):
        self.expect(["apply", "-f", "-"], "pod/keeper created", text=KEEPER)
        self.expect(["wait", "--for=condition=Ready", "pod/keeper", "--timeout=60s"],
                    "pod/keeper condition met")

    def keep(self):
        """What is on a claim is there for the next pod that has it."""
        self.expect(["apply", "-f", "-"], "persistentvolumeclaim/kept created", text=CLAIM)
        self.start_keeper()
        self.expect(["exec", "keeper", "--", "sh", "-c", "echo word > /data/file; cat /all/mine/file"],
                    "word")
        self.expect(["delete", "pod", "keeper", "--now"], 'pod "keeper" deleted.*')
        self.start_keeper()
        self.wait_for("logs keeper", "logs", "keeper", text="word")

    def terminal(self):
        master, slave = pty.openpty()
        process = subprocess.Popen(
            [self.kubectl.program, "exec", "-it", "redis", "--", "sh", "-c", "tty; read x; exit 4"],
            env=self.kubectl.environment, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True)
        os.close(slave)
        output = b""
        while b"/dev/pts/" not in output and select.select([master], [], [], SECONDS)[0]:
            output += os.read(master, 4096)
        os.write(master, b"x\n")
        status = process.wait(timeout=SECONDS)
        os.close(master)
        self.check(b"/dev/pts/" in output and status == 4, "exec -it", repr((status, output)))

    def copy(self):
        folder = self.kubectl.environment["HOME"]
        there = os.path.join(folder, "there")
        back = os.path.join(folder, "back")
        with open(there, "wb") as file:
            file.write(os.urandom(100000))
        self.expect(["cp", there, "redis:/tmp/file"], "")
        self.expect(["cp", "redis:/tmp/file", back], r"(tar: [^\n]*)?")
        with open(there, "rb") as one, open(back, "rb") as other:
            self.check(one.read() == other.read(), "cp there and back")

    def forward(self):
        process = self.start("port-forward", "service/redis", ":6379")
        port = int(re.search(rb"127\.0\.0\.1:(\d+)", process.stdout.readline()).group(1))
        for _ in range(2):
            with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
                connection.sendall(b"PING\r\n")
                answer = connection.recv(100)
            self.check(answer == b"+PONG\r\n", "port-forward", repr(answer))
        self.end(process)

    def output(self, *arguments):
        return self.kubectl.run(*arguments, timeout=SECONDS)[1].strip()

    def serve(self):
        """A program's own server in a pod answers its Service, for everybody."""
        port = self.output("get", "service", "web", "-o", "jsonpath={.spec.ports[0].nodePort}")
        node = self.output("get", "pod", "web", "-o", "jsonpath={.status.hostIP}")
        pod = self.output("get", "pod", "web", "-o", "jsonpath={.status.podIP}")
        for url in ("http://web/page", "http://%s:%s/page" % (node, port), "http://each:8000/page",
                    "http://%s:8000/page" % pod):
            self.expect(["exec", "two", "-c", "one", "--", "curl", "-sS", url], "a page")
        self.expect(["exec", "web", "--", "curl", "-sS", "http://web.default/page"], "a page")
        self.expect(["get", "--raw", "/api/v1/namespaces/default/services/web:80/proxy/page"],
                    "a page")
        self.expect(["logs", "web"], r'.*10\.[\d.]+ - - [^\n]*"GET /page HTTP/1.1" 200 -.*')

    def run_image(self):
        self.expect(["run", "asked", "--image=busybox", "--restart=Never", "-i", "--rm", "--quiet",
                     "--", "sh"], r"(.*\n)?answer(\n.*)?", text="echo answer; exit 0\n")
        # It has ended before, while or after kubectl is joined to it.
        for delay in ("0", "0.1", "1.5"):
            self.expect(["run", "short", "--image=busybox", "--restart=Never", "-i", "--rm",
                         "--quiet", "--", "sh", "-c", "sleep %s; echo word; exit 3" % delay],
                        r"(.*\n)?word(\n.*)?", status=3)

    def run(self):
        self.set_up()
        self.logs()
        self.follow()
        self.execute()
        self.share()
        self.keep()
        self.terminal()
        self.copy()
        self.forward()
        self.serve()
        self.run_image()


class PlainSession(Session):
    """Where programs get no network of their own: our own programs answer, and commands run
    confined."""

    def set_up(self):
        self.kubectl.run("apply", "-f", "-", text=PLAIN_PODS)
        self.expect(["wait", "--for=condition=Ready", "pod/redis", "pod/echo", "pod/busy",
                     "--timeout=60s"], r"(pod/\w+ condition met\s*){3}")

    def execute(self):
        expect = self.expect
        expect(["exec", "echo", "--", "sh", "-c", "echo $COLOUR $HOSTNAME; exit 3"],
               "red echo\n.*exit code 3", status=3)
        expect(["exec", "-i", "busy", "--", "cat"], "through", text="through\n")
        expect(["exec", "busy", "--", "nope"], r'.*\\"nope\\": executable file not found in \$PATH.*'
               "exit code 126", status=126)
        expect(["exec", "busy", "--", "curl", "-sS", "http://echo/"], "hello from echo")
        expect(["exec", "busy", "--", "curl", "-sS", "http://echo.default.svc.cluster.local/"],
               "hello from echo")
        expect(["exec", "busy", "--", "curl", "-sS", "http://nope/"], r"curl: .*", status=97)
        expect(["exec", "busy", "--", "nslookup", "echo"],
               r"Server:\s+10\.0\.0\.10\n.*\nName:\s+echo\nAddress: 10\.0\.[\d.]+")
        expect(["exec", "busy", "--", "nslookup", "nope"], r".*can't find nope: NXDOMAIN.*", status=1)
        expect(["exec", "busy", "--", "sh", "-c", "printf 'PING\\r\\nQUIT\\r\\n' | nc redis 6379"],
               r"\+PONG\r?\n\+OK")
        expect(["exec", "busy", "--", "nc", "redis", "1"], r"nc: Connection refused.*", status=1)
        expect(["exec", "busy", "--", "telnet", "nope", "1"], r"telnet: could not resolve nope.*",
               status=1)
        expect(["exec", "busy", "--", "redis-cli", "-h", "redis"],
               r"redis-cli: this computer lets programs have no network of their own.*", status=1)

    def confine(self):
        """A command writes to a folder of its pod, and sees no more of us than it must."""
        folder = self.kubectl.environment["HOME"]
        self.expect(["exec", "busy", "--", "sh", "-c", "echo word > file && cat $HOME/file"], "word")
        self.expect(["exec", "busy", "--", "sh", "-c", "echo x > %s/file" % folder],
                    r".*Permission denied.*", status=2)
        self.expect(["exec", "busy", "--", "ls", folder], r".*Permission denied.*", status=2)
        self.expect(["exec", "busy", "--", "sh", "-c", "env | grep -c OWNERS_SECRET"],
                    r"0\n.*", status=1)
        self.expect(["exec", "busy", "--", "python3", "-c",
                     "import socket; socket.socket().bind(('127.0.0.1', 0))"],
                    r".*PermissionError.*", status=1)

    def refuse(self):
        self.expect(["exec", "busy", "--", "true"],
                    r".*lets programs have no network of their own, and cannot confine them.*",
                    status=1)

    def run(self):
        self.set_up()
        self.forward()
        self.expect(["logs", "busy"], r"This computer does not let programs make networks.*")
        if user_namespaces.can_confine():
            self.execute()
            self.confine()
        else:
            self.refuse()


def main():
    is_plain = sys.argv[2:] == ["plain"]
    programs = helpers.find_programs()
    if not programs:
        print("1..0 # SKIP there is no kubectl")
        return 0
    tap = helpers.Tap()
    for program in programs:
        with tempfile.TemporaryDirectory() as folder:
            cluster = Cluster(sys.argv[1], folder, is_plain)
            try:
                if bool(cluster.notice) != is_plain:
                    print("1..0 # SKIP " + (cluster.notice or "user namespaces cannot be refused"))
                    return 0
                kubectl = helpers.Kubectl(program, cluster, folder)
                (PlainSession if is_plain else Session)(tap, kubectl).run()
            finally:
                cluster.close()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
