"""Which texts of a request name a contact of the run, and which variables of a script stand there instead."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable
from urllib.parse import quote, unquote

from contacts_conformance.http.parsing import NOT_JSON, parse
from contacts_conformance.model import Exchange, Record

_UNMISTAKABLE = 8
"""Anything shorter may be a number, or a word, by chance: it is an id only at a member or parameter for ids."""
_TOKEN = re.compile(r"[\w.~-]+")
_BASE = re.compile(r"[\w$]+")

IdOf = Callable[[Record], str | None]


class Placing:
    """Finds ids of contacts in requests, and puts variables in their place.

    `id_of` is the provider's; it tells by which names ids go. `tag` marks the contacts of the run: the script has a
    mark of its own, as long, in the variable `MARK` (`MARK_UPPER` where the run wrote it in capitals). After
    what `distinct` matches, which only this run has in names and addresses, the script has a text of its own, `OTHER`.
    """

    def __init__(self, id_of: IdOf, tag: str, distinct: re.Pattern[str] | None = None) -> None:
        self._id_of = id_of
        self._tag = tag
        self._distinct = distinct
        self.names: dict[str, str] = {}
        """The variables that stand for the ids of contacts."""

    def mentioned(self, exchange: Exchange, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that the request of an exchange names."""
        text = f"{unquote(exchange.url)} {exchange.request_body}"
        tokens = {*_TOKEN.findall(text), *_TOKEN.findall(exchange.url)}
        likely = [i for i in ids if i in tokens or not _TOKEN.fullmatch(i)]
        trial = Placing(self._id_of, "")
        trial.names = {i: f"ID_{n}" for n, i in enumerate(likely)}
        placed = trial.in_path(exchange.url) + trial.in_body(exchange.request_body)
        return frozenset(i for i, name in trial.names.items() if f"${{{name}}}" in placed)

    def marks(self, exchange: Exchange) -> frozenset[str]:
        """The marks of the run in the request of an exchange."""
        text = f"{unquote(exchange.url)} {exchange.request_body}"
        return frozenset(m.lower() for m in re.findall(rf"{re.escape(self._tag)}x\d+", text, re.IGNORECASE))

    def in_path(self, path: str) -> str:
        """A path and query in which variables stand for the mark and for ids of contacts."""
        path, asked, query = self._marked(path).partition("?")
        for contact, name in self.names.items():
            path = re.sub(rf"(?<=/){re.escape(quote(contact, safe='-._~'))}(?=/|$)", f"${{{name}}}", path)
        return path + asked + "&".join(map(self._in_parameter, query.split("&")))

    def in_body(self, body: str) -> str:
        """A body in which variables stand for the mark and for ids of contacts."""
        body = self._marked(body)
        for contact, name in self.names.items():
            body = self._in_json(body, contact, name)
        return body

    def _marked(self, text: str) -> str:
        if self._distinct is not None:
            text = self._distinct.sub(lambda found: f"{found[0]}${{OTHER}}", text)
        if not self._tag:
            return text
        return text.replace(self._tag, "${MARK}").replace(self._tag.upper(), "${MARK_UPPER}")

    def _in_parameter(self, pair: str) -> str:
        parameter, given, value = pair.partition("=")
        for contact, name in self.names.items():
            written = re.escape(quote(contact, safe="-._~"))
            value = re.sub(rf"(?<=%27){written}(?=%27)", f"${{{name}}}", value)
            if self._is_telling(unquote(parameter), contact):
                value = re.sub(rf"(?:(?<=,)|(?<=%2C)|^){written}(?=,|%2C|$)", f"${{{name}}}", value)
        return parameter + given + value

    def _in_json(self, body: str, contact: str, name: str) -> str:
        def member(found: re.Match[str]) -> str:
            telling = self._is_telling(found["name"], contact)
            return f"{found['before']}${{{name}}}{found['after']}" if telling else found[0]

        written = re.escape(contact)
        body = re.sub(rf'(?P<before>"(?P<name>[^"\\]+)"\s*:\s*"?){written}(?P<after>"?\s*[,}}])', member, body)
        return re.sub(rf'"{written}"', f'"${{{name}}}"', body) if _is_unmistakable(contact) else body

    def _is_telling(self, name: str, contact: str) -> bool:
        """Whether a text that looks like this id is one, where it stands under this name."""
        base = _BASE.match(name)
        return _is_unmistakable(contact) or (base is not None and self._is_id(base[0], contact))

    def _is_id(self, name: str, contact: str) -> bool:
        number = parse(contact.encode("utf-8", "replace"))
        return any(self._id_of({name: v}) == contact for v in (contact, number) if v is not NOT_JSON)


def _is_unmistakable(contact: str) -> bool:
    return len(contact) >= _UNMISTAKABLE


def taking(exchange: Exchange, contact: str) -> str:
    """The command that takes the id of a new contact from the answer: from a member of its body, or from Location."""
    counts: dict[str, int] = {}
    for piece in re.split("[,{}]", exchange.response_body):
        found = re.match(r'\s*"([\w$.-]+)"\s*:\s*"?([^"]*)', piece)
        if found is None:
            continue
        counts[found[1]] = counts.get(found[1], 0) + 1
        if found[2].strip(" \t\r\n]") == contact:
            return f"member {shlex.quote(found[1])} {counts[found[1]]}"
        if found[2].rstrip(" \t\r\n]").endswith(f"/{contact}"):
            return f"member {shlex.quote(found[1])} {counts[found[1]]} | last"
    return "location"
