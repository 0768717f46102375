"""What contacts that are there already can show, to a run that may not write."""

import pytest

from contacts_conformance import contract
from contacts_conformance.account import readable
from contacts_conformance.account.forecast import shipped
from contacts_conformance.contract import register
from contacts_conformance.contract.register import is_below
from contacts_conformance.model import Judgement, Verdict

PROVIDERS = contract.providers()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_name_of_the_list_is_of_a_row(provider: str) -> None:
    known, rows = shipped(provider), [r.id for r in register.load(provider)]

    assert known is not None
    assert known.readable
    assert [n for n in known.readable if not any(is_below(r, n) for r in rows)] == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_row_on_what_writes_is_among_them(provider: str) -> None:
    known = contract.load(provider)
    writing = {o.id for o in known.operations if o.method != "GET" and not o.opens_session}

    rows = readable.rows(known, register.load(provider))

    assert [r for r in rows if {*r.split(".")} & writing] == []
    aspects = ("create", "change", "max-length", "no-silent-cut", "required", "optional", "read-only")
    assert [r for r in rows if r.split(".")[1] == "field" and r.endswith(aspects)] == []


def test_a_sentence_says_how_much_was_judged() -> None:
    rows = register.load("liondesk")
    verdicts = {"liondesk.filter.eq": Verdict.PASS, "liondesk.create.stores": Verdict.NOT_VERIFIED}
    judgements = [Judgement(rows[r], v, (), "") for r, v in verdicts.items()]

    note = readable.note(contract.load("liondesk"), rows, judgements)

    assert note.endswith("1 of 2 requirements could be judged, 1 of the 1 that reading can show")
