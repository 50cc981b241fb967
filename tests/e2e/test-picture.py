#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A step that fails in a rehearsal leaves a picture: of the window where there is a display, else
a drawing. test-picture.py KONVOY-LAB, as TAP.
"""

import os
import re
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

COURSE = '''---
id: broken
title: Broken
panel: pods
---
# Broken

```bash {id=well}
true
```

```bash {id=fails}
echo 'Authorization: Bearer abcdefghijklmnop0123456789'; false
```
'''
LINES = ['ok broken/well', 'FAIL broken/fails: the command ended with status 1']
SECONDS = 100


def rehearse(program, folder, environment):
    """The picture that the report names."""
    course = os.path.join(folder, 'broken.md')
    report = os.path.join(folder, 'report.xml')
    with open(course, 'w', encoding='utf-8') as file:
        file.write(COURSE)
    result = subprocess.run([program, '--rehearse', '--practice', '--course', course, '--report', report],
                            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS,
                            env=environment, check=False)
    assert result.stdout.splitlines() == LINES, result.stdout + result.stderr
    assert result.returncode == 1, result.returncode
    cases = list(ElementTree.parse(report).iter('testcase'))
    assert len(cases) == 2, cases
    text = ''.join(cases[1].itertext())
    assert 'abcdefghijkl' not in text, text
    pictures = re.findall(r'\[\[ATTACHMENT\|(.*)\]\]', ''.join(''.join(case.itertext()) for case in cases))
    assert len(pictures) == 1, pictures
    assert os.listdir(os.path.dirname(pictures[0])) == [os.path.basename(pictures[0])]
    return pictures[0]


def check_png(path):
    """Of the size of a window, and not a blank one, which takes a few kilobytes."""
    with open(path, 'rb') as file:
        data = file.read()
    assert path.endswith('/report-pictures/broken.fails.png'), path
    assert data[:8] == b'\x89PNG\r\n\x1a\n' and data[12:16] == b'IHDR', data[:16]
    width, height = struct.unpack('>II', data[16:24])
    assert 900 <= width <= 4000 and 600 <= height <= 3000, (width, height)
    assert len(data) > 20000, len(data)


def check_svg(path):
    with open(path, encoding='utf-8') as file:
        text = file.read()
    assert path.endswith('/report-pictures/broken.fails.svg'), path
    assert 'the command ended with status 1' in text and '</svg>' in text, text
    assert 'abcdefghijkl' not in text, text


def main():
    program = os.path.abspath(sys.argv[1])
    dark = {name: value for name, value in os.environ.items()
            if name not in ('DISPLAY', 'WAYLAND_DISPLAY')}
    cases = [('a drawing without a display', dark, check_svg)]
    # any other backend than that of the display's kind would look for another display
    light = {**os.environ, 'GDK_BACKEND': 'x11', 'GSK_RENDERER': 'cairo', 'GTK_A11Y': 'test'}
    cases.append(('a picture of the window with one', light, check_png))

    failures = 0
    for number, (name, environment, check) in enumerate(cases, 1):
        if check is check_png and 'DISPLAY' not in os.environ:
            print(f'ok {number} {name} # SKIP no display')
            continue
        with tempfile.TemporaryDirectory(prefix='konvoy-picture-') as folder:
            try:
                check(rehearse(program, folder, environment))
                print(f'ok {number} {name}', flush=True)
            except (AssertionError, OSError, subprocess.SubprocessError) as error:
                failures += 1
                for line in str(error).splitlines():
                    print('#', line)
                print(f'not ok {number} {name}', flush=True)
    print(f'1..{len(cases)}')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
