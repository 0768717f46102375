"""Plans of many small writes to few contacts: a reading shows what the last write has set, whatever came before.

Few values in each plan make values come back, stand in two fields at once, or have a length or signs that seldom meet.
Half of the plans are about few fields, and half about all of them: what a sequence of writes does to one field, it then
shows of every field at once. Each value is a plain text that the page allows without a doubt.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from contacts_conformance.checks.deep.generated_steps import Steps
from contacts_conformance.checks.deep.walk import Walk
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field
from contacts_conformance.http.parsing import written
from contacts_conformance.model import Breach, Json
from contacts_conformance.providers import Provider
from contacts_conformance.providers.modelling import Model, Move, Seen
from contacts_conformance.providers.plans import MARK, Step
from contacts_conformance.verdicts.response_checks import Observation

_PLANS, _STEPS = 10, 12
_LONGEST = 32
_SIGNS = ("", "", "'", "-", ".", "'-", "7", "7'")


@dataclass
class Written:
    """What the writes of a plan have set, by contact and field, each with the kind of the write."""

    session: Session
    moves: Sequence[Move] = ()
    _set: dict[int, dict[str, tuple[Json, str]]] = field(default_factory=dict)

    def judge(self, seen: Seen) -> Iterable[Observation]:
        """Takes over what a write has set; a reading has to show it."""
        step, place = seen.step, seen.place if seen.step.kind == "create" else seen.step.of
        if not seen.answer.succeeded or place is None:
            return
        match step.kind:
            case "create" | "change":
                known = self._set.setdefault(place, {})
                known |= {name: (value, step.kind) for name, value in step.values.items()}
            case "remove":
                self._set.pop(place, None)
            case "read" if seen.record is not None and not step.query:
                yield from self._differences(place, seen)

    def _differences(self, place: int, seen: Seen) -> Iterator[Observation]:
        contract, provider = self.session.contract, self.session.provider
        for name, (value, kind) in self._set.get(place, {}).items():
            each = contract.find_field(name)
            if each is None or each not in fields(self.session) or "⟦" in str(value):
                continue
            read = (seen.record or {}).get(each.shown_as or name)
            row = f"{contract.provider}.field.{name}.{kind}"
            if provider.same(each, value, read):
                yield Observation(row)
                continue
            how = "another value" if read else "missing"
            told = Breach("value", written(value), written(read), name, how, seen.answer.exchange.id)
            yield Observation(row, (told,))


@dataclass
class Writes:
    """The source of such plans."""

    steps: Steps
    name: str = "writes"

    def explore(self, begin: Callable[[Model | None], Walk], finish: Callable[[Walk], None], turn: int) -> None:
        """Sends the plans of one slice."""
        session = self.steps.session
        able = fields(session)
        if not (self.steps.may_create and able and session.contract.has("read")):
            return
        draw = session.random(f"{self.name} {turn}")
        for _ in range(_PLANS):
            walk = begin(Written(session))
            start = draw.randrange(len(able))
            few = [able[(start + n) % len(able)] for n in range(draw.randint(1, 3))]
            self._send(walk, draw.choice((few, able)), draw)
            finish(walk)

    def _send(self, walk: Walk, chosen: Sequence[Field], draw: random.Random) -> None:
        few = {f.name: [_text(self._provider, f, draw) for _ in range(2)] for f in chosen}
        shared = _text(self._provider, next((f for f in chosen if not f.shape), chosen[0]), draw)
        contacts = [self._create(walk, chosen, few, shared, draw)]
        while not walk.over and len(walk.steps) < _STEPS:
            contact = draw.choice(contacts)
            match draw.choice(self._kinds):
                case "change":
                    some = draw.sample(list(chosen), draw.choice((1, min(2, len(chosen)), len(chosen))))
                    values = {
                        f.name: _value(self._provider, f, few, shared, draw) for f in some if "change" in f.writeable
                    }
                    if values:
                        walk.take(Step("change", of=contact, values=values))
                case "list":
                    self._list(walk)
                    continue
                case "remove":
                    contacts.remove(contact)
                    walk.take(Step("remove", of=contact))
                    if draw.random() < 0.5:
                        self._list(walk)
                    contact = self._create(walk, chosen, few, shared, draw)
                    contacts.append(contact)
                case _:
                    contact = self._create(walk, chosen, few, shared, draw)
                    contacts.append(contact)
            if draw.random() < 0.75:
                walk.take(Step("read", of=contact))
        for contact in contacts:
            walk.take(Step("read", of=contact))

    def _list(self, walk: Walk) -> None:
        """Lists the contacts of the plan, where a query does."""
        marker = next(iter(self._provider.markers), "")
        marked = self._provider.mark_filter({marker: MARK}) if marker else ()
        if marked:
            walk.take(Step("list", query=tuple(marked)))

    @property
    def _provider(self) -> Provider:
        return self.steps.session.provider

    @property
    def _kinds(self) -> tuple[str, ...]:
        contract = self.steps.session.contract
        able = [k for k in ("change", "list", "remove") if contract.has(k)]
        if not contract.text_fields:  # a change needs more of the contact than its texts
            able = [k for k in able if k != "change"]
        return ("create", *able, *(["change"] * 5 if "change" in able else []), *(["list"] if "list" in able else []))

    def _create(
        self, walk: Walk, chosen: Sequence[Field], few: dict[str, list[str]], shared: str, draw: random.Random
    ) -> int:
        place = len(walk.steps)
        least = self.steps.creation(place, draw)
        values = {f.name: _value(self._provider, f, few, shared, draw) for f in chosen}
        walk.take(Step("create", values={**least.values, **values}))
        return place


def fields(session: Session) -> tuple[Field, ...]:
    """The texts that can be set to any plain text, date or number of a telephone, and are read as they were sent."""
    return session.once("plain texts", lambda: tuple(_plain(session)))


def _plain(session: Session) -> Iterator[Field]:
    contract = session.contract
    shown = contract.text_fields or tuple(f for f in contract.create_fields if f.is_text)
    for each in shown:
        free = not (each.enum or each.known or each.within or each.either or each.forms)
        is_marker = each.name in session.provider.markers[:1]
        if free and not is_marker and each.shape in ("", "phone", "date") and "create" in each.writeable:
            yield each


def _value(provider: Provider, each: Field, few: dict[str, list[str]], shared: str, draw: random.Random) -> str:
    """One of the few values of a field in this plan, at times one that several fields share, or a new one."""
    chance = draw.random()
    if chance < 0.2 and not each.shape and len(shared) <= (each.max_length or len(shared)):
        return shared
    return draw.choice(few[each.name]) if chance < 0.75 else _text(provider, each, draw)


def _text(provider: Provider, each: Field, draw: random.Random) -> str:
    """A plain text of a drawn length, with a sign or two at times; a text of the field's shape where it has one."""
    if each.shape:
        return str(provider.sample(each, draw.randrange(900)))
    length = draw.randint(1, min(_LONGEST, each.max_length or _LONGEST))
    letters = [draw.choice(string.ascii_letters) for _ in range(length)]
    if draw.random() < 0.1:
        letters = letters[:1] * 2
    signs = draw.choice(_SIGNS)
    if signs == "." and len(letters) > 1:
        letters[-1] = "."
    elif len(letters) > len(signs) + 1:
        for number, sign in enumerate(signs, 1):
            letters[number] = sign
    return "".join(letters)
