"""The page of the kill matrix, and what is told of drawn faults."""

import pytest

from contacts_conformance.cli import seeds
from contacts_conformance.errors import UsageError
from contacts_conformance.proof.matrix import Proof, command, counted, page, tally


def proof(name: str, *, proved: bool, kind: str = "drawn", family: str = "cut at a sign") -> Proof:
    place = name.removeprefix("drawn:").rpartition("/")[0]
    return Proof(
        "book", kind, name, "A title is cut.", "book.text", "MUST", "pass", 0, proved, "", 1, "cut", family, place
    )


PROOFS = (
    proof("drawn:create/title/cut-at-comma", proved=True),
    proof("drawn:create/title/cut-at-<b>", proved=False),
    proof("drawn:read/title/lost", proved=True, family="shown wrong"),
    proof("last-value-counts", proved=True, kind="fault"),
)


def test_drawn_faults_are_counted_by_operator_and_the_worst_comes_first() -> None:
    assert tally(PROOFS, lambda p: p.family) == {"cut at a sign": (1, 2), "shown wrong": (1, 1)}


def test_the_page_shows_drawn_faults_by_operator_and_by_place() -> None:
    text = page(PROOFS)

    assert "<tr class='missed'><td>cut at a sign</td><td>1 of 2</td></tr>" in text
    assert "<tr class='ok'><td>book read/title</td><td>1 of 1</td></tr>" in text
    assert "cut-at-&lt;b&gt;" in text


def test_a_page_without_drawn_faults_has_no_table_of_them() -> None:
    assert "by operator" not in page(PROOFS[-1:])


def test_the_last_line_counts_what_was_proved() -> None:
    assert counted(PROOFS) == "1 faults, 3 drawn faults, 0 variants, 1 not proved"
    assert counted(PROOFS[-1:]) == "1 faults, 0 variants, 0 not proved"


def test_a_command_shows_one_again() -> None:
    assert command(PROOFS[0]) == "contacts-conformance prove book --name 'drawn:create/title/cut-at-comma'"


def test_a_seed_is_a_number_or_the_day() -> None:
    assert seeds.parsed("-3") == -3
    assert 20_000_000 < seeds.parsed("today") < 100_000_000
    with pytest.raises(UsageError, match="neither a whole number nor `today`"):
        seeds.parsed("tomorrow")
