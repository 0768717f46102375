"""Answers can hold anything; a script is made of them, or none is."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from contacts_conformance.checks import reproduction
from contacts_conformance.checks.session import Session
from contacts_conformance.model import Outcome

from ...making import a_breach, a_fact, a_target, an_exchange

_POST = {"method": "POST", "operation": "createContact", "url": "http://127.0.0.1:1/contacts", "status": 201}


def _session(contact: str) -> Session:
    """A run that has created a contact with this id, and read it."""
    session = Session(a_target())
    creation = session.journal.intend("owner", {"company": f"{session.tag}x1"})
    session.journal.created(creation, contact)
    creation.exchange = "1"
    body = f'{{"company": "{session.tag}x1"}}'
    session.recorder.add(an_exchange(id="1", request_body=body, response_body=f'{{"id": "{contact}"}}', **_POST))
    listing = f"http://127.0.0.1:1/contacts?company={session.tag}x1"
    session.recorder.add(an_exchange(id="2", url=listing, operation="listContacts"))
    return session


def _script(session: Session, **breach: str) -> str:
    row = next(r.id for r in session.register)
    fact = a_fact(Outcome.BROKEN, exchanges=("1", "2"), breach=a_breach(exchange="2", **breach))
    (told,) = reproduction.with_scripts(session, [replace(fact, requirement=row)])
    return told.script


@pytest.mark.parametrize(
    "contact", ["\ud800", "a\nb", "$(touch x)", "`id`", "'", '"', "a/b", "x" * 5000, "\\1", "${HOME}"]
)
def test_hostile_ids_and_values_are_texts_to_the_shell(contact: str) -> None:
    script = _script(_session(contact), expected=f"'; touch x; {contact}", got="$(touch x)\x1b[2J`id`")

    assert "this shows it: GET" in script
    checked = subprocess.run(["sh", "-n"], input=script.encode("utf-8", "replace"), capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert "\n$(touch" not in script
    assert "\x1b" not in script


def test_only_the_first_failure_of_a_requirement_has_a_script() -> None:
    session = _session("7")
    row = next(r.id for r in session.register)
    fact = replace(a_fact(Outcome.BROKEN, exchanges=("2",), breach=a_breach(exchange="2")), requirement=row)

    first, second = reproduction.with_scripts(session, [fact, replace(fact)])

    assert first.script
    assert not second.script
