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
SENSITIVE = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "apikey", "x-api-key"})
"""Headers that hold credentials, in lower case."""
_IN_PATHS = "/:@!$&'()*+,;=~"
_SURROGATES = re.compile("[\ud800-\udfff]")


class Redactor:
    """Replaces every secret, in each form in which a server may echo it, by the name of its variable."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._names: dict[str, str] = {}
        self._forms: set[str] = set()
        for secret in secrets:
            self._add(secret)
        self._compile()

    def learn(self, variable: str, value: str) -> None:
        """Takes a secret that came up during the run."""
        self._add(Secret(variable, value))
        self._compile()

    def _add(self, secret: Secret) -> None:
        if len(secret.value) >= _SHORTEST:
            for form in _forms(secret.value):
                self._forms.add(form)
                self._names.setdefault(form.lower(), f"${{{secret.variable}}}")

    def _compile(self) -> None:
        alternatives = sorted(map(re.escape, self._forms), key=len, reverse=True)
        self._pattern = re.compile("|".join(alternatives), re.IGNORECASE) if alternatives else None

    def text(self, text: str) -> str:
        """The text without secrets, and without what UTF-8 cannot write (halves of surrogate pairs)."""
        return self._replaced(_SURROGATES.sub("\ufffd", text))

    def content(self, content: bytes) -> bytes:
        """The bytes without secrets."""
        if self._pattern is None:
            return content
        return self._replaced(content.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """The headers without secrets; of cookies and foreign credentials nothing stays."""
        return tuple((self.text(name), self._value(name, value)) for name, value in headers)

    def _replaced(self, text: str) -> str:
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda m: self._names.get(m[0].lower(), "${SECRET}"), text)

    def _value(self, name: str, value: str) -> str:
        clean = self.text(value)
        if name.lower() in SENSITIVE and clean == value:
            scheme, _, rest = value.partition(" ")
            return f"{scheme} [removed]" if rest else "[removed]"
        return clean


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
