"""What becomes of a record that the target file sets aside, against services that take changes in different ways."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from contacts_conformance.account import journal as journals
from contacts_conformance.account.account import Account
from contacts_conformance.account.borrowing import borrowed
from contacts_conformance.account.cleanup import clean_up
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.sweep import SweepReport, sweep
from contacts_conformance.errors import NotVerified, SetUpFailed
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


def test_what_was_read_last_is_not_read_again() -> None:
    mine = _Mine()
    with _signed_in(mine) as contacts:
        with borrowed(contacts):
            pass
        sent = clean_up(contacts.account).requests

    assert (sent, mine.bodies) == (1, [])


def test_what_was_changed_after_it_was_read_is_read_again() -> None:
    mine = _Mine()
    with _signed_in(mine) as contacts:
        with borrowed(contacts, names=["GivenName"]):
            contacts.send("my-read")
            _change(contacts, GivenName="Ada")
        sent = clean_up(contacts.account).requests

    assert mine.record["GivenName"] == "Peter"
    assert sent == 6  # it is read at first, then by the block, after the change, and when it is set back


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
            _change(contacts, GivenName="Ada")
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


def _killed(mine: _Mine, url: str, folder: Path, *, open_loans: int = 1) -> Path:
    """A run borrows, changes, and is killed before it gives back; the path of its journal."""
    own = a_target(url, provider="spark", identities={"portal": PORTAL})
    account = Account(own, journal_folder=folder / "of the run")
    contacts = Contacts(account, PORTAL)
    assert account.journal.path is not None
    path = folder / account.journal.path.name
    with ExitStack() as loans:
        for number in range(open_loans):
            loans.enter_context(borrowed(contacts, names=["GivenName"]))
            _change(contacts, GivenName=f"Ada {number}", MiddleName="King")
        path.write_bytes(account.journal.path.read_bytes())
        record = dict(mine.record)
    mine.record = record  # the moment at which it is killed is the one before it gives back
    account.journal.close()
    account.client.close()
    return path


def _sweep(url: str, folder: Path, identity: Identity = PORTAL) -> SweepReport:
    return sweep(a_target(url, provider="spark", identities={"portal": identity}), folder)


@pytest.mark.parametrize("open_loans", [1, 2])
def test_after_a_run_that_was_killed_it_is_given_back_as_it_was_at_first(open_loans: int, tmp_path: Path) -> None:
    mine = _Mine()
    with serving(mine) as server:
        path = _killed(mine, server.url, tmp_path, open_loans=open_loans)
        changed = mine.record["GivenName"]
        report = _sweep(server.url, tmp_path)

    assert changed == f"Ada {open_loans - 1}"
    assert {n: v for n, v in mine.record.items() if v is not None} == PETER | {
        "ModificationTimestamp": mine.record["ModificationTimestamp"]
    }
    assert (report.clean, path.exists()) == (True, False)


def test_what_was_given_back_is_not_again(tmp_path: Path) -> None:
    mine = _Mine()
    with serving(mine) as server:
        account = Account(
            a_target(server.url, provider="spark", identities={"portal": PORTAL}), journal_folder=tmp_path
        )
        with borrowed(Contacts(account, PORTAL)):
            pass
        assert account.journal.path is not None
        assert journals.read(account.journal.path).loans == []
        clean_up(account)
        assert not account.journal.path.exists()


def test_while_no_change_is_taken_the_journal_is_kept_and_says_why(tmp_path: Path) -> None:
    mine = _Mine()
    with serving(mine) as server:
        path = _killed(mine, server.url, tmp_path)
        mine.takes_changes = False
        first = _sweep(server.url, tmp_path)
        kept, lines = path.exists(), first.lines
        mine.takes_changes = True
        second = _sweep(server.url, tmp_path)

    assert (first.clean, kept) == (False, True)
    assert "; journal kept, since a contact that was set aside may not be as it was" in lines[0]
    assert lines[1].endswith("is not as it was: GivenName, MiddleName could not be set back")
    assert (second.clean, path.exists(), mine.record["GivenName"]) == (True, False, "Peter")


def test_another_contact_under_the_same_role_is_left_alone(tmp_path: Path) -> None:
    mine = _Mine()
    with serving(mine) as server:
        _killed(mine, server.url, tmp_path)
        mine.record |= {"Id": "10", "GivenName": "Somebody"}
        sent = len(mine.bodies)
        report = _sweep(server.url, tmp_path)

    assert (len(mine.bodies), report.clean) == (sent, False)
    assert "reading the own contact of 'portal' returned another contact" in report.lines[1]


def test_what_the_target_file_sets_aside_no_more_is_left_alone(tmp_path: Path) -> None:
    mine = _Mine()
    with serving(mine) as server:
        _killed(mine, server.url, tmp_path)
        sent = len(mine.bodies)
        report = _sweep(server.url, tmp_path, Identity("portal", PORTAL.secrets, {}))

    assert (len(mine.bodies), report.clean) == (sent, False)
    assert "would touch a record that this run did not create" in report.lines[1]


def test_a_secret_in_it_is_not_written_to_the_journal(tmp_path: Path) -> None:
    mine = _Mine()
    mine.record["MiddleName"] = "it is portal-token"
    with serving(mine) as server:
        written = _killed(mine, server.url, tmp_path).read_text()

    assert ("Peter" in written, "portal-token" in written) == (True, False)


def test_where_the_journal_cannot_be_written_nothing_is_borrowed(tmp_path: Path) -> None:
    mine = _Mine()
    (tmp_path / "file").touch()
    with serving(mine) as server:
        folder = tmp_path / "file" / "journal"
        account = Account(a_target(server.url, provider="spark", identities={"portal": PORTAL}), journal_folder=folder)
        contacts = Contacts(account, PORTAL)
        with pytest.raises(NotVerified, match="since the journal cannot be written"), borrowed(contacts):
            _change(contacts, GivenName="Ada")
        account.client.close()

    assert mine.bodies == []
