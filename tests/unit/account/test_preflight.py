"""What the first requests say of a key that opens no session."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from contacts_conformance.account.account import Account
from contacts_conformance.account.preflight import Look, learn, learnt, look, preflight
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.target import Target

from ..http.signed_service import SIGNED, Service


@pytest.mark.parametrize("secret", ["secret-of-ada", "another"])
def test_a_key_with_a_wrong_secret_lets_nobody_in(secret: str) -> None:
    service = Service(secret=secret)
    with serving(service) as url:
        account = Account(Target("spark", url, {"private": replace(SIGNED, role="private")}))
        found, problems = look(account), preflight(account)
        account.client.close()

    wrong = secret == "another"
    assert found.admitted is not wrong
    assert (found == Look(admitted=False)) is wrong
    assert problems["private"].startswith("401: the target refuses the credentials of 'private'") is wrong
    assert ("private" in account.target.identities) is not wrong
    assert (service.refused, service.opened) == ((2, 0) if wrong else (0, 1))


@pytest.mark.parametrize("secret", ["secret-of-ada", "another"])
def test_another_process_learns_who_is_let_in_without_asking(secret: str) -> None:
    service = Service(secret=secret)
    with serving(service) as url:
        target = Target("spark", url, {"private": replace(SIGNED, role="private")})
        account, other = Account(target), Account(target)
        preflight(account)
        asked = len(service.asked)
        learn(other, json.loads(json.dumps(learnt(account))))
        account.client.close()
        other.client.close()

    assert len(service.asked) == asked
    assert other.target.identities.keys() == account.target.identities.keys()
    assert (other.ended, other.notes) == (account.ended, account.notes)
    assert str(other.client.closed_for) == str(account.client.closed_for)


def test_another_process_learns_that_nobody_answers() -> None:
    target = Target("spark", "http://127.0.0.1:9", {"private": replace(SIGNED, role="private")})
    account, other = Account(target), Account(target)
    preflight(account)
    learn(other, json.loads(json.dumps(learnt(account))))
    account.client.close()
    other.client.close()

    assert account.client.is_unreachable
    assert other.client.is_unreachable
    assert str(other.client.closed_for) == str(account.client.closed_for)
