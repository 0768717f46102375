"""The exchanges of a run, kept as evidence."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from contacts_conformance.http import lanes, shape
from contacts_conformance.model import Exchange, Json

LONGEST_BODY = 6_000
"""Characters of a body that a report carries."""
MOST_PENDING = 16_000_000
"""Bytes of bodies that are held in memory until they are written down."""

_BASIC = re.compile(r"Basic base64\((.*)\)", re.DOTALL | re.IGNORECASE)
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of the body of an answer: all of it, or its beginning where it is not `whole`."""

    content: bytes
    whole: bool = True
    shape: Json = None


class Recorder:
    """Keeps every exchange in the order in which it happened, and which lane it belongs to."""

    _own = lanes.PerLane[list[Exchange]](list, joined=lambda before, added: [*before, *added])
    """What this lane has sent."""

    def __init__(self, prefix: str = "") -> None:
        self.exchanges: list[Exchange] = []
        self.bodies: dict[str, Kept] | None = None
        """Bodies of answers by the ids of their exchanges, until somebody takes them; None where nobody does."""
        self._pending = 0
        self._prefix = prefix
        self._by_id: dict[str, Exchange] = {}

    def next_id(self) -> str:
        """The id of the exchange that is added next."""
        return f"{self._prefix}{len(self.exchanges) + 1}"

    def add(self, exchange: Exchange) -> None:
        """Keeps one exchange."""
        self.exchanges.append(exchange)
        self._own.append(exchange)
        self._by_id[exchange.id] = exchange

    def keep(self, name: str, body: bytes, *, whole: bool = True) -> None:
        """Keeps the body of the answer of an exchange, where somebody takes them, and there is room in memory."""
        if self.bodies is None:
            return
        if not whole:
            self.bodies[name] = Kept(beginning(body), whole=False)
        elif self._pending + len(body) > MOST_PENDING:
            self.bodies[name] = shortened(body)
        else:
            self.bodies[name] = Kept(body)
        self._pending += len(self.bodies[name].content)

    def take_bodies(self, exchanges: Iterable[Exchange]) -> dict[str, Kept]:
        """The bodies that are held of the answers of these exchanges, by their ids; they are held no longer."""
        held = {} if self.bodies is None else self.bodies
        taken = {e.id: held.pop(e.id) for e in exchanges if e.id in held}
        self._pending -= sum(len(body.content) for body in taken.values())
        return taken

    def __len__(self) -> int:
        """How many exchanges this lane has had."""
        return len(self._own)

    def put_in_order(self) -> None:
        """Puts all exchanges in the order in which this lane, and those that joined it, have them."""
        self.exchanges = list(self._own)

    @property
    def last(self) -> Exchange:
        """The last one of this lane."""
        return self._own[-1]

    def exchange(self, name: str) -> Exchange | None:
        """The exchange of this id, if it was kept."""
        return self._by_id.get(name)

    def since(self, mark: int) -> tuple[Exchange, ...]:
        """The exchanges of this lane after its first `mark`."""
        return tuple(self._own[mark:])


def shortened(body: bytes) -> Kept:
    """What is kept of a body where there is no room for it: its beginning, and its shape."""
    if len(body) <= LONGEST_BODY:
        return Kept(body)
    return Kept(beginning(body), whole=False, shape=shape.of(body))


def beginning(body: bytes) -> bytes:
    """The first bytes of a body, without the half of a character."""
    text = body[:LONGEST_BODY].decode("utf-8", "ignore").encode()
    return text if body.startswith(text) else body[:LONGEST_BODY]


def cut(text: str, longest: int = LONGEST_BODY) -> str:
    """A text that evidence can carry: what is longer is cut, and its length said."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]} … ({len(text):,} characters in all)"


def curl(exchange: Exchange) -> str:
    """A shell command that sends the exchange's request again, with its secrets by variable."""
    method = "-I" if exchange.method == "HEAD" else f"-i -X {shlex.quote(exchange.method)}"
    parts = [f"curl -sS -g {method}", f"  {_quoted(exchange.url)}"]
    for name, value in exchange.request_headers:
        if name.lower() not in ("host", "content-length", "connection", "accept-encoding"):
            parts.append(f"  {of_header(name, value, _quoted)}")
    if exchange.request_body:
        parts.append(f"  --data-raw {_quoted(exchange.request_body)}")
    return " \\\n".join(parts)


def of_header(name: str, value: str, in_quotes: Callable[[str], str]) -> str:
    """The option of curl that sends a header; `in_quotes` puts a text in the quotes of a shell."""
    credentials = _BASIC.fullmatch(value)
    if credentials is not None and name.lower() == "authorization":
        return f"-u {in_quotes(credentials[1])}"
    return f"-H {in_quotes(f'{name}: {value}' if value else f'{name};')}"


def quoted(text: str, single: Callable[[str], str]) -> str:
    """The text in shell quotes; `${NAME}` stays a variable, and `single` quotes what is between."""
    pieces = [
        f'"${{{piece}}}"' if index % 2 else single(piece) for index, piece in enumerate(VARIABLE.split(text)) if piece
    ]
    return "".join(pieces) or "''"


def _quoted(text: str) -> str:
    return quoted(text, _single)


def _single(text: str) -> str:
    if text.isprintable():
        return "'" + text.replace("'", "'\\''") + "'"
    # what a terminal or a clipboard would hide, reorder or lose is spelled in bash's and zsh's own escapes
    return "$'" + "".join(_spelled(c) for c in text) + "'"


def _spelled(character: str) -> str:
    if character in "\\'":
        return "\\" + character
    if character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
