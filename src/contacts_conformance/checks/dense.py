"""Dense requests: each carries a specimen in every field that it has room for, and is taken apart where that fails.

So many bodies hold every kind of every field as the field with most of them needs: about ten. Which kinds meet in one
body is drawn by the seed of the run. Where a body is refused, its halves are sent, until a field and a kind are named;
where a value that holds several kinds is not kept, values with half of them are. A kind that is refused in one field is
left out of the bodies that follow, so that a service that refuses it everywhere costs no hundreds of requests.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from contacts_conformance.checks import round_trip, thrifty, wordy
from contacts_conformance.checks.round_trip import Attempt, Trial
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field, specimens
from contacts_conformance.contract.examples import printed_forms
from contacts_conformance.contract.specimens import Grade, Specimen
from contacts_conformance.model import Json, Record
from contacts_conformance.providers import Daring

Body = Mapping[str, Specimen]

_MOST_ATTEMPTS = 90
"""After so many requests nothing is taken apart any more: what is not named by then was not tried."""
_LEFT_OUT = 0.5
"""In so many bodies a field is left out of which there is nothing new to send."""
_CODE = 1 / 3
"""In changes, so many of the texts that may be any word look like code, too: creations have carried that."""
BESIDE = "plain-beside-others"
"""The kind of a tame value in a body that has specimens, or nothing, in other fields."""
_ENOUGH = 3
"""A field of which so many kinds were refused is left out of what follows: it is known by then."""


@dataclass(frozen=True, slots=True)
class Met:
    """A kind that a field met: what became of the value that held it, alone or with other kinds."""

    kind: str
    grade: Grade
    trial: Trial
    is_alone: bool = True


@dataclass(frozen=True, slots=True)
class Stored:
    """A body that was taken whole and kept: its contact, what was sent, how it read, and the field that is the mark."""

    contact: str
    values: Mapping[str, Json]
    record: Record
    body: Body
    marker: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The values of a request that was taken, how the contact read afterwards, and the exchanges of both."""

    values: Mapping[str, Json]
    record: Record
    exchanges: tuple[str, ...]
    sure: frozenset[str] = frozenset()
    """The fields that hold a value which any service keeps."""


@dataclass
class Dense:
    """What became of the dense bodies of one kind of request: by field, every kind that it met."""

    met: dict[str, dict[str, Met]] = field(default_factory=dict)
    stored: list[Stored] = field(default_factory=list)
    taken: list[Taken | None] = field(default_factory=list)
    """Every body that was taken, in the order in which they were sent; None stands for one that was refused."""

    def of(self, name: str, *grades: Grade) -> list[Met]:
        """What a field met, of these grades."""
        return [m for m in self.met.get(name, {}).values() if m.grade in grades]

    def of_kind(self, kind: str) -> Iterator[Met]:
        """What met a kind, field by field."""
        return (kinds[kind] for kinds in self.met.values() if kind in kinds)


def created(session: Session) -> Dense:
    """What became of creations with specimens in all fields; done once in a run."""

    def create() -> Dense:
        tame = round_trip.created_whole(session)
        contacts = session.contacts()

        def attempt(values: Mapping[str, Json]) -> Attempt:
            return round_trip.attempt_creation(contacts, contacts.complete(values), None)

        fields = [f for f in session.contract.create_fields if f.name in tame and _is_taken(f, tame[f.name])]
        series = Series(session, attempt, fields, creates=True, independent=True)
        series.run(words=session.provider.words_of_creations if isinstance(session.provider, Daring) else 0)
        return series.dense

    return session.once("dense creations", create)


def _is_taken(field: Field, tame: Trial) -> bool:
    """Whether a tame value is kept, or the id of something else that a contact shows in another form."""
    return tame.kept or (tame.record is not None and bool(field.known) and not field.reads_back)


def changed(session: Session) -> Dense:
    """What became of changes with specimens in all fields, of the contact of a tame change; done once in a run."""
    provider = session.provider

    def change() -> Dense:
        contacts, tame = session.contacts(), round_trip.changed_whole(session)
        contact = next((t.contact for t in tame.values() if t.contact), None)
        if contact is None:
            return Dense()

        def attempt(values: Mapping[str, Json]) -> Attempt:
            return round_trip.attempt_change(contacts, contact, values)

        fields = [f for f in session.contract.change_fields if f.name in tame and tame[f.name].kept]
        series = Series(session, attempt, fields, sparse=True)
        if isinstance(provider, Daring):
            series.run(plain_only=provider.plain_changes, words=provider.words_of_changes)
        else:
            series.run(plain_only=True)
        return series.dense

    return session.once("dense changes", change)


def met_by_changes(session: Session) -> Dense:
    """What became of the dense changes; nothing where these hold none but plain kinds."""
    return changed(session) if isinstance(session.provider, Daring) else Dense()


@dataclass(frozen=True, slots=True)
class _Made:
    """What a body is sent as: the values of all fields, and which of them are its specimens."""

    values: Mapping[str, Json]
    specimens: dict[str, Specimen]


class Series:
    """The bodies of one kind of request: sends them, and takes apart what fails.

    `attempt` sends values. `fields` may be in a body, and have tame values in `rest` of it, where the body is a whole
    one; `creates` says that a request needs the mark of the run, and `independent` that no body rests on what became of
    another one. `kind` is the kind of the requests. `sparse` leaves each text out of some bodies, so that what was not
    sent shows; a quick run does that anyway.
    """

    def __init__(
        self,
        session: Session,
        attempt: Callable[[Mapping[str, Json]], Attempt],
        fields: Sequence[Field] = (),
        *,
        creates: bool = False,
        kind: str = "",
        independent: bool = False,
        sparse: bool = False,
    ) -> None:
        self.dense = Dense()
        self._kind = kind or ("create" if creates else "change")
        self._session = session
        self._attempt = attempt
        self._creates = creates
        self._fields = fields
        self._independent = independent
        may_be_absent = (f.name for f in fields if thrifty.may_be_absent(f, fields))
        self._sparse = {*may_be_absent} if sparse or session.is_quick else set[str]()
        """The fields that a body may be without."""
        self._draw = session.random(f"left out of {self._kind} {session.generation}")
        self._refused: set[str] = set()
        self._counts: dict[str, int] = {}
        self._left = _MOST_ATTEMPTS

    def run(self, *, plain_only: bool = False, words: int = 0, part: int = 0, of: int = 1) -> None:
        """Sends all bodies, or every `of`-th one; each text that may be any word meets at least so many `words`."""
        bodies = list(self._bodies(plain_only=plain_only, words=words))[part::of]
        if not self._independent or self._session.target.limits.lanes < 2:
            for marker, body in bodies:
                self.send(body, marker=marker)
            return
        made = [self._made(self._without_named(body), marker=marker, whole=True) for marker, body in bodies]
        attempts = self._session.each([partial(self._attempt, m.values) for m in made])
        for (marker, body), sent, attempt in zip(bodies, made, attempts, strict=True):
            self._send(body, marker=marker, whole=True, ahead=(sent, attempt))

    def _bodies(self, *, plain_only: bool, words: int = 0) -> Iterator[tuple[str, Body]]:
        """The bodies, each with the field that holds nothing but the mark of the run, if one does."""
        columns, texts = self._columns(plain_only=plain_only)
        single = [m for m in self._session.provider.markers if m in columns] if self._creates else []
        if any(self._session.contract.field(m).kind == "list" for m in single):
            single = []  # a list holds the mark beside whatever it is there for
        taken = {m: columns.pop(m) for m in single[:2]}
        if self._session.is_quick:
            draw = self._session.random(f"thrifty {self._kind} {self._session.generation}")
            for name, column in columns.items():
                column += self._words(name) if name in texts else []
            yield from thrifty.bodies(columns, self._sparse, single[:2], taken, draw)
            return
        carrier = next((f.name for f in self._fields if f.shape == "email" and f.name in columns), "")
        in_turn = partial(thrifty.in_turn, carrier=carrier, alone=len(columns.get(carrier, ())))
        turns = list(in_turn(taken)) if len(taken) > 1 else []
        sizes = [len(c) for n, c in columns.items() if words and n in texts and self._takes_words(n)]
        length = max([len(turns), *(len(c) for c in columns.values()), *(size + words for size in sizes)])
        self._fill(columns, texts, length)
        for name in [n for n in taken if n in texts] if turns else ():
            for word in self._words(name):
                more = list(in_turn({**taken, name: [*taken[name], word]}))
                if len(more) > length:
                    break
                taken[name].append(word)
                turns = more
        turns_of = thrifty.spread(columns, self._sparse, length, self._draw)
        for number in range(length):
            body = {
                n: c[number % len(c)]
                for n, c in columns.items()
                if n not in turns_of and (number < len(c) or (n in texts and c))
            }
            body |= {n: turns[number] for n, turns in turns_of.items() if number in turns}
            if not single:
                yield "", body
                continue
            marker, carried = turns[number] if number < len(turns) else (single[0], {})
            yield marker, body | carried

    def _fill(self, columns: dict[str, list[Specimen]], texts: set[str], length: int) -> None:
        """Puts words into the texts of bodies that are sent anyway; which ones these are is drawn.

        A contact, or a change, more for each would be dear.
        """
        for name, column in columns.items():
            words = self._words(name) if name in texts else []
            if self._creates:
                column += words[: max(0, length - len(column))]
            elif words:
                code, other = ([s for s in column if (s.grade is Grade.CODE) is it] for it in (True, False))
                is_scarce = name in self._session.provider.markers  # it is the mark of most other contacts
                more = [*code, *words] if self._draw.random() < _CODE and not is_scarce else words
                column[:] = [*other, *more[: length - len(other)]]

    def _words(self, name: str) -> list[Specimen]:
        """The words of a text that may be any; none of another one."""
        return (
            wordy.of(self._session, self._session.contract.field(name), self._kind) if self._takes_words(name) else []
        )

    def _takes_words(self, name: str) -> bool:
        return name in wordy.texts(self._session.provider)

    def _columns(self, *, plain_only: bool) -> tuple[dict[str, list[Specimen]], set[str]]:
        """What each field is to hold, one after the other: first what is plain; and the fields that take any text.

        These hold a kind again where others have more kinds, so that other pairs meet; addresses are sent once.
        """
        session, contract = self._session, self._session.contract
        draw = session.random(f"dense {'creations' if self._creates else 'changes'} {session.generation}")
        printed = printed_forms(contract.provider)
        columns: dict[str, list[Specimen]] = {}
        for each in self._fields:
            if each.reads_back and not each.within:
                made = specimens.plain(each, printed, draw, session.number, session.tag[-4:])
                # what holds several kinds comes first in every field, so that few bodies hold all of these
                columns[each.name] = sorted(made, key=lambda s: s.is_single)
        for name, column in () if plain_only else columns.items():
            unusual = specimens.unusual(contract.field(name), printed, draw, session.number, session.tag[-4:])
            is_mark = self._creates and name in session.provider.markers and not wordy.texts(session.provider)
            column += unusual if not is_mark or contract.field(name).kind == "list" else []
        return columns, {n for n in columns if specimens.sort_of(contract.field(n)) == "text"}

    def send(self, body: Body, *, marker: str = "") -> None:
        """Sends one whole body, without what is known to be refused; `marker` is the field that is the mark."""
        self._send(self._without_named(body), marker=marker, whole=True)

    def _without_named(self, body: Body) -> Body:
        """A body without the kinds that were refused, and without fields of which enough is known."""
        left = {n: s.without(self._refused) for n, s in body.items() if self._counts.get(n, 0) < _ENOUGH}
        return {n: s for n, s in left.items() if s is not None}

    def _made(self, body: Body, *, marker: str, whole: bool) -> _Made:
        """What a body is sent as, with tame values of the other fields where it is a whole one."""
        session, marked = self._session, dict(body)
        for name in session.provider.markers if self._creates else ():
            if name in marked and marked[name].size:
                marked[name] = replace(marked[name], mark=session.mark())
        others = tuple(f for f in self._fields if f.name not in body and not self._is_left_out(f.name))
        values: dict[str, Json] = {
            **(round_trip.values(session, others) if whole else {}),
            **{n: s.value for n, s in marked.items()},
            **({marker: self._mark_in(marker)} if marker else {}),
        }
        for each in self._fields:
            held = values.get(each.within)
            if each.within in body and each.name in values and isinstance(held, list):
                values[each.name] = held[:1]
                marked[each.name] = Specimen((f"one of {each.within}",), (str(held[0]),), size=1)
        return _Made(values, marked)

    def _is_left_out(self, name: str) -> bool:
        """Whether a body is without a field of which there is nothing new to send, or holds a tame value there."""
        is_full = self._session.is_quick or self._takes_words(name)
        return name in self._sparse and (is_full or self._draw.random() < _LEFT_OUT)

    def _mark_in(self, marker: str) -> str:
        is_address = self._session.contract.field(marker).shape == "email"
        return f"{self._session.mark()}@example.com" if is_address else self._session.mark()

    def _send(
        self, body: Body, *, marker: str = "", whole: bool = False, ahead: tuple[_Made, Attempt] | None = None
    ) -> bool:
        """Sends a body that was not sent ahead, and what it is made of where that fails; whether all of it is kept."""
        if not body or self._left <= 0:
            return not body
        self._left -= 1
        made = self._made(body, marker=marker, whole=whole) if ahead is None else ahead[0]
        attempt = self._attempt(made.values) if ahead is None else ahead[1]
        values, marked = made.values, made.specimens
        taken = attempt.record is not None
        tame = values.keys() - marked.keys() - {marker}
        sure = frozenset(tame | {n for n, s in marked.items() if s.grade is Grade.PLAIN})
        self.dense.taken.append(Taken(values, attempt.record or {}, attempt.exchanges, sure) if taken else None)
        if attempt.record is None:
            return self._take_apart(marked, attempt)
        self._note_tame(tame, attempt, values)
        trials = {n: self._trial(n, s, attempt) for n, s in marked.items()}
        wrong = {n: s for n, s in marked.items() if not trials[n].kept}
        for name in marked.keys() - wrong.keys():
            self._note(name, marked[name], trials[name])
        if whole and not wrong and self._creates:
            self.dense.stored.append(Stored(attempt.contact, values, attempt.record, marked, marker))
        several = {n: s for n, s in wrong.items() if not s.is_single}
        named: set[str] = set()
        for half in (0, 1) if several else ():
            part = {n: s.halves()[half] for n, s in several.items()}
            if not self._send(part):
                named |= {n for n, s in part.items() if self._is_named(n, s)}
        for name in wrong.keys() - named:
            self._note(name, marked[name], trials[name])
        return not wrong

    def _take_apart(self, body: Body, attempt: Attempt) -> bool:
        rest_on = {f.name: f.within for f in self._fields if f.name in body and f.within in body}  # legal beside it
        names = [n for n in body if n not in rest_on]
        if len(names) > 1:
            half = len(names) // 2
            parts = [{n: body[n] for n in body if rest_on.get(n, n) in p} for p in (names[:half], names[half:])]
            kept = [self._send(self._without_named(p)) for p in parts]  # each is sent, whatever became of the other
            return all(kept)
        if names and rest_on and not self._send({names[0]: body[names[0]]}):
            return False
        name = next(iter(rest_on or names))
        specimen = body[name]
        if not specimen.is_single and self._left > 0:
            kept = [self._send({name: half}) for half in specimen.halves()]
            if not all(kept):
                return False
        self._note(name, specimen, self._trial(name, specimen, attempt))
        if specimen.is_single:
            self._refused.update(specimen.kinds)
            self._counts[name] = self._counts.get(name, 0) + 1
        return False

    def _is_named(self, name: str, specimen: Specimen) -> bool:
        """Whether one of the kinds of a value is known to fail in this field."""
        met = self.dense.met.get(name, {})
        return any(k in met and not met[k].trial.kept for k in specimen.kinds)

    def _trial(self, name: str, specimen: Specimen, attempt: Attempt) -> Trial:
        trial = round_trip.trial_of(self._session, name, specimen.value, attempt)
        if specimen.is_loose and trial.record is not None and not trial.same:
            return replace(trial, same=round_trip.alike(specimen.value, trial.read))
        return trial

    def _note_tame(self, names: Collection[str], attempt: Attempt, sent: Mapping[str, Json]) -> None:
        """Notes those texts of a tame value that the other values of the body, or their absence, made another one."""
        for name in (f.name for f in self._fields if f.name in names and f.is_text and f.reads_back):
            trial = round_trip.trial_of(self._session, name, sent[name], attempt)
            if not trial.kept:
                self._note(name, Specimen((BESIDE,), (str(trial.sent),)), trial)

    def _note(self, name: str, specimen: Specimen, trial: Trial) -> None:
        met = self.dense.met.setdefault(name, {})
        for kind in specimen.kinds:
            if kind not in met or met[kind].trial.kept:
                met[kind] = Met(kind, specimen.grade, trial, specimen.is_single)
