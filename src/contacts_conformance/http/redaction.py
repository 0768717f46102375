"""Secrets are taken out of everything that leaves the client, so that nothing behind it can leak one."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

from contacts_conformance.target import Secret

_SHORTEST = 4
_SENSITIVE = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "apikey", "x-api-key"})


class Redactor:
    """Replaces every secret, in each form in which a server may echo it, by the name of its variable."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._names: dict[str, str] = {}
        for secret in secrets:
            if len(secret.value) >= _SHORTEST:
                for form in _forms(secret.value):
                    self._names.setdefault(form.lower(), f"${{{secret.variable}}}")
        alternatives = sorted(map(re.escape, self._names), key=len, reverse=True)
        self._pattern = re.compile("|".join(alternatives), re.IGNORECASE) if alternatives else None
        self._bytes = re.compile(self._pattern.pattern.encode(), re.IGNORECASE) if self._pattern else None

    def text(self, text: str) -> str:
        """The text without secrets."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda m: self._names.get(m[0].lower(), "${SECRET}"), text)

    def content(self, content: bytes) -> bytes:
        """The bytes without secrets."""
        if self._bytes is None:
            return content
        return self._bytes.sub(lambda m: self._names.get(m[0].decode("latin-1").lower(), "${SECRET}").encode(), content)

    def headers(self, headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """The headers without secrets; of cookies and foreign credentials nothing stays."""
        return tuple((self.text(name), self._value(name, value)) for name, value in headers)

    def _value(self, name: str, value: str) -> str:
        clean = self.text(value)
        if name.lower() in _SENSITIVE and clean == value:
            scheme, _, rest = value.partition(" ")
            return f"{scheme} [removed]" if rest else "[removed]"
        return clean


def _forms(value: str) -> set[str]:
    raw = value.encode()
    forms = {value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1], raw.hex(), value[::-1]}
    for before in range(3):  # base64 shifts with what stands before it; the ends that hold other bits are left out
        encoded = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        middle = encoded[(0, 2, 3)[before] : len(encoded) - (1 if (before + len(raw)) % 3 else 0)]
        forms |= {middle, middle.replace("+", "-").replace("/", "_")}
    return {f for f in forms if len(f) >= _SHORTEST}
