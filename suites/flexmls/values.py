"""What a contact has to show of the values that were sent for it."""

from collections.abc import Iterable, Mapping

from contacts_conformance.checks import expect
from contacts_conformance.checks.session import Session
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record


def expect_values(session: Session, record: Record, sent: Mapping[str, Json], shown_by: Answer) -> None:
    """Expects that a contact reads these values as they were sent."""
    for name, value in sent.items():
        field = session.contract.field(name)
        read = record.get(field.shown_as)
        expect.that(
            not field.reads_back or session.provider.same(field, value, read),
            expect.shown(value),
            expect.shown(read),
            about=name,
            observed=expect.difference(read, value),
            shown_by=shown_by,
        )


def expect_nowhere_else(
    session: Session,
    record: Record,
    sent: Mapping[str, Json],
    shown_by: Answer,
    others: Iterable[Mapping[str, Json]] = (),
) -> None:
    """Expects that no field that can be sent, and was not, shows a value that was sent for another field.

    Nor one that was sent for `others`, contacts of the same request.
    """
    values = [v for each in (sent, *others) for n, v in each.items() if n != "DisplayName"]
    for field in session.contract.create_fields:
        shown = record.get(field.shown_as)
        expect.that(
            field.name in sent or not isinstance(shown, str) or shown not in values,
            "no value that was sent elsewhere",
            expect.shown(shown),
            about=f"{field}, which was not sent",
            observed="a value that was sent elsewhere",
            shown_by=shown_by,
        )
