"""How the text of a vendor's page is cut into its sentences and cells, and what stands for each of them here.

The suite does not contain the vendors' pages. It contains a digest of each sentence, so that a copy of a page can be
compared with the list of sentences in `specs/PROVIDER/sentences.yaml`.

A page is plain text, as a browser copies it. It is cut in four steps:

1. Each line is a line of its own, without white space at its ends and without the sign or number of a list before it.
   A line continues the line directly above it if it begins with a small letter and has more than one word, or if it
   begins with a full stop, a comma, a semicolon, a colon or a closing parenthesis: some pages break lines at links.
2. A line with `|` is a row of a table. It is cut at each `|`, continues nothing and is never continued.
3. What is left is cut after `.`, `?`, `!` or `:` where white space and then a capital letter follow, except after the
   abbreviations in `_NO_END` and after single letters.
4. What has neither a letter nor a digit is dropped: brackets of examples, and the rules of tables.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator

DIGITS = 12
"""How many hexadecimal digits a digest has."""

_LIST_SIGN = re.compile(r"^(?:[•*-]|\d+\.)\s+")
_CONTINUES = re.compile(r"[a-z]\S*\s+\S|[.,;:)]")
_END = re.compile(r"(?<=[.?!:])\s+(?=[A-Z])")
_NO_END = re.compile(r"(?:\b(?:e\.g|i\.e|etc|Mr|Mrs|Dr|St)|\b[A-Za-z])\.$")


def units(text: str) -> tuple[str, ...]:
    """The sentences and cells of a page's text, normalised, in the order of the page."""
    return tuple(
        unit for line in _lines(text) for part in _cells(line) for unit in _sentences(part) if re.search(r"\w", unit)
    )


def normalised(text: str) -> str:
    """A text in Unicode's form NFC, with each run of white space as one blank and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def digest(text: str) -> str:
    """What stands for a sentence or a cell: the first digits of the SHA-256 of its normalised text in UTF-8."""
    return hashlib.sha256(normalised(text).encode()).hexdigest()[:DIGITS]


def _lines(text: str) -> Iterator[str]:
    open_line = ""
    for raw in text.splitlines():
        line = raw.strip()
        if open_line and _CONTINUES.match(line) and "|" not in line:
            open_line += f" {line}"
            continue
        if open_line:
            yield open_line
        open_line = _LIST_SIGN.sub("", line)
        if "|" in line:
            yield open_line
            open_line = ""
    if open_line:
        yield open_line


def _cells(line: str) -> list[str]:
    return line.split("|")


def _sentences(text: str) -> Iterator[str]:
    done = ""
    for part in _END.split(text):
        done = f"{done} {part}" if done else part
        if not _NO_END.search(done):
            yield normalised(done)
            done = ""
    if done:
        yield normalised(done)
