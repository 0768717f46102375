"""Texts in the quotes of a POSIX shell, and the functions by which a script takes values out of answers."""

from __future__ import annotations

import json

from contacts_conformance.http import recording
from contacts_conformance.http.parsing import NOT_JSON, parse
from contacts_conformance.http.recording import VARIABLE, cut

_TAKING = {
    "member": """\
member() {  # member NAME N: the N-th value that a member of this name has in the JSON that is read
    tr ',{}' '\\n\\n\\n' | sed -n 's/^[[:space:]]*"'"$1"'"[[:space:]]*:[[:space:]]*"\\{0,1\\}\\([^"]*\\).*/\\1/p' |
        sed -n "$2p" | tr -d '[:space:]]'
}""",
    "last": """\
last() {  # the last step of the path that is read
    sed 's/.*\\///'
}""",
    "location": """\
location() {  # the last step of the path in the header Location of the answer that is read
    tr -d '\\r' | sed -n 's/^[Ll]ocation:.*\\/\\([^/?]*\\).*$/\\1/p' | sed -n 1p
}""",
}


def taking(body: str) -> list[str]:
    """The functions that the lines of a script call: they take a member of JSON, or the end of a path, from answers."""
    return [text for name, text in _TAKING.items() if f"| {name}" in body]


def escaped(body: str) -> str:
    """A body whose characters that no terminal shows are escapes, where it is JSON."""
    if parse(body.encode("utf-8", "replace")) is NOT_JSON:
        return body
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in body)


def quoted(text: str) -> str:
    """The text in quotes of a POSIX shell; `${NAME}` stays a variable."""
    return recording.quoted(text, single)


def variables(text: str) -> set[str]:
    """The names of the variables in a text."""
    return {*VARIABLE.findall(text)}


def single(text: str) -> str:
    """The text in single quotes; what no terminal shows is written by its bytes."""
    if text.isprintable():
        return "'" + text.replace("'", "'\\''") + "'"
    written = "".join(chr(b) if 32 <= b < 127 and chr(b) not in "\\%'" else f"\\{b:03o}" for b in _bytes(text))
    return f"\"$(printf '{written}')\""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def line(text: str) -> str:
    """The text as one line that a terminal shows as it is."""
    return "".join(c if c.isprintable() else " " for c in cut(text, 600))
