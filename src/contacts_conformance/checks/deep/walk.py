"""Sends the steps of one plan, and says what the answers show: each by itself, and as the model has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeAlias

from contacts_conformance.account.aftermath import NO_EFFECT
from contacts_conformance.checks.round_trip import as_id
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import BudgetSpent, NotOffered, NotVerified, Oversized, Unreachable
from contacts_conformance.http.messages import Answer, unread
from contacts_conformance.http.symptoms import OF_A_GATEWAY
from contacts_conformance.model import Breach, Exchange, Fact, Json, Outcome
from contacts_conformance.providers.modelling import Closing, Model, Placing, Seen
from contacts_conformance.providers.plans import Plan, Step, filled
from contacts_conformance.target import ANONYMOUS
from contacts_conformance.verdicts.response_checks import Observation, breach_of_status, observe

Key: TypeAlias = tuple[str, str, str, str]
"""What tells findings apart: the row, what it is about, the kind of failure, and what was observed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A way in which an answer broke a row."""

    row: str
    breach: Breach

    @property
    def key(self) -> Key:
        """What tells it apart from others."""
        return self.row, self.breach.subject, self.breach.kind, self.breach.observed


class Walk:
    """One plan while it is sent. `shown` is what was found broken so far, `held` the rows that an answer bore out.

    `over` says why no further step can follow: something kept the answer to the last one. `stopped` says that nothing
    more can be sent at all.
    """

    def __init__(self, session: Session, model: Model | None = None) -> None:
        self.session = session
        self.model = model
        self.mark = session.mark()
        self.shown: list[Shown] = []
        self.held: set[str] = set()
        self.over = self.stopped = ""
        self._began = len(session.recorder)
        self.steps: list[tuple[Step, Exchange | None]] = []
        """The steps so far, each with the exchange that answered it, if one did."""
        self.ids: list[str] = []
        """The ids of the contacts that the steps created; empty for those that created none."""

    @property
    def plan(self) -> Plan:
        """The steps so far."""
        return tuple(step for step, _ in self.steps)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What was sent and answered since the plan began."""
        return self.session.recorder.since(self._began)

    def take(self, step: Step) -> Answer | None:
        """Sends a step, and judges the answer; None where none came, and the plan is over."""
        if self.over:
            return None
        self.steps.append((step, None))
        self.ids.append("")
        with self._watching():
            try:
                answer = self._send(step)
            except Oversized:
                answer = unread(self.session.recorder.last)
            except (NotVerified, NotOffered) as failure:
                self.over = str(failure)
                if isinstance(failure, BudgetSpent | Unreachable):
                    self.stopped = self.over
                return None
        self.steps[-1] = (step, answer.exchange)
        if step.kind == "create" and answer.succeeded:
            self.ids[-1] = self.session.provider.created_id(answer) or ""
        self._judge(step, answer)
        return answer

    def end(self) -> None:
        """Looks behind the answers: whether refusals had no effect, and successes had theirs."""
        if not self.steps:
            return
        if isinstance(self.model, Closing):
            for step in self.model.closing():
                self.take(step)
        account = self.session.account
        with self._watching():
            account.compare_views()
            account.look_behind()
            with suppress(NotVerified, NotOffered):
                self._look_for_refused()

    def _look_for_refused(self) -> None:
        """Looks by the mark of the plan for a contact that was stored although its creation was refused."""
        creations = [e for step, e in self.steps if step.kind == "create" and e is not None]
        refused = [
            e for e in creations if 400 <= e.status < 500 and e.status not in {*OF_A_GATEWAY, 409} and not e.page
        ]
        named = sum(200 <= e.status < 300 for e in creations)
        name = next(iter(self.session.provider.markers), "")
        if not (refused and name) or named + len(refused) < len(creations) or named > sum(map(bool, self.ids)):
            return
        contacts = self.session.contacts()
        row = f"{self.session.contract.provider}.{NO_EFFECT}"
        strange = {*contacts.ids(contacts.found({name: self.mark}))} - {*self.ids}
        if strange:
            strange &= {*contacts.ids(contacts.found({name: self.mark}))}
        if not strange:
            self._take([Observation(row)])
            return
        asked = f"no effect of {refused[0].method} {refused[0].url} → {refused[0].status}"
        shown_by = self.session.recorder.last.id
        got = f"contact {min(strange)} carries what it sent"
        self._take([Observation(row, (Breach("effect", asked, got, "create", "stored", shown_by),))])

    # Sending

    def _send(self, step: Step) -> Answer:
        is_anonymous = step.role == ANONYMOUS.role
        contacts = self.session.contacts("" if is_anonymous else step.role)  # who removes what nobody may create
        sent = filled(dict(step.values), self._fill)
        values: dict[str, Json] = {n: as_id(v) if self._is_id(step, n) else v for n, v in sent.items()}
        options: dict[str, Any] = {"legal": step.legal}
        if is_anonymous:
            options["identity"] = ANONYMOUS
        if step.headers:
            options["headers"] = dict(step.headers)
        if step.raw is not None:
            options["content"] = str(filled(step.raw, self._fill)).encode("utf-8", "surrogatepass")
        query = tuple((filled(n, self._fill), filled(v, self._fill)) for n, v in step.query)
        contact = self.ids[step.of] if step.of is not None else str(filled(step.at, self._fill))
        if step.of is not None and not contact:
            raise NotVerified("the contact that the step is about was not created")
        match step.kind:
            case "create":
                marks = self._marks(values) if step.marked else {}
                return contacts.send_create(values, marks=marks, **options)
            case "change":
                return contacts.send_change(contact, values, **options)
            case "remove":
                return contacts.send_remove(contact, **options)
            case "read":
                return contacts.send_read(contact, query=query, **options)
            case "list":
                return contacts.send_list(query, **options)
            case kind:
                if values and "content" not in options:
                    options["json"] = self.session.provider.body(kind, values)
                return contacts.send(kind, contact, query=query, **options)

    def _is_id(self, step: Step, name: str) -> bool:
        """Whether a value of a step is the place of an id that the target file gives, and nothing else."""
        field, value = self.session.contract.find_field(name), step.values.get(name)
        is_place = isinstance(value, str) and value.startswith(("⟦user ", "⟦known ")) and value.endswith("⟧")
        return is_place and field is not None and field.kind == "id"

    def _marks(self, values: Mapping[str, Json]) -> dict[str, str]:
        """The mark of the plan, in the first attribute for marks, where the values do not say otherwise."""
        name = next(iter(self.session.provider.markers), "")
        return {name: self.mark} if name and name not in values else {}

    def _fill(self, words: str) -> str:
        """What stands at a place of the plan; the place itself where the run knows nothing for it."""
        name, _, of = words.partition(" ")
        target = self.session.target
        match name:
            case "mark":
                return self.mark
            case "id":
                return self.ids[int(of)] or "0"
            case "known":
                return target.known_id(of)
            case "user":
                return target.identity(of).attributes.get("user_id", "0")
        provider = self.session.provider
        own = provider.placed(words, self.mark) if isinstance(provider, Placing) else None
        return f"⟦{words}⟧" if own is None else own

    # Judging

    def _judge(self, step: Step, answer: Answer) -> None:
        observations = list(self._by_status(step, answer))
        if self.model is not None:
            provider = self.session.provider
            page = provider.page(answer) if answer.succeeded else None
            seen = Seen(
                step,
                len(self.steps) - 1,
                answer,
                tuple(self.ids),
                self.mark,
                provider.record(answer) if answer.succeeded else None,
                page.records if page is not None else None,
                page.total if page is not None else None,
            )
            observations += self.model.judge(seen)
        self._take(observations)

    def _by_status(self, step: Step, answer: Answer) -> Iterator[Observation]:
        """What the status says by itself, where the page says what it has to be."""
        provider = self.session.contract.provider
        operation = self.session.contract.operation(step.kind)
        if step.expects == "success":
            row = step.row or f"{provider}.operation.{operation.id}.accepts"
            yield Observation(row, () if answer.succeeded else (breach_of_status(answer, "a success (2xx)"),))
        elif step.expects == "refusal" and answer.succeeded and step.row:
            yield Observation(step.row, (breach_of_status(answer, f"a refusal (4xx): {step.wrong}"),))
        elif step.expects == "refusal" and answer.refused and step.row:
            yield Observation(step.row)
        if not (step.legal or step.wrong) and answer.succeeded:
            yield from observe(self.session.contract, self.session.register, operation, answer)

    def _take(self, observations: Iterable[Observation]) -> None:
        for seen in observations:
            if seen.requirement not in self.session.register:
                continue
            self.held |= set() if seen.breaches else {seen.requirement}
            self.shown += [Shown(seen.requirement, b) for b in seen.breaches]

    @contextmanager
    def _watching(self) -> Iterator[None]:
        """Takes over what answers show by themselves, and what is found behind them."""
        account = self.session.account
        lists = account.aftermath.facts, account.views.facts, account.stored.facts
        before = [facts[:] for facts in lists]
        for facts in lists:
            facts.clear()
        try:
            with self.session.observing() as observed:
                yield
            self._take_facts([f for facts in observed.values() for f in facts])
        finally:
            found = [fact for facts in lists for fact in facts]
            for facts, earlier in zip(lists, before, strict=True):
                facts[:0] = earlier
            self._take_facts(found)

    def _take_facts(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            if fact.outcome is Outcome.HELD:
                self.held.add(fact.requirement)
            elif fact.outcome is Outcome.BROKEN and fact.breach is not None:
                self.shown.append(Shown(fact.requirement, fact.breach))
