"""LionDesk's account as it has to be: contacts by what was sent, for each user."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from contacts_conformance.contract import Contract
from contacts_conformance.model import Breach, Json
from contacts_conformance.providers.modelling import MARK, Move, Seen, Step
from contacts_conformance.target import Target
from contacts_conformance.verdicts.response_checks import Observation

_TEXTS = st.sampled_from(["Ada", "ada", "Bo Ng", "O'Neil", "Zoë", "12"])


class LionDeskModel:
    """What one user has created and changed. Every contact carries the plan's mark in `company`."""

    def __init__(self, contract: Contract, target: Target) -> None:
        self._contacts: dict[int, dict[str, Json]] = {}
        """What was sent of each contact that stands, by the step that created it."""
        self.moves = (
            Move("create", self._creations),
            Move("change", self._changes),
            Move("remove", self._removals),
            Move("list", self._lists),
        )

    def _creations(self) -> SearchStrategy[Step]:
        names = st.fixed_dictionaries({"first_name": _TEXTS, "last_name": _TEXTS})
        return names.map(lambda v: Step("create", values=v))

    def _changes(self) -> SearchStrategy[Step] | None:
        if not self._contacts:
            return None
        of = st.sampled_from(sorted(self._contacts))
        return st.builds(lambda o, v: Step("change", of=o, values={"first_name": v}), of, _TEXTS)

    def _removals(self) -> SearchStrategy[Step] | None:
        if not self._contacts:
            return None
        return st.sampled_from(sorted(self._contacts)).map(lambda o: Step("remove", of=o))

    def _lists(self) -> SearchStrategy[Step] | None:
        def step(value: str) -> Step:
            return Step("list", query=(("company", MARK), ("first_name", value)))

        return _TEXTS.map(step) if self._contacts else None

    def judge(self, seen: Seen) -> Iterator[Observation]:
        """Compares an answer with what was sent so far."""
        if not seen.answer.succeeded:
            return
        step = seen.step
        match step.kind:
            case "create":
                self._contacts[seen.place] = dict(step.values)
            case "change" if step.of is not None:
                self._contacts[step.of].update(step.values)
            case "remove" if step.of is not None:
                del self._contacts[step.of]
            case "list" if seen.records is not None:
                yield from self._judge_list(seen)

    def _judge_list(self, seen: Seen) -> Iterator[Observation]:
        wanted = dict(seen.step.query).get("first_name")
        expected = {seen.ids[n] for n, v in self._contacts.items() if v.get("first_name") == wanted}
        got: set[Any] = {str(r.get("id")) for r in seen.records or ()}
        breaches: tuple[Breach, ...] = ()
        if expected != got:
            told = f"{len(expected - got)} missing, {len(got - expected)} too many"
            breach = Breach("contacts", f"{len(expected)} contacts with first_name {wanted}", told, "first_name", told)
            breaches = (breach,)
        yield Observation("liondesk.filter.eq", breaches)
