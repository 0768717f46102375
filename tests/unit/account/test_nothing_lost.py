"""Journal, guard and clean-up against a server that answers at random right, wrong, with another's id, or never."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from contacts_conformance.account import cleanup
from contacts_conformance.account.account import Account
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.errors import NotVerified
from contacts_conformance.target import Limits, Timeouts

from ...miniatures import Call, respond, serving
from ...miniatures.serving import Hangup
from ..making import OWNER, a_target

BEHAVIOURS = (
    *["right"] * 4, "500 though done", "500", "200 though not", "400 though done", "another's id", "never",
)  # fmt: skip


class _Moody:
    """Contacts that are created, listed by equality, read and removed; how each request fares is drawn."""

    def __init__(self, moods: list[str]) -> None:
        self.contacts = {"1": "foreign", "2": "another"}
        self.harmed: list[str] = []
        """What was written to contacts of others."""
        self._moods = moods
        self._last = 2
        self._number = 0

    def __call__(self, call: Call) -> None:
        mood = self._moods[self._number % len(self._moods)]
        self._number += 1
        if mood == "500":
            respond(call, "500 Oops", "{}")
            return
        writes = call.method != "GET"
        status, body = ("200 OK", "{}") if mood == "200 though not" and writes else self._carry_out(call)
        if mood == "never":
            raise Hangup
        if "though done" in mood and writes:
            status, body = f"{mood[:3]} No", "{}"
        if mood == "another's id" and call.method == "POST":
            body = json.dumps({**json.loads(body), "id": 1})
        respond(call, status, body)

    def _carry_out(self, call: Call) -> tuple[str, str]:
        parts = urlsplit(call.path)
        contact = unquote(parts.path.rpartition("/")[2])
        if call.method == "POST":
            self._last += 1
            self.contacts[str(self._last)] = json.loads(call.body)["company"]
            return "201 Created", json.dumps({"id": self._last, "company": self.contacts[str(self._last)]})
        if contact == "contacts":
            query = parse_qsl(parts.query)
            sought = {v for k, v in query if k.startswith("company")}
            rows = [{"id": int(i), "company": c} for i, c in self.contacts.items() if c in sought or not sought]
            skip = int(dict(query).get("$skip", 0))
            return "200 OK", json.dumps({"total": len(rows), "limit": 10, "skip": skip, "data": rows[skip : skip + 10]})
        if contact not in self.contacts:
            return "404 Not Found", "{}"
        if call.method != "GET" and contact in ("1", "2"):
            self.harmed.append(f"{call.method} {call.path}")
        if call.method == "DELETE":
            del self.contacts[contact]
            return "200 OK", "{}"
        return "200 OK", json.dumps({"id": int(contact), "company": self.contacts[contact]})


class NothingLost(RuleBasedStateMachine):
    """A run that creates and removes contacts: what stays afterwards, it tells of."""

    @initialize(moods=st.lists(st.sampled_from(BEHAVIOURS), min_size=3, max_size=12))
    def begin(self, moods: list[str]) -> None:
        """Starts the server and the run."""
        self.server = _Moody(moods)
        self.serving = serving(self.server)
        url = self.serving.__enter__().url
        limits = Limits(max_wait=4)
        self.account = Account(a_target(url, limits=limits, timeouts=Timeouts(connect=1, read=1, total=1)))
        self.account.client.pace._sleep = lambda seconds: None
        self.ids: list[str] = []

    @rule()
    def create(self) -> None:
        """Creates a contact, whatever comes of it."""
        with contextlib.suppress(NotVerified):
            self.ids.append(Contacts(self.account, OWNER).create().id)

    @rule(data=st.data())
    def remove(self, data: Any) -> None:
        """Removes a contact that was created."""
        if self.ids:
            with contextlib.suppress(NotVerified):
                Contacts(self.account, OWNER).send_remove(data.draw(st.sampled_from(self.ids)))

    @rule(data=st.data())
    def change(self, data: Any) -> None:
        """Changes a contact that was created."""
        if self.ids:
            with contextlib.suppress(NotVerified):
                Contacts(self.account, OWNER).send_change(data.draw(st.sampled_from(self.ids)), {"first_name": "Ada"})

    def teardown(self) -> None:
        """Cleans up, and compares."""
        if not hasattr(self, "account"):
            return
        try:
            done = cleanup.clean_up(self.account)
            tag = self.account.tag
            stays = {i for i, c in self.server.contacts.items() if re.match(tag, c)}
            unsaid = stays - set(done.left)
            assert len(unsaid) <= done.unknown, (stays, done)
            assert set(done.left) <= self.server.contacts.keys(), (stays, done)
            assert self.server.harmed == []
            assert {i: self.server.contacts.get(i) for i in ("1", "2")} == {"1": "foreign", "2": "another"}
        finally:
            self.serving.__exit__(None, None, None)


TestNothingLost = NothingLost.TestCase
TestNothingLost.settings = settings(max_examples=25, stateful_step_count=8, suppress_health_check=list(HealthCheck))
