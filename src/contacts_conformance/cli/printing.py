"""Lines on a terminal, without what could harm it."""

from __future__ import annotations

import rich.console
from rich.markup import escape

from contacts_conformance.contract.terminal import plain


class Printer:
    """Writes to the terminal: to standard output, or to standard error where that is for a program to read."""

    def __init__(self, out: rich.console.Console | None = None, errors: bool = False) -> None:
        self._out = out or rich.console.Console(soft_wrap=True, highlight=False, stderr=errors)

    def print(self, text: str, style: str = "") -> None:
        """Writes a line, as it is."""
        self._out.print(escape(plain(text)), style=style or None)
