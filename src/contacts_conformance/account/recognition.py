"""Whether a target is the API of its provider at all, as its first answers show."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from contacts_conformance.account.account import Account
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.contract.document import resolve
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http import schemes
from contacts_conformance.http.messages import Request
from contacts_conformance.http.symptoms import OF_A_GATEWAY
from contacts_conformance.model import Exchange, ExitCode
from contacts_conformance.target import ANONYMOUS

_NOWHERE = frozenset({404, 405})
_REFUSED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with the address in a target file, in one line; it was `answered`, or nothing came at all."""

    text: str
    answered: bool = True

    @property
    def exit_code(self) -> int:
        """The exit code of the command: 2 where something else has answered, 4 where nothing did."""
        return ExitCode.WRONG_USE if self.answered else ExitCode.UNREACHABLE


def recognise(account: Account) -> Mistake | None:
    """What the answers so far show to be wrong with the address; None where it may be that of the API.

    Only what the API cannot have said counts: the other scheme, no path at all, pages of HTML, and JSON objects that
    share no member with what the contract documents. Whatever else is odd is for the checks to judge.
    """
    base_url, sent = account.target.base_url, account.recorder.exchanges
    heard = [e for e in sent if e.status and e.status not in OF_A_GATEWAY]
    scheme = schemes.other(base_url, sent) if account.target.proxy is None else ""
    if scheme:
        asked = f"asked: {sent[0].method} {sent[0].url}; the answer: {_answer(sent[0])}"
        said = f"the server speaks {scheme} there: try base_url = {scheme}:{base_url.partition(':')[2]}; {asked}"
        return Mistake(account.client.discreet(said), answered=bool(heard))
    strange = [e for e in heard if _is_strange(account, e)]
    lost = [e for e in heard if e.status in _NOWHERE]
    if strange and all(e in strange or e.status in _NOWHERE | _REFUSED for e in heard):
        first = strange[0]
        what = f"is not the API: {first.method} {first.url} was answered {_answer(first)}"
        return Mistake(account.client.discreet(f"{base_url} {what}; is base_url right?"))
    if heard and len(lost) == len(heard) and not (_is_silent_on_contacts(account) or account.target.embedded):
        statuses = " or ".join(sorted({str(e.status) for e in lost}))
        asked = ", ".join(dict.fromkeys(f"{e.method} {e.url}" for e in lost[:2]))
        return Mistake(account.client.discreet(f"every answer is {statuses}: is base_url right? asked: {asked}"))
    return None


def _is_silent_on_contacts(account: Account) -> bool:
    """Whether the API itself may answer 404 each time: it has no list, and a contact of nobody was asked for.

    Where the target offers to read contacts, one that the file names is read, or somebody without credentials is asked
    for one: the API turns them away.
    """
    if account.contract.has("list") or any(e.method != "GET" for e in account.recorder.exchanges):
        return False
    if not account.offers("read") or _reads_what_the_file_names(account):
        return True
    with suppress(NotVerified):
        path = account.provider.example_path(account.contract.operation("read").path)
        return account.client.send(Request("GET", path, ANONYMOUS, legal=False)).status not in _NOWHERE
    return True


def _reads_what_the_file_names(account: Account) -> bool:
    """Whether a contact that the target file names can be read."""
    known = account.target.known
    with suppress(NotVerified, NotOffered):
        contacts = Contacts(account, account.identity(account.main_role))
        return any(contacts.send_read(known[n]).succeeded for n in account.provider.keys.contacts if n in known)
    return False


def _answer(exchange: Exchange) -> str:
    """What came, in a few words."""
    if not exchange.status:
        return exchange.error
    if exchange.page:
        return f"{exchange.status} with a page of HTML"
    return f"{exchange.status} {exchange.response_body[:120]}".strip()


def _is_strange(account: Account, exchange: Exchange) -> bool:
    """Whether a success is a page of HTML, or a JSON object without any member that the contract knows of it."""
    if not 200 <= exchange.status < 300:
        return False
    if exchange.page:
        return True
    try:
        body = json.loads(exchange.response_body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(body, dict) or not body:
        return False
    operations = [o for o in account.contract.operations if o.id == exchange.operation] or account.contract.operations
    known = {n for o in operations for a in o.answers for n in _members(account.contract.document, a.schema)}
    return bool(known) and known.isdisjoint(body)


def _members(document: Mapping[str, Any], node: Any) -> Iterator[str]:
    """The members that an object of this schema may have, in any of its alternatives."""
    schema = resolve(document, node) or {}
    yield from schema.get("properties", ())
    for together in ("oneOf", "anyOf", "allOf"):
        for each in schema.get(together, ()):
            yield from _members(document, each)
