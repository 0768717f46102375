"""Contacts with unlike values in all keys, created so and changed so, which all checks share.

The contacts of one form, and the changes of one contact, hold a value of every kind in each text, and in each
collection one, two, three or four entries. Each key is left out once, and no other one with it, so that no key can
depend on another. A name holds a word or a number that no other contact has, since contacts of one name may be one;
some may be anybody's on an account that is for tests alone, unless a service finds somebody of this name there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import dense as specimen_checks
from contacts_conformance.checks import round_trip
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field, resolve, specimens
from contacts_conformance.contract.specimens import Grade, Specimen
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers import ngpvan

from . import dense, submitting

Body = dict[str, Any]
Columns = Mapping[str, Sequence[Specimen]]

FORMS = {"Individual": ngpvan.INDIVIDUAL, "Organization": ngpvan.ORGANIZATION}
NAMED = {"Individual": ("firstName", "lastName"), "Organization": ("commonName",)}
"""What names a contact."""
CHANGES = {"Individual": 15, "Organization": 14}
"""So often a contact is changed; which words meet which key is drawn. An organization has as many keys."""
_ANYBODY = {"Individual": 12, "Organization": 10}
"""From which turn on contacts have names that are all words, on an account that is for tests alone."""
_SPARED = 2
"""So many changes fewer make a quick run."""
_LONG = 100
"""Characters of a text in a change, so that few changes hold every kind."""
COLLECTIONS = ("emails", "addresses", "phones")

_BLANKS_AND_WIDE = {"inner-blanks": "two  blanks", "emoji": "😀", "astral-letter": "\U0001d49cda"}
_NUMBERS: Mapping[str, Callable[[int], str]] = {
    "leading-zeros": lambda n: f"00{n}",
    "number-like": lambda n: f"{n % 900 + 100}e{n // 900 % 90 + 10}",
    "decimal": lambda n: f"{n}.50",
    "digits": str,
}
"""Kinds of number that a name can hold and be nobody else's."""

_ENTRIES: Mapping[str, Sequence[Sequence[str]]] = {
    "emails": (("MAIN",), ("WORK", "MAIN"), ("HOME", "MAIN", "WORK"), ("MAIN", "OTHER", "WORK", "HOME")),
    "addresses": (("WORK",), ("HOME", "WORK"), ("OTHER", "HOME", "WORK"), ("WORK", "OTHER", "HOME", "MAIN")),
    "phones": (("HOME",), ("MOBILE", "HOME"), ("WORK", "HOME", "MOBILE"), ("MOBILE", "OTHER", "HOME", "WORK")),
}
"""Types of the entries, turn by turn: those of the page stand first, second and third."""
_ODD = 15
"""The turn at which entries of an unprinted type are odd; a service that refuses them has taken most others by then."""


@dataclass(frozen=True)
class Carried:
    """What a request carried beside texts, its answer, and the contact as it read afterwards."""

    sent: Body
    answer: Answer
    record: Record | None
    exchanges: tuple[str, ...]


@dataclass
class Unlike:
    """What became of the requests of one sort: the texts, what they carried beside these, and every answer."""

    texts: specimen_checks.Dense = field(default_factory=specimen_checks.Dense)
    carried: list[Carried] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    contact: str = ""
    """The contact that was changed."""
    least: Body = field(default_factory=dict)
    """What identifies that contact in the end."""


def created(session: Session, form: str) -> Unlike:
    """New contacts of a form with unlike values."""
    made: Unlike = session.once(f"unlike contacts, {form}", lambda: Requests(session, form).create())
    return made


class _IsThereError(Exception):
    """A contact whose names are all words was there already, perhaps from an earlier run."""


class Requests:
    """Sends what one form of contact is tried with, as far as the service takes it."""

    def __init__(self, session: Session, form: str) -> None:
        self._session = session
        self._contacts: Contacts = session.contacts()
        self._form = form
        self._kind = FORMS[form]
        self._fields = [f for f in session.contract.create_fields if not f.forms or form in f.forms]
        self._draw = session.random(f"unlike, {form}")
        self._changes = CHANGES[form] - (_SPARED if session.is_quick else 0)
        self._columns = {
            f.name: specimens.plain(f, {}, self._draw, session.number)
            for f in self._fields
            if specimens.sort_of(f) == "text"
        }
        alone = [Specimen((kind,), (text,)) for kind, text in specimens.WHOLES.items()]
        self._words = [*alone, *specimens.words(self._draw)]
        self._names = _words_of_names(self._words, form)
        self._may_be_anybody = session.target.disposable
        self._stage = 0
        self._beside: Callable[[str], Body] | None = None
        self._needs_names = False
        self._whole = False
        """Whether a change was taken with types that the page does not print."""
        self._done = Unlike()

    # Creations

    def create(self) -> Unlike:
        """Creates the contacts."""
        series = specimen_checks.Series(self._session, self._creation, creates=True)
        columns = {n: self._of_words(n) for n in self._columns}
        turns = max(len(c) for c in columns.values()) + 1
        for turn, body in enumerate(self._bodies(columns, turns, needed=NAMED[self._form])):
            try:
                self._send_as(series, body, turn, turns)
            except _IsThereError:
                self._may_be_anybody = False
                self._send_as(series, body, turn, turns)
        self._done.texts = series.dense
        return self._done

    def _send_as(self, series: specimen_checks.Series, body: dict[str, Specimen], turn: int, turns: int) -> None:
        self._name(body, turn)
        self._beside = self._carrying(turn, turns)
        series.send(body)

    def _of_words(self, name: str) -> list[Specimen]:
        """Texts that a key is tried with beside those that the dense contacts give it."""
        mixed = self._mixed(name) if self._is_picky() else []
        made = [*self._words, *mixed]
        self._draw.shuffle(made)
        return [self._wide(), *made]  # all at the first turn, at which no text is left out

    def _wide(self) -> Specimen:
        return Specimen(tuple(_BLANKS_AND_WIDE), tuple(_BLANKS_AND_WIDE.values()), Grade.WIDE)

    def _mixed(self, name: str) -> list[Specimen]:
        return [s for s in self._columns[name] if s.kinds[0] not in specimens.WHOLES]

    def _is_picky(self) -> bool:
        """Whether the service refuses signs, so that it has to be found out which ones."""
        return any(t.may_be_refused for w in dense.contacts_of(self._session, self._kind) for t in w.trials)

    def _name(self, body: dict[str, Specimen], turn: int) -> None:
        """Gives the names a value that no other contact has, and one that may be any word; or words alone."""
        names = NAMED[self._form]
        unique = names[turn % len(names)]
        unlike: list[Specimen] = [
            *(Specimen((k,), (make(self._number()),)) for k, make in _NUMBERS.items()),
            replace(self._wide(), mark=self._word()),
            *(replace(s, mark=self._word()) for s in self._mixed(unique)),
        ]
        body[unique] = unlike[turn // len(names) % len(unlike)]
        place = self._place_of_anybody(turn)
        for name in names:
            words = self._names[name]
            if place is not None:
                body[name] = words[place]
            elif name != unique:
                body[name] = words[turn // len(names) % len(words)]

    def _place_of_anybody(self, turn: int) -> int | None:
        """Which of the words all names are, after those that each was beside another name; None where one is not."""
        start = _ANYBODY[self._form]
        place = turn - start + (start // 2 if len(self._names) > 1 else 0)
        is_word = self._may_be_anybody and turn >= start and all(place < len(w) for w in self._names.values())
        return place if is_word else None

    def _creation(self, values: Mapping[str, Json]) -> round_trip.Attempt:
        session, mark = self._session, self._session.mark()
        whoever = ngpvan.person(mark) if self._form == "Individual" else ngpvan.organization(mark)
        start, beside = len(session.recorder), self._beside
        for stage, more in self._stages(mark):
            least = {n: v for n, v in whoever.items() if n != "emails" or beside is None or not more}
            answer = submitting.submit(self._contacts, {**least, **more, **values}, legal=False)
            self._done.answers.append(answer)
            if answer.status == 200 and self._is_anybody(values):
                raise _IsThereError
            if answer.succeeded:
                self._stage = stage if more else self._stage
                break
        contact = session.provider.created_id(answer) or "" if answer.succeeded else ""
        record = self._contacts.read(contact) if contact else None
        shown = tuple(e.id for e in session.recorder.since(start))
        if more:
            self._done.carried.append(Carried(more, answer, record, shown))
        return round_trip.Attempt(answer, record, contact, shown, creates=True)

    def _is_anybody(self, values: Mapping[str, Json]) -> bool:
        return all(values.get(n) in [w.value for w in self._names[n]] for n in NAMED[self._form])

    def _stages(self, mark: str) -> Iterator[tuple[int, Body]]:
        """What is sent beside the texts, at first everything, then what the page prints, and nothing at last."""
        beside, self._beside = self._beside, None
        if beside is not None:
            whole = beside(mark)
            if self._stage == 0:
                yield 0, whole
            yield 1, dense.printed(whole)
        yield 2, {}

    # Changes

    def change(self, contact: str, least: Body) -> Unlike:
        """Changes the contact, which `least` identifies, to unlike values."""
        self._done.contact, self._done.least = contact, least
        series = specimen_checks.Series(self._session, self._alteration)
        turns = self._changes
        for turn, body in enumerate(self._bodies(self._of_changes, turns)):
            self._beside = self._carrying(turn, turns, changes=True)
            series.send(body)
        self._done.texts = series.dense
        return self._done

    @property
    def left(self) -> dict[str, Specimen]:
        """For each key the first word that the changes do not come to."""
        sent = self._changes - 1  # each key is left out of one change
        return {n: column[sent] for n, column in self._of_changes.items() if len(column) > sent}

    @cached_property
    def _of_changes(self) -> Columns:
        """What the changes give to each key that new contacts keep, one after the other."""
        kept = {n for n, met in created(self._session, self._form).texts.met.items() if _is_kept(met.values())}
        columns: dict[str, list[Specimen]] = {}
        for each in (f for f in self._fields if f.name in self._columns and f.name in kept):
            made = specimens.plain(replace(each, max_length=_LONG), {}, self._draw, self._session.number)
            mixed = [s for s in made if s.kinds[0] not in specimens.WHOLES]
            columns[each.name] = [self._wide(), *mixed, *self._words_of(each)]
        return columns

    def _words_of(self, each: Field) -> list[Specimen]:
        """The words in the order in which changes give them to a key: first those that it has not met yet.

        Of the others those come first of which most is lost where they are misread: what is taken for nothing, and
        then numbers. A key that both forms have meets the last ones of one form first in the other, since neither has
        changes enough for all of them.
        """
        words = sorted(self._words, key=lambda w: w.kinds)
        self._session.random(f"words of {each.name}").shuffle(words)
        words.sort(key=lambda w: (w.kinds[0] not in specimens.NOTHING, w.kinds[0] not in _NUMBERS))
        if not (each.forms or self._form == "Individual"):
            words.reverse()
        met = created(self._session, self._form).texts.met.get(each.name, {})
        return sorted(words, key=lambda w: w.kinds[0] in met)

    def _alteration(self, values: Mapping[str, Json]) -> round_trip.Attempt:
        session, start = self._session, len(self._session.recorder)
        beside: list[tuple[Body, Answer]] = []
        for stage, more in self._stages(session.mark()):
            answer = self._altered({**more, **values})
            if answer.succeeded:
                self._whole = self._whole or (stage == 0 and bool(more))
                self._stage = self._stage if self._whole or not more else stage
                break
            beside += [(more, answer)] if more else []
        contact = self._done.contact
        record = self._contacts.read(contact) if answer.succeeded else None
        shown = tuple(e.id for e in session.recorder.since(start))
        if more:
            self._done.carried.append(Carried(more, answer, record, shown))
        if answer.succeeded and beside and (self._whole or not more):  # what was taken before, or what the page prints
            self._done.carried.append(Carried(*beside[-1], None, shown[:1]))
        return round_trip.Attempt(answer, record, contact, shown)

    def _altered(self, values: Mapping[str, Json]) -> Answer:
        """The answer to a change; it carries names that it would leave out where the service needs them."""
        least = self._done.least
        is_named = "emails" not in values and all(n in values for n in NAMED[self._form])
        identified = {"type": least["type"], **({} if is_named else {"emails": least["emails"]}), **values}
        whole = {**least, **values}
        for body in (whole,) if self._needs_names else (identified, whole):
            answer = self._contacts.send_change(self._done.contact, body, legal=False)
            self._done.answers.append(answer)
            if answer.succeeded or identified.keys() == whole.keys():
                break
        if answer.succeeded:
            self._needs_names = self._needs_names or (body is whole and identified.keys() != whole.keys())
            main = [e for e in body.get("emails", ()) if e["type"] == "MAIN"]
            self._done.least = {n: body.get(n, v) for n, v in least.items()} | {"emails": main or least["emails"]}
        return answer

    # Bodies

    def _bodies(self, columns: Columns, turns: int, needed: Sequence[str] = ()) -> Iterator[dict[str, Specimen]]:
        """A text of each key, turn by turn; each but the needed ones is left out once, where there are turns enough."""
        given = dict.fromkeys(columns, 0)
        for turn in range(turns):
            body: dict[str, Specimen] = {}
            for place, name in enumerate(f.name for f in self._fields):
                if name in columns and (name in needed or turn != place % turns):
                    body[name] = columns[name][given[name] % len(columns[name])]
                    given[name] += 1
            yield body

    def _carrying(self, turn: int, turns: int, *, changes: bool = False) -> Callable[[str], Body]:
        """Makes what a request carries beside texts, for a mark; one key of it may be left out at this turn."""
        left = [f for n, f in enumerate(self._fields) if turn != n % turns and f.name not in self._columns]

        def carry(mark: str) -> Body:
            body: Body = {}
            for each in left:
                if each.name in _ENTRIES:
                    body[each.name] = self._entries(each.name, turn, mark, changes=changes)
                elif each.name == "facebookProfileUrl":
                    body[each.name] = dense.PROFILES[turn % len(dense.PROFILES)].format(self._session.number())
                elif each.name != "type":
                    body |= submitting.values_of(self._contacts, (each,), mark)
            return body

        return carry

    def _entries(self, name: str, turn: int, mark: str, *, changes: bool) -> list[Body]:
        # the last change has the one main entry: by more of them a service may have moved another to its place
        place = turn - self._changes + 1 if changes else turn
        kinds = _ENTRIES[name][place % len(_ENTRIES[name])]
        if not changes:
            kinds = [self._further(name, turn) if k == "OTHER" else k for k in kinds]
        made = dense.entries(self._session, name, kinds, mark, turn, flags=True, primary=not changes)
        if turn == _ODD and not changes:
            return [*made[:1], *(_odd(name, e) for e in made[1:2]), *made[2:]]
        if name == "emails" and changes and turn < self._changes - 2:  # in the end it gets another main address
            made = [{**e, "address": self._main()} if e["type"] == "MAIN" else e for e in made]
        return made

    def _further(self, name: str, turn: int) -> str:
        """A type of entry that stands in no other one of the turn: another one each time."""
        used = {kind for kinds in _ENTRIES[name] for kind in kinds} - {"OTHER"}
        document = self._session.contract.document
        entry = resolve(document, document["components"]["schemas"][name.capitalize()]["items"])
        kinds = [str(k) for k in resolve(document, entry["properties"]["type"])["enum"] if k not in used]
        place = turn // 2 + (len(kinds) // 2 if self._form == "Organization" else 0)
        return kinds[place % len(kinds)]

    def _main(self) -> str:
        return str(self._done.least["emails"][0]["address"])

    def _number(self) -> int:
        """A number that is hardly anybody's name."""
        return int(hashlib.sha256(self._session.mark().encode()).hexdigest(), 16) % 900_000 + 100_000

    def _word(self) -> str:
        """A short word that no other contact has."""
        return str(ngpvan.person(self._session.mark())["firstName"])[:4]


def _words_of_names(words: Sequence[Specimen], form: str) -> dict[str, Sequence[Specimen]]:
    """The words that each name is tried with, in another order for each; none of them is a number.

    An organization has one name, by which it may be found whatever the case of its letters.
    """
    other = [w for w in words if w.kinds[0] not in _NUMBERS]
    if form == "Organization":
        other = [w for w in sorted(other, key=lambda w: w.kinds[0] not in specimens.NOTHING) if w.value != "null"]
    return {name: other[::-1] if place else other for place, name in enumerate(NAMED[form])}


def _odd(name: str, entry: Body) -> Body:
    """An entry as it seldom is: an e-mail with an apostrophe, and an address without a line, in another country."""
    if name == "emails":
        return {**entry, "address": f"o'{entry['address']}"}
    if name == "addresses":
        lines = {k: v for k, v in entry.items() if not k.startswith("line")}
        return {**lines, "city": "Exampleton", "stateProvince": "ON", "postalCode": "K1A 0B1"}
    return entry


def _is_kept(met: Any) -> bool:
    return any(m.trial.kept for m in met)


def needs_reading(session: Session) -> None:
    """NotOffered where the target reads no contacts."""
    if not session.contacts().offers("read"):
        raise NotOffered("whether a value was kept is seen only where the target reads contacts")


def field_of(session: Session, name: str) -> Field:
    """The field of the contract that a key on this target is."""
    known = session.contract.find_field(name)
    return known if known is not None else session.contract.field("communicationPreferences")
