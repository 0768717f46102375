"""Behind every answer: what is refused has no effect, and what is answered with a success is done.

These checks send requests of their own. Beside them, every write of the run is looked behind: by what is read later, by
a read when its module is over, and by the clean-up.
"""

from collections.abc import Collection, Iterator, Mapping

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract, Field, samples
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.verdicts.outcomes import Judge

Values = dict[str, Json]
STRUCTURE = {"text": "in an object"}


def _plain(fields: tuple[Field, ...], marks: Collection[str]) -> list[Field]:
    """The fields for any text, but for those that carry a mark."""
    plain = [f for f in fields if f.kind == "text" and f.reads_back and not (f.shape or f.enum or f.known)]
    return [f for f in plain if f.name not in marks]


def _wrong(fields: list[Field]) -> Iterator[Values]:
    """Values that a service may refuse, each for one reason."""
    long = {f.name: samples.text_of_length(f, (f.max_length or 0) + 1) for f in fields if f.is_limited}
    if long:
        yield dict(long)
    yield {fields[-1].name: STRUCTURE}


def _asked(answer: Answer, values: Mapping[str, Json]) -> str:
    """What was refused, for a message."""
    more = f" and {len(values) - 3} more" if len(values) > 3 else ""
    return f"{answer.exchange.operation} with {', '.join(list(values)[:3])}{more}, answered {answer.status_line}"


@requirement("refusal.no-effect", "text.refused-is-not-stored", "refusal.no-server-error")
def test_what_is_refused_is_not_created(session: Session, contacts: Contacts, judge: Judge) -> None:
    if not session.contract.has("list"):
        raise NotOffered("there are no lists to look in")
    contact, before = round_trip.untouched(session)
    plain = _plain(session.contract.create_fields, contact.marks)
    own = next((f for f in plain if not f.is_limited), plain[0])
    fields = [f for f in plain if f is not own]
    sent: list[tuple[str, Values, Answer]] = []
    for values in _wrong(fields):
        told = str(session.provider.sample(own, session.number()))
        body = {**contacts.complete({own.name: told}), **values}
        sent.append((told, values, contacts.send_create(body, marks=contact.marks, legal=False)))
    created = {session.provider.created_id(a) for _, _, a in sent if a.succeeded}
    with judge("refusal.no-server-error"):
        for _, values, answer in sent:
            expect.no_server_error(answer, _asked(answer, values))

    listed = {i: r for r in contacts.found(contact.marks) for i in contacts.ids([r])}

    if contact.id not in listed:
        raise NotVerified(f"lists do not show contact {contact.id}, which is surely there")
    left = [r for i, r in listed.items() if i not in (contact.id, *created)]
    if not (left or created):
        round_trip.left_alone(session, contact, before)
    by = {told: [r for r in left if r.get(own.shown_as) == told] for told, _, _ in sent}
    for row in ("refusal.no-effect", "text.refused-is-not-stored"):
        with judge(row):
            mine = [s for s in sent if row.startswith("refusal") or STRUCTURE not in s[1].values()]
            refused = [s for s in mine if s[2].refused]
            if not refused:
                raise NotOffered("nothing like this is refused" + "".join(f": {a!r}" for _, _, a in mine[:1]))
            for told, values, answer in refused:
                _expect_nothing_left(by[told] if any(by.values()) else left, values, answer)


def _expect_nothing_left(left: list[Record], values: Values, answer: Answer) -> None:
    expect.that(
        not left,
        "no contact",
        "; ".join(expect.shown(r) for r in left[:3]),
        about=_asked(answer, values),
        observed="stored",
        shown_by=answer,
    )


@requirement("refusal.no-effect", "success.done", "change.refused-alters-nothing")
def test_changes_that_are_refused_have_no_effect_and_others_do(
    session: Session, contract: Contract, contacts: Contacts, judge: Judge
) -> None:
    if not (contract.has("change") and contract.has("remove")):
        raise NotOffered("contacts cannot be changed and removed")
    marks = contacts.marks()
    one, beside, *others = [f for f in _plain(contract.change_fields, marks) if not f.required]
    contact = contacts.create(marks)
    before = contacts.read(contact)
    refused: list[tuple[Values, Answer]] = []
    for values in _wrong(others):
        legal = {} if refused else {beside.name: session.provider.sample(beside, session.number())}
        refused.append((values, contacts.send_change(contact.id, {**legal, **values}, legal=False)))
    sent = [session.provider.sample(one, session.number()) for _ in range(3)]
    done = [contacts.send_change(contact.id, {one.name: value}) for value in sent]

    read = contacts.send_read(contact.id)

    after = session.provider.record(read) or {}
    with judge("change.refused-alters-nothing"):
        _expect_unchanged(before, after, {beside.name: ""}, beside, refused[0][1], read)
    with judge("refusal.no-effect"):
        for values, answer in refused:
            for field in others:
                _expect_unchanged(before, after, values, field, answer, read)
    with judge("success.done"):
        if done[-1].succeeded:
            expect.success(read, about="reading the contact afterwards")
            about = f"{one}, after a third change that was answered {done[-1].status_line}"
            expect.equal(after.get(one.shown_as), sent[-1], about=about, shown_by=read)
    with judge("success.done"):
        removed = contacts.send_remove(contact.id)
        if removed.succeeded:
            gone = contacts.send_read(contact.id)
            expect.no_success(gone, about=f"reading the contact after a removal answered {removed.status_line}")


def _expect_unchanged(
    before: Record, after: Record, values: Mapping[str, Json], field: Field, answer: Answer, read: Answer
) -> None:
    """A field reads as before a change that was refused, where the change sent it; NotOffered where it was taken."""
    if not answer.refused:
        raise NotOffered(f"such a change is not refused: {answer!r}")
    expect.success(read, about="reading the contact afterwards")
    if field.name in values:
        about = f"{field}, after {_asked(answer, values)}"
        expect.equal(after.get(field.shown_as), before.get(field.shown_as), about=about, shown_by=read)
