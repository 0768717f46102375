"""What the values of a run come to when they are added up."""

from __future__ import annotations

from contacts_conformance.model import Traffic


def test_the_same_note_of_many_parts_of_a_run_is_one_with_the_sum() -> None:
    several = [
        Traffic(notes=("8 contacts stay", "the journal is not whole: disk full")),
        Traffic(notes=("2 more contacts may exist", "12 contacts stay")),
        Traffic(notes=("the journal is not whole: disk full",)),
    ]

    together = sum(several, Traffic())

    assert together.notes == ("20 contacts stay", "the journal is not whole: disk full", "2 more contacts may exist")
