"""Contacts > Contacts Description: ModificationTimestamp, the time of the last update."""

from datetime import datetime

from contacts_conformance.checks import expect
from contacts_conformance.errors import NotShown
from contacts_conformance.http import Answer


def expect_later(before: datetime, after: datetime | None, about: str, shown_by: Answer) -> None:
    """Expects that the time of the last update is a later one.

    NotShown where it stays the same and is that of a whole minute: no page says how exact the times are.
    """
    if after == before and not (before.second or before.microsecond):
        raise NotShown(f"{about} is {before.isoformat()} still: it tells no seconds, or it did not move")
    expect.that(
        after is not None and after > before,
        f"an instant after {before.isoformat()}",
        "none" if after is None else after.isoformat(),
        about=about,
        observed="same" if after == before else "too small",
        shown_by=shown_by,
    )
