"""Several requests at the same moment: what a service has to get right when its callers do not wait for each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.journal import Creation
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import interruption
from contacts_conformance.http.messages import Answer, Request
from contacts_conformance.model import Json, Query


@dataclass(frozen=True, slots=True)
class Submission:
    """A contact to be created with these values and marks; with a mark of its own where none are given."""

    values: Mapping[str, Json]
    marks: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Values that a contact is to be changed to."""

    contact: str
    values: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to be asked for."""

    query: Query = ()


Act: TypeAlias = Submission | Change | Listing


def at_once(contacts: Contacts, acts: Sequence[Act]) -> list[Answer]:
    """Sends each act at the same moment, over a connection of its own; the answers are in the order of the acts.

    The journal notes each creation before it is sent, as one that is sent alone. Nothing is sent again. NotVerified
    where the target file allows fewer requests at a time, or there is no answer, or one that a network may have given
    (Disturbed); by then every answer is recorded, and what was created is noted.
    """
    client, journal = contacts.account.client, contacts.account.journal
    planned = [_planned(contacts, act) for act in acts]
    with interruption.held():
        sent = client.pace.sent_here
        try:
            with contacts.account.quiet.writing():
                outcomes = client.send_at_once([p.request for p in planned])
        except Exception:
            if client.pace.sent_here == sent:
                for creation in (p.creation for p in planned if p.creation is not None):
                    journal.unsent(creation)
            raise
        for act in acts:
            if isinstance(act, Change):
                contacts.account.touch(act.contact)
        for plan, outcome in zip(planned, outcomes, strict=True):
            if plan.creation is not None and isinstance(outcome, Answer):
                contacts.note(plan.creation, outcome, plan.values)
    answers = [o for o in outcomes if isinstance(o, Answer)]
    for outcome in outcomes:
        if isinstance(outcome, NotVerified):
            raise outcome
    return answers


@dataclass(frozen=True, slots=True)
class _Planned:
    """The request of an act, and where it creates a contact, the journal's entry for it and the values."""

    request: Request
    creation: Creation | None = None
    values: Mapping[str, Json] = field(default_factory=dict)


def _planned(contacts: Contacts, act: Act) -> _Planned:
    account = contacts.account

    def request(kind: str, contact: str = "", **options: Any) -> Request:
        return account.request(kind, contacts.identity, contact, **options)

    match act:
        case Submission(values, marks):
            carried = contacts.marks(without=values) if marks is None else marks
            body = account.provider.body("create", {**values, **carried})
            creating = request("create", json=body)
            return _Planned(creating, contacts.intend(values, carried), values)
        case Change(contact, values):
            account.aftermath.unclear("change", contact, {})  # nothing says which of several came last
            account.views.unclear(contact)
            account.stored.unclear(contact)
            return _Planned(request("change", contact, json=account.provider.body("change", values)))
        case Listing(query):
            return _Planned(request("list", query=query))
