"""The first requests of a run: does the target answer, and does it accept each identity?"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from contacts_conformance.account import swaps
from contacts_conformance.account.account import Account
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.contract import Operation
from contacts_conformance.errors import CredentialsRefused, Disturbed, NotOffered, NotVerified
from contacts_conformance.http.messages import Answer, Request
from contacts_conformance.model import Json
from contacts_conformance.providers import Counting
from contacts_conformance.target import Identity

_SUBMISSIONS = 3
"""So often an empty object is submitted, where the network keeps the answer."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the first look at an account shows: whether it lets the main identity in, and how many contacts there are.

    `contacts` is None where no list states a total; `seconds` is how long the answers took on average.
    """

    admitted: bool
    contacts: int | None = None
    seconds: float = 0


def look(account: Account) -> Look:
    """Looks at an account as the main identity, by reading alone: a list of one contact, or a contact of nobody."""
    identity = account.target.identities.get(account.main_role)
    if identity is None:
        return Look(admitted=False)
    provider = account.provider
    mark = len(account.recorder)
    page = None
    try:
        if not account.contract.has("list"):
            problem = _ask_for_nobody(account, identity)
        else:
            query = provider.counting() if isinstance(provider, Counting) else provider.limiting(1)
            answer = Contacts(account, identity).send_list(query, legal=False)
            page = provider.page(answer) if answer.succeeded else None
            problem = str(answer.status)
    except CredentialsRefused:
        return Look(admitted=False)
    except NotVerified as failure:
        if account.client.answered == 0:
            account.client.unreachable(str(failure))
        problem = str(failure)
    exchanges = account.recorder.since(mark)
    if account.client.is_unreachable or problem.startswith("401") or not exchanges:
        return Look(admitted=False)
    seconds = sum(e.milliseconds for e in exchanges) / 1000 / len(exchanges)
    return Look(admitted=True, contacts=page.total if page is not None else None, seconds=seconds)


def preflight(account: Account) -> dict[str, str]:
    """Asks as every identity for what it may read, and says how each fares: by role, empty where all is well.

    A target that does not answer is unreachable from here on; an identity whose credentials it answers 401 is no
    longer one of the target's, so that what needs it is not verified rather than failed.
    """
    _note_absence(account)
    problems: dict[str, str] = {}
    for role, identity in tuple(account.target.identities.items()):
        if role not in account.provider.keys.unwelcome:
            problems[role] = _try(account, identity)
    for role, problem in problems.items():
        if problem.startswith("401"):
            account.drop(role, f"the target refuses the credentials of '{role}' with 401")
    asked = {role: operation for role in problems if (operation := granted(account, role)) is not None}
    for role, why in swaps.at_first(account, asked, problems).items():
        problems[role] = why
        account.drop(role, why)
    _locate(account)
    account.accepted = lambda identity: _accepted(account, identity)
    return problems


def learnt(account: Account) -> dict[str, Json]:
    """What the first requests have shown, in values that can travel to another process of the run."""
    client = account.client
    return {
        "ended": dict(account.ended),
        "moved": account.paths.moved,
        "notes": list(account.notes),
        "unreachable": str(client.closed_for) if client.is_unreachable else "",
    }


def learn(account: Account, told: Mapping[str, Json]) -> None:
    """Takes over what another process of the run has learnt from the first requests."""
    for role, why in told["ended"].items():
        account.drop(role, why)
    account.paths.take_over(told["moved"])
    account.notes[:] = told["notes"]
    account.accepted = lambda identity: _accepted(account, identity)
    if told["unreachable"]:
        account.client.unreachable(told["unreachable"])


def _accepted(account: Account, identity: Identity) -> bool:
    """Whether the target still takes credentials that it has just answered 401: if not, they have ended."""
    return identity.role not in account.target.identities or not _try(account, identity).startswith("401")


def _try(account: Account, identity: Identity) -> str:
    """How asking as an identity fares; empty where all is well. 401 counts only where it is answered twice."""
    problem = _ask(account, identity)
    return _ask(account, identity) if problem.startswith("401") else problem


def granted(account: Account, role: str) -> Operation | None:
    """What a role is asked for at first: the list, or where the contract denies it that, something it may read without
    an id. None where there is no list."""
    if not account.contract.has("list"):
        return None
    listing = account.contract.operation("list")
    if listing.raw.get("x-roles", {}).get(role, True):
        return listing
    own = (o for o in account.contract.operations if o.method == "GET" and "{" not in o.path and account.offers(o.kind))
    return next((o for o in own if o.raw.get("x-roles", {}).get(role)), listing)


def _ask(account: Account, identity: Identity) -> str:
    contacts = Contacts(account, identity)
    operation = granted(account, identity.role)
    try:
        if operation is None:
            return _ask_for_nobody(account, identity)
        if operation.lists == "all":
            answer = contacts.send_list(account.provider.limiting(1), legal=False)
        else:
            answer = contacts.send(operation.kind, legal=False)
    except CredentialsRefused as refusal:
        return f"401: the target refuses the credentials of '{identity.role}': {refusal}"
    except NotVerified as failure:
        if account.client.answered == 0:
            account.client.unreachable(str(failure))
        return str(failure)
    if answer.status == 401:
        return f"401: the target refuses the credentials of '{identity.role}'"
    if answer.succeeded:
        return ""
    return f"{answer.status} on {'a list of contacts' if operation.lists else f'GET {operation.path}'}"


def _ask_for_nobody(account: Account, identity: Identity) -> str:
    """Where there is no list, a contact that does not exist is asked for; whether that can be done does not matter."""
    template = next(o.path for o in account.contract.operations if "{" in o.path)
    answer = account.client.send(Request("GET", account.provider.example_path(template), identity, legal=False))
    if answer.status == 401:
        return f"401: the target refuses the credentials of '{identity.role}'"
    return f"{answer.status} on a contact that does not exist" if answer.status >= 500 else ""


def _note_absence(account: Account) -> None:
    """Notes which optional operations the target is without: faults that show through these alone go unseen."""
    for operation in account.contract.operations:
        if operation.optional and operation.kind not in account.target.offers.also:
            account.notes.append(
                f"the target does not offer {operation.method} {operation.path} (offers.also does not list it), so a "
                "run does not see whether values are kept; requirements that need it are not applicable"
            )


def _locate(account: Account) -> None:
    """Finds out where contacts are created, if the contract knows several paths and the target file names none.

    An empty object is submitted as the main role, which creates nothing: 404 and 405 say that the path is not there.
    """
    creating = (o for o in account.contract.operations if o.kind == "create" and o.aliases)
    for operation in creating:
        if account.paths.is_moved(operation):
            account.notes.append(
                f"{operation.method} {account.paths.of(operation)} creates contacts: the target file says so"
            )
            continue
        try:
            contacts = Contacts(account, account.identity(account.main_role))
            for path in (operation.path, *operation.aliases):
                account.paths.move(operation, path)
                if _submit_nothing(contacts).status not in (404, 405):
                    account.notes.append(f"{operation.method} {path} creates contacts: it answered neither 404 nor 405")
                    break
            else:
                account.paths.move_back(operation)
        except (NotVerified, NotOffered):
            account.paths.move_back(operation)


def _submit_nothing(contacts: Contacts) -> Answer:
    """The answer to an empty object; where the network kept it back, the object is submitted again."""
    for _ in range(_SUBMISSIONS - 1):
        with suppress(Disturbed):
            return contacts.send_create({}, marks={}, json={}, legal=False)
    return contacts.send_create({}, marks={}, json={}, legal=False)
