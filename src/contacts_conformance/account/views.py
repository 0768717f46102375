"""What the answers of a run show of its own contacts: a list has to show what reading the contact shows.

Every reading of a contact and every item of a list is kept, and held against the other one where the same role asked
for both and nothing was written to the contact between them; so is the answer to a write, where a row judges it.
So whatever a run sends, its lists are judged with it, and no request is spent on that. A value that differs is looked
at once more when a group of checks is over, since a service may change a contact itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from contacts_conformance.account.aftermath import BEHIND, MOST_TOLD, Reading
from contacts_conformance.account.journal import Journal
from contacts_conformance.account.written import is_plain, told
from contacts_conformance.contract import Contract, Field
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Breach, Fact, Json, Outcome, Record
from contacts_conformance.oracle import instants
from contacts_conformance.providers import Provider

AS_READ = "list.same-as-read"
"""The requirement that facts about lists are about, without the provider."""
AS_ANSWERED = "answer.same-as-read"
"""The requirement that facts about the answers to creations and changes are about."""
_SUSPECTS = 20
"""So many contacts at most are read once more."""
_ROUNDED = timedelta(seconds=1)
"""Times that lie closer together are one time: lists may show it in whole seconds."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A contact as an answer showed it to a role, and the exchange."""

    record: Record
    exchange: str
    role: str
    row: str = AS_READ
    """What is judged by it, where it is not a reading."""

    def tells(self, field: Field) -> bool:
        """Whether what is shown of a field says anything: a list may show any as unset, an answer all but texts."""
        return self.record[field.shown_as] not in (None, "", []) or (field.is_text and self.row == AS_ANSWERED)


@dataclass(slots=True)
class _State:
    """One contact since the last write to it: as it read, as the answer to that write and as lists showed it."""

    read: _Shown | None = None
    written: _Shown | None = None
    listed: list[_Shown] = field(default_factory=list)
    is_compared: bool = False


class Views:
    """Keeps what answers show, and judges lists by readings; `facts` is what was found.

    `journal` says which contacts are the run's own: only these does nobody else change. `is_fresh` says whether the
    answer that has just come shows a contact as it is; lists may `lag` so many seconds behind.
    """

    def __init__(
        self,
        contract: Contract,
        provider: Provider,
        journal: Callable[[], Journal],
        is_fresh: Callable[[str, float], bool] = lambda contact, lag: True,
        lag: float = 0.0,
    ) -> None:
        self.facts: list[Fact] = []
        self.are_judged = False
        """Whether a requirement was asked for that what is found can judge."""
        self.judges_answers = False
        """Whether the answers to creations and changes are judged, too."""
        self.answers = 0
        """So many of them were held against a reading."""
        self._of = contract.provider
        self._provider = provider
        self._journal = journal
        self._fields: Mapping[str, Field] = {
            f.shown_as: f
            for f in (*contract.answered_fields, *contract.create_fields, *contract.change_fields)
            if f.reads_back and _is_told(f)
        }
        self._lists = frozenset(o.kind for o in contract.operations if o.lists)
        self._is_fresh = is_fresh
        self._lag = lag
        self._states: dict[str, _State] = {}
        self.compared: set[str] = set()
        """The roles that a list showed a contact which they read."""
        self._read: dict[str, set[str]] = {}
        """By role: what readings have shown, of any contact."""
        self._suspects: dict[str, list[tuple[str, _Shown]]] = {}
        """By contact: the names of what a list showed otherwise than a reading, and what the list showed."""

    def answered(self, kind: str, role: str, contact: str, answer: Answer, *, whole: bool) -> None:
        """Takes in the answer to an operation of a kind; `whole` says that a reading asked for all attributes."""
        if kind in ("create", "change", "remove"):
            written = contact or self._provider.created_id(answer) or ""
            self._states.pop(written, None)
            record = self._provider.record(answer) if answer.succeeded and kind != "remove" else None
            if self.judges_answers and record is not None and self._provider.id_of(record) == written:
                shown = _Shown(record, answer.exchange.id, role, AS_ANSWERED)
                self._states[written] = _State(written=shown)
        elif kind == "read" and whole and answer.succeeded:
            record = self._provider.record(answer)
            its_own = record is not None and self._provider.id_of(record) == contact and self._journal().owns(contact)
            if record is not None and its_own and self._is_fresh(contact, 0.0):
                self._take_reading(contact, _Shown(record, answer.exchange.id, role))
        elif kind in self._lists and answer.succeeded:
            page = self._provider.page(answer)
            for record in page.records if page is not None else ():
                self._take_item(self._provider.id_of(record) or "", _Shown(record, answer.exchange.id, role))

    def unlisted(self, role: str) -> tuple[str, ...]:
        """The contacts that a role was the last to read, and that no list has shown since."""
        states = self._states.items()
        return tuple(c for c, s in states if s.read is not None and s.read.role == role and not s.is_compared)

    def unclear(self, contact: str) -> None:
        """Takes in that something may have been written to a contact."""
        self._states.pop(contact, None)

    def _take_reading(self, contact: str, shown: _Shown) -> None:
        self._read.setdefault(shown.role, set()).update(shown.record)
        state = self._states.setdefault(contact, _State())
        state.read = shown
        if state.written is not None:
            self._compare(contact, shown, state.written, is_newer=False)
            state.written = None
        for item in state.listed:
            self._compare(contact, shown, item, is_newer=False)
        state.listed.clear()

    def _take_item(self, contact: str, item: _Shown) -> None:
        if (contact not in self._states and not self._journal().owns(contact)) or not self._is_fresh(
            contact, self._lag
        ):
            return
        state = self._states.setdefault(contact, _State())
        if state.read is None:
            state.listed.append(item)
        else:
            self._compare(contact, state.read, item, is_newer=True)

    def _compare(self, contact: str, read: _Shown, item: _Shown, *, is_newer: bool) -> None:
        if read.role != item.role:
            return  # a service may show one user less than another
        if item.row == AS_READ:
            self._states[contact].is_compared = True
            self.compared.add(item.role)
        else:
            self.answers += 1
        differing = self._differing(read, item, is_newer=is_newer)
        row = f"{self._of}.{item.row}"
        if differing:
            self._suspects.setdefault(contact, []).extend((name, item) for name in differing)
        elif all(f.requirement != row for f in self.facts):
            self.facts.append(Fact(row, BEHIND, Outcome.HELD, "", (read.exchange, item.exchange)))

    def _differing(self, read: _Shown, shown: _Shown, *, is_newer: bool) -> list[str]:
        """What a list or an answer, which may be newer than the reading, shows otherwise than that. It may leave
        attributes out, and so may a reading what it shows of no contact."""
        known = self._read.get(read.role, set())
        shared = [f for n, f in self._fields.items() if n in known and n in shown.record and shown.tells(f)]
        pairs = [(f, read.record.get(f.shown_as), shown.record[f.shown_as]) for f in shared]
        return [f.shown_as for f, one, other in pairs if not self._is_same(f, one, other, is_newer=is_newer)]

    def _is_same(self, field: Field, read: Json, item: Json, *, is_newer: bool) -> bool:
        if not (read or item):
            return True
        first, second = (instants.parse(v) if field.kind == "instant" else None for v in (read, item))
        if first is not None and second is not None:
            if field.tells_last_edit:  # a service may have moved it by itself meanwhile, and onwards
                return second > first - _ROUNDED if is_newer else first > second - _ROUNDED
            return abs(first - second) < _ROUNDED
        return self._provider.same(field, read, item)

    def look(self, read: Reading, *, late: bool = False) -> None:
        """Reads the contacts once more that were shown otherwise, and tells what still differs.

        Where that is `late`, so that a service may have changed a contact since a list showed it, only such texts count
        as no service changes.
        """
        suspects, self._suspects = self._suspects, {}
        if late:
            plain = {c: [i for i in items if self._is_plain(*i)] for c, items in suspects.items()}
            suspects = {c: items for c, items in plain.items() if items}
        for contact, items in list(suspects.items())[:_SUSPECTS]:
            state = self._states.get(contact)
            if state is None or state.read is None or len(self.facts) > MOST_TOLD:
                continue  # something was written to it since
            before = state.read
            try:
                answer = read(contact, before.role)
            except (NotVerified, NotOffered):
                continue
            record = self._provider.record(answer) if answer.succeeded else None
            for name, item in items if record is not None else ():
                if record is not None and record.get(name) == before.record.get(name):
                    self._tell(contact, name, before, item)
                    break

    def _is_plain(self, name: str, item: _Shown) -> bool:
        return is_plain(self._fields[name], item.record.get(name))

    def _tell(self, contact: str, name: str, read: _Shown, item: _Shown) -> None:
        expected = f"what contact {contact} reads, {told(read.record.get(name))}"
        breach = Breach("value", expected, told(item.record.get(name)), name, "another value", item.exchange)
        row = f"{self._of}.{item.row}"
        self.facts.append(Fact(row, BEHIND, Outcome.BROKEN, str(breach), (read.exchange, item.exchange), breach))


def _is_told(field: Field) -> bool:
    """Whether a field holds an id, or a text, a list of texts or a time that can be set: nothing else changes these."""
    if field.kind == "id":
        return True
    return bool(field.writeable) and (
        field.is_text or field.kind == "instant" or (field.kind == "list" and not field.members)
    )
