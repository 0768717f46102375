"""Where a vendor's service is: its base URLs, and what lies below them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import SplitResult, urlsplit

from contacts_conformance.contract import Contract
from contacts_conformance.errors import UsageError

_PORTS = {"http": 80, "https": 443}


class Places:
    """The base URLs of a service: those that are given, or the contract's own.

    Raises UsageError where one that is given is no http or https URL.
    """

    def __init__(self, contract: Contract, given: Sequence[str] = ()) -> None:
        self.bases = tuple(given) or tuple(s["url"] for s in contract.document["servers"])
        for base in self.bases:
            parts = split(base)
            if parts is None or parts.scheme not in _PORTS or not parts.hostname:
                raise UsageError(f"--base-url {base}: is no http or https URL")
        longest_first = sorted(self.bases, key=len, reverse=True)
        self._parts = [(b, p) for b in longest_first if (p := split(b)) is not None]
        self._strict = bool(given)
        self.used = ""
        """The base URL that the first URL lay below."""

    def below(self, url: str) -> str | None:
        """The path below the base URL that a URL lies below, or None where it lies below none."""
        mine = split(url)
        if mine is None:
            return None
        for base, theirs in self._parts:
            path = _below(mine, theirs, strict=self._strict)
            if path is not None:
                self.used = self.used or base
                return path
        return None


def split(url: str) -> SplitResult | None:
    """The parts of a URL, if it is one."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def hosts(urls: Iterable[str]) -> str:
    """Where URLs lead, in words."""
    parts = [p for p in map(split, urls) if p is not None and p.hostname]
    places = dict.fromkeys(f"{p.scheme}://{p.netloc.rpartition('@')[2]}" for p in parts)
    return "the capture has " + (", ".join(list(places)[:3]) or "no http URL")


def _below(mine: SplitResult, theirs: SplitResult, *, strict: bool) -> str | None:
    """The path of a URL below another; if not `strict`, http and https are one, as the vendor's host is one."""
    prefix = theirs.path.rstrip("/")
    is_there = _place(mine, strict) == _place(theirs, strict)
    if not is_there or not (mine.path == prefix or mine.path.startswith(prefix + "/")):
        return None
    return mine.path[len(prefix) :] or "/"


def _place(parts: SplitResult, strict: bool) -> tuple[str | None, ...]:
    port = parts.port or _PORTS.get(parts.scheme)
    host = (parts.hostname or "").rstrip(".")
    if not strict and port == _PORTS.get(parts.scheme):
        return (host,)
    return parts.scheme, host, str(port)
