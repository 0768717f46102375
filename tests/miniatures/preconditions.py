"""Reference servers that lack one thing by which the suite finds its own contacts: a filter, an order, a long page.

The lack lies around a server as a layer that reads the query of each list. So any listed fault can be put into the
server within, and has to be caught although the way to the contacts is another one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl, quote, unquote, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contacts_conformance import reference

Pairs = list[tuple[str, str]]
Lack = Callable[[str, Pairs], Pairs | None]
"""The parameters of a list as the server within gets them, by its path; None where the list is refused."""


def _refused(name: str) -> Lack:
    """Refuses lists with a parameter whose name matches."""
    return lambda path, pairs: None if any(re.fullmatch(name, n) for n, _ in pairs) else pairs


def _ignored(name: str) -> Lack:
    """Drops parameters whose names match."""
    return lambda path, pairs: [(n, v) for n, v in pairs if not re.fullmatch(name, n)]


def _at_most(name: str, most: int) -> Lack:
    """Pages of at most so many contacts."""

    def shorten(path: str, pairs: Pairs) -> Pairs:
        asked = [v for n, v in pairs if n == name]
        if asked and not (asked[0].isdecimal() and int(asked[0]) > most):
            return pairs
        return [*((n, v) for n, v in pairs if n != name), (name, str(most))]

    return shorten


def _filter_refused(attribute: str) -> Lack:
    """Refuses filters in SparkQL that compare an attribute."""
    return lambda path, pairs: None if any(_compares(n, v, attribute) for n, v in pairs) else pairs


def _filter_ignored(attribute: str) -> Lack:
    """Takes comparisons of an attribute in SparkQL for true."""
    comparison = re.compile(rf"\b{attribute} +(?:eq|ne) +(?:'(?:[^'\\]|\\.)*'(?:, *)?)+", re.IGNORECASE)
    return lambda path, pairs: [(n, comparison.sub("Id Ne '0' ", v) if n == "_filter" else v) for n, v in pairs]


def _compares(name: str, text: str, attribute: str) -> bool:
    return name == "_filter" and re.search(rf"\b{attribute} +\w+ ", text) is not None


def _tags_refused(path: str, pairs: Pairs) -> Pairs | None:
    return None if "/tags" in path else pairs


LACKS: Mapping[str, Mapping[str, Lack]] = {
    "liondesk": {
        "company refused": _refused(r"company(\[.*)?"),
        "company ignored": _ignored(r"company(\[.*)?"),
        "tags refused": _refused(r"tags(\[.*)?"),
        "pages of five": _at_most("$limit", 5),
        "sort refused": _refused(r"\$sort.*"),
        "in refused": _refused(r".*\[\$in\].*"),
    },
    "spark": {
        "orderby refused": _refused("_orderby"),
        "Tags refused": _filter_refused("Tags"),
        "Tags ignored": _filter_ignored("Tags"),
        "pages of five": _at_most("_limit", 5),
    },
    "flexmls": {"tags refused": _tags_refused},
}
"""What each server can lack, by its name."""

_REFUSALS: Mapping[str, Any] = {
    "liondesk": {"name": "BadRequest", "message": "Invalid query", "code": 400, "className": "bad-request"},
    "spark": {"D": {"Success": False, "Code": 1053, "Message": "Invalid parameter"}},
    "flexmls": {"D": {"Success": False, "Code": 1053, "Message": "Invalid parameter"}},
}


class Lacking:
    """A server whose lists lack one thing."""

    def __init__(self, app: ASGIApp, lack: Lack, refusal: Any) -> None:
        self._app = app
        self._lack = lack
        self._refusal = json.dumps(refusal).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _is_list(scope["path"]):
            await self._app(scope, receive, send)
            return
        text = scope["query_string"].decode("latin-1")
        pairs = parse_qsl(text, keep_blank_values=True)
        left = self._lack(scope["path"], pairs)
        if left is None:
            await self._refuse(scope, receive, send)
            return
        if left != pairs and "ApiSig" not in dict(pairs):  # which covers all parameters
            scope = {**scope, "query_string": urlencode(left, quote_via=quote).encode()}
        await self._app(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses what the server within would have answered with a success; else that answer stands."""
        held: list[Message] = []

        async def keep(message: Message) -> None:
            held.append(message)

        await self._app(scope, receive, keep)
        if held[0]["status"] < 300:
            headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(self._refusal))]
            held = [
                {"type": "http.response.start", "status": 400, "headers": headers},
                {"type": "http.response.body", "body": self._refusal},
            ]
        for message in held:
            await send(message)


def _is_list(path: str) -> bool:
    return re.fullmatch(r"(/v1)?/+contacts(/tags/.*|/unconnected)?/?", unquote(path)) is not None


@contextmanager
def lacking(provider: str, name: str) -> Iterator[None]:
    """Every reference server of the provider that is started meanwhile lacks the thing of this name."""
    server = reference.load(provider)
    build, lack = server.application, LACKS[provider][name]

    def application(**options: Any) -> ASGIApp:
        return Lacking(build(**options), lack, _REFUSALS[provider])

    with mock.patch.object(server, "application", application):
        yield
