"""LionDesk's account as it has to be: contacts by what was sent, for each user. Page 003."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from hypothesis.strategies import SearchStrategy

from contacts_conformance.contract import Contract
from contacts_conformance.providers.liondesk.model import moves
from contacts_conformance.providers.liondesk.model.asked import asked
from contacts_conformance.providers.liondesk.model.listing import Answered, Listing
from contacts_conformance.providers.liondesk.model.lists import FEWEST, Lists, is_legal
from contacts_conformance.providers.liondesk.model.reading import is_sure
from contacts_conformance.providers.liondesk.model.state import MAIN, Account
from contacts_conformance.providers.liondesk.model.writing import Writing
from contacts_conformance.providers.modelling import Move, Seen
from contacts_conformance.providers.plans import MARK, Step
from contacts_conformance.target import Target
from contacts_conformance.verdicts.response_checks import Observation

_LISTS = 6
"""So many lists are asked for after the one that shows what was written, before something is written again."""
_WRITES = 5
"""So many steps that write or read can follow each other before a list is due."""


_Writes: TypeAlias = Callable[[Account], SearchStrategy[Step] | None]
_Asks: TypeAlias = Callable[[], SearchStrategy[Step] | None]


class LionDeskModel:
    """What the users of an account have created, changed and removed. Every contact carries the plan's mark."""

    def __init__(self, contract: Contract, target: Target) -> None:
        self._account = Account(contract, target)
        self._answered = Answered()
        self._writing = Writing(self._account)
        self._lists_left = 0
        self._writes_left = _WRITES
        lists = Lists(self._account, self._answered)
        self._lists = lists
        kinds: tuple[tuple[str, _Writes, _Asks], ...] = (
            ("create", moves.creations, lists.combined),
            ("change", moves.changes, lists.together),
            ("assign", moves.assignments, lists.sorted),
            ("empty", moves.emptyings, lists.paged),
            ("remove", moves.removals, lists.together),
            ("read", moves.readings, lists.filtered),
            ("read-again", moves.readings, lists.combined),
            ("revisit", moves.revisits, lists.combined),
            ("list", moves.readings, lists.marked),
            ("filter", moves.changes, lists.filtered),
            ("filter-again", moves.readings, lists.filtered),
            ("combine", moves.removals, lists.combined),
            ("sort", moves.changes, lists.sorted),
            ("page", moves.assignments, lists.paged),
            ("together", moves.changes, lists.together),
        )
        self.moves = tuple(Move(name, self._possible(writes, asks)) for name, writes, asks in kinds)

    def _possible(self, writes: _Writes, asks: _Asks) -> _Asks:
        """The steps of a move, which writes or reads contacts, or asks for lists, whatever is due; of another one
        where it is not possible.

        First comes what a list has left open, then the contacts that a plan needs. After some writes several lists
        follow.
        """
        account, lists = self._account, self._lists

        def write() -> SearchStrategy[Step] | None:
            return writes(account)

        def create() -> SearchStrategy[Step] | None:
            return moves.creations(account)

        def steps() -> SearchStrategy[Step] | None:
            if len(account.contacts) < FEWEST or not account.standing:
                return _first(lists.pending, create, lists.marked)
            if self._lists_left > 0:
                return _first(lists.pending, asks, lists.filtered, lists.marked)
            if self._writes_left > 0:
                return _first(lists.pending, write, asks, lists.marked)
            return _first(lists.pending, lists.marked)

        return steps

    def is_legal(self, step: Step) -> bool:
        """Whether the page surely allows a request: plain values, and lists in the forms that the page shows."""
        if step.kind in ("create", "change"):
            return all(is_sure(self._account.contract, n, v) for n, v in step.values.items())
        if step.kind != "list":
            return True
        self._account.mark = self._account.mark or MARK
        wanted = asked(self._account, step.query)
        return wanted is not None and all(map(is_legal, wanted.conditions))

    def judge(self, seen: Seen) -> Iterator[Observation]:
        """Compares an answer with what was sent so far."""
        account = self._account
        account.mark = seen.mark
        if seen.step.kind == "list":
            self._lists_left -= 1
            yield from self._judge_list(seen)
            return
        self._writes_left -= 1
        if seen.step.kind != "read":
            self._answered.forget()
        yield from self._writing.judge(seen)

    def _judge_list(self, seen: Seen) -> Iterator[Observation]:
        wanted = asked(self._account, seen.step.query)
        if wanted is None or seen.records is None:
            return
        role = seen.step.role or MAIN
        if wanted.plain and role == MAIN and self._lists_left < 0:
            self._lists_left, self._writes_left = _LISTS, _WRITES
        yield from Listing(
            self._account, self._answered, wanted, role, seen.records, body=seen.answer.json, total=seen.total,
            exchange=seen.answer.exchange.id, strays=self._writing.strays,
        ).judge()  # fmt: skip


def _first(*several: _Asks) -> SearchStrategy[Step] | None:
    """The steps of the first of these that has some."""
    for steps in several:
        if (found := steps()) is not None:
            return found
    return None
