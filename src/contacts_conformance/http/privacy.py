"""Bodies of answers as they may be stored: records that are not the run's own lose what they say of anybody.

Of such a record the names of its members stay, and of each value its JSON type, its length and its written form, so
that a stored body is judged as the body itself was. An answer that is no success is kept but for contacts in it, so
that its message can be read; a success that is no JSON is kept by its size alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from contacts_conformance.contract import Contract
from contacts_conformance.http.masks import Masks
from contacts_conformance.http.messages import READS, Request
from contacts_conformance.http.parsing import NOT_JSON, parse
from contacts_conformance.http.strangers import MOST_REMEMBERED, Strangers
from contacts_conformance.model import Json, Record

_REFERENCE = re.compile(r"(?:^|_)(?:id|uri|url|href)s?$|(?:I[dD]|Uri|Url)s?$")
_VARIABLE = re.compile(r"\$\{\w+\}")
_LARGEST_COUNT = 999_999
_WITHHELD = b"(withheld: "
_MARKUP = re.compile(rb"\s{0,80}(<[!?]?[A-Za-z][A-Za-z0-9]{0,20}(?: html)?)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.){3,300})(?:"|\Z)')
_MOST_QUOTED = 20_000
_JSON_WORDS = frozenset({"null", "true", "false", "string", "number", "integer", "boolean", "array", "object"})


@dataclass(frozen=True, slots=True)
class Own:
    """What is the run's own: the ids of its contacts, and whether a record without the tag is one of them."""

    ids: Collection[str] = ()
    holds: Callable[[Record], bool] = lambda record: False


class Privacy:
    """Decides what of an answer may leave the client, and takes what may not out of texts.

    `tag()` is the text that the run's own contacts carry, `own()` says what else is the run's own at this moment.
    `known` are texts of the target file. So many characters of what answers told of others are `remembered`.
    """

    def __init__(
        self,
        contract: Contract,
        id_of: Callable[[Record], str | None],
        *,
        tag: Callable[[], str],
        own: Callable[[], Own] = Own,
        known: Collection[str] = (),
        remembered: int = MOST_REMEMBERED,
    ) -> None:
        fields = (*contract.answered_fields, *contract.create_fields)
        self._names = frozenset(n for f in fields for n in (f.name, f.shown_as) if not _REFERENCE.search(n))
        self._instants = frozenset(f.shown_as for f in fields if f.kind == "instant")
        self._masks = Masks(contract.document)
        self._strangers = Strangers({*self._names, *self._masks.words, *_JSON_WORDS, *known}, remembered)
        self._known = frozenset(known)
        self._id_of, self._tag, self._own = id_of, tag, own

    def masked(self, text: str) -> str:
        """The text without what answers told of others; the first character of each value stays."""
        return self._strangers.masked(text)

    def conceal(self, request: Request, status: int, content: bytes) -> bytes:
        """What may be stored of the body of an answer; the very same bytes where nothing in it is to be hidden."""
        self._note(request)
        addressed = () if request.quotes else request.path.split("/")
        return self._concealed(content, status, request.method, frozenset(addressed))

    def conceal_all(self, content: bytes, *, status: int = 200, method: str = "GET") -> bytes:
        """The same of a body that no run has to do with, such as one of a capture: nothing in it is a run's own."""
        return self._concealed(content, status, method, frozenset())

    def _concealed(self, content: bytes, status: int, method: str, addressed: frozenset[str]) -> bytes:
        if not content:
            return content
        succeeded = 200 <= status < 300
        body = parse(content)
        if body is NOT_JSON:
            if not succeeded:
                return content
            for quoted in _QUOTED.findall(content[:_MOST_QUOTED].decode("utf-8", "replace")):
                self._strangers.saw(quoted)
            return withheld(content)
        walk = _Walk(self, self._own(), reads=method in READS, addressed=addressed)
        shown = walk.root(body) if succeeded else walk.kept(body)
        return _written(shown) if walk.hid or (succeeded and _has_name_twice(content)) else content

    def _note(self, request: Request) -> None:
        """Remembers what the run sends: that is its own, whoever else has the same."""
        sent = parse(request.content) if request.content else request.json
        if request.quotes:
            return
        left: list[Json] = [sent, *(value for _, value in request.query), *request.path.split("/")]
        while left:
            node = left.pop()
            if isinstance(node, Mapping):
                left += node.values()
            elif isinstance(node, list | tuple):
                left += node
            else:
                self._strangers.own(node)

    def is_contact(self, node: dict[str, Any]) -> bool:
        """Whether an object is about somebody: it has members of a contact."""
        return len(self._names & node.keys()) > 1

    def is_record(self, node: dict[str, Any]) -> bool:
        """Whether a whole body is one record, and no envelope of others: by its members, its id or its tag."""
        if self.is_contact(node) or self._id_of(node) is not None:
            return True
        return any(isinstance(value, str) and self.carries_tag(value) for value in node.values())

    def is_own(self, node: dict[str, Any], own: Own, *, written: bool) -> bool:
        """Whether a record is the run's own.

        It carries the tag, or is known to be; or most of its texts are what the run has sent, where it is the answer
        to a write, or has the id of a contact that the run created: not every check asks for the member of the tag.
        """
        if self.carries_tag(node) or own.holds(node):
            return True
        if not written and self._id_of(node) not in own.ids:
            return False
        texts = [v for k, v in node.items() if isinstance(v, str) and v and not self._is_service(k)]
        return 2 * sum(map(self._strangers.is_own, texts)) > len(texts) or not texts

    def carries_tag(self, node: Json) -> bool:
        """Whether the tag of the run stands anywhere in it."""
        tag = self._tag().lower()
        if isinstance(node, str):
            return tag in node.lower() if tag else False
        left = [node] if tag else []
        while left:
            some = left.pop()
            if isinstance(some, str):
                if tag in some.lower():
                    return True
            elif isinstance(some, dict):
                left += some.values()
            elif isinstance(some, list):
                left += some
        return False

    def is_mixed(self, record: dict[str, Any]) -> bool:
        """Whether a record has entries (objects in lists) that the run did not send: a service may merge contacts."""
        left: list[Json] = list(record.values())
        while left:
            node = left.pop()
            if isinstance(node, dict):
                left += node.values()
            elif isinstance(node, list):
                left += node
                if any(self._is_unknown(entry) for entry in node if isinstance(entry, dict)):
                    return True
        return False

    def _is_unknown(self, entry: dict[str, Any]) -> bool:
        texts = [v for k, v in entry.items() if isinstance(v, str) and v and not self._is_service(k)]
        return not all(map(self._strangers.resembles_sent, texts))

    def is_nobodys(self, name: str, value: Json) -> bool:
        """Whether a value tells nothing of anybody else: the run sent it, or the service gives it of its own."""
        if isinstance(value, int | float) and abs(value) <= _LARGEST_COUNT:
            return True
        return value is None or self._is_service(name) or self._strangers.resembles_sent(str(value))

    def _is_service(self, name: str) -> bool:
        """Whether a member is the service's own most often: an id, an address of the API, an instant."""
        return name in self._instants or _REFERENCE.search(name) is not None

    def hidden(self, name: str, value: Json, own: Collection[str]) -> Json:
        """The mask of a value of somebody else's; `own` values stay, and those of the target file."""
        if value is None or isinstance(value, bool) or value == "":
            return value
        said = str(value)
        if said in self._known or said in own:
            return value
        if isinstance(value, str) and (_VARIABLE.fullmatch(value) or self.carries_tag(value)):
            return value
        self._strangers.saw(value)
        return self._masks.of(name, value)

    def take(self, value: Json) -> None:
        """Remembers a value of the run's own."""
        self._strangers.own(value, sent=False)


class _Walk:
    """One body."""

    def __init__(self, privacy: Privacy, own: Own, *, reads: bool, addressed: frozenset[str]) -> None:
        self.hid = False
        self._privacy = privacy
        self._own = own
        self._reads = reads
        self._stays = addressed.union(own.ids)

    def root(self, node: Json) -> Json:
        """A whole body of a success, or an envelope in it."""
        if isinstance(node, dict):
            if self._privacy.is_record(node):
                return self._record("", node)
            return {k: self._in_envelope(k, v) for k, v in node.items()}
        if isinstance(node, list):
            return [self._record("", n) for n in node]
        return self._in_envelope("", node)

    def kept(self, node: Json) -> Json:
        """A body as it is, but for the contacts in it that are not the run's own."""
        return self._as_it_is("", node, own=False, mixed=False)

    def _own_record(self, node: dict[str, Any]) -> Json:
        """A record of the run's own; where it was merged with somebody else's, without what the run did not send."""
        mixed = self._privacy.is_mixed(node)
        return self._as_it_is("", node, own=True, mixed=mixed)

    def _as_it_is(self, name: str, node: Json, *, own: bool, mixed: bool) -> Json:
        if isinstance(node, dict):
            return {k: self._member(k, v, own=own, mixed=mixed) for k, v in node.items()}
        if isinstance(node, list):
            return [self._member(name, n, own=own, mixed=mixed) for n in node]
        if mixed and not self._privacy.is_nobodys(name, node):
            return self._leaf(name, node)
        if own:
            self._privacy.take(node)
        return node

    def _member(self, name: str, node: Json, *, own: bool, mixed: bool) -> Json:
        if isinstance(node, dict) and self._privacy.is_contact(node):
            return self._record(name, node)
        return self._as_it_is(name, node, own=own, mixed=mixed)

    def _in_envelope(self, name: str, node: Json) -> Json:
        if isinstance(node, dict | list):
            return self.root(node)
        is_count = isinstance(node, int | float) and abs(node) <= _LARGEST_COUNT
        return node if is_count or not self._reads else self._leaf(name, node)

    def _record(self, name: str, node: Json) -> Json:
        if isinstance(node, list):
            return [self._record(name, n) for n in node]
        if isinstance(node, dict) and self._privacy.is_own(node, self._own, written=not self._reads):
            return self._own_record(node)
        return self._masked(name, node)

    def _masked(self, name: str, node: Json) -> Json:
        if isinstance(node, dict):
            return {k: self._masked(k, v) for k, v in node.items()}
        if isinstance(node, list):
            return [self._masked(name, n) for n in node]
        if not self._reads and _REFERENCE.search(name):
            return node  # the id of what was written is in the journal anyway
        return self._leaf(name, node)

    def _leaf(self, name: str, node: Json) -> Json:
        masked = self._privacy.hidden(name, node, self._stays)
        self.hid = self.hid or masked != node
        return masked


def withheld(content: bytes) -> bytes:
    """What is shown of a body that is no JSON: its size, and with which markup it begins."""
    if content.startswith(_WITHHELD):
        return content
    begins = _MARKUP.match(content)
    markup = b", begins with " + begins[1].lower() + b">" if begins else b""
    return _WITHHELD + f"{len(content):,} bytes that are no JSON".encode() + markup + b")"


def _has_name_twice(content: bytes) -> bool:
    """Whether an object has a name twice: what its first value says is in no parsed body."""
    twice = False

    def look(pairs: list[tuple[str, Json]]) -> None:
        nonlocal twice
        twice = twice or len({name for name, _ in pairs}) < len(pairs)

    json.loads(content, object_pairs_hook=look, parse_int=str)
    return twice


def _written(body: Json) -> bytes:
    text = json.dumps(body, ensure_ascii=False)
    if "Infinity" in text:  # a number that is too large to work with stays one
        text = re.sub(r'("(?:[^"\\]|\\.)*+")|(-?)Infinity', lambda m: m[1] or f"{m[2]}1e400", text)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(body).encode()
