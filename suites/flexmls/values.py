"""What a contact has to show of the values that were sent for it."""

from collections.abc import Iterable, Mapping

from contacts_conformance.checks import expect
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record

NOTHING = ("null", "NULL", "None", "nil", "undefined", "NaN")


def expect_nowhere_else(
    session: Session,
    record: Record,
    sent: Mapping[str, Json],
    shown_by: Answer,
    others: Iterable[Mapping[str, Json]] = (),
) -> None:
    """Expects that no field that can be sent, and was not, shows a value that was sent for another field.

    Nor one that was sent for `others`, contacts of the same request, nor a word for nothing.
    """
    values: list[Json] = list(NOTHING)
    values += [v for each in (sent, *others) for n, v in each.items() if n != "DisplayName"]
    for field in session.contract.create_fields:
        shown = record.get(field.shown_as)
        expect.that(
            field.name in sent or not isinstance(shown, str) or shown not in values,
            "no value that was sent elsewhere, and no word for nothing",
            expect.shown(shown),
            about=f"{field}, which was not sent",
            observed="a value that was not sent for it",
            shown_by=shown_by,
        )


def expect_short(field: Field, record: Record, shown_by: Answer | str, about: str = "") -> None:
    """Expects that a field reads no longer than its limit."""
    length = len(str(record.get(field.shown_as) or ""))
    expect.that(
        length <= (field.max_length or 0),
        f"at most {field.max_length} characters",
        f"{length} characters",
        about=about or field.name,
        observed="longer than the limit",
        shown_by=shown_by,
    )


def unknown_tag(session: Session) -> tuple[str, Answer]:
    """A tag that nobody had when it was asked for, and the answer; contacts may get it afterwards."""

    def ask() -> tuple[str, Answer]:
        tag = f"nobody bears {session.mark()}"
        return tag, session.contacts().send("tagged", tag, legal=False)

    known: tuple[str, Answer] = session.once("a tag that nobody has", ask)
    return known
