"""Contacts, all sections: random sequences of creating, updating, assigning, sharing and removing contacts.

After each step, what the API returns is compared with a simple model.
"""

from typing import Any

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import round_trip, shares
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified

SEQUENCES, STEPS = 2, 10
NAMES = ("first_name", "last_name", "spouse_name")
VALUES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["amber", "birch", "cedar", ""]), max_size=3)


class LifeCycles(RuleBasedStateMachine):
    """What the service should hold, beside what it holds."""

    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.contacts = self.session.contacts()
        self.marks = self.contacts.marks()
        self.model: dict[str, dict[str, Any]] = {}
        self.removed: list[str] = []

    def pick(self, draw: st.DataObject) -> str:
        return draw.draw(st.sampled_from(sorted(self.model)))

    @rule(values=VALUES)
    def submit(self, values: dict[str, str]) -> None:
        values = {n: v for n, v in values.items() if v}
        contact = self.contacts.create(self.marks, **values)
        assert contact.id not in self.model, f"two contacts have the id {contact.id}"
        self.model[contact.id] = values

    @precondition(lambda self: self.model)
    @rule(draw=st.data(), values=VALUES.filter(bool))
    def change(self, draw: st.DataObject, values: dict[str, str]) -> None:
        contact = self.pick(draw)
        answer = self.contacts.send_change(contact, values)
        if answer.succeeded:
            self.model[contact] |= values
        else:  # a service may take no empty text
            assert "" in values.values(), answer
            assert answer.refused, answer
        self.compare(contact)

    @precondition(lambda self: self.model)
    @rule(draw=st.data())
    def remove(self, draw: st.DataObject) -> None:
        contact = self.pick(draw)
        answer = self.contacts.send_remove(contact)
        assert answer.succeeded, answer
        del self.model[contact]
        self.removed.append(contact)

    @precondition(lambda self: self.model)
    @rule(draw=st.data())
    def assign(self, draw: st.DataObject) -> None:
        try:
            user = shares.user_id(self.session, "assignee")
        except NotVerified:
            return
        contact = self.pick(draw)
        self.contacts.send_change(contact, {"assigned_user_id": round_trip.as_id(user)})
        answer = self.session.contacts("assignee").send_read(contact)
        assert answer.succeeded, f"assigned, yet {answer!r}"

    @precondition(lambda self: self.model and self.session.target.share is not None)
    @rule(draw=st.data())
    def share(self, draw: st.DataObject) -> None:
        contact = self.pick(draw)
        try:
            shares.share(self.session, contact, "teammate")
        except NotVerified:
            return
        answer = self.session.contacts("teammate").send_read(contact)
        assert answer.succeeded, f"shared, yet {answer!r}"

    @precondition(lambda self: self.removed)
    @rule()
    def look_for_a_removed_one(self) -> None:
        answer = self.contacts.send_read(self.removed[-1])
        assert not answer.succeeded, f"removed, yet {answer!r}"

    @precondition(lambda self: self.model)
    @rule(draw=st.data())
    def read(self, draw: st.DataObject) -> None:
        self.compare(self.pick(draw))

    def compare(self, contact: str) -> None:
        answer = self.contacts.send_read(contact)
        assert answer.succeeded, answer
        read = self.session.provider.record(answer) or {}
        wrong = {n: (v, read.get(n)) for n, v in self.model[contact].items() if (read.get(n) or "") != v}
        assert not wrong, f"contact {contact} (model, read): {wrong}"

    def teardown(self) -> None:
        found = self.contacts.ids(self.contacts.marked(self.marks)) if self.model or self.removed else []
        assert sorted(found) == sorted(self.model), f"the list has {sorted(found)}, the model {sorted(self.model)}"


@requirement("lifecycle")
def test_any_sequence_leaves_what_it_says(session: Session) -> None:
    machine = type("LifeCyclesOfThisRun", (LifeCycles,), {"session": session})

    run_state_machine_as_test(
        machine,
        settings=hypothesis.settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            phases=[hypothesis.Phase.generate],
            deadline=None,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )


@requirement("lifecycle")
def test_a_plain_life_leaves_what_it_says(session: Session, contacts: Contacts) -> None:
    marks = contacts.marks()
    first = contacts.create(marks, last_name="amber", tags="first", spouse_name="oak")
    second = contacts.create(marks, last_name="birch")
    third = contacts.create(marks, last_name="cedar", tags="third")
    assert len(contacts.marked(marks)) == 3, "the list does not have what was submitted"

    contacts.change(first, last_name="changed")
    contacts.change(second, tags="second", last_name="changed")
    contacts.change(first, last_name="amber")
    contacts.change(first, spouse_name="teak")
    contacts.remove(third)

    listed = {contacts.ids([r])[0]: r for r in contacts.marked(marks)}
    assert sorted(listed) == sorted([first.id, second.id]), f"the list has {sorted(listed)}"
    for contact, expected in (
        (first, {"last_name": "amber", "tags": "first", "spouse_name": "teak"}),
        (second, {"last_name": "changed", "tags": "second"}),
    ):
        for read in (contacts.read(contact), listed[contact.id]):
            found = {n: read.get(n) for n in expected}
            assert found == expected, f"contact {contact.id} has {found}, not {expected}"
    contacts.remove(second)
    answer = contacts.send_read(second.id)
    assert not answer.succeeded, f"changed, then removed, yet {answer!r}"


@requirement("lifecycle")
def test_a_contact_takes_nothing_from_the_one_before(session: Session, contacts: Contacts) -> None:
    values = {
        n: v for n, v in round_trip.whole(session).items() if n != "company" and session.contract.field(n).is_text
    }
    contacts.create(**values)

    read = contacts.read(contacts.create())

    taken = {n: v for n, v in values.items() if read.get(n) == v}
    assert not taken, f"a contact without them has {taken}, which the one before was given"
