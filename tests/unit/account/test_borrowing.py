"""What becomes of a record that the target file sets aside, against services that take changes in different ways."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from contacts_conformance.account.account import Account
from contacts_conformance.account.borrowing import borrowed
from contacts_conformance.account.cleanup import clean_up
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.errors import SetUpFailed
from contacts_conformance.model import Json
from contacts_conformance.target import Identity, Secret

from ...miniatures import Call, respond, serving
from ..making import a_target

PORTAL = Identity("portal", {"token": Secret("PORTAL", "portal-token")}, {"contact_id": "9"})
PETER = {"Id": "9", "GivenName": "Peter", "ModificationTimestamp": "2020-01-01T00:00:00Z"}


class _Mine:
    """The own contact of a caller; null unsets an attribute."""

    def __init__(self) -> None:
        self.record: dict[str, Json] = dict(PETER)
        self.answers = True
        self.takes_changes = True
        self.bodies: list[Mapping[str, Json]] = []

    def __call__(self, call: Call) -> None:
        if not self.answers:
            respond(call, "500 Oops", "{}")
        elif call.method == "GET":
            results = [{n: v for n, v in self.record.items() if v is not None}]
            respond(call, body=json.dumps({"D": {"Success": True, "Results": results}}))
        else:
            self._change(call, json.loads(call.body)["D"])

    def _change(self, call: Call, values: Mapping[str, Json]) -> None:
        self.bodies.append(values)
        if self.takes_changes and self.permits(values):
            self.record |= {n: self.stored(v) for n, v in values.items()}
            self.record["ModificationTimestamp"] = f"2020-01-01T00:00:{len(self.bodies):02}Z"
            respond(call, body=json.dumps({"D": {"Success": True}}))
        else:
            respond(call, "400 Bad Request", json.dumps({"D": {"Success": False}}))

    def permits(self, values: Mapping[str, Json]) -> bool:
        return True

    def stored(self, value: Json) -> Json:
        return value


class _EmptiesNull(_Mine):
    """Stores an empty text where it is told null."""

    def stored(self, value: Json) -> Json:
        return "" if value is None else value


class _RefusesNull(_Mine):
    """Takes no null; an empty text unsets an attribute."""

    def permits(self, values: Mapping[str, Json]) -> bool:
        return None not in values.values()

    def stored(self, value: Json) -> Json:
        return value or None


class _OneAtATime(_Mine):
    """Takes a change of one attribute at a time."""

    def permits(self, values: Mapping[str, Json]) -> bool:
        return len(values) == 1


@contextmanager
def _signed_in(mine: _Mine) -> Iterator[Contacts]:
    with serving(mine) as server:
        account = Account(a_target(server.url, provider="spark", identities={"portal": PORTAL}))
        try:
            yield Contacts(account, PORTAL)
        finally:
            account.client.close()


def _change(contacts: Contacts, **values: Json) -> None:
    for name, value in values.items():
        contacts.send("my-change", json={"D": {name: value}})


@pytest.mark.parametrize("kind", [_Mine, _RefusesNull, _OneAtATime])
def test_it_is_given_back_as_it_was_however_absence_is_said(kind: type[_Mine]) -> None:
    mine = kind()
    with _signed_in(mine) as contacts:
        with borrowed(contacts, names=["GivenName", "MiddleName"]) as before:
            _change(contacts, GivenName="Ada", MiddleName="King", HomeLocality="London")
        notes = clean_up(contacts.account).notes

    assert before == PETER
    assert {n: v for n, v in mine.record.items() if v is not None and n != "ModificationTimestamp"} == {
        "Id": "9",
        "GivenName": "Peter",
    }
    assert notes == ()


def test_what_was_not_changed_costs_one_more_reading() -> None:
    mine = _Mine()
    with _signed_in(mine) as contacts:
        with borrowed(contacts):
            pass
        sent = clean_up(contacts.account).requests

    assert (sent, mine.bodies) == (2, [])


def test_what_is_empty_instead_of_absent_is_said_by_name() -> None:
    mine = _EmptiesNull()
    with _signed_in(mine) as contacts:
        with borrowed(contacts):
            _change(contacts, GivenName="Ada", MiddleName="King", HomeLocality="London")
        (note,) = clean_up(contacts.account).notes

    assert "the own contact of 'portal', which the target file sets aside, is not as it was: " in note
    assert "MiddleName, HomeLocality could not be set back (MiddleName, HomeLocality: absent before, and empty" in note
    assert not [text for text in ("King", "London", "Ada", "Peter") if text in note]
    assert mine.record["GivenName"] == "Peter"
    assert len(mine.bodies) <= 5


def test_where_no_change_is_taken_any_more_what_differs_is_said() -> None:
    mine = _Mine()
    with _signed_in(mine) as contacts:
        with borrowed(contacts):
            _change(contacts, GivenName="Ada")
            mine.takes_changes = False
        (note,) = clean_up(contacts.account).notes

    assert note.endswith("is not as it was: GivenName could not be set back")
    assert mine.record["GivenName"] == "Ada"


@pytest.mark.parametrize("end", [AssertionError, KeyboardInterrupt])
def test_it_is_given_back_when_a_check_fails_or_is_interrupted(end: type[BaseException]) -> None:
    mine = _Mine()

    def check(contacts: Contacts) -> None:
        with borrowed(contacts):
            _change(contacts, GivenName="Ada")
            raise end

    with _signed_in(mine) as contacts, pytest.raises(end):
        check(contacts)

    assert mine.record["GivenName"] == "Peter"


def test_what_could_not_be_given_back_at_first_is_at_the_end() -> None:
    mine = _Mine()
    with _signed_in(mine) as contacts:
        with borrowed(contacts):
            _change(contacts, GivenName="Ada")
            mine.answers = False
        mine.answers = True
        with borrowed(contacts) as later:
            pass
        notes = clean_up(contacts.account).notes

    assert later["GivenName"] == "Ada"
    assert mine.record["GivenName"] == "Peter"
    assert notes == ()


def test_what_cannot_be_read_again_may_not_be_as_it_was() -> None:
    mine = _Mine()
    with _signed_in(mine) as contacts:
        with borrowed(contacts):
            mine.answers = False
        (note,) = clean_up(contacts.account).notes

    assert "may not be as it was: it could not be set back: Setup failed: reading the own contact" in note


def test_what_cannot_be_read_is_not_borrowed() -> None:
    mine = _Mine()
    mine.answers = False
    with _signed_in(mine) as contacts:
        with pytest.raises(SetUpFailed, match="reading the own contact of 'portal' returned 500"), borrowed(contacts):
            pass
        assert clean_up(contacts.account).notes == ()
