# SPDX-License-Identifier: GPL-3.0-or-later
"""A real sshd inside the practice jumpserver, behind a port of this computer.

    with Jumpserver(practice_program, folder) as server:
        ["ssh", "-p", str(server.port), "-i", server.identity, "centos@127.0.0.1", "kubectl get nodes"]

The class's jumpservers are reached over SSH.  Here konvoy-practice runs sshd in its sandbox, and
a loopback port is relayed into it through the socket that it names, so that a client sees an
ordinary SSH server whose cluster is only reachable from there.
"""
import json
import os
import shutil
import socket
import subprocess
import threading
import time

SSHD_PORT = 2222
SSHD_CONFIG = """\
Port %d
ListenAddress 127.0.0.1
HostKey /home/centos/.sshd/host_key
PidFile /home/centos/.sshd/pid
AuthorizedKeysFile /home/centos/.ssh/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
Subsystem sftp internal-sftp
"""


def wait_until(done, seconds, what):
    """Call done until it answers something true and return that; fail after some seconds."""
    end = time.monotonic() + seconds
    while True:
        answer = done()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError("gave up after %d s waiting for %s" % (seconds, what))
        time.sleep(0.05)


class Relay:
    """A loopback port whose connections are carried to HOST PORT inside the sandbox."""

    def __init__(self, path, host, port):
        self.path, self.target = path, "%s %d\n" % (host, port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def connect(self):
        """A connection to the target, or None where it is refused."""
        inside = socket.socket(socket.AF_UNIX)
        inside.connect(self.path)
        inside.sendall(self.target.encode())
        answer = b""
        while not answer.endswith(b"\n"):
            byte = inside.recv(1)
            if not byte:
                break
            answer += byte
        if answer == b"ok\n":
            return inside
        inside.close()
        return None

    def _accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            inside = self.connect()
            if inside is None:
                client.close()
                continue
            for source, sink in ((client, inside), (inside, client)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    @staticmethod
    def _carry(source, sink):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.listener.close()


class Jumpserver:
    """The practice cluster in a folder, with sshd on its jumpserver.  Context manager."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.identity = os.path.join(folder, "student")
        self.owner = self.sshd = self.relay = None

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *exc):
        self.close()

    def _start(self):
        practice = os.path.join(self.folder, "practice")
        self.owner = subprocess.Popen([self.program, "--dir", practice], text=True,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.line = json.loads(self.owner.stdout.readline())
        self.kubeconfig = self.line["kubeconfig"]
        home = os.path.join(practice, "home")
        os.makedirs(os.path.join(home, ".ssh"), 0o700, exist_ok=True)
        os.makedirs(os.path.join(home, ".sshd"), 0o700, exist_ok=True)
        self._make_key(os.path.join(home, ".sshd", "host_key"))
        self._make_key(self.identity)
        shutil.copy(self.identity + ".pub", os.path.join(home, ".ssh", "authorized_keys"))
        with open(os.path.join(home, ".sshd", "config"), "w") as config:
            config.write(SSHD_CONFIG % SSHD_PORT)
        for name in (".ssh/authorized_keys", ".sshd/config"):
            os.chmod(os.path.join(home, name), 0o600)
        self.log = os.path.join(self.folder, "sshd.log")
        with open(self.log, "wb") as log:
            self.sshd = subprocess.Popen(
                [self.program, "--dir", practice, "--", "/usr/sbin/sshd", "-D", "-e", "-f",
                 "/home/centos/.sshd/config"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.relay = Relay(self.line["socket"], "127.0.0.1", SSHD_PORT)
        self.port = self.relay.port
        wait_until(self._is_up, 10, "sshd on the jumpserver: " + open(self.log).read())

    @staticmethod
    def _make_key(path):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)

    def fingerprint(self):
        """SHA256 fingerprint of the host key, as ssh shows it."""
        path = os.path.join(self.folder, "practice", "home", ".sshd", "host_key.pub")
        line = subprocess.run(["ssh-keygen", "-l", "-f", path], check=True, capture_output=True,
                              text=True).stdout
        return line.split()[1]

    def _is_up(self):
        connection = self.relay.connect()
        if connection is None:
            return False
        connection.close()
        return True

    def close(self):
        if self.relay:
            self.relay.close()
        for process in (self.sshd, self.owner):
            if process:
                if process.stdin:
                    process.stdin.close()
                process.terminate()
                process.wait(10)
