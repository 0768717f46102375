"""Contacts, all sections: a plain life of three contacts. Deep runs send random sequences."""

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Json
from contacts_conformance.providers import ANY_OF
from contacts_conformance.verdicts.outcomes import Judge


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
