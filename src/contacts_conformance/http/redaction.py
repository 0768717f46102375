"""Secrets are taken out of everything that leaves the client, so that nothing behind it can leak one."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from contacts_conformance.target import Secret

_SHORTEST = 4
_SHORTEST_IN_ANSWERS = 8
"""Anything shorter may stand in an answer by chance: `1234` in an id, `portal` in the name of a member."""
SENSITIVE = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "apikey", "x-api-key"})
"""Headers that hold credentials, in lower case."""
_IN_PATHS = "/:@!$&'()*+,;=~"
_SURROGATES = re.compile("[\ud800-\udfff]")


class Redactor:
    """Replaces every secret, in each form in which a server may echo it, by the name of its variable."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._names: dict[str, str] = {}
        self._forms: set[str] = set()
        self._long: set[str] = set()
        for secret in secrets:
            self._add(secret)
        self._compile()

    def learn(self, variable: str, value: str) -> None:
        """Takes a secret that came up during the run."""
        self._add(Secret(variable, value))
        self._compile()

    def _add(self, secret: Secret) -> None:
        if len(secret.value) >= _SHORTEST:
            forms = _forms(secret.value)
            self._long |= forms if len(secret.value) >= _SHORTEST_IN_ANSWERS else set()
            for form in forms:
                self._forms.add(form)
                self._names.setdefault(form.lower(), f"${{{secret.variable}}}")

    def _compile(self) -> None:
        self._every, self._unmistakable = _Search(self._forms), _Search(self._long)

    def text(self, text: str) -> str:
        """The text without secrets, and without what UTF-8 cannot write (halves of surrogate pairs)."""
        return self._replaced(_SURROGATES.sub("\ufffd", text), self._every)

    def content(self, content: bytes) -> bytes:
        """The bytes without secrets."""
        return self._bytes(content, self._every)

    def judged(self, content: bytes) -> bytes:
        """The bytes as checks see them: without secrets, but for those so short that they may stand there by chance.

        What a check says of them is redacted in its turn.
        """
        return self._bytes(content, self._unmistakable)

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """The headers without secrets; of cookies and foreign credentials nothing stays."""
        return tuple((self.text(name), self._value(name, value)) for name, value in headers)

    def _bytes(self, content: bytes, search: _Search) -> bytes:
        text = content.decode("utf-8", "surrogateescape")
        clean = self._replaced(text, search)
        return content if clean is text else clean.encode("utf-8", "surrogateescape")

    def _replaced(self, text: str, search: _Search) -> str:
        if not search.finds(text):
            return text
        return search.pattern.sub(lambda m: self._names.get(m[0].lower(), "${SECRET}"), text)

    def _value(self, name: str, value: str) -> str:
        clean = self.text(value)
        if name.lower() in SENSITIVE and clean == value:
            scheme, _, rest = value.partition(" ")
            return f"{scheme} [removed]" if rest else "[removed]"
        return clean


class _Search:
    """Finds any of some forms, in either case; most texts hold none, which is seen many times faster than matched."""

    def __init__(self, forms: Iterable[str]) -> None:
        alternatives = sorted(map(re.escape, forms), key=len, reverse=True)
        self.pattern = re.compile("|".join(alternatives), re.IGNORECASE)
        self._lowered = {form.lower() for form in forms}

    def finds(self, text: str) -> bool:
        """Whether one of the forms stands in the text."""
        lowered = text.lower()
        return any(form in lowered for form in self._lowered)


def _forms(value: str) -> set[str]:
    raw = value.encode()
    written = json.dumps(value)[1:-1]
    quoted = {quote(value, safe=safe) for safe in ("", "/", _IN_PATHS)}
    forms = {value, *quoted, *map(quote_plus, [value, *quoted]), html.escape(value)}
    forms |= {written, written.replace("/", "\\/"), raw.hex(), value[::-1]}
    for before in range(3):  # base64 shifts with what stands before it; the ends that hold other bits are left out
        encoded = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        middle = encoded[(0, 2, 3)[before] : len(encoded) - (1 if (before + len(raw)) % 3 else 0)]
        forms |= {middle, middle.replace("+", "-").replace("/", "_")}
    return {f for f in forms if len(f) >= _SHORTEST}
