"""The story of one contact: every field is merged into it, then matching data several times; it is read each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers import ngpvan

from . import dense, submitting

Body = dict[str, Any]
_LATER = ("occupation", "employer")
"""What only later merges bring, beside an address of another type."""

_SIGNS = 'O\'Bri-Al, Jr.; "Obi" & Zoë/Å'
"""What stands in the texts that are merged first, where the service takes it."""

_NAMES = ("type", "firstName", "lastName", "commonName")


@dataclass(frozen=True)
class Step:
    """One submission that matches the contact, what it answered, and how the contact read before and after it.

    `kept` are bodies whose data the submission does not touch, `added` is what it brings, and `rivals` holds by field
    the values of which one has to stay.
    """

    answer: Answer
    before: Record
    after: Record
    kept: tuple[Body, ...]
    added: Body
    rivals: Mapping[str, tuple[Json, Json]] = field(default_factory=dict)

    def lost(self, *, flags: bool = False) -> dict[str, tuple[Json, Json]]:
        """What was read before, and is not afterwards: entry by entry, where it is a collection.

        Entries that have lost a flag alone are not among these; with `flags` they are what is answered.
        """
        lost: dict[str, tuple[Json, Json]] = {}
        for name, value in ((n, v) for body in self.kept for n, v in body.items()):
            for part in [[e] for e in value] if isinstance(value, list) else [value]:
                if name in self.rivals and (not isinstance(part, list) or _is_rival(part, self.rivals[name])):
                    continue
                was_there = ngpvan.holds(part, self.before.get(name), name)
                if was_there and not ngpvan.holds(part, self.after.get(name), name):
                    is_flag = isinstance(part, list) and ngpvan.holds(_unflagged(part), self.after.get(name), name)
                    lost |= {name: (part, self.after.get(name))} if is_flag is flags else {}
        return lost


def _unflagged(entries: Sequence[Any]) -> list[Body]:
    return [{n: v for n, v in e.items() if not isinstance(v, bool)} for e in entries]


@dataclass(frozen=True)
class Story:
    """The id of the contact, the answer to it, and what was merged into it, step by step.

    `first` is what was merged first, nearly everything that a contact can have, `answer` is the answer to that, and
    `beginning` is how the contact read then. `doubled` is the end: matching data with two entries of one type in each
    collection; None for organizations.
    """

    contact: str
    created: Answer
    first: Body
    answer: Answer
    beginning: Record
    steps: tuple[Step, ...]
    doubled: Step | None = None


def of(session: Session, whoever: Callable[[str], Body]) -> Story:
    """The story of a person or an organization, which all checks share; NotOffered where contacts are not read."""
    told: Story = session.once(f"{whoever.__name__} merged again", lambda: _tell(session, whoever))
    return told


def _tell(session: Session, whoever: Callable[[str], Body]) -> Story:
    contacts, mark = session.contacts(), session.mark()
    if not contacts.offers("read"):
        raise NotOffered("what a contact has after a merge is seen only where the target reads contacts")
    least = whoever(mark)
    flagged = [{**e, "doNotEmail": True} for e in least["emails"]]  # so that a merge which leaves the flag out is seen
    mobile = ngpvan.phone(session.mark())  # the contact has a phone already when a second one comes
    created = submitting.submit(contacts, {**least, "emails": flagged, "phones": [mobile]})
    contact = submitting.id_in(created)
    first, answer = _submit_everything(session, least, mark, mobile)
    records = [contacts.read(contact)]
    bodies: list[Body] = [first]
    steps: list[Step] = []

    def merge(body: Body, added: Body, rivals: Mapping[str, tuple[Json, Json]], *, legal: bool) -> bool:
        answer = submitting.submit(contacts, body, legal=legal)
        if answer.refused and not legal:
            return False  # the page does not promise that such data is taken
        records.append(contacts.read(contact))
        steps.append(Step(answer, records[-2], records[-1], tuple(bodies), added, rivals))
        bodies.append(added)
        return True

    # what one form is given first, or beside a phone, the other is not: nothing may need what stands beside it
    is_person = least["type"] == ngpvan.INDIVIDUAL
    earlier, later = _LATER if is_person else _LATER[::-1]
    known_phone = {"phones": first["phones"][-1:]} if is_person else {}
    other = {"addresses": [ngpvan.address(session.number(), "OTHER")]}
    codes = submitting.all_known(contacts, "contact_code")
    code = {"contactCodes": [{"contactCodeId": codes[-1]}]} if records[0].get("contactCodes") and len(codes) > 1 else {}
    new = {earlier: f"Of {mark}", **code}
    if not merge({**least, **known_phone, **new, **other}, {**new, **other}, {}, legal=False):
        merge({**least, **known_phone, **new}, new, {}, legal=True)

    others, rivals = _others(session, first, records[0], least)
    # no page says what becomes of a second entry of a type, nor how long a text may be
    plain, left = ({n: v for n, v in some.items() if n not in dense.PRINTED} for some in (others, rivals))
    new = {later: f"For {mark}"}
    if not (
        merge({**least, **others, **new}, new, rivals, legal=False)
        or merge({**least, **plain, **new}, new, left, legal=False)
    ):
        merge({**least, **new}, new, {}, legal=True)

    last = [e for e in first.get("emails", ()) if e["type"] not in ("MAIN", "WORK")]
    is_kept = bool(last) and ngpvan.holds(last, records[0].get("emails"), "emails")
    known = [*(() if is_person and is_kept else least["emails"]), *(last if is_kept else ())]
    names = {n: v for n, v in least.items() if n in _NAMES}
    rival = {earlier: (f"Of {mark}", f"Now of {mark}")}
    merge({**names, "emails": known, earlier: rival[earlier][1]}, {}, rival, legal=True)
    doubled = None
    if least["type"] == ngpvan.INDIVIDUAL:
        twice = _doubled(session, least)
        refused = submitting.refusal(contacts, {**least, **twice, "occupation": "Doubled"})
        doubled = Step(refused, records[-1], contacts.read(contact), (), twice)
    return Story(contact, created, first, answer, records[0], tuple(steps), doubled)


def _doubled(session: Session, least: Body) -> Body:
    """Two entries of one type in each collection; the e-mail by which the contact is known is another one."""
    return {
        "emails": [*least["emails"], *(ngpvan.email(session.mark(), "WORK") for _ in range(2))],
        "addresses": [ngpvan.address(session.number()) for _ in range(2)],
        "phones": [ngpvan.phone(session.mark(), "HOME") for _ in range(2)],
    }


def _others(session: Session, first: Body, record: Record, least: Body) -> tuple[Body, dict[str, tuple[Json, Json]]]:
    """Other values for texts and entries that a contact has, and both values by field."""
    others: Body = {}
    rivals: dict[str, tuple[Json, Json]] = {}
    for each in session.contract.create_fields:
        name, value = each.name, first.get(each.name)
        if (
            value is None
            or name in _NAMES
            or each.known
            or each.shape
            or not ngpvan.holds(value, record.get(name), name)
        ):
            continue
        if each.is_text:
            others[name] = f"Other {value}"
            rivals[name] = (value, others[name])
    entries = {
        "emails": ngpvan.email(session.mark(), "WORK"),
        "phones": ngpvan.phone(session.mark()),
        "addresses": ngpvan.address(session.number()),
    }
    for name, entry in entries.items():
        there = [e for e in first.get(name, ()) if e["type"] == entry["type"]]
        if there and ngpvan.holds(there, record.get(name), name):
            others[name] = [*(e for e in least.get(name, ()) if e["type"] != entry["type"]), entry]
            rivals[name] = (there, [entry])
    return others, rivals


def is_in(value: Json, read: Json) -> bool:
    """Whether a value is in what was read; a text may have something beside it."""
    if isinstance(value, str):
        return isinstance(read, str) and value.casefold() in read.casefold()
    untyped = [{k: v for k, v in e.items() if k != "type"} for e in value] if isinstance(value, list) else value
    return ngpvan.holds(untyped, read)


def _is_rival(part: Sequence[Any], rivals: tuple[Json, Json]) -> bool:
    return any(e in rival for e in part for rival in rivals if isinstance(rival, list))


def _submit_everything(session: Session, least: Body, mark: str, mobile: Body) -> tuple[Body, Answer]:
    """Submits a contact with every field but the later ones, or with the plain ones where that is refused.

    What was sent in the end, and the answer. `mobile` is the phone that the contact has already.
    """
    contacts: Contacts = session.contacts()
    form = least["type"].title()
    fields = tuple(f for f in session.contract.create_fields if not f.forms or form in f.forms)
    values = {n: v for n, v in submitting.values_of(contacts, fields, mark).items() if n not in _LATER}
    codes = values.get("contactCodes", [])
    values |= {"contactCodes": codes[:-1]} if len(codes) > 1 else {}  # the last one comes by a merge
    printed = {n: dense.entries(session, n, kinds, mark, 1) for n, kinds in dense.PRINTED.items()}
    printed["phones"] = [mobile if p["type"] == mobile["type"] else p for p in printed["phones"]]
    further = {
        "emails": [*printed["emails"], *dense.entries(session, "emails", ("HOME",), mark)],
        "addresses": [*dense.entries(session, "addresses", ("HOME",), mark), *printed["addresses"]],
    }
    plain = {f.name for f in fields if f.is_text and not (f.enum or f.shape or f.known)}
    unusual = {n: f"{v} {_SIGNS}" for n, v in values.items() if n in plain and n not in least}
    for extra in ({**further, **unusual}, further, {}):
        whole = {**values, **printed, **{n: v for n, v in least.items() if n != "emails"}, **extra}
        answer = submitting.submit(contacts, whole, legal=False)
        if answer.succeeded:
            return whole, answer
    bare = {**least, "phones": [mobile], "addresses": printed["addresses"]}
    return bare, submitting.submit(contacts, bare)
