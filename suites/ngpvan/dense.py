"""Contacts that carry as much as they can: in each field another sort of text, in each collection several entries.

Four contacts of either type give each text field each sort of text once; kinds of text that these do not hold, and
what becomes of a field without another one, are a matter of `unlike`. Entries of one collection differ in every member,
so that none can be taken for another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Field
from contacts_conformance.errors import NotOffered
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers import ngpvan
from contacts_conformance.providers.ngpvan import INDIVIDUAL

from . import submitting

Body = dict[str, Any]

TEXTS = {
    "names": "McO'Bri-Al Zoë",
    "signs": 'a+b, "q" 9% a%20b & &amp; \\n < > r/s;',
    "marks": "c_d {w} [x](y) ?t=u#v $r l''or -- *",
    "scripts": "x: y|z ~a @b! Ковалевская 林徽因 فاطمة",
}
"""Sorts of text. None is longer than 37 characters, and what every name may have is short, since no page says how long
a text may be."""

_BESIDE = {"names": "O'Bri-Zoë"}
"""What stands in place of a sort behind a name that tells the contact apart, and is long by itself."""

DOUBTFUL = frozenset({"signs", "marks", "scripts"})
"""Sorts that the page does not promise in so many words: they may be refused, but not stored as something else."""

PROFILES = (
    "http://facebook.com/Ada.{}",
    "https://facebook.com/p.php?id={}&v=a%20b",
)
PRINTED = {"emails": ("MAIN", "WORK"), "addresses": ("WORK",), "phones": ("MOBILE", "HOME")}
"""Types of entries that the page shows. Others may be refused; where they are taken, the entry has to be kept."""

FLAGS, FLAGGED = ("isDisclosure", "isPrimary"), ("addresses", "phones")
"""Members that the page does not show, and the collections whose entries may have the first one."""
LISTS = "appliedEmailLists"

_ORDER = {
    "emails": ("PERSONAL", "MAIN", "HOME", "WORK"),
    "addresses": ("HOME", "OTHER", "MAIN", "WORK"),
    "phones": ("WORK", "MOBILE", "OTHER", "HOME"),
}
"""The types that are sent: those of the page come late, so that who keeps only the first entries is seen."""

_LOCAL_PARTS = ("{0}", "Mixed.Case-{0}", "{0}+tag_1", "24.b.{0}.desk")
_LINES = ("{0} 1/2 Example Street", "{0}-B Saint Ada's Road", "{0} N. Zoë Avenue", "{0} Example St #4")
_PLACES = (
    ("New Cañon", "MA", "02108"),
    ("O'Fallon-Ville", "DC", "20005"),
    ("Example Bay", "NY", "00501"),
    ("Saint-Élie", "CA", "90210"),
    ("Port Example", "PR", "00601"),
)


@dataclass(frozen=True)
class Trial:
    """What became of one field of a contact: what was sent, its sort if it is a text, and what came of it.

    `record` is None where the contact was not created, or cannot be read.
    """

    name: str
    sent: Json
    sort: str
    answer: Answer
    record: Record | None
    exchanges: tuple[str, ...]

    @property
    def may_be_refused(self) -> bool:
        """Whether a refusal of it is no breach."""
        return self.sort in DOUBTFUL and self.answer.refused


@dataclass(frozen=True)
class Whole:
    """One contact: the body that was sent first, the answer to it, and the trials of its fields."""

    body: Body
    answer: Answer
    trials: tuple[Trial, ...]


@dataclass(frozen=True)
class _Piece:
    name: str
    value: Json
    sort: str = ""


def contacts_of(session: Session, kind: str) -> tuple[Whole, ...]:
    """Four contacts of a type (INDIVIDUAL or ORGANIZATION), which all checks share."""
    made: tuple[Whole, ...] = session.once(f"{kind} dense", lambda: _contacts(session, kind))
    return made


def trials(session: Session, kind: str, name: str) -> list[Trial]:
    """The trials of a field in all contacts of a type."""
    return [t for whole in contacts_of(session, kind) for t in whole.trials if t.name == name]


def kept(session: Session, kind: str) -> frozenset[str]:
    """The fields that new contacts of a type keep at least once; a field that is never kept is a matter of its own."""
    made = [t for whole in contacts_of(session, kind) for t in whole.trials if t.record is not None]
    return frozenset(
        t.name for t in made if ngpvan.holds(of_printed_types(t.name, t.sent), (t.record or {}).get(t.name), t.name)
    )


def _contacts(session: Session, kind: str) -> tuple[Whole, ...]:
    contacts = session.contacts()
    memory = _Memory()
    made = []
    for turn in range(len(TEXTS)):
        least, pieces = _pieces(session, contacts, kind, turn, session.mark())
        made.append(_settled(contacts, kind, least, memory.sensible(pieces)))
        memory.learn(made[-1])
    return tuple(made)


@dataclass
class _Memory:
    """What was refused so far; nothing is sent a third time that was refused twice."""

    fields: Counter[str] = dataclass_field(default_factory=Counter)
    sorts: Counter[str] = dataclass_field(default_factory=Counter)
    printed_only: set[str] = dataclass_field(default_factory=set)

    def learn(self, whole: Whole) -> None:
        for trial in whole.trials:
            if trial.answer.refused:
                self.fields[trial.name] += not trial.may_be_refused
                self.sorts[trial.sort] += bool(trial.sort)
            elif trial.sent != whole.body.get(trial.name) and trial.name in PRINTED:
                self.printed_only.add(trial.name)

    def sensible(self, pieces: list[_Piece]) -> list[_Piece]:
        left = [p for p in pieces if self.fields[p.name] < 2 and self.sorts[p.sort] < 2]
        return [_printed(p) if p.name in self.printed_only else p for p in left]


def _pieces(session: Session, contacts: Contacts, kind: str, turn: int, mark: str) -> tuple[Body, list[_Piece]]:
    """What identifies a contact, and everything else that it carries at its turn."""
    form = kind.title()
    fields = [f for f in session.contract.create_fields if not f.forms or form in f.forms]
    sorts = list(TEXTS)
    least = ngpvan.person(mark) if kind == INDIVIDUAL else ngpvan.organization(mark)
    pieces = []
    for place, field in enumerate(fields):
        group = place // len(sorts)  # those of the second group do not hold the same sorts as those of the first
        sort = sorts[((1, 3)[group % 2] * turn + place + group) % len(sorts)]
        if field.is_text and not field.enum and not field.shape and not field.known:
            pieces.append(_text(field, sort, least))
        else:
            pieces += _other(session, contacts, field, turn, mark)
    return least, pieces


def _text(field: Field, sort: str, least: Body) -> _Piece:
    """A text of a sort, beside what tells the contact apart where it has to."""
    if field.name in ("firstName", "commonName"):
        return _Piece(field.name, f"{least[field.name]} {_BESIDE.get(sort, TEXTS[sort])}", sort)
    return _Piece(field.name, TEXTS[sort], sort)


def _other(session: Session, contacts: Contacts, field: Field, turn: int, mark: str) -> list[_Piece]:
    """A value for a field that is no plain text; none where it has none beside what identifies the contact."""
    number = session.number()
    match field.name:
        case "type":
            return []
        case "emails" | "addresses" | "phones":
            return [_Piece(field.name, entries(session, field.name, _ORDER[field.name], mark, turn, flags=True))]
        case "facebookProfileUrl":
            return [_Piece(field.name, PROFILES[turn % len(PROFILES)].format(number))]
    try:
        return [_Piece(submitting.key_of(contacts, field), submitting.value_of(contacts, field, mark))]
    except NotOffered:
        return []


def entries(
    session: Session,
    collection: str,
    kinds: Sequence[str],
    mark: str,
    turn: int = 0,
    *,
    flags: bool = False,
    primary: bool = False,
) -> list[Body]:
    """Entries of these types that differ in every member; the e-mail of the type MAIN is that of the mark.

    With `flags` and `primary` they have members, too, that the page does not show; one entry is the primary one.
    """
    made = []
    for place, kind in enumerate(kinds):
        match collection:
            case "emails":
                made.append(_email(session, kind, mark, place + turn))
            case "addresses":
                made.append(_address(session, kind, place + turn))
            case _:
                made.append(_phone(session, kind))
        if flags and collection in FLAGGED:
            made[-1]["isDisclosure"] = not (place + turn) % 2
        if primary:
            made[-1]["isPrimary"] = place == turn % len(kinds)
    return made


def _email(session: Session, kind: str, mark: str, place: int) -> Body:
    email = ngpvan.email(mark, kind)
    if kind != "MAIN":
        local, _, domain = email["address"].partition("@")
        email["address"] = _LOCAL_PARTS[place % len(_LOCAL_PARTS)].format(local) + f"@{domain}"
    lists = submitting.all_known(session.contacts(), "email_list")
    mine = {"PERSONAL": lists[:1], "WORK": lists[1:] or lists}.get(kind)
    if mine:
        email["appliedEmailLists"] = [{"emailListId": each} for each in mine]
    return {**email, "doNotEmail": bool(place % 2)}


def _phone(session: Session, kind: str) -> Body:
    """A phone; where no page shows its type, its number is in a form that no page shows either."""
    phone = ngpvan.phone(session.mark(), kind)
    number = phone["number"]
    forms = {
        "WORK": f"({number[:3]}) {number[3:6]}-{number[6:]}",
        "OTHER": f"+1 {number[:3]}-{number[3:6]}-{number[6:]}",
    }
    return {**phone, "number": forms.get(kind, number)}


def _address(session: Session, kind: str, place: int) -> Body:
    number = session.number()
    city, state, code = _PLACES[place % len(_PLACES)]
    lines = {"line1": _LINES[place % len(_LINES)].format(number)}
    if kind not in PRINTED["addresses"]:
        lines["line2"] = f'c/o "Zoë" & Co, 9%20 +{number}'
    elif place % 2:
        lines["line2"] = f"Suite {number}-B"
    return {**lines, "city": city, "stateProvince": state, "postalCode": code, "type": kind}


# Sending


def _settled(contacts: Contacts, kind: str, least: Body, pieces: list[_Piece]) -> Whole:
    """Sends everything at once; what is refused is halved, until each field is taken, or was refused alone."""
    start = len(contacts.account.recorder)
    body = {**least, **{p.name: p.value for p in pieces}}
    answer = submitting.submit(contacts, body, legal=False)
    if not answer.succeeded and len(pieces) > 1:
        found: list[Trial] = []
        for half in (pieces[: len(pieces) // 2], pieces[len(pieces) // 2 :]):
            found += _settled(contacts, kind, _somebody(contacts, kind), half).trials
        return Whole(body, answer, tuple(found))
    printed = [_printed(p) for p in pieces]
    if not answer.succeeded and printed != pieces:
        return _settled(contacts, kind, _somebody(contacts, kind), printed)
    record = contacts.read(submitting.id_in(answer)) if answer.succeeded and contacts.offers("read") else None
    exchanges = tuple(e.id for e in contacts.account.recorder.since(start))
    sent = list(pieces)
    if answer.succeeded or not pieces:  # what identifies a contact is not to blame for what is refused beside it
        sent += [_Piece(n, v) for n, v in least.items() if n not in {p.name for p in pieces}]
    return Whole(body, answer, tuple(Trial(p.name, p.value, p.sort, answer, record, exchanges) for p in sent))


def _somebody(contacts: Contacts, kind: str) -> Body:
    mark = contacts.account.mark()
    return ngpvan.person(mark) if kind == INDIVIDUAL else ngpvan.organization(mark)


def of_printed_types(name: str, value: Json) -> Json:
    """A value without the entries whose types no page shows, and without members that it does not show."""
    kinds = PRINTED.get(name)
    if kinds is None or not isinstance(value, list):
        return value
    return [{k: v for k, v in e.items() if k not in FLAGS} for e in value if e["type"] in kinds]


def told(value: Any, known: Collection[str]) -> Any:
    """A collection as it has to read: with those flags alone that the service knows, and with lists if it shows any."""
    unknown = {*FLAGS, LISTS} - set(known)
    if not isinstance(value, list):
        return value
    return [{k: v for k, v in e.items() if k not in unknown} if isinstance(e, dict) else e for e in value]


def known_flags(read: Json) -> frozenset[str]:
    """The flags with which entries read set: a service that does not know one cannot show it so."""
    entries = [e for e in read if isinstance(e, dict)] if isinstance(read, list) else []
    return frozenset(f for f in FLAGS for e in entries if e.get(f) is True)


def own_flags(sent: Json, read: Json) -> frozenset[str]:
    """The flags with which entries read set although no entry was sent with them: the service sets them by itself."""
    told = {f for e in sent for f in FLAGS if f in e} if isinstance(sent, list) else set()
    return known_flags(read) - told


def printed(body: Body) -> Body:
    """A body without what no page shows: types of entries, lists of e-mails, and a flag."""
    return {p.name: p.value for p in (_printed(_Piece(n, v)) for n, v in body.items())}


def _printed(piece: _Piece) -> _Piece:
    """The piece with entries of the types alone that the page shows, and on no e-mail list."""
    kept = of_printed_types(piece.name, piece.value)
    if piece.name not in PRINTED or not isinstance(kept, list):
        return piece
    return _Piece(piece.name, [{k: v for k, v in e.items() if k != LISTS} for e in kept], piece.sort)
