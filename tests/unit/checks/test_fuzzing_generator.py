"""Generated cases that the network disturbs are left out."""

import pytest

from contacts_conformance.checks.fuzzing import Finding, Generator
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import Unanswered

from ..making import a_target

HELD = Finding("listContacts", "accepts")


def run(monkeypatch: pytest.MonkeyPatch, *, disturbed: int) -> list[Finding]:
    """What generated lists show, the first so many of which are disturbed."""
    session, sent = Session(a_target()), list[object]()

    def send(_: Generator, __: object, case: object) -> list[Finding]:
        sent.append(case)
        if len(sent) <= disturbed:
            raise Unanswered("no answer")
        return [HELD]

    monkeypatch.setattr(Generator, "send", send)
    return Generator(session).run(session.contract.operation("list"), coverage=1, fuzzing=2)


def test_a_case_that_is_disturbed_shows_nothing_and_the_others_are_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    calm = run(monkeypatch, disturbed=0)

    assert run(monkeypatch, disturbed=1) == calm[1:]
    assert len(calm) > 1


def test_where_every_case_is_disturbed_nothing_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unanswered, match="no answer"):
        run(monkeypatch, disturbed=1_000)
