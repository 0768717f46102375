"""What a run says that it left, removed or does not know, where the answers of the server say something else."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote, urlsplit

from contacts_conformance.account import cleanup
from contacts_conformance.account.account import Account
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.errors import NotVerified
from contacts_conformance.model import Traffic
from contacts_conformance.target import Limits, Timeouts

from ...miniatures import Call, respond, serving
from ...miniatures.serving import Hangup
from ..making import OWNER, a_target

NEVER = "never"


class _Untold:
    """Contacts that are created, listed, read and removed. `answers` gives the status line that is sent instead of the
    true one, or `NEVER`, for a method and how often it was asked for; what was asked is carried out all the same."""

    def __init__(self, answers: Callable[[str, int], str | None]) -> None:
        self.contacts: dict[str, str] = {}
        self._answers = answers
        self._asked: dict[str, int] = {}
        self._last = 0

    def __call__(self, call: Call) -> None:
        self._asked[call.method] = self._asked.get(call.method, 0) + 1
        status, body = self._carry_out(call)
        instead = self._answers(call.method, self._asked[call.method])
        if instead == NEVER:
            raise Hangup
        respond(call, *((status, body) if instead is None else (instead, "{}")))

    def _carry_out(self, call: Call) -> tuple[str, str]:
        parts = urlsplit(call.path)
        contact = unquote(parts.path.rpartition("/")[2])
        if call.method == "POST":
            self._last += 1
            self.contacts[str(self._last)] = company = json.loads(call.body)["company"]
            return "201 Created", json.dumps({"id": self._last, "company": company})
        if contact == "contacts":
            sought = {v for k, v in parse_qsl(parts.query) if k.startswith("company")}
            rows = [{"id": int(i), "company": c} for i, c in self.contacts.items() if c in sought or not sought]
            return "200 OK", json.dumps({"total": len(rows), "limit": 10, "skip": 0, "data": rows})
        if contact not in self.contacts:
            return "404 Not Found", "{}"
        company = self.contacts[contact]
        if call.method == "DELETE":
            del self.contacts[contact]
        return "200 OK", json.dumps({"id": int(contact), "company": company})


def test_a_removal_that_is_refused_though_carried_out_is_seen_and_counted() -> None:
    server = _Untold(lambda method, number: "400 No" if method == "DELETE" else None)

    done = _run(server, creations=3)

    assert (done.created, done.removed, done.left, done.unknown) == (3, 3, (), 0)


def test_what_no_answer_tells_the_end_of_is_unknown_and_not_left() -> None:
    server = _Untold(lambda method, number: NEVER if method == "DELETE" or (method == "GET" and number > 1) else None)

    done = _run(server, creations=1)

    assert (done.created, done.removed, done.left, done.unknown) == (1, 0, (), 1)
    assert "1 contacts may be left, or gone (1)" in "\n".join(done.notes)


def test_a_refusal_that_does_not_come_again_leaves_nothing() -> None:
    server = _Refusing(lambda number: number == 1)

    done = _run(server, creations=3)

    assert (done.removed, done.left, done.unknown) == (3, (), 0)
    assert server.contacts == {}


def test_what_is_refused_and_still_there_is_left() -> None:
    server = _Refusing(lambda number: True)

    done = _run(server, creations=3)

    assert (done.removed, sorted(done.left), done.unknown) == (0, ["1", "2", "3"], 0)


def test_creations_that_are_answered_429_though_carried_out_are_found() -> None:
    server = _Untold(lambda method, number: "429 Wait" if method == "POST" and number <= 4 else None)

    done = _run(server, creations=1)

    assert server.contacts == {}
    assert (done.removed, done.left, done.unknown) == (5, (), 0)  # four, and one by which the search is proven


class _Refusing(_Untold):
    """Refuses removals, and does not carry them out, where `refuses` says so of their number."""

    def __init__(self, refuses: Callable[[int], bool]) -> None:
        super().__init__(lambda method, number: None)
        self._refuses = refuses
        self._removals = 0

    def __call__(self, call: Call) -> None:
        if call.method == "DELETE":
            self._removals += 1
            if self._refuses(self._removals):
                respond(call, "418 No", "{}")
                return
        super().__call__(call)


def _run(server: _Untold, creations: int) -> Traffic:
    """Creates so many contacts, reads each of them, and cleans up."""
    with serving(server) as served:
        target = a_target(served.url, limits=Limits(max_wait=2), timeouts=Timeouts(connect=1, read=1, total=1))
        account = Account(target)
        account.client.pace._sleep = lambda seconds: None
        contacts = Contacts(account, OWNER)
        for _ in range(creations):
            with contextlib.suppress(NotVerified):
                contacts.read(contacts.create())
        return cleanup.clean_up(account)
