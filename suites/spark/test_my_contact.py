"""Contacts > Current User's Account: signed-in contacts read their own record and change seventeen fields of it.

Each check restores the record afterwards.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import pytest

from contacts_conformance import contract as contracts
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.verdicts.outcomes import Judge, requirement

from ..sparkapi import asking

SPARK = contracts.load("spark")
PERMITTED = tuple(SPARK.document["components"]["schemas"]["MyContactChange"]["properties"])
WITHHELD = tuple(f for f in SPARK.change_fields if f.name not in PERMITTED)
ROLES = ("vow", "portal")


def _mine(session: Session, role: str = "portal") -> Contacts:
    """The contacts as a signed-in contact sees them; NotVerified where the target file does not set it aside."""
    found = session.contacts(role)
    if "contact_id" not in found.identity.attributes:
        raise NotVerified(f"the target does not set its contact aside (key contact_id in [identities.{role}])")
    return found


def _change(contacts: Contacts, values: Mapping[str, Json], *, legal: bool = True) -> Answer:
    return contacts.send("my-change", json={"D": dict(values)}, legal=legal)


def _read(contacts: Contacts) -> Record:
    answer = contacts.send("my-read")
    record = contacts.session.provider.record(answer)
    if record is None:
        raise NotVerified(f"the own contact was to be read: {answer!r}")
    return record


def _own(session: Session, role: str) -> Answer:
    """The answer to a plain request for the own contact; asked once in a run."""
    contacts = session.contacts(role)
    answer: Answer = session.once(f"own contact of {role}", lambda: contacts.send("my-read"))
    return answer


@contextmanager
def _restored(contacts: Contacts, *names: str) -> Iterator[Record]:
    """The own contact as it is; afterwards these attributes are set back."""
    before = _read(contacts)
    try:
        yield before
    finally:
        after = _read(contacts)
        moved = [n for n in names if after.get(n) != before.get(n)]
        unset = {n: [] if n.endswith("Emails") else "" for n in moved}
        back = {n: unset[n] if before.get(n) is None else before[n] for n in moved}
        if moved and not _change(contacts, back).succeeded:
            for name, value in back.items():
                _change(contacts, {name: value})


def _values(session: Session) -> dict[str, Json]:
    return round_trip.values(session, tuple(session.contract.field(n) for n in PERMITTED))


def _changed(session: Session) -> Mapping[str, round_trip.Trial]:
    """All seventeen at once, and one after the other where that is refused."""
    contacts = _mine(session)
    sent = _values(session)
    with _restored(contacts, *PERMITTED):
        answer = _change(contacts, sent)
        if answer.succeeded:
            record = _read(contacts)
            return {n: _trial(session, n, v, answer, record) for n, v in sent.items()}
        found = {}
        for name, value in sent.items():
            within = session.contract.field(name).within
            answer = _change(contacts, {n: sent[n] for n in (within, name) if n})
            found[name] = _trial(session, name, value, answer, _read(contacts))
        return found


def _trial(session: Session, name: str, sent: Json, answer: Answer, record: Record) -> round_trip.Trial:
    field = session.contract.field(name)
    same = session.provider.same(field, sent, record.get(name))
    return round_trip.Trial(field, sent, answer, record, same, "", (answer.exchange.id,))


@requirement(*(f"operation.readMyContact.{a}" for a in asking.ASPECTS), "my.own")
@pytest.mark.parametrize("role", ROLES)
def test_the_own_contact_is_read(session: Session, judge: Judge, role: str) -> None:
    contacts = session.contacts(role)

    answer = _own(session, role)

    asking.judge_plain(session, judge, answer, "readMyContact")
    with judge("my.own"):
        record = session.provider.record(answer)
        assert record is not None, answer
        own = contacts.identity.attributes.get("contact_id", record.get("Id"))
        assert record.get("Id") == own, f"{answer!r} is not {own}"


@requirement("my.own")
def test_two_contacts_read_two_records(session: Session) -> None:
    one, two = ((session.provider.record(_own(session, role)) or {}).get("Id") for role in ROLES)
    known = [session.identity(role).attributes.get("contact_id") for role in ROLES]

    assert one != two or known[0] == known[1], f"both roles read the contact {one}"


@pytest.mark.parametrize("role", ROLES)
@requirement("role.{role}.readContact")
def test_the_own_contact_is_not_read_by_its_id(session: Session, role: str) -> None:
    contacts = _mine(session, role)

    answer = contacts.send_read(contacts.identity.attributes["contact_id"], legal=False)

    assert answer.refused, answer


@requirement("my.expand")
def test_the_own_contact_takes_expansions(session: Session) -> None:
    answer = session.contacts("portal").send("my-read", query=(("_expand", "VowActive"),))

    record = session.provider.record(answer)
    assert record is not None, answer
    assert isinstance(record.get("VowActive"), bool), f"VowActive reads {record.get('VowActive')!r}: {answer!r}"


@requirement(*(f"operation.changeMyContact.{a}" for a in asking.ASPECTS))
def test_the_own_contact_is_changed(session: Session, judge: Judge) -> None:
    contacts = _mine(session)
    with _restored(contacts, "GivenName"):
        answer = _change(contacts, {"GivenName": f"Ada {session.number()}"})

    asking.judge_plain(session, judge, answer, "changeMyContact")


@pytest.mark.parametrize("name", PERMITTED)
@requirement("my.change.{name}")
def test_a_permitted_attribute_is_changed(session: Session, judge: Judge, name: str) -> None:
    trial = session.once("my contact changed whole", lambda: _changed(session))[name]
    judge.cite(*trial.exchanges)

    assert trial.kept, f"{trial!r}: {trial.answer!r}"


@requirement("my.no-other")
def test_no_other_attribute_is_changed(session: Session) -> None:
    contacts = _mine(session)
    sent = round_trip.values(session, WITHHELD)
    sent |= {
        "RecordStatus": "Unconnected",
        "Settings": {"ReverseProspecting": True},
        "OwnerId": session.provider.example_path("{Id}"),
    }
    with suppress(NotOffered, NotVerified):  # an owner that does not exist will do
        sent["OwnerId"] = session.identity("colleague").attributes.get("user_id", sent["OwnerId"])
    read = ("Note", *sent)
    with _restored(contacts, *(n for n in sent if n not in ("OwnerId", "RecordStatus"))) as before:
        answer = _change(contacts, {n: v for n, v in sent.items() if n != "OwnerId"}, legal=False)
        after = _read(contacts)
        wrong = [n for n in read if before.get(n) != after.get(n)]
        assert not wrong, f"{answer!r} changed {wrong} of {before!r}"
        if answer.succeeded:
            _change(contacts, {"OwnerId": sent["OwnerId"]}, legal=False)
            assert _read(contacts).get("OwnerId") == before.get("OwnerId"), "the own contact went to another owner"
            return
        for name, value in sent.items():
            _change(contacts, {name: value}, legal=False)
        after = _read(contacts)
        wrong = [n for n in read if before.get(n) != after.get(n)]
        assert not wrong, f"sent one after the other, {wrong} changed: {before!r} became {after!r}"


@requirement("my.partial", "my.line-feed")
def test_a_change_leaves_the_rest_of_the_own_contact(session: Session, judge: Judge) -> None:
    contacts = _mine(session)
    two_lines = "1405 Main Street\nApt 112"
    with _restored(contacts, "HomeStreetAddress") as before:
        answer = _change(contacts, {"HomeStreetAddress": two_lines})
        after = _read(contacts)

    with judge("my.line-feed"):
        read = after.get("HomeStreetAddress")
        assert read == two_lines, f"{answer!r}, and HomeStreetAddress reads {read!r}"
    with judge("my.partial"):
        wrong = asking.differing(session, before, after, "HomeStreetAddress", "ModificationTimestamp")
        assert not wrong, f"{answer!r} changed {wrong} as well"
