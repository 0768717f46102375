"""Words that programs misread, as values of texts that a check sends anyway; and what a contact holds beside them."""

from collections import Counter
from collections.abc import Iterable, Mapping

from contacts_conformance.checks import expect, round_trip, wordy
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers.spark import PROVIDER as SPARK
from contacts_conformance.verdicts.outcomes import Judge

SENT_BY_CHANGES = SPARK.words_of_changes + 1
"""So many words dense changes send in most texts: one in place of what looks like code beside those that are sure."""
DATES = ("2001-05-06", "5/6/2001")
"""Texts that programs take for dates, and write anew: a text of any attribute may look like one."""
UNLIKE = ("DisplayName", "PrimaryEmail")
ADDRESS = ("StreetAddress", "Locality", "Region", "PostalCode")
DERIVED = (*UNLIKE, "PrimaryPhoneNumber", "MobilePhoneCountryCode")
"""What a service may make out of other attributes."""


def of(session: Session, fields: Iterable[Field], kind: str, sent: int) -> dict[str, Json]:
    """The next word for each text that may be any word, of those that dense requests of this kind may not send.

    `sent` is how many words these send. A text has none any more when all were sent; which is the next one is counted
    for the whole run. The longest text is not among them: it is sent where limits are judged.
    """
    counted: Counter[str] = session.once(f"words sent by {kind}", Counter)
    values: dict[str, Json] = {}
    for field in fields:
        words = wordy.of(session, field, kind)[sent:] if field.name in SPARK.wordy else []
        left: list[Json] = [w.value for w in words if "longest" not in w.kinds]
        if words and kind == "create":
            left = [DATES[0], *left, DATES[1]]
        if counted[field.name] < len(left):
            values[field.name] = left[counted[field.name]]
        counted[field.name] += 1
    return values


def rows(kind: str) -> tuple[str, ...]:
    """The rows of the texts that may be any word, in one kind of request."""
    return tuple(f"field.{name}.{kind}" for name in sorted(SPARK.wordy))


def expect_kept(
    session: Session, judge: Judge, kind: str, sent: Mapping[str, Json], record: Record, shown_by: Answer
) -> None:
    """Judges for each text that may be any word, and was sent, that it reads as it was sent."""
    for name, word in ((n, v) for n, v in sent.items() if n in SPARK.wordy):
        with judge(f"field.{name}.{kind}"):
            round_trip.expect_values(session, record, {name: word}, shown_by)


def expect_in_no_other(session: Session, sent: Mapping[str, Json], record: Record, shown_by: Answer | str) -> None:
    """Expects that no text of a new contact which was not sent holds the value of one that was."""
    texts = {f.name: f for f in session.contract.create_fields if f.is_text and f.reads_back and not f.enum}
    values = {v: n for n, v in sent.items() if n in texts and isinstance(v, str)}
    for name in texts.keys() - sent.keys() - {"DisplayName"}:
        value = record.get(name)
        expect.that(
            not value or value not in values,
            "no value, since none was sent",
            f"{expect.shown(value)}, which was sent as {values.get(value)}" if isinstance(value, str) else "",
            about=name,
            observed="the value of another attribute",
            shown_by=shown_by,
        )


def expect_no_other_written(
    session: Session, sent: Mapping[str, Json], before: Record, after: Record, shown_by: Answer | str
) -> None:
    """Expects that a text which was not sent is as it was; or that all of them are cleared.

    The number that was sent as the primary one may be written to the number that it stands for.
    """
    fields = [f for f in session.contract.change_fields if f.is_text and f.reads_back and not f.enum]
    others = [f for f in fields if f.name not in (*sent, *DERIVED)]
    cleared = [f for f in others if before.get(f.name) and not after.get(f.name)]
    are_all_cleared = len(cleared) == sum(1 for f in others if before.get(f.name))
    primary = sent.get("PrimaryPhoneNumber")
    for field in others:
        was, now = before.get(field.name), after.get(field.name)
        follows = field.shape == "phone" and primary is not None and now == primary
        follows = follows or (bool(now) and now not in sent.values() and _is_completed(field.name, sent))
        expect.that(
            now == was or follows or (are_all_cleared and field in cleared),
            f"{expect.shown(was)}, as it was",
            expect.shown(now),
            about=f"{field}, which was not sent",
            observed="cleared" if field in cleared else "another value",
            shown_by=shown_by,
        )


def _is_completed(name: str, sent: Mapping[str, Json]) -> bool:
    """Whether a part of an address may follow from another part of it that was sent."""
    parts = [f"{name[:4]}{part}" for part in ADDRESS]
    return name in parts and any(part in sent for part in parts)
