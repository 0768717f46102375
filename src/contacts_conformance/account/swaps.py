"""Two identities of a target file whose credentials are swapped, as what each of them may do shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import combinations, permutations

from contacts_conformance.account import claims
from contacts_conformance.account.account import Account
from contacts_conformance.account.claims import Wrong
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.contract import Operation
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.model import Exchange

_REFUSED = frozenset({401, 403, 404, 405})
_BROKEN_DOWN = 500


def at_first(account: Account, asked: dict[str, Operation], problems: dict[str, str]) -> dict[str, str]:
    """Why two roles are taken for swapped, by role: each is refused what it may read, and is answered what the other
    may read. `asked` is what each was asked for, `problems` how it fared; more is asked only where two were refused."""
    refused = [r for r, problem in problems.items() if r in asked and problem[:3] in ("403", "404", "405")]
    for one, other in combinations(refused, 2):
        if asked[one] == asked[other] or any(_grants(asked[r], s) for r, s in permutations((one, other))):
            continue
        if _is_answered(account, one, asked[other]) and _is_answered(account, other, asked[one]):
            why = f"each is refused what its role may read, and is answered what the other may ({_named(asked[other])})"
            return {w.claim.role: w.line for w in claims.swapped(one, other, why)}
    return {}


def later(account: Account) -> Iterator[Wrong]:
    """Roles that are refused each time what they may do, where another one is let in to what it may not do."""
    sent: dict[tuple[str, str], list[Exchange]] = {}
    for exchange in account.recorder.exchanges:
        if exchange.operation and exchange.status:
            sent.setdefault((exchange.identity, exchange.operation), []).append(exchange)
    for operation in account.contract.operations:
        for one, other in permutations(account.target.identities, 2):
            refused, asked = sent.get((one, operation.id), []), sent.get((other, operation.id), [])
            if not (_grants(operation, one) and _denies(operation, other)):
                continue
            if len(refused) > 1 and all(e.status in _REFUSED for e in refused):
                let_in = _let_in(asked) or _tried(account, operation, other, asked)
                if let_in is not None:
                    told = f"{_named(operation)} as {one} → {refused[0].status}, as {other} → {let_in.status}"
                    yield from claims.swapped(one, other, told)


def _let_in(exchanges: Sequence[Exchange]) -> Exchange | None:
    return next((e for e in exchanges if 200 <= e.status < 300), None)


def _tried(account: Account, operation: Operation, role: str, before: Sequence[Exchange]) -> Exchange | None:
    """How a creation that lacks what is required is refused to a role that may not create: for that, or for the role.

    It is sent only where the role has sent none, and where there is something to lack.
    """
    if before or operation.kind != "create" or not any("create" in f.required for f in account.contract.fields):
        return None
    with suppress(NotVerified, NotOffered):
        answer = Contacts(account, account.identity(role)).send_create({}, marks={}, legal=False)
        return answer.exchange if answer.status < _BROKEN_DOWN and answer.status not in _REFUSED else None
    return None


def _grants(operation: Operation, role: str) -> bool:
    return bool(operation.raw.get("x-roles", {}).get(role))


def _denies(operation: Operation, role: str) -> bool:
    return operation.raw.get("x-roles", {}).get(role) is False


def _named(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def _is_answered(account: Account, role: str, operation: Operation) -> bool:
    with suppress(NotVerified, NotOffered):
        return account.send(operation.kind, account.identity(role), legal=False).succeeded
    return False
