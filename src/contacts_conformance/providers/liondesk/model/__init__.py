"""LionDesk's account as it has to be: contacts by what was sent, for each user. Page 003."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hypothesis.strategies import SearchStrategy

from contacts_conformance.contract import Contract
from contacts_conformance.providers.liondesk.model import moves
from contacts_conformance.providers.liondesk.model.asked import asked
from contacts_conformance.providers.liondesk.model.listing import Answered, Listing
from contacts_conformance.providers.liondesk.model.lists import FEWEST, Lists
from contacts_conformance.providers.liondesk.model.state import MAIN, Account
from contacts_conformance.providers.liondesk.model.writing import Writing
from contacts_conformance.providers.modelling import Move, Seen, Step
from contacts_conformance.target import Target
from contacts_conformance.verdicts.response_checks import Observation

_LISTS = 4
"""So many lists are asked for after the one that shows what was written, before something is written again."""
_WRITES = 5
"""So many steps that write or read can follow each other before a list is due."""


class LionDeskModel:
    """What the users of an account have created, changed and removed. Every contact carries the plan's mark."""

    def __init__(self, contract: Contract, target: Target) -> None:
        self._account = Account(contract, target)
        self._answered = Answered()
        self._writing = Writing(self._account)
        self._lists_left = 0
        self._writes_left = _WRITES
        lists = Lists(self._account, self._answered)
        writes = {
            "create": moves.creations, "change": moves.changes, "assign": moves.assignments, "empty": moves.emptyings,
            "remove": moves.removals, "read": moves.readings, "revisit": moves.revisits,
        }  # fmt: skip
        self.moves = (
            *(Move(name, self._between_lists(name, steps)) for name, steps in writes.items()),
            Move("list", lists.marked),
            Move("filter", lists.filtered),
            Move("filter-again", lists.filtered),
            Move("combine", lists.combined),
            Move("sort", lists.sorted),
            Move("page", lists.paged),
            Move("page-again", lists.paged),
        )

    def _between_lists(
        self, name: str, steps: Callable[[Account], SearchStrategy[Step] | None]
    ) -> Callable[[], SearchStrategy[Step] | None]:
        """The steps of a move that writes or reads, where no list is due."""

        def possible() -> SearchStrategy[Step] | None:
            few = len(self._account.contacts) < FEWEST
            if few:
                return steps(self._account) if name == "create" else None
            return None if self._lists_left > 0 or self._writes_left <= 0 else steps(self._account)

        return possible

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
