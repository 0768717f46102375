"""What the target file that users start from holds: its roles, their keys, known ids and limits, with comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HIDDEN = re.compile(r"^# (?=\[[\w.]+\]|\w+ = )")
_TABLE = re.compile(r"^\[([\w.]+)\]\s*(?:#\s*(.*))?$")
_ENTRY = re.compile(r'^(\w+) = ("[^"]*"|[^#\s]+)\s*(?:#\s*(.*))?$')
_VARIABLE = re.compile(r"^\$\{(\w+)\}$")


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of the file, as in `identities.owner.token`, with its example and what the comment says of it.

    `usual` is false where it stands in a comment; `about` is what is said of its table.
    """

    key: str
    example: str
    comment: str
    usual: bool
    about: str = ""

    @property
    def table(self) -> str:
        """The table that it stands in; empty where it stands in none."""
        return self.key.rpartition(".")[0]

    @property
    def variable(self) -> str:
        """The environment variable that the example names; empty where it names none."""
        found = _VARIABLE.match(self.example)
        return found[1] if found else ""


def entries(text: str) -> Iterator[Entry]:
    """Every entry of such a file, in its order."""
    table = about = before = ""
    for line in text.splitlines():
        plain = _HIDDEN.sub("", line)
        hidden = plain != line
        if found := _TABLE.match(plain):
            table, about = found[1], found[2] or ""
        elif found := _ENTRY.match(plain):
            name, value, comment = found[1], found[2].strip('"'), found[3] or before
            key = f"{table}.{name}" if table else name
            yield Entry(key, value, comment, not hidden, about)
        before = line.removeprefix("# ") if line.startswith("# ") and not hidden else ""
