"""Get One Contact, Find All Contacts: hotness, source and arrays of a contact, and the same fields in lists."""

from collections.abc import Mapping
from functools import partial

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import dense, expect, round_trip
from contacts_conformance.checks.marks import each, in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotOffered, NotShown, Oversized
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.oracle import instants
from contacts_conformance.providers import ANY_OF
from contacts_conformance.verdicts.outcomes import Judge

from . import alone

pytestmark = in_cohort("contract")

MEMBERS: Mapping[str, Mapping[str, str]] = {
    "hotness": {"name": "string", "rank": "number", "color": "string"},
    "source": {"id": "number", "name": "string", "user_id": "number", "created_at": "string"},
    "addresses": {"id": "number", "type": "string", "street_address_1": "string", "zip": "string", "city": "string"},
    "custom_fields": {"id": "number", "user_id": "number", "name": "string", "rank": "number", "data_type": "string"},
}
"""What the page's examples show inside a contact, and of which JSON type; an id may be a text."""
MAY_BE_NULL: Mapping[str, tuple[str, ...]] = {
    "addresses": ("street_address_2", "state", "created_at", "modified_at"),
    "custom_fields": ("value",),
}
"""What the examples show as well, empty or null."""

_ROOM = 2
"""So many further contacts may carry a mark, since other checks create near misses with it."""
_MOST_MARKS = 10
"""Contacts of so many marks at most are listed only to see whether lists show them as they were read."""


def _expect_members(name: str, shown: Json) -> None:
    """An object inside a contact has the members of the page's example, each of its type."""
    expect.of_type(shown, "object", about=name)
    assert isinstance(shown, dict)
    for member, kind in MEMBERS[name].items():
        kinds = (kind, "string") if member.endswith("id") else (kind,)
        expect.of_type(shown.get(member), *kinds, about=f"{name}.{member}")
    if (value := shown.get("created_at")) not in (None, ""):
        about = f"{name}.created_at"
        expect.that(
            instants.parse(value), "a time in ISO 8601", expect.shown(value), about=about, observed="another notation"
        )
    for member in MAY_BE_NULL.get(name, ()):
        expect.that(
            member in shown, "a value or null", "nothing", about=f"{name}.{member}", kind="member", observed="missing"
        )


def _changed_lookups(session: Session) -> tuple[Answer, Record]:
    """The answer to a change to every hotness and source that is known, and how the contact reads then."""
    known = {n: session.target.known[n] for n in ("hotness", "source") if n in session.target.known}
    values = {f"{name}_id": round_trip.as_id(value) for name, value in known.items()}
    contacts, contact = session.contacts(), session.spare().id
    answer = contacts.send_change(contact, values)
    return answer, contacts.read(contact) if answer.succeeded else {}


def _lookup(session: Session, name: str, way: str) -> Json:
    """The hotness or source of a contact that was given one; giving it has to succeed."""
    session.target.known_id(name)
    if way == "on creation":
        submitted = alone.given(session, f"{name}_id")
        answer, read = submitted.answer, submitted.record
    else:
        answer, read = session.once("changes of lookups", partial(_changed_lookups, session))
    expect.success(answer, about=way)
    return read.get(name)


@pytest.mark.parametrize("way", ["on creation", "by a change"])
@requirement("lookup.hotness", "shape.members")
def test_a_hotness_that_was_given_shows(session: Session, judge: Judge, way: str) -> None:
    hotness = _lookup(session, "hotness", way)

    with judge("lookup.hotness"):
        expect.of_type(hotness, "object", about="hotness")
        assert isinstance(hotness, dict)
        expect.of_type(hotness.get("name"), "string", about="hotness.name")
    with judge("shape.members"):
        _expect_members("hotness", hotness)


@pytest.mark.parametrize("way", ["on creation", "by a change"])
@requirement("lookup.source", "lookup.source-name", "shape.members")
def test_a_source_that_was_given_shows(session: Session, judge: Judge, way: str) -> None:
    known = session.target.known_id("source")
    source = _lookup(session, "source", way)

    with judge("lookup.source"):
        expect.of_type(source, "object", about="source")
        assert isinstance(source, dict)
        expect.same_id(source.get("id"), known, about="source.id")
    with judge("lookup.source-name"):
        expect.of_type(source, "object", about="source")
        assert isinstance(source, dict)
        expect.of_type(source.get("name"), "string", about="source.name")
    with judge("shape.members"):
        _expect_members("source", source)


@requirement("shape.addresses", "shape.custom-fields", "shape.members")
def test_a_contact_shows_its_arrays(session: Session, contacts: Contacts, judge: Judge) -> None:
    read = contacts.read(session.spare())

    for name, row in (("addresses", "shape.addresses"), ("custom_fields", "shape.custom-fields")):
        with judge(row):
            expect.of_type(read.get(name), "array", about=name)
        entries = read.get(name)
        for entry in entries if isinstance(entries, list) else ():
            with judge("shape.members"):
                _expect_members(name, entry)


def _items(session: Session) -> tuple[tuple[dense.Stored, Record, Answer], ...]:
    """Every contact that was created with a value in each field, its item in a list, and the list."""

    def listed() -> tuple[tuple[dense.Stored, Record, Answer], ...]:
        contacts, provider, lacks = session.contacts(), session.provider, session.account.lacks
        found = []
        markers = {*provider.markers} - lacks.missing.keys()
        stored = [s for s in dense.created(session).stored if s.marker in markers]
        for marker in dict.fromkeys(s.marker for s in stored):
            alike = [s for s in stored if s.marker == marker]
            size = 1 if ANY_OF in lacks.missing else max(1, lacks.page_size - _ROOM)
            for some in (alike[i : i + size] for i in range(0, len(alike), size)):
                marks = [str(s.values[marker]) for s in some]
                asked = provider.any_of(marker, marks) if len(marks) > 1 else provider.mark_filter({marker: marks[0]})
                answer = contacts.send_list((*asked, *provider.limiting(lacks.page_size)))
                items = {provider.id_of(r): r for r in contacts.page(answer).records}
                ours = [s.contact for s in some]
                expect.same_contacts([i for i in items if i in ours], ours, shown_by=answer)
                found += [(s, items[s.contact], answer) for s in some]
        return tuple(found)

    items = session.once("items of a list", listed)
    if not items:
        raise NotShown("no contact with a value in each field was taken and kept, or none is found by its mark")
    return items


@requirement("shape.list-items")
def test_an_item_of_a_list_shows_what_the_contact_shows(session: Session) -> None:
    for body, item, answer in _items(session):
        read = body.record
        fields = [f for f in session.contract.answered_fields if read.get(f.name) not in (None, "", [], {})]
        ids = {f.name for f in fields if f.kind == "id"}  # which may be numbers in one and texts in the other
        differing = [
            f.name
            for f in fields
            if item.get(f.name) != read[f.name] and not (f.name in ids and str(item.get(f.name)) == str(read[f.name]))
        ]
        expect.equal({n: item.get(n) for n in differing}, {n: read[n] for n in differing}, shown_by=answer)


@requirement("list.same-as-read")
def test_lists_show_contacts_as_they_were_read(session: Session, contacts: Contacts) -> None:
    """What the items show is held against the readings when the module is over."""
    lacks, marker = session.account.lacks, contacts.marker()
    if {marker, ANY_OF} & lacks.missing.keys():
        raise NotShown("contacts are not found by their marks")
    whole = next(iter(round_trip.created_whole(session).values()))
    for role in ("assignee", "teammate"):
        if whole.contact and whole.record and _is_assigned_to(session, whole.record, role):
            _read_and_list(session, role, whole.contact)
    unlisted = session.account.views.unlisted(contacts.identity.role)
    found = {c.id: c.find[marker] for c in session.journal.creations if marker in c.find and c.state == "created"}
    marks = list(dict.fromkeys(found[i] for i in unlisted if i in found))[:_MOST_MARKS]
    if not marks and contacts.identity.role not in session.account.views.compared:
        raise NotShown("no contact was read that a list could show")
    for some in (marks[i : i + lacks.page_size] for i in range(0, len(marks), lacks.page_size)):
        asked = session.provider.any_of(marker, some) if len(some) > 1 else ((marker, some[0]),)
        expect.success(contacts.send_list(asked), about="a list of contacts that were read")


def _is_assigned_to(session: Session, record: Record, role: str) -> bool:
    """Whether a contact is assigned to the user of a role, who has seen no contact of the run in a list and alone."""
    identity = session.target.identities.get(role)
    user = identity.attributes.get("user_id") if identity is not None else None
    return user == str(record.get("assigned_user_id")) and role not in session.account.views.compared


def _read_and_list(session: Session, role: str, contact: str) -> None:
    """Reads and lists a contact as another user; what the list shows is judged when the module is over."""
    contacts = session.contacts(role)
    marks = next((c.find for c in session.journal.creations if c.id == contact), {})
    if contacts.send_read(contact).succeeded and marks:
        contacts.send_list(session.provider.mark_filter(marks))


@requirement("answer.same-as-read")
def test_answers_to_writes_show_contacts_as_they_are_read(session: Session) -> None:
    """What they show is held against the readings when the module is over."""
    round_trip.created_whole(session)
    round_trip.changed_whole(session)
    if not session.account.views.answers:
        raise NotOffered("no answer to a creation or a change holds the contact")


@each(field=Contract.create_round_trip_fields)
@requirement("field.{field}.create")
def test_an_item_of_a_list_shows_no_other_value(field: Field, session: Session) -> None:
    """A value that an item leaves out is a matter of its own, and so is a list that is too long to be read."""
    try:
        items = _items(session)
    except Oversized as failure:
        raise NotShown(f"no list shows it: {failure}") from failure
    for body, item, answer in items:
        if field.name in body.values and field.shown_as in item:
            sent, read = body.values[field.name], item[field.shown_as]
            is_same = read == body.record.get(field.shown_as) or session.provider.same(field, sent, read)
            expect.that(
                is_same,
                expect.shown(sent),
                expect.shown(read),
                about=f"{field} in a list",
                observed="" if is_same else expect.difference(read, sent),
                shown_by=answer,
            )
