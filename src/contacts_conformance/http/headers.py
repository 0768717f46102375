"""The headers of requests and answers, as they are sent and as evidence keeps them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable

import httpx

from contacts_conformance.http.recording import cut

_MOST_HEADERS = 200
_LONGEST_HEADER = 4_000
_LONGEST_HEADERS = 20_000


def utf8(pairs: Iterable[tuple[str, str]]) -> httpx.Headers:
    """Headers in UTF-8, since not everybody keeps to ASCII."""
    return httpx.Headers([(n.encode("utf-8", "replace"), v.encode("utf-8", "replace")) for n, v in pairs])


def sent(
    headers: httpx.Headers,
    clean: Callable[[Iterable[tuple[str, str]]], Iterable[tuple[str, str]]],
    text: Callable[[str], str],
) -> tuple[tuple[str, str], ...]:
    """The headers of a request, with their usual capitals and without secrets.

    Credentials in base64 become `Basic base64(…)`, which shows whose name stands beside the secret. `clean` takes
    secrets out of headers, and `text` out of one text.
    """
    pairs = [(title(name), value) for name, value in headers.items()]
    basic = {value: _basic(value, text) for name, value in pairs if name == "Authorization"}
    return tuple(
        (name, basic.get(value) or shown) for (name, value), (_, shown) in zip(pairs, clean(pairs), strict=True)
    )


def _basic(value: str, text: Callable[[str], str]) -> str:
    """What is shown of credentials in base64; empty for any others, and for those without a secret that is known."""
    scheme, _, coded = value.partition(" ")
    try:
        plain = base64.b64decode(coded, validate=True).decode("utf-8") if scheme.lower() == "basic" else ""
    except ValueError:
        return ""
    shown = text(plain)
    return f"{scheme} base64({shown})" if shown != plain else ""


def kept(
    answered: httpx.Headers, clean: Callable[[Iterable[tuple[str, str]]], Iterable[tuple[str, str]]]
) -> tuple[tuple[str, str], ...]:
    """The headers of an answer, as far as evidence can carry them; cut only once `clean` has taken out secrets."""
    shown: list[tuple[str, str]] = []
    left = _LONGEST_HEADERS
    for name, value in clean(answered.multi_items()[:_MOST_HEADERS]):
        shown.append((cut(name, min(_LONGEST_HEADER, left)), cut(value, min(_LONGEST_HEADER, left))))
        left -= len(name) + len(value)
        if left <= 0:
            break
    return tuple(shown)


def reason(response: httpx.Response | None) -> str:
    """The reason of a status as it came: httpx leaves out of its text what is not ASCII."""
    if response is None:
        return ""
    reason = response.extensions.get("reason_phrase", response.reason_phrase.encode())
    return bytes(reason).decode("utf-8", "replace")


def title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))
