"""Contacts, all sections: random sequences of creating, updating, assigning, sharing and removing contacts.

After each step, what the API returns is compared with a simple model.
"""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect, round_trip, shares
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.seeded import generating
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.model import Json
from contacts_conformance.providers import ANY_OF
from contacts_conformance.verdicts.outcomes import Judge

SEQUENCES, STEPS = 1, 5
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
        expect.that(
            contact.id not in self.model, "an id of its own", f"the id of another contact, {contact.id}", about="id"
        )
        self.model[contact.id] = values

    @precondition(lambda self: self.model)
    @rule(draw=st.data(), values=VALUES.filter(bool))
    def change(self, draw: st.DataObject, values: dict[str, str]) -> None:
        contact = self.pick(draw)
        answer = self.contacts.send_change(contact, values)
        if answer.succeeded:
            self.model[contact] |= values
        else:  # a service may take no empty text
            if "" not in values.values():
                expect.success(answer, about="a change")
            expect.refusal(answer, about="a change to an empty text")
        self.expect_as_in_model(contact)

    @precondition(lambda self: self.model)
    @rule(draw=st.data())
    def remove(self, draw: st.DataObject) -> None:
        contact = self.pick(draw)
        answer = self.contacts.send_remove(contact)
        expect.success(answer, about="a removal")
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
        expect.success(answer, about="the assigned user reading")

    @precondition(lambda self: self.model and self.session.target.share is not None)
    @rule(draw=st.data())
    def share(self, draw: st.DataObject) -> None:
        contact = self.pick(draw)
        try:
            shares.share(self.session, contact, "teammate")
        except NotVerified:
            return
        answer = self.session.contacts("teammate").send_read(contact)
        expect.success(answer, about="a user with a share reading")

    @precondition(lambda self: self.removed)
    @rule()
    def look_for_a_removed_one(self) -> None:
        answer = self.contacts.send_read(self.removed[-1])
        expect.no_success(answer, about="reading a removed contact")

    @precondition(lambda self: self.model)
    @rule(draw=st.data())
    def read(self, draw: st.DataObject) -> None:
        self.expect_as_in_model(self.pick(draw))

    def expect_as_in_model(self, contact: str) -> None:
        """The contact reads as the model has it."""
        answer = self.contacts.send_read(contact)
        expect.success(answer, about="reading a contact")
        read = self.session.provider.record(answer) or {}
        for name, value in self.model[contact].items():
            expect.equal(read.get(name) or "", value, about=name, shown_by=answer)

    def teardown(self) -> None:
        """The list holds the contacts of the model."""
        if self.model or self.removed:
            listed = self.contacts.ids(self.contacts.marked(self.marks))
            expect.same_contacts(listed, list(self.model), about="the list at the end")


@requirement("lifecycle")
def test_any_sequence_leaves_what_it_says(session: Session) -> None:
    machine = type("LifeCyclesOfThisRun", (LifeCycles,), {"session": session})

    run_state_machine_as_test(
        machine,
        settings=generating(SEQUENCES, stateful_step_count=STEPS),
    )


def _one_of_each_sort(session: Session) -> dict[str, Json]:
    """A value for one of the fields that hold a name, an address, a number and a day: others of the sort are unset."""
    names = ("first_name", "email", "mobile_phone", "birthday")
    return {n: session.provider.sample(session.contract.field(n), session.number()) for n in names}


def _expect_value(session: Session, got: Json, name: str, sent: Json, about: str) -> None:
    same = session.provider.same(session.contract.field(name), sent, got)
    expect.that(same, expect.shown(sent), expect.shown(got), about=about, observed=expect.difference(got, sent))


@requirement("lifecycle", "change.only-given")
def test_a_plain_life_leaves_what_it_says(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks(without=("last_name", "tags", "spouse_name"))
    alike: dict[str, Json] = {"first_name": "amber"}  # as the last name is
    for shape in ("phone", "date"):
        fields = [f for f in session.contract.text_fields if f.shape == shape]
        alike |= dict.fromkeys((f.name for f in fields), str(session.provider.sample(fields[0], session.number())))
    first = contacts.create(marks, last_name="amber", tags="first", spouse_name="oak", **alike)
    second = contacts.create(marks, last_name="birch", **_one_of_each_sort(session))
    third = contacts.create(marks, last_name="cedar", tags="third")
    submitted = [c.id for c in (first, second, third)]
    asked = session.provider.mark_filter(marks)
    if ANY_OF not in session.account.lacks.missing and marks:
        ((name, mark),) = marks.items()
        asked = session.provider.any_of(name, [mark, session.mark()])
    listed = contacts.ids(contacts.list(asked).records)
    expect.same_contacts(listed, submitted, about="the list after the submissions")

    contacts.change(first, last_name="changed")
    sparse = _one_of_each_sort(session)
    contacts.change(second, tags="second", last_name="changed", **sparse)
    contacts.change(first, last_name="amber")
    contacts.change(first, spouse_name="teak")
    contacts.remove(third)

    answer = contacts.send_list(asked)
    page = contacts.page(answer)
    items = {contacts.ids([r])[0]: r for r in page.records}
    expect.same_contacts(contacts.ids(page.records), [first.id, second.id], about="the list after the removal")
    expect.equal(page.total, 2, about="total after the removal", shown_by=answer)
    left: list[tuple[Contact, dict[str, Json]]] = [
        (first, {**alike, "last_name": "amber", "tags": "first", "spouse_name": "teak"}),
        (second, {**sparse, "last_name": "changed", "tags": "second"}),
    ]
    for contact, values in left:
        item = items[contact.id]
        for name, value in values.items():
            if item.get(name) is not None or name in ("last_name", "tags", "spouse_name"):
                _expect_value(session, item.get(name), name, value, f"{name} in the list")
    for contact, values in left:
        read = contacts.read(contact)
        for name, value in values.items():
            _expect_value(session, read.get(name), name, value, name)
        former = [v for v in contact.sent.values() if v not in values.values()]
        others = {f.name: read.get(f.name) for f in session.contract.text_fields if f.name not in values}
        moved = {n: v for n, v in others.items() if v in former and v}
        with judge("change.only-given"):
            expect.equal(moved, {}, about="what other fields held before, in fields that were never sent")
    contacts.remove(second)
    expect.no_success(contacts.send_read(second.id), about="reading a contact that was changed, then removed")
