"""A command enters; it runs with a terminal as its stderr, and what it wrote there leaves on our stderr."""

import os
import pty
import subprocess
import sys


def main() -> int:
    ours, theirs = pty.openpty()
    command = subprocess.Popen(sys.argv[1:], stderr=theirs, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    while True:
        try:
            written = os.read(ours, 1 << 16)
        except OSError:  # the last holder of the terminal is gone
            break
        if not written:
            break
        sys.stderr.buffer.write(written)
    return command.wait()


sys.exit(main())
