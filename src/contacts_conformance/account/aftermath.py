"""What became of the writes of a run: that a refused one had no effect, and that one answered with a success was done.

Every write is noted with its answer. Whatever the run reads afterwards, for whatever reason, is held against that; what
nothing has shown is looked at when a group of checks is over, with one read for each contact. What creations left, and
whether removals were carried out, the clean-up finds out anyway. A suspicion is looked at twice before it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from contacts_conformance.account.journal import Creation, Journal
from contacts_conformance.account.written import Write, carries, has_long_text, is_plain, is_refusal, text_of, without
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http import lanes
from contacts_conformance.http.lanes import Lane
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Breach, Fact, Json, Outcome, Record
from contacts_conformance.providers import Provider
from contacts_conformance.verdicts import symptoms

BEHIND = "behind every answer"
"""The check that a fact names where no single check looked behind an answer."""

NO_EFFECT, DONE, IN_PART = "refusal.no-effect", "success.done", "change.refused-alters-nothing"
TOO_LONG = "text.refused-is-not-stored"
ALONE = "remove.only-that-contact"
"""The requirements that such facts are about, without the provider."""

MOST_TOLD = 3
"""So many answers that break a requirement are told."""
MOST_READS = 10
"""So many contacts are read when a group of checks is over."""
_VAGUE = frozenset({202, 301, 302, 303, 307, 308})
"""Statuses that do not say whether a request is carried out."""
_NOT_THERE = frozenset({404, 410})
_SEVERAL, _SHARE = 3, 5
"""So many contacts, and the part of all that were to be removed, as a divisor, are gone by more than chance: a gateway
may send a removal twice, and somebody else may remove one."""
_CUT = 20
"""A text of so many characters that begins what was sent is what was sent, and was cut."""

Reading = Callable[[str, str], Answer]
"""Reads the contact of an id as a role; NotVerified where that gives no answer."""


@dataclass(slots=True)
class _State:
    """One contact: as it last read, for which role, and what was written since and nothing has shown yet."""

    role: str
    record: Record
    refused: list[Write] = field(default_factory=list)
    accepted: list[Write] = field(default_factory=list)
    kept: list[Write] = field(default_factory=list)
    """Removals that were refused."""
    suspected: bool = False
    """Whether what was read last speaks against an answer."""
    lane: Lane = field(default_factory=lanes.current)
    """Which lane has the contact in hand."""
    is_read: bool = True
    """Whether the contact was read since its last change; that a list has shown it is enough for the change alone."""

    @property
    def pending(self) -> bool:
        return bool(self.refused or self.accepted or self.kept)

    @property
    def at_hand(self) -> bool:
        """Whether no other lane may be about to write to the contact."""
        return self.lane.is_over or lanes.current().is_within(self.lane) or self.lane.is_within(lanes.current())


class Aftermath:
    """Notes what a run writes, and judges it by what it reads.

    `journal` says which contacts are the run's own, `latest` has the id of the last exchange, `is_fresh` says whether
    the answer that has just come shows a contact as it is, and `facts` is what was found, for whoever judges the run.
    """

    def __init__(
        self,
        contract: Contract,
        provider: Provider,
        journal: Callable[[], Journal],
        latest: Callable[[], str],
        is_fresh: Callable[[str], bool] = lambda contact: True,
    ) -> None:
        self.facts: list[Fact] = []
        self._contract = contract
        self._provider = provider
        self._journal = journal
        self._latest = latest
        self._is_fresh = is_fresh
        self._fields: Mapping[str, Field] = {f.name: f for f in contract.change_fields if f.reads_back}
        self._lists = frozenset(o.kind for o in contract.operations if o.lists)
        self._states: dict[str, _State] = {}
        self._creations: list[tuple[Write, str]] = []
        """Creations that were answered, each with the id in a success, else without one."""
        self._removals: dict[str, Write] = {}
        """Removals that were answered with a success, by the id."""
        self._missed: dict[str, Write] = {}
        """Removals that found nothing, by the id of a contact that was there and that the run had not removed."""
        self._unread: set[str] = set()
        """Contacts that were changed by a body that is sent as it is, and not read since: what it set, nobody knows."""
        self._listed: set[str] = set()
        """Ids that a list has shown."""
        self._unclear: list[str] = []
        """Bodies of creations of which no answer tells what became of them."""

    # Noting

    def answered(self, kind: str, role: str, contact: str, answer: Answer, options: Mapping[str, Any]) -> None:
        """Takes in the answer to an operation of a kind; `options` are those of its request."""
        match kind:
            case "read" if not options.get("query"):
                self._read(contact, role, answer)
                self._unread.discard(contact)
            case _ if kind in self._lists and answer.succeeded:
                page = self._provider.page(answer)
                for record in page.records if page is not None else ():
                    contact = self._provider.id_of(record) or ""
                    self._listed.add(contact)
                    self._shown_in_list(contact, record, answer)
            case "create" | "change" | "remove":
                vague = answer.status in _VAGUE or answer.status >= 500
                if kind == "change" and answer.succeeded and options.get("content") is not None:
                    self._unread.add(contact)
                unread = kind == "change" and contact in self._unread
                if vague or unread or symptoms.disturbance(answer.exchange):
                    self.unclear(kind, contact, options)
                else:
                    write = self._write(kind, answer, options)
                    if kind == "remove" and answer.status in _NOT_THERE and self._was_there(contact, role):
                        self._missed[contact] = write
                    self._note(write, contact, answer, legal=options.get("legal", True))

    def _was_there(self, contact: str, role: str) -> bool:
        """Whether a role has created this contact, which was read since, and which the run never tried to remove."""
        known = self._journal().creations_with_id(contact) if contact not in self._removals else ()
        return any(c.state == "created" and c.identity == role and not (c.open or c.may_be_gone) for c in known)

    def unclear(self, kind: str, contact: str, options: Mapping[str, Any]) -> None:
        """Takes in that no answer tells what became of an operation."""
        if kind == "create":
            self._unclear.append(text_of(options))
        elif kind in ("change", "remove"):
            self._states.pop(contact, None)
            self._removals.pop(contact, None)

    def _write(self, kind: str, answer: Answer, options: Mapping[str, Any]) -> Write:
        values = self._provider.values(options.get("json")) if kind != "remove" else None
        exchange = answer.exchange
        request = f"{exchange.method} {exchange.url}"
        return Write(kind, exchange.id, request, answer.status_line, values or {}, text=text_of(options))

    def _note(self, write: Write, contact: str, answer: Answer, *, legal: bool) -> None:
        refused = is_refusal(answer, legal=legal)
        if write.kind == "create":
            if answer.succeeded or refused:
                self._creations.append((write, (self._provider.created_id(answer) or "") if answer.succeeded else ""))
            else:
                self._unclear.append(write.text)
            return
        if write.kind == "remove" and answer.succeeded:
            self._states.pop(contact, None)
            self._removals[contact] = write
            return
        state = self._states.get(contact)
        if state is None or not any(c.state == "created" for c in self._journal().creations_with_id(contact)):
            return
        state.lane = lanes.current()
        if write.kind == "remove":
            state.kept += [write] if refused else []
        elif refused:
            state.refused.append(self._from_here(write, state))
        elif answer.succeeded:
            self._accepted(self._from_here(write, state), state, legal=legal)

    def _from_here(self, write: Write, state: _State) -> Write:
        """The write with what its attributes hold at this moment, as far as that is known."""
        set_since = {n: v for w in state.accepted for n, v in w.values.items()}
        before = {n: state.record.get(self._fields[n].shown_as) for n in write.values if n in self._fields}
        return replace(write, before=before | {n: v for n, v in set_since.items() if n in before})

    def _accepted(self, write: Write, state: _State, *, legal: bool) -> None:
        """Notes a change that was carried out, by its answer: what it sets says nothing about those before it."""
        state.kept.clear()  # a transfer can take the contact out of sight
        state.refused = without(state.refused, write.values)
        state.accepted = without(state.accepted, write.values)
        plain = {n: v for n, v in write.values.items() if n in self._fields and is_plain(self._fields[n], v)}
        if legal and self._contract.has("remove"):  # where nothing can be removed, a change may be a merge
            state.accepted.append(replace(write, values=plain))
        else:
            state.record = {**state.record, **{self._fields[n].shown_as: v for n, v in plain.items()}}

    # Holding reads against it

    def _read(self, contact: str, role: str, answer: Answer) -> None:
        record = self._provider.record(answer) if answer.succeeded else None
        if record is None or self._provider.id_of(record) not in (contact, None) or not self._is_fresh(contact):
            return
        state = self._states.get(contact)
        if state is not None and any(self._suspicions(state, record)):
            state.suspected = True
            return
        if state is not None:
            self._settle(state, answer)
        if self._journal().owns(contact):
            self._states[contact] = _State(role, record)

    def _shown_in_list(self, contact: str, record: Record, answer: Answer) -> None:
        """Takes changes for done of which an item of a list shows every plain value; it shows nothing of refusals."""
        state = self._states.get(contact)
        if state is None or not state.accepted or state.refused or state.kept:
            return
        values = {n: v for write in state.accepted for n, v in write.values.items()}
        if values and all(self._shows(n, v, record.get(self._fields[n].shown_as)) for n, v in values.items()):
            self._held(DONE, answer.exchange.id)
            state.record = {**state.record, **{self._fields[n].shown_as: v for n, v in values.items()}}
            state.accepted.clear()
            state.is_read = False

    def known(self, contact: str) -> Record | None:
        """How a contact of the run last read; None where that is not known, or something may have changed it since."""
        state = self._states.get(contact)
        return None if state is None or state.pending or not state.is_read else state.record

    def _settle(self, state: _State, answer: Answer) -> None:
        if state.refused or state.kept:
            self._held(NO_EFFECT, answer.exchange.id)
        if state.accepted:
            self._held(DONE, answer.exchange.id)

    def _suspicions(self, state: _State, record: Record) -> tuple[list[Write], list[Write], list[Write]]:
        """Refused changes that a record shows to be carried out, those that it shows to be carried out in part, and
        accepted ones that it shows not to be."""
        shown = {id(w): self._done(w, record) for w in state.refused}
        return (
            [w for w in state.refused if shown[id(w)][0]],
            [w for w in state.refused if shown[id(w)][1] and not shown[id(w)][0]],
            [w for w in state.accepted if self._was_not_done(w, record)],
        )

    def _done(self, write: Write, record: Record) -> tuple[bool, list[str]]:
        """Whether a record shows everything that was sent, something new among it; and what of the new is plain."""
        told = {n: v for n, v in write.values.items() if n in write.before}
        new = [n for n, v in told.items() if not self._shows(n, v, write.before[n])]
        done = [n for n in told if self._shows(n, told[n], record.get(self._fields[n].shown_as))]
        plain = [n for n in new if n in done and is_plain(self._fields[n], told[n])]
        return bool(new) and len(done) == len(told), plain

    def _was_not_done(self, write: Write, record: Record) -> bool:
        """Whether a record shows everything that was to be changed as it was before."""
        new = {n: v for n, v in write.values.items() if n in write.before and not self._shows(n, v, write.before[n])}
        read = {n: record.get(self._fields[n].shown_as) for n in new}
        return bool(new) and all(
            not self._shows(n, v, read[n]) and (read[n] == write.before[n] or self._shows(n, write.before[n], read[n]))
            for n, v in new.items()
        )

    def _shows(self, name: str, sent: Json, read: Json) -> bool:
        """Whether a value is what was sent, or the beginning of it."""
        if self._provider.same(self._fields[name], sent, read):
            return True
        texts = isinstance(sent, str) and isinstance(read, str) and len(read) >= _CUT
        return texts and sent.startswith(read)

    # Looking

    def look(self, read: Reading, wait: Callable[[], None]) -> None:
        """Reads what was written to and not read since, and once more after a wait where that speaks against an answer.

        `wait` returns when what was written may be expected to be shown.
        """
        for contact in [c for c, s in self._states.items() if s.pending and s.at_hand][:MOST_READS]:
            self._look_at(contact, read, wait)

    def before_removal(self, contact: str, read: Reading, wait: Callable[[], None]) -> None:
        """Looks at a contact that is about to be removed, where what was read last speaks against an answer."""
        state = self._states.get(contact)
        if state is not None and state.suspected:
            self._look_at(contact, read, wait)

    def _look_at(self, contact: str, read: Reading, wait: Callable[[], None]) -> None:
        state = self._states[contact]
        try:
            answer = read(contact, state.role)
            if self._states.get(contact) is state and state.pending:
                wait()
                answer = read(contact, state.role)
        except (NotVerified, NotOffered):
            self._states.pop(contact, None)
            return
        if self._states.get(contact) is state:
            self._tell(state, answer)
            del self._states[contact]

    def _tell(self, state: _State, answer: Answer) -> None:
        """Tells what the last of two answers shows."""
        record = self._provider.record(answer) if answer.succeeded else None
        if record is not None:
            done, in_part, not_done = self._suspicions(state, record)
            for write in done:
                self._broken(NO_EFFECT, write, answer.exchange.id, "the change was carried out", "carried out")
            for write in in_part:
                names = ", ".join(self._done(write, record)[1])
                self._broken(IN_PART, write, answer.exchange.id, f"{names} was carried out", "carried out in part")
            for write in not_done:
                self._broken(DONE, write, answer.exchange.id, "nothing that was sent is stored", "not carried out")
        elif answer.status in (404, 410):
            for write in state.kept:
                self._broken(NO_EFFECT, write, answer.exchange.id, "the contact is gone", "removed")

    # What the clean-up finds

    def found(self, text: str, contact: str) -> None:
        """Takes in that the last list shows a contact of an unknown id with a text that a creation sent.

        Where others than a refused creation sent that text, too, it may be theirs.
        """
        sent = [(write, created) for write, created in self._creations if carries(write.text, text)]
        alone = not any(created or write.status.startswith("2") for write, created in sent)
        if sent and alone and not any(carries(t, text) for t in self._unclear):
            write, got = sent[0][0], f"contact {contact} carries what it sent"
            self._broken(NO_EFFECT, write, self._latest(), got, "stored")
            if has_long_text(write, self._contract.limited_fields):
                self._broken(TOO_LONG, write, self._latest(), got, "stored")

    def absent(self, creation: Creation) -> None:
        """Takes in that a search has found nothing of a creation, and would have found it."""
        if creation.state == "refused":
            self._held(NO_EFFECT, self._latest())

    def gone(self, creation: Creation, read: Callable[[Creation], Answer]) -> None:
        """Takes in that a contact which nobody removed cannot be read; `read` does so once more, after a wait.

        That is told only of one that nobody changed, and that nothing has ever shown: it was not stored.
        """
        write = next((w for w, created in self._creations if created == creation.id), None)
        if write is None or creation.altered or creation.proven or creation.id in self._listed:
            return
        with suppress(NotVerified, NotOffered):
            answer = read(creation)
            if answer.status in (404, 410):
                self._broken(DONE, write, answer.exchange.id, f"contact {creation.id} cannot be read", "not stored")

    def stands(self, creation: Creation, read: Callable[[Creation], Answer]) -> None:
        """Takes in that a contact can be read that is noted as removed; `read` does so once more, after a wait."""
        write = self._removals.get(creation.id)
        if write is None:
            return
        with suppress(NotVerified, NotOffered):
            answer = read(creation)
            if answer.succeeded:
                self._broken(DONE, write, answer.exchange.id, "the contact is still there", "not removed")

    def vanished(self) -> None:
        """Takes in that the clean-up is over: contacts that were gone before it came to them went with others."""
        gone = {
            contact: write
            for contact, write in self._missed.items()
            if contact not in self._removals  # by another role, to which it had been given
            and all(c.state == "removed" and c.confirmed for c in self._journal().creations_with_id(contact))
        }
        if len(gone) >= _SEVERAL and len(self._removals) + len(gone) <= _SHARE * len(gone):
            first = next(iter(gone.values()))
            got = f"{len(gone)} contacts that nobody had removed were gone, such as contact {next(iter(gone))}"
            self._broken(ALONE, first, first.exchange, got, "removed")

    # Facts

    def _held(self, row: str, exchange: str) -> None:
        requirement = f"{self._contract.provider}.{row}"
        if all(f.requirement != requirement for f in self.facts):
            self.facts.append(Fact(requirement, BEHIND, Outcome.HELD, "", (exchange,)))

    def _broken(self, row: str, write: Write, exchange: str, got: str, observed: str) -> None:
        requirement = f"{self._contract.provider}.{row}"
        told = [f for f in self.facts if f.requirement == requirement and f.outcome is Outcome.BROKEN]
        if len(told) >= MOST_TOLD or any(write.exchange in f.exchanges for f in told):
            return
        asked = f"{write.request}{write.names} → {write.status}"
        expected = f"that it was done of {asked}" if row == DONE else f"no effect of {asked}"
        if row == ALONE:
            expected = f"that the contact of {asked} is there, since other removals leave it"
        breach = Breach("effect", expected, got, write.kind, observed, exchange)
        exchanges = tuple(dict.fromkeys((write.exchange, exchange)))
        self.facts.append(Fact(requirement, BEHIND, Outcome.BROKEN, str(breach), exchanges, breach))
