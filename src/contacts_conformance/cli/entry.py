"""Where the command begins: a signal that comes while it is still being loaded ends it as one that comes later does."""

from __future__ import annotations

import gc
import sys

from contacts_conformance.cli import loading


def main() -> None:
    """Runs the command, and ends the process."""
    gc.set_threshold(20_000, 20, 50)  # to load the modules takes a tenth less where cycles are looked for less often
    try:
        with loading.stoppable():
            from contacts_conformance.cli.main import main as command
    except KeyboardInterrupt:
        sys.stderr.write(f"contacts-conformance: {loading.INTERRUPTED}\n")
        sys.exit(3)  # ExitCode.INCOMPLETE, which may not be loaded
    command(prog_name="contacts-conformance")
