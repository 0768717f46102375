"""Update: a change affects the attributes that it gives, and no other."""

from collections.abc import Mapping, Sequence

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.checks import apart, dense, expect, round_trip
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field
from contacts_conformance.errors import NotOffered, NotShown
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.verdicts.outcomes import Judge

from .alone import CREATED, PAST
from .test_times import expect_moved

pytestmark = in_cohort("contract")


def expect_unchanged(
    session: Session, before: Record, after: Record, *but: str, about: str = "", shown_by: Answer | str | None = None
) -> None:
    """Two readings of a contact show the same documented attributes, but for these; null and empty count as missing."""

    def set_in(record: Record) -> Record:
        values = {f.name: record.get(f.name) for f in session.contract.answered_fields}
        return {n: v for n, v in values.items() if v not in (None, "", [], {})}

    expect.unchanged(set_in(before), set_in(after), but=but, about=about, shown_by=shown_by)


def _whole_contact(session: Session, contacts: Contacts) -> tuple[Contact, Record]:
    """The contact of the dense changes, which has a value in each attribute, as it reads; else one more like it."""
    taken = dense.changed(session).taken
    tame = next(iter(round_trip.changed_whole(session).values()))
    if tame.contact and taken and taken[-1] is not None:
        return Contact(tame.contact, {}, {}), taken[-1].record
    contact = contacts.create(**round_trip.whole(session))
    return contact, contacts.read(contact)


@requirement(
    "change.only-given", "change.empty", "change.emptied", "operation.{change}.accepts", "time.modified-at-moves"
)  # fmt: skip
def test_a_change_leaves_every_other_attribute(session: Session, contacts: Contacts, judge: Judge) -> None:
    contact, expected = _whole_contact(session, contacts)
    answer = contacts.send_change(contact.id, {})
    before = contacts.read(contact)
    with judge("change.empty"):
        expect.no_server_error(answer)
        expect_unchanged(session, expected, before, "modified_at", shown_by=answer)
    others = tuple(f for f in session.contract.change_fields if not f.is_text)
    alone = round_trip.values(session, others)
    times = {**({"created_at": CREATED} if "created_at" in alone else {}), "modified_at": PAST}
    singles: list[Mapping[str, Json]] = [{n: v} for n, v in alone.items() if n not in times]
    tags = session.provider.sample(session.contract.field("tags"), session.number())
    texts = [f for f in session.contract.change_fields if f.is_text and f.name not in contact.marks]
    pair = round_trip.values(session, _two(session, texts))
    beside_times = round_trip.nearly(before, [f for f in texts if f.name not in pair])
    rest = [*singles, times | beside_times, *([] if "tags" in contact.marks else [{"tags": tags}])]
    with judge("change.only-given"):
        _expect_only_given(session, judge)
        if not session.is_quick:  # dense changes are without some of the texts, and never without these
            before = _changed(session, contacts, judge, contact.id, before, [pair, *rest])
    if judge.broken:
        before = contacts.read(contact)
    with judge("change.emptied"):
        _expect_emptied(session, contacts, contact, before, judge)


def _two(session: Session, texts: Sequence[Field]) -> tuple[Field, ...]:
    """Two texts that dense changes had with others only, as far as there are such, else drawn ones."""
    drawn = session.random("two texts").sample([f.name for f in texts], 2)
    some = list(dict.fromkeys((*apart.alone(session, [f.name for f in texts])[:2], *drawn)))[:2]
    return tuple(f for f in texts if f.name in some)


def _expect_only_given(session: Session, judge: Judge) -> None:
    """Each dense change, which is without some of the texts, left these as they were."""
    before = round_trip.left_by(round_trip.changed_whole(session))
    for change in dense.changed(session).taken:
        if change is not None and before is not None:
            judge.cite(*change.exchanges)
            but = {"modified_at", *change.values, *(n.removesuffix("_id") for n in change.values)}
            about = f"changes of {', '.join(change.values)}"
            expect_unchanged(session, before, change.record, *but, about=about, shown_by=change.exchanges[-1])
        before = change.record if change is not None else None


def _expect_emptied(session: Session, contacts: Contacts, contact: Contact, before: Record, judge: Judge) -> None:
    """A change to nothing, by an empty text and by null, leaves no old value where it is carried out; by null alone it
    moves the time of the last edit, which the other one sets back, and leaves two texts as they were."""
    fields = [f for f in session.contract.change_fields if f.name not in (*contact.marks, "assigned_user_id")]
    ids, texts = [f for f in fields if f.known], [f for f in fields if f.is_text]
    session.random("emptied").shuffle(texts)
    left, texts = texts[:2], texts[2:]
    half = len(texts) // 2
    emptied: list[tuple[Field, Answer]] = []
    for nothing, some, more in (("", texts[half:], {"modified_at": PAST}), (None, [*ids, *texts[:half]], {})):
        answer = contacts.send_change(contact.id, {**{f.name: nothing for f in some}, **more}, legal=False)
        emptied += [(f, answer) for f in some if answer.succeeded]
    if not emptied:
        raise NotOffered("no change to nothing is carried out")
    after = contacts.read(contact)
    if answer.succeeded:
        with judge("time.modified-at-moves"):
            expect_moved(after, "a change of texts and ids to null alone", shown_by=answer)
        with judge("change.only-given"):
            about = "texts beside others that were emptied"
            expect.unchanged(*({f.name: r.get(f.name) for f in left} for r in (before, after)), about=about)
    for field, answer in emptied:
        shown = field.shown_as if field.reads_back else field.name.removesuffix("_id")
        old, now = before.get(shown), after.get(shown)
        if old not in (None, "", {}):
            expect.different(now, old, f"{field}, which was emptied", answer)


def _on_several_lines(values: Mapping[str, Json]) -> bytes:
    """A JSON object as people write one, in which each letter of a text is an escape."""
    escaped = {n: "".join(f"\\u{ord(c):04x}" for c in str(v)) for n, v in values.items()}
    return ("{\n" + ",\n".join(f'  "{n}": "{text}"' for n, text in escaped.items()) + "\n}\n").encode()


def _changed(
    session: Session,
    contacts: Contacts,
    judge: Judge,
    contact: str,
    before: Record,
    changes: Sequence[Mapping[str, Json]],
) -> Record:
    """The contact after these changes, one after the other, which left all that none of them gave.

    The body of the first one is written on several lines, as the page prints it, and its texts as escapes. The last
    one, of the tags, moves the time of the last edit, which the one before it sets back.
    """
    given: dict[str, Json] = {}
    with judge(f"operation.{session.contract.operation('change')}.accepts"):
        for number, values in enumerate(changes, 1):
            lines = _on_several_lines(values) if number == 1 else None
            answer = contacts.send_change(contact, values, content=lines)
            about = " and ".join(values)
            expect.success(answer, about=f"{about}, on several lines" if lines else about)
            given |= values
    if not given:
        raise NotShown("no change of one field is carried out")
    answer = contacts.send_read(contact)
    expect.success(answer, about="reading the contact afterwards")
    after = session.provider.record(answer) or {}
    about = f"changes of {', '.join(given)}"
    for name, value in given.items():
        field = session.contract.field(name)
        if field.is_text:
            same = session.provider.same(field, value, after.get(name))
            expect.that(same, expect.shown(value), expect.shown(after.get(name)), about=name, shown_by=answer)
        elif field.kind == "id" and field.reads_back:
            expect.same_id(after.get(name), value, about=name, shown_by=answer)
        elif field.kind == "id":
            shown = name.removesuffix("_id")
            expect.present(after.get(shown), about=shown, shown_by=answer)
    but = {"modified_at", *given, *(n.removesuffix("_id") for n in given)}
    expect_unchanged(session, before, after, *but, about=about, shown_by=answer)
    if "tags" in given and list(changes[-1]) == ["tags"]:
        with judge("time.modified-at-moves"):
            expect_moved(after, "a change of the tags alone", shown_by=answer)
    return after
