"""Text that a terminal, or a page of text, can show whatever a server or a page has put into it."""

from __future__ import annotations


def plain(text: str) -> str:
    """The text with every character that could move a cursor, hide or reorder text shown as an escape."""
    return "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)
