"""Contacts > Contact Request Format: a request with several contacts adds all of them as they were sent, or none."""

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Json
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from .values import expect_nowhere_else, expect_short

SEVERAL: tuple[dict[str, Json], ...] = (
    {"HomePostalCode": "58102", "HomeLocality": "Moorhead", "PrimaryPhoneNumber": ""},
    {"HomeRegion": "ND", "HomeStreetAddress": "7 Example Avenue"},
    {"HomeLocality": "Fargo", "PrimaryPhoneNumber": "", "HomePostalCode": "03801"},
)
"""What each contact of a request has beside its name and address; each has a part of an address without the next larger
one, and what those beside it lack. Telephone numbers are made when they are sent."""
FIELDS = ("PrimaryEmail", "Tag", *dict.fromkeys(n for values in SEVERAL for n in values))


def _contacts(session: Session, contacts: Contacts, mark: str, *, without: str = "") -> list[dict[str, Json]]:
    """What is sent: each has the mark as a tag and another tag; the last one is without a field."""
    made = [
        {
            **{n: v or session.provider.sample(session.contract.field(n), session.number()) for n, v in values.items()},
            "Tag": [mark, session.mark()],
        }
        for values in SEVERAL
    ]
    whole = [contacts.complete(values) for values in made]
    whole[-1].pop(without, None)
    return whole


@requirement("create.several", "create.only-given", "tag.none-else", *(f"field.{name}.create" for name in FIELDS))
def test_several_contacts_in_the_array_are_all_added_or_none(
    session: Session, contacts: Contacts, judge: Judge
) -> None:
    """The last one has no address first, and one where that is refused."""
    for without in ("PrimaryEmail", ""):
        marks = contacts.marks()
        all_sent = _contacts(session, contacts, next(iter(marks.values())), without=without)
        body: Json = {"D": {"Contacts": list(all_sent)}}
        others = [contacts.intend({}, marks) for _ in all_sent[1:]]
        answer = contacts.send_create(all_sent[0], marks=marks, json=body, legal=False)
        if not answer.refused:
            break
        for creation in others:
            session.journal.refused(creation)

    expected = sorted(str(c["DisplayName"]) for c in all_sent) if answer.succeeded else []
    contacts.eventually(lambda: len(contacts.found(marks)) >= len(expected))
    listed = contacts.found(marks)
    for contact in contacts.ids(listed):
        if not session.journal.owns(contact) and others:
            session.journal.created(others.pop(), contact)
    with judge("create.several"):
        expect.equal(sorted(str(r.get("DisplayName")) for r in listed), expected, "the names under the tag")
    if not answer.succeeded:
        return
    by_name = {str(c["DisplayName"]): c for c in all_sent}
    for contact in contacts.ids(listed):
        record, read = asking.read(contacts, contact)
        sent = by_name.get(str(record.get("DisplayName")))
        if sent is None:
            continue
        for name in [n for n in FIELDS if n in sent]:
            with judge(f"field.{name}.create"):
                round_trip.expect_values(session, record, {name: sent[name]}, read)
        with judge("create.only-given"):
            expect_nowhere_else(session, record, sent, read, all_sent)
        with judge("tag.none-else"):
            foreign = {t for c in all_sent for t in _texts(c["Tag"])} - set(_texts(sent["Tag"]))
            shown = [t for t in _texts(record.get("Tags")) if t in foreign]
            expect.equal(shown, [], "tags of the other contacts of the request", read)


def _texts(tags: Json) -> list[str]:
    return [str(t) for t in tags] if isinstance(tags, list) else []


@pytest.mark.parametrize("flaw", ["no DisplayName", "a DisplayName above its limit"])
@requirement("create.several", "field.DisplayName.max-length", "field.DisplayName.required")
def test_several_contacts_of_which_one_is_wrong_are_all_added_or_none(
    session: Session, contacts: Contacts, judge: Judge, flaw: str
) -> None:
    marks = contacts.marks()
    name = session.contract.field("DisplayName")
    right, wrong = contacts.complete({}), contacts.complete(asking.too_long(name))
    if flaw == "no DisplayName":
        del wrong["DisplayName"]
    body: Json = {"D": {"Contacts": [{**c, "Tag": list(marks.values())} for c in (right, wrong)]}}
    other = contacts.intend({}, marks)

    answer = contacts.send_create(right, marks=marks, json=body, legal=False)

    if answer.succeeded:
        contacts.eventually(lambda: len(contacts.found(marks)) > 1)
    else:
        session.journal.refused(other)
    listed = contacts.found(marks)
    for contact in contacts.ids(listed):
        if not session.journal.owns(contact):
            session.journal.created(other, contact)
    shown_by = asking.last_exchange(contacts.account)
    allowed = (0, 2) if answer.succeeded else (0,)
    about = f"two contacts of which the second has {flaw}, answered {answer.status_line}"
    with judge("create.several"):
        expect.that(
            len(listed) in allowed,
            f"{' or '.join(map(str, allowed))} contacts",
            str(len(listed)),
            about=about,
            kind="contacts",
            observed="a part",
            shown_by=shown_by,
        )
    with judge("field.DisplayName.required"):
        if flaw == "no DisplayName":
            expect.that(
                len(listed) < 2,
                "no contact without a DisplayName",
                "both contacts",
                about=about,
                kind="contacts",
                observed="added",
                shown_by=shown_by,
            )
    with judge("field.DisplayName.max-length"):
        for record in listed:
            expect_short(name, record, shown_by, about)
