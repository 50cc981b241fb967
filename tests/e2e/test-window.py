#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong is said in the window and can be mended there; a page of the practice cluster
opens in the browser.

    test-window.py KONVOY-LAB KONVOY-PRACTICE

Speaks TAP. Skipped where there is no Xvfb or no accessibility bus.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

PAGE = "a page of the practice cluster"
PASSED = 0
NAMED_ROLES = ("push button", "toggle button", "check box", "combo box", "slider", "entry", "list", "tree table",
               "image", "progress bar", "heading", "link")


def skip(reason):
    print("1..0 # SKIP " + reason)
    sys.exit(0)


for program in ("Xvfb", "dbus-daemon", "xdotool", "import", "curl", "bwrap"):
    if not shutil.which(program):
        skip("there is no " + program)
try:
    from guidrive import DriveError, Session, wait_for
except (ImportError, ValueError) as error:
    skip(str(error))


def ok(what):
    global PASSED
    PASSED += 1
    print("ok %d - %s" % (PASSED, what), flush=True)


def write(path, text, mode=0o600):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, mode)
    return path


def end(app):
    app.check_log()
    if app.quit() != 0:
        raise DriveError("the program ended with %r: %s" % (app.proc.returncode, app.output()[-2000:]))
    app.check_log()


def mend_token(session, program, kubeconfig):
    """A token that is refused, and is right when the user tries again."""
    with open(kubeconfig) as f:
        good = f.read()
    path = write(os.path.join(session.tmp, "kubeconfig"),
                 re.sub(r"token: *\S+", "token: WRONG-TOKEN-0123456789", good))
    app = session.launch([program, "--kubeconfig", path], timeout=40)
    app.find(re.compile(r"^Not connected\. The cluster does not accept these credentials\."), timeout=20)
    if app.find_all(re.compile("WRONG-TOKEN")):
        raise DriveError("the token is on the screen")
    ok("a refused token is said, and not shown")
    write(path, good)
    app.click("Reconnect", "push button")
    app.find("This computer, connected", timeout=20)
    ok("a mended token is enough to connect again")
    end(app)


def quit_from_question(session, program, kubeconfig):
    with open(kubeconfig) as f:
        text = f.read()
    plugin = "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: /bin/false}"
    path = write(os.path.join(session.tmp, "exec"), re.sub(r"token: *\S+", plugin, text))
    app = session.launch([program, "--kubeconfig", path], timeout=40)
    app.find("Run the sign-in program?", timeout=20)
    app.find("Cancel", "push button")
    dialog = session._x("xdotool", "search", "--onlyvisible", "--pid", str(app.pid)).split()[-1]
    session.xdo("windowfocus", "--sync", dialog)
    session.key("ctrl+q")
    if app.proc.wait(10) != 0:
        raise DriveError("the program ended with %r" % app.proc.returncode)
    app.check_log()
    ok("a question does not keep the program from being quit")


def open_page(session, program, directory):
    """Ctrl and a click on an address in the terminal; the browser is curl."""
    browser = write(os.path.join(session.tmp, "browser"), "#!/bin/sh\ncd '%s' && curl -sSL -c jar -o page.new \"$1\" && mv page.new page\n" % session.tmp, 0o700)
    scheme = "x-scheme-handler/http"
    write(os.path.join(session.env["XDG_DATA_HOME"], "applications", "browser.desktop"),
          "[Desktop Entry]\nType=Application\nName=Browser\nExec=%s %%u\nMimeType=%s;\n" % (browser, scheme))
    write(os.path.join(session.env["XDG_CONFIG_HOME"], "mimeapps.list"),
          "[Default Applications]\n%s=browser.desktop\n" % scheme)
    home = os.path.join(directory, "home")
    write(os.path.join(home, "page", "index.html"), PAGE)
    app = session.launch([program, "--practice=" + directory], timeout=40)
    app.find("Practice cluster, connected", timeout=40)
    terminal = app.find("Terminal", timeout=20)
    terminal.focus_click()
    session.type("python3 -m http.server --directory page 8000 >log 2>&1 &\n")
    session.type("until echo | nc 127.0.0.1 8000 >nc; do :; done; clear; echo http://127.0.0.1:8000/ | tee shown\n")
    wait_for(lambda: os.path.exists(os.path.join(home, "shown")), 20, "the address in the terminal")
    session.wait_stable()
    x, y = terminal.extents()[:2]
    wait_for(lambda: click_address(session, x, y), 20, "the page in the browser", 1)
    ok("a page of the practice cluster opens in the browser")
    end(app)


def section_nodes(app, before):
    """All there is of the window once it shows another section than before, down to its last row."""
    nodes = app.find_all()
    names = {n.name for n in nodes}
    return nodes if before not in names and "Next section" in names else None


def read_sections(session, program, kubeconfig):
    """Whatever a screen reader stops at has a name; the search leads to any step."""
    app = session.launch([program, "--kubeconfig", kubeconfig, "--section", "load-balancer"], timeout=40)
    title = None
    for what in ("code and checks", "a picture"):
        # the tree is large, so it is asked for seldom
        nodes = wait_for(lambda: section_nodes(app, title), 60, "a section with " + what, 0.5)
        title = next(n.name for n in nodes if n.role == "frame")
        nameless = [n for n in nodes if n.role in NAMED_ROLES and not (n.name or "").strip()]
        if nameless:
            raise DriveError("no name in %r: %r" % (title, nameless))
        session.key("alt+Down")
    ok("all that a screen reader stops at in a section has a name")
    session.key("ctrl+f")
    app.find("Search the course", timeout=30)
    session.type("destination-rule-all-mtls")
    app.find(re.compile(r"^Command: .*destination-rule-all-mtls"), timeout=30)
    session.key("Return")
    wait_for(lambda: app.find(role="frame").name.startswith("Request routing"), 30, "the section that was searched for", 0.5)
    ok("the search opens the section where the words are")
    end(app)


def click_address(session, x, y):
    session.xdo("mousemove", x + 80, y + 17, "keydown", "Control_L", "click", "1", "keyup", "Control_L")
    page = os.path.join(session.tmp, "page")
    return os.path.exists(page) and open(page).read() == PAGE


def main():
    program, practice = (os.path.abspath(p) for p in sys.argv[1:3])
    directory = tempfile.mkdtemp(prefix="konvoy-window-")
    try:
        with Session(size="1280x800") as session:
            owner = subprocess.Popen([practice, "--dir", directory], text=True,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            try:
                kubeconfig = json.loads(owner.stdout.readline())["kubeconfig"]
                mend_token(session, program, kubeconfig)
                quit_from_question(session, program, kubeconfig)
                read_sections(session, program, kubeconfig)
                open_page(session, program, directory)
            finally:
                owner.stdin.close()
                owner.wait(10)
        print("1..%d" % PASSED)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
