"""Texts that a write was answered to have stored, whatever it was sent for: the next reading has to show them.

Every legal creation and change of a run is noted with those of its texts that no service may store otherwise; readings
that the run does anyway are held against them. So each body judges the rows of its fields, whether a check sent it or a
preparation, and no request is spent on that. A text that reads otherwise is read once more before that is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from contacts_conformance.account.aftermath import BEHIND, MOST_TOLD, Reading
from contacts_conformance.account.journal import Journal
from contacts_conformance.account.written import is_plain, told
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Breach, Fact, Outcome, Record
from contacts_conformance.providers import Provider
from contacts_conformance.verdicts import symptoms

_STATUSES = (200, 201, 204)
"""Those that say that a write was carried out."""
_MOST_READS = 10
"""So many contacts at most are read once more when a group of checks is over."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """The last write to a contact: its kind, who sent it, its exchange, and the texts that have to read as sent."""

    kind: str
    role: str
    exchange: str
    texts: Mapping[str, str]


class Stored:
    """Keeps what was sent, and judges it by readings; `facts` is what was found.

    `journal` says which contacts are the run's own: only these does nobody else change. `is_fresh` says whether the
    answer that has just come shows a contact as it is.
    """

    def __init__(
        self,
        contract: Contract,
        provider: Provider,
        journal: Callable[[], Journal],
        is_fresh: Callable[[str], bool] = lambda contact: True,
    ) -> None:
        self.facts: list[Fact] = []
        self._of = contract.provider
        self._provider = provider
        self._journal = journal
        self._is_fresh = is_fresh
        # where nothing can be removed, a creation may be a merge into what was there
        removes = contract.has("remove")
        self._fields: Mapping[str, Mapping[str, Field]] = {
            "create": {f.name: f for f in contract.create_round_trip_fields if removes},
            "change": {f.name: f for f in contract.change_round_trip_fields if removes},
        }
        self._sent: dict[str, _Sent] = {}
        self._doubted: dict[str, _Sent] = {}
        """What the last reading of a contact spoke against."""

    def answered(self, kind: str, role: str, contact: str, answer: Answer, options: Mapping[str, Any]) -> None:
        """Takes in the answer to an operation of a kind; `options` are those of its request."""
        if kind in self._fields:
            written = contact or self._provider.created_id(answer) or ""
            self.unclear(written)
            sent = self._provider.values(options.get("json")) or {}
            is_sure = answer.status in _STATUSES and options.get("legal", True) and options.get("content") is None
            if written and is_sure and not symptoms.disturbance(answer.exchange):
                fields = self._fields[kind]
                texts = {n: str(v) for n, v in sent.items() if n in fields and is_plain(fields[n], v)}
                self._sent[written] = _Sent(kind, role, answer.exchange.id, texts)
        elif kind == "remove":
            self.unclear(contact)
        elif kind == "read" and not options.get("query") and answer.succeeded:
            record = self._provider.record(answer)
            sent_last = self._sent.get(contact)
            if record is None or sent_last is None or not self._may_judge(contact, role, record, sent_last):
                return
            if self._lost(sent_last, record):
                self._doubted[contact] = sent_last
            else:
                self._doubted.pop(contact, None)

    def unclear(self, contact: str) -> None:
        """Takes in that something may have been written to a contact."""
        self._sent.pop(contact, None)
        self._doubted.pop(contact, None)

    def look(self, read: Reading, wait: Callable[[], None]) -> None:
        """Reads the contacts once more whose last reading spoke against what was sent, and tells what still does.

        `wait` returns when what was written may be expected to be shown.
        """
        for contact in list(self._doubted)[:_MOST_READS]:
            self.look_at(contact, read, wait)
        self._doubted.clear()

    def look_at(self, contact: str, read: Reading, wait: Callable[[], None]) -> None:
        """Does so for one contact, which is about to be written to, if there is anything to be told of it."""
        sent = self._doubted.pop(contact, None)
        if sent is None or all(self._is_told(sent, name) for name in sent.texts):
            return
        with suppress(NotVerified, NotOffered):
            wait()
            answer = read(contact, sent.role)
            record = self._provider.record(answer) if answer.succeeded else None
            if record is not None and self._sent.get(contact) is sent and self._is_fresh(contact):
                for name in self._lost(sent, record):
                    self._tell(sent, name, record, answer.exchange.id)

    def _may_judge(self, contact: str, role: str, record: Record, sent: _Sent) -> bool:
        is_it = self._provider.id_of(record) in (contact, None)
        return is_it and role == sent.role and self._is_fresh(contact) and self._journal().owns(contact)

    def _lost(self, sent: _Sent, record: Record) -> list[str]:
        """Those of the texts that a record shows as something else, or not at all."""
        fields = self._fields[sent.kind]
        return [
            n for n, t in sent.texts.items() if not self._provider.same(fields[n], t, record.get(fields[n].shown_as))
        ]

    def _row(self, sent: _Sent, name: str) -> str:
        return f"{self._of}.field.{name}.{sent.kind}"

    def _is_told(self, sent: _Sent, name: str) -> bool:
        return sum(f.requirement == self._row(sent, name) for f in self.facts) >= MOST_TOLD

    def _tell(self, sent: _Sent, name: str, record: Record, exchange: str) -> None:
        if self._is_told(sent, name):
            return
        read = record.get(self._fields[sent.kind][name].shown_as)
        observed = "missing" if read in (None, "") else "another value"
        breach = Breach("value", told(sent.texts[name]), told(read), name, observed, exchange)
        shown = (sent.exchange, exchange)
        self.facts.append(Fact(self._row(sent, name), BEHIND, Outcome.BROKEN, str(breach), shown, breach))


def unseen(facts: Sequence[Fact]) -> list[Fact]:
    """The facts without those on a field that a check saw broken, too: whether that is steady its own passes say."""
    seen = {f.requirement for f in facts if f.check != BEHIND and f.outcome is Outcome.BROKEN}
    return [f for f in facts if f.check != BEHIND or ".field." not in f.requirement or f.requirement not in seen]
