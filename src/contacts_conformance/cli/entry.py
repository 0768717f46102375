"""Where the command begins: a signal that comes while it is still being loaded ends it as one that comes later does."""

from __future__ import annotations

import signal
import sys


def main() -> None:
    """Runs the command, and ends the process."""
    ends = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    try:
        if ends:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        from contacts_conformance.cli.main import main as command

        if ends:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
    except KeyboardInterrupt:
        sys.stderr.write("contacts-conformance: interrupted before anything was sent\n")
        sys.exit(3)  # ExitCode.INCOMPLETE, which may not be loaded
    command(prog_name="contacts-conformance")
