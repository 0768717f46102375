"""What a target file claims of ids, what is known to be wrong of that, and which facts rest on it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote, urlsplit

from contacts_conformance.contract import Contract
from contacts_conformance.model import Exchange, Fact, Json, Outcome
from contacts_conformance.target import Target

_REFUSED = 400
_TELLING = 6
"""An id of so many characters is found anywhere; a shorter one only where it stands alone."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A value of a target file, under its key, as in `known.hotness`.

    Requests carry it under one of `members`, or anywhere where there is none. `role` is the identity whose requests
    rest on it, too; empty for none.
    """

    key: str
    value: str
    members: tuple[str, ...] = ()
    role: str = ""

    def is_carried(self, exchange: Exchange) -> bool:
        """Whether a request has the value in its path, its query or its body."""
        if len(self.value) >= _TELLING:
            return self.value in unquote(exchange.url) or self.value in exchange.request_body
        address = urlsplit(exchange.url)
        if not self.members and self.value in address.path.split("/"):
            return True
        given = [*parse_qsl(address.query), *sent(exchange)]
        return any(str(v) == self.value and (not self.members or n in self.members) for n, v in given)

    def bears(self, fact: Fact, exchanges: Iterable[Exchange]) -> bool:
        """Whether a fact rests on the claim: a request of its check carries the value, or is that of the identity, or
        the value is what was expected, or what came."""
        if fact.breach is not None and self.value in (fact.breach.expected.strip('"'), fact.breach.got.strip('"')):
            return True
        return any((self.role and e.identity == self.role) or self.is_carried(e) for e in exchanges)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A claim that is shown to be wrong, and the line that says by what, and what would be right.

    It is `swapped` where the value may be right, and it is the credentials that are another identity's.
    """

    claim: Claim
    line: str
    swapped: bool = False


def of_identity(role: str) -> Claim:
    """That the credentials of a role are its own."""
    return Claim(f"identities.{role}", role, (), role)


def swapped(one: str, other: str, why: str) -> tuple[Wrong, Wrong]:
    """That two roles have the credentials of one another, and what shows it."""
    line = f"identities.{one} and identities.{other} in the target file are swapped: {why}"
    return Wrong(of_identity(one), line, swapped=True), Wrong(of_identity(other), line, swapped=True)


def of(target: Target, contract: Contract, people: Sequence[str], main: str) -> tuple[Claim, ...]:
    """The claims of a target file; `people` are the members of a contact that name a user, `main` is the main role."""
    found = []
    for role, identity in target.identities.items():
        for name, value in identity.attributes.items():
            if name.endswith("_id") or name == "shared_contact":
                members = tuple(people) if name == "user_id" else ()
                found.append(Claim(f"identities.{role}.{name}", value, members, role if role != main else ""))
    for name, listed in target.known.items():
        members = contract.known.get(name, ())
        found += [Claim(f"known.{name}", value.strip(), members) for value in listed.split(",")]
    return tuple(c for c in found if c.value)


def excused(facts: Iterable[Fact], exchanges: Mapping[str, Exchange], wrong: Sequence[Wrong]) -> list[Fact]:
    """The facts, which say that they are not verified for a wrong claim where they rest on one.

    These are facts that speak against a requirement, and such as could not be judged since a request with the claim
    was refused, or for the same reason, word for word.
    """
    facts = list(facts)
    touched = _touched(exchanges.values(), {w.claim.role for w in wrong if w.swapped})
    refused = {}
    for fact in facts:
        each = _refused(fact, exchanges, wrong) if fact.outcome is Outcome.UNVERIFIED else None
        if each is not None:
            refused[fact.message] = each
    return [_excused(fact, exchanges, wrong, refused, touched) for fact in facts]


def _touched(exchanges: Iterable[Exchange], roles: Set[str]) -> Mapping[str, Set[str]]:
    """The addresses of contacts that each role, whose credentials are another one's, has sent something to."""
    found: dict[str, set[str]] = {role: set() for role in roles}
    of_all = set()
    for exchange in exchanges:
        path = urlsplit(exchange.url).path
        if exchange.method == "POST":
            of_all.add(path)
        elif exchange.identity in found:
            found[exchange.identity].add(path)
    return {role: paths - of_all for role, paths in found.items()}


def _refused(fact: Fact, exchanges: Mapping[str, Exchange], wrong: Sequence[Wrong]) -> Wrong | None:
    """The claim that a refused request of a check carried."""
    shown = [e for e in map(exchanges.get, fact.exchanges) if e is not None and e.status >= _REFUSED]
    return next((w for w in wrong if any(_rests_on(w, e) for e in shown)), None)


def _rests_on(wrong: Wrong, exchange: Exchange) -> bool:
    """Whether a request is one of the identity that a claim is about as a whole, or carries a value that is wrong."""
    claim = wrong.claim
    if claim.role and claim.role == claim.value:
        return exchange.identity == claim.role
    return not wrong.swapped and claim.is_carried(exchange)


def _excused(
    fact: Fact,
    exchanges: Mapping[str, Exchange],
    wrong: Sequence[Wrong],
    refused: Mapping[str, Wrong],
    touched: Mapping[str, Set[str]],
) -> Fact:
    each = None
    if fact.outcome is Outcome.BROKEN:
        shown = [exchanges[x] for x in fact.exchanges if x in exchanges]
        paths = {urlsplit(e.url).path for e in shown}
        each = next(
            (w for w in wrong if w.claim.bears(fact, shown) or paths & touched.get(w.claim.role, frozenset())), None
        )
    elif fact.outcome is Outcome.UNVERIFIED:
        each = refused.get(fact.message)
    if each is None:
        return fact
    return replace(
        fact, outcome=Outcome.UNVERIFIED, message=each.line, breach=None, unsteady=False, remark="", cause=""
    )


def sent(exchange: Exchange) -> Iterator[tuple[str, Json]]:
    """Every plain value in the body of a request, as far as it is JSON, with the name of its member."""
    try:
        left: list[tuple[str, Json]] = [("", json.loads(exchange.request_body) if exchange.request_body else None)]
    except (ValueError, RecursionError):
        return
    while left:
        name, node = left.pop()
        if isinstance(node, Mapping):
            left += node.items()
        elif isinstance(node, list):
            left += [(name, each) for each in node]
        elif node not in (None, ""):
            yield name, node
