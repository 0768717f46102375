"""What becomes of contacts whose creation or removal the network disturbed, and what the journal says of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from contacts_conformance.account.account import Account
from contacts_conformance.account.cohort import seed
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.preflight import preflight
from contacts_conformance.errors import Disturbed, NotVerified, SetUpFailed, Unsettled
from contacts_conformance.target import Limits

from ...miniatures import Call, Manner, Miniature, hostile, respond, serving
from ..making import Waits, a_target


def gateway(call: Call) -> None:
    """502."""
    respond(call, "502 Bad Gateway", "{}")


def page(call: Call) -> None:
    """A page of HTML, under 200."""
    hostile.html(call)


def refusal(call: Call) -> None:
    """403."""
    respond(call, "403 Forbidden", "{}")


def see_other(call: Call) -> None:
    """303."""
    respond(call, "303 See Other", headers={"Location": "/"})


def too_late(call: Call) -> None:
    """408."""
    respond(call, "408 Request Timeout", "{}")


class Disturbing:
    """An account whose answers to some requests are kept by a gateway, after or before it has carried them out.

    `kept` says of a method how many of its requests are disturbed.
    """

    def __init__(self, symptom: Manner, *, done: bool, **kept: int) -> None:
        self.contacts: dict[int, dict[str, Any]] = {}
        self._symptom = symptom
        self._done = done
        self._kept = kept
        self._last = 0

    def __call__(self, call: Call) -> None:
        disturbed = self._kept.get(call.method, 0) > 0
        status, body = self._carry_out(call) if self._done or not disturbed else ("", None)
        if disturbed:
            self._kept[call.method] -= 1
            self._symptom(call)
        else:
            respond(call, status, json.dumps(body) if body is not None else b"")

    def _carry_out(self, call: Call) -> tuple[str, Any]:
        parts = urlsplit(call.path)
        name = unquote(parts.path.rpartition("/")[2])
        contact = int(name) if name.isdecimal() else 0
        if call.method == "POST":
            self._last += 1
            self.contacts[self._last] = {"id": self._last, **json.loads(call.body)}
            return "201 Created", self.contacts[self._last]
        if name == "contacts":
            company = dict(parse_qsl(parts.query)).get("company")
            rows = [c for c in self.contacts.values() if company in (None, c.get("company"))]
            return "200 OK", {"total": len(rows), "limit": 10, "skip": 0, "data": rows[:10]}
        if contact not in self.contacts:
            return "404 Not Found", {}
        if call.method == "DELETE":
            del self.contacts[contact]
            return "200 OK", {"removed": True}
        self.contacts[contact] |= json.loads(call.body or b"{}")
        return "200 OK", self.contacts[contact]


@contextmanager
def _contacts(manner: Manner, **changes: Any) -> Iterator[tuple[Contacts, Miniature]]:
    with serving(manner) as server:
        account = Account(a_target(server.url, **changes))
        account.client.pace = Waits().pace(account.target.limits)
        try:
            yield Contacts(account, account.identity("owner")), server
        finally:
            account.client.close()


def _states(contacts: Contacts) -> list[str]:
    return [c.state for c in contacts.account.journal.creations]


# Creations

SYMPTOMS = [gateway, page, hostile.hang_up, too_late]


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_a_contact_that_was_created_after_all_is_found_by_its_mark_and_removed(symptom: Manner) -> None:
    server = Disturbing(symptom, done=True, POST=1)
    with _contacts(server) as (contacts, _):
        contact = contacts.create(first_name="Ada")

        assert contacts.read(contact)["first_name"] == "Ada"
        assert _states(contacts) == ["removed", "created"]
    assert list(server.contacts) == [2]


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_the_act_of_a_check_is_sent_again_where_nothing_stands_of_it(symptom: Manner, done: bool) -> None:
    server = Disturbing(symptom, done=done, POST=2)
    with _contacts(server) as (contacts, _):
        answer = contacts.send_create({"first_name": "Ada"})

        assert answer.status == 201
        assert _states(contacts) == [*(["removed"] * 2 if done else ["intended"] * 2), "created"]
    assert len(server.contacts) == 1


def test_the_act_of_a_check_is_not_sent_again_where_nothing_shows_what_became_of_it() -> None:
    server = Disturbing(gateway, done=True, POST=1, GET=9)
    with _contacts(server) as (contacts, _), pytest.raises(Unsettled):
        contacts.send_create({"first_name": "Ada"})

    assert len(server.contacts) == 1


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_a_contact_that_was_not_created_is_created_anew(symptom: Manner) -> None:
    server = Disturbing(symptom, done=False, POST=2)
    with _contacts(server) as (contacts, _):
        contact = contacts.create(first_name="Ada")
        marks = [c.find for c in contacts.account.journal.creations]

        assert contact.id == "1"
        assert _states(contacts) == ["intended", "intended", "created"]
        assert len({*map(str, marks)}) == 3


def test_a_creation_that_is_disturbed_three_times_is_given_up_and_stays_open() -> None:
    with _contacts(Disturbing(gateway, done=False, POST=9)) as (contacts, server):
        with pytest.raises(Unsettled):
            contacts.create()

        assert sum(c.method == "POST" for c in server.calls) == 3
        assert _states(contacts) == ["intended"] * 3


@pytest.mark.parametrize("done", [True, False])
def test_a_cohort_has_as_many_contacts_as_were_asked_for(done: bool) -> None:
    server = Disturbing(gateway, done=done, POST=2)
    with _contacts(server) as (contacts, _):
        cohort = seed(contacts, [{"first_name": n} for n in ("Ada", "Grace", "Mary")])

    assert [r["first_name"] for r in cohort.records] == ["Ada", "Grace", "Mary"]
    assert sorted(map(int, cohort.ids)) == sorted(server.contacts)


def test_where_nothing_can_be_looked_for_no_second_contact_with_the_same_mark_is_created() -> None:
    server = Disturbing(gateway, done=True, POST=1, GET=9)
    with _contacts(server) as (contacts, _), pytest.raises(Unsettled):
        contacts.create({"company": contacts.account.mark()})

    assert len(server.contacts) == 1


def test_a_refusal_of_a_gateway_does_not_come_three_times() -> None:
    with _contacts(Disturbing(refusal, done=False, POST=1)) as (contacts, _):
        assert contacts.create().id == "1"
        assert _states(contacts) == ["refused", "created"]
    with _contacts(Disturbing(refusal, done=False, POST=9)) as (contacts, server):
        with pytest.raises(SetUpFailed):
            contacts.create()
        assert sum(c.method == "POST" for c in server.calls) == 3


@pytest.mark.parametrize("symptom", [refusal, gateway])
def test_what_was_refused_though_it_was_carried_out_is_removed_before_it_is_created_anew(symptom: Manner) -> None:
    server = Disturbing(symptom, done=True, POST=1)
    with _contacts(server) as (contacts, _):
        marks = contacts.marks()
        contact = contacts.create(marks)

        assert contacts.ids(contacts.marked(marks)) == [contact.id]
    assert len(server.contacts) == 1


@pytest.mark.parametrize("symptom", [*SYMPTOMS, see_other])
def test_anything_but_a_plain_refusal_leaves_a_creation_open(symptom: Manner) -> None:
    with _contacts(Disturbing(symptom, done=True, POST=1, GET=9)) as (contacts, _):
        with suppress(Disturbed):
            contacts.send_create({"first_name": "Ada"})

        assert _states(contacts) == ["intended"]


# Removals


@pytest.mark.parametrize("symptom", [gateway, page, hostile.hang_up])
def test_a_removal_that_was_not_carried_out_is_sent_again(symptom: Manner) -> None:
    server = Disturbing(symptom, done=False, DELETE=1)
    with _contacts(server) as (contacts, _):
        contact = contacts.create()

        assert contacts.send_remove(contact.id).succeeded
        assert _states(contacts) == ["removed"]
    assert server.contacts == {}


@pytest.mark.parametrize("symptom", [gateway, page, hostile.hang_up])
def test_of_a_removal_that_was_carried_out_the_answer_is_lost(symptom: Manner) -> None:
    with _contacts(Disturbing(symptom, done=True, DELETE=2)) as (contacts, server):
        contact, other = contacts.create(), contacts.create()
        with pytest.raises(Unsettled, match="its answer is lost"):
            contacts.send_remove(contact.id)
        contacts.remove(other)  # which only has to be gone

        assert _states(contacts) == ["removed", "removed"]
        assert sum(c.method == "DELETE" for c in server.calls) == 2


def test_a_contact_that_reads_without_its_mark_is_not_removed_again() -> None:
    def stranger(call: Call) -> None:
        gateway(call)
        server.contacts[1] = {"id": 1, "company": "A stranger"}

    server = Disturbing(stranger, done=True, DELETE=9)
    with _contacts(server) as (contacts, served):
        contact = contacts.create()
        with pytest.raises(Unsettled, match="not sent again"):
            contacts.send_remove(contact.id)

        assert sum(c.method == "DELETE" for c in served.calls) == 1


# Changes


@pytest.mark.parametrize("done", [True, False])
def test_a_change_is_sent_again(done: bool) -> None:
    server = Disturbing(gateway, done=done, PATCH=2)
    with _contacts(server) as (contacts, _):
        contact = contacts.create(first_name="Ada")
        contacts.change(contact, first_name="Grace")

        assert contacts.read(contact)["first_name"] == "Grace"


# Reads that lag


class Clock:
    """Sleeping, by a clock of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("time.monotonic", lambda: self.now)

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def _lagging(lag: float, clock: Clock) -> Manner:
    """An account whose reads by id show a write so many seconds later."""
    account = Disturbing(gateway, done=True)
    born: dict[str, float] = {}

    def answer(call: Call) -> None:
        if call.method == "POST":
            born[f"/contacts/{len(born) + 1}"] = clock.now
        if call.method == "GET" and clock.now < born.get(call.path, 0) + lag:
            respond(call, "404 Not Found", "{}")
        else:
            account(call)

    return answer


@contextmanager
def _patient(patience: float, lag: float, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Contacts, Clock]]:
    clock = Clock(monkeypatch)
    with _contacts(_lagging(lag, clock), limits=Limits(patience=patience)) as (contacts, _):
        contacts.account.client.pace._sleep = clock.sleep
        yield contacts, clock


def test_a_new_contact_is_read_until_it_shows_as_long_as_the_target_file_says(monkeypatch: pytest.MonkeyPatch) -> None:
    with _patient(2, 0.7, monkeypatch) as (contacts, clock):
        contact = contacts.create(first_name="Ada")

        assert contacts.read(contact)["first_name"] == "Ada"
        assert clock.now == 101

        contacts.change(contact, first_name="Grace")
        contacts.read(contact)
        assert clock.now == 103  # reads lag here, so that this one has waited as lists do


def test_without_patience_a_new_contact_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with _patient(0, 0.7, monkeypatch) as (contacts, clock):
        contact = contacts.create()

        assert contacts.send_read(contact.id).status == 404
        assert clock.now == 100


def test_a_contact_that_was_removed_or_is_not_the_runs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with _patient(2, 0, monkeypatch) as (contacts, clock):
        contact = contacts.create()
        contacts.remove(contact)

        assert contacts.send_read(contact.id).status == 404
        assert contacts.send_read("99").status == 404
        assert clock.now == 100


# Credentials


def _credentials(accept: Callable[[int], bool]) -> Manner:
    """An account that takes the credentials of those calls alone that are named by their numbers."""
    account = Disturbing(gateway, done=True)
    return lambda call: account(call) if accept(call.number) else respond(call, "401 Unauthorized", "{}")


def test_a_lone_401_ends_nothing() -> None:
    with _contacts(_credentials(lambda n: n not in (1, 4, 7, 8))) as (contacts, _):
        assert preflight(contacts.account) == {"owner": ""}
        contacts.read(contacts.create())

        assert contacts.list().total == 1
        assert not contacts.account.notes


def test_credentials_that_ended_are_said_to_have_ended() -> None:
    with _contacts(_credentials(lambda n: n <= 4)) as (contacts, _):
        preflight(contacts.account)
        contact = contacts.create()
        contacts.read(contact)
        contacts.read(contact)
        with pytest.raises(NotVerified, match="the credentials of 'owner' ended after 6 requests"):
            contacts.read(contact)
        with pytest.raises(NotVerified, match="the credentials of 'owner' ended after 6 requests"):
            contacts.account.identity("owner")
        with pytest.raises(NotVerified, match="the credentials of 'owner' ended after 6 requests"):
            contacts.read(contact)

        assert contacts.account.notes == ["the credentials of 'owner' ended after 6 requests"]
