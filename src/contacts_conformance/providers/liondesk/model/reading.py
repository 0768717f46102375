"""What reading a contact shows: each value that was sent, nothing that another write or another contact has left."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator

from contacts_conformance.contract import Contract, Field
from contacts_conformance.model import Breach, Json, Record
from contacts_conformance.oracle import instants
from contacts_conformance.providers.liondesk.model import values
from contacts_conformance.providers.liondesk.model.state import ASSIGNED, MARKED, OWNED, Account, Contact
from contacts_conformance.providers.liondesk.sameness import same
from contacts_conformance.providers.plans import MARK
from contacts_conformance.verdicts.response_checks import Observation

_UNSET: tuple[Json, ...] = (None, "", [], {})
_LOOKUPS = ("hotness", "source")
_LIKE_CODE = re.compile(r"</?\w+>|\{\{|[$#]\{|DROP|[<>]\w")
_LAST_PLANE = 0xFFFF


def observation(row: str, *breaches: Breach) -> Observation:
    """What an answer shows of a row of LionDesk's; that it held, where there is no breach."""
    return Observation(f"liondesk.{row}", breaches)


def told(value: Json) -> str:
    """A value as people read it."""
    return json.dumps(value, ensure_ascii=False, default=str)[:120]


def value_breach(name: str, wanted: Json, got: Json, observed: str, exchange: str, kind: str = "value") -> Breach:
    """A value that differs."""
    return Breach(kind, told(wanted), told(got), name, observed, exchange)


class Reading:
    """Holds one reading of a contact against the model."""

    def __init__(self, account: Account, contact: Contact, record: Record, exchange: str) -> None:
        self._account = account
        self._contact = contact
        self._record = record
        self._exchange = exchange

    def judge(self) -> Iterator[Observation]:
        """Compares, and takes over what is shown."""
        mark = self._record.get(MARKED)
        if MARKED in self._contact.sent and MARKED in self._record and mark != self._contact.sent[MARKED]:
            # a change may have taken the mark; whose contact it is, a mark of its own says
            row = "change.only-given" if "change" in self._contact.since and not mark else "read.answers-the-contact"
            wrong = value_breach(MARKED, self._contact.sent[MARKED], mark, "another contact", self._exchange)
            yield observation(row, wrong)
            return
        yield from self._changed_since()
        yield from self._sent()
        yield from self._never_sent()
        yield from self._owner()
        yield from self._lookups()
        yield from self._time_of_the_last_edit()
        self._account.note(self._contact, self._record)
        self._contact.since.clear()
        self._contact.edited = ""

    def judge_item(self) -> Iterator[Observation]:
        """Compares the contact in a list of the mark alone: it may leave out a value, but shows no other one."""
        shown = {n for n, v in self._record.items() if v not in _UNSET}
        yield from self._sent(lambda name: name in shown and name not in self._contact.shown)
        self._contact.judged |= self._contact.sent.keys() & shown
        self._account.note_item(self._contact, self._record)

    # What was sent

    def _sent(self, is_told: Callable[[str], bool] = lambda name: True) -> Iterator[Observation]:
        """What was set since the last reading; where nothing of a change is stored, another judge tells that."""
        contact = self._contact
        fresh = {n: f for n, f in self._fields(contact.sent) if n not in contact.judged and is_told(n)}
        if "change" in contact.since:  # which of two writes has left a value wrong, nothing shows
            fresh = {n: f for n, f in fresh.items() if n in contact.latest}
        lost = [n for n, f in fresh.items() if not same(f, contact.sent[n], self._record.get(n))]
        changed = [n for n in fresh if contact.by.get(n) == "change"]
        if changed and set(changed) <= set(lost) and not self._account.changes_work:
            lost = [n for n in lost if n not in changed]
        elif changed and not set(changed) <= set(lost):
            self._account.changes_work = True
        for name in lost:
            if row := self._row_of_loss(fresh[name]):
                # a row for texts of all fields has one finding for all
                about = name if row.startswith("field.") or row.startswith("team.") else ""
                sent, read = contact.sent[name], self._record.get(name)
                observed = "not stored" if read in _UNSET else "another value"
                if sent in (None, ""):
                    observed = "the old value"
                yield observation(row, value_breach(about, sent, read, observed, self._exchange))
        for name in fresh.keys() - set(lost):
            if row := self._row_of_loss(fresh[name]):
                yield observation(row)

    def _row_of_loss(self, field: Field) -> str:
        """The row that is broken where the value that a field was set to does not show; empty where none is."""
        sent, kind = self._contact.sent[field.name], self._contact.by.get(field.name, "create")
        if field.name == ASSIGNED:
            return "team.member-assigned"
        if sent in (None, ""):
            is_old = self._record.get(field.name) == self._contact.old.get(field.name) not in _UNSET
            return "change.emptied" if is_old else ""
        if not field.is_text:
            return f"field.{field.name}.{kind}"
        if row := values.doubtful(field).get(str(sent)):
            return row
        if not _is_sure(field, str(sent)):
            return ""
        return "text.round-trip" if values.is_rare(sent) and not field.shape else f"field.{field.name}.{kind}"

    def _never_sent(self) -> Iterator[Observation]:
        """A text that was never sent shows nothing of other fields, or of other contacts."""
        contact, account = self._contact, self._account
        own = {v: "another field's value" for v in contact.sent.values() if isinstance(v, str) and v}
        theirs = {v: "another contact's value" for c in account.contacts.values() for v in c.sent.values() if v}
        theirs = {v: o for v, o in theirs.items() if isinstance(v, str)}
        for field in account.contract.text_fields:
            name, read = field.name, self._record.get(field.name)
            if name in contact.sent or name in contact.vague or name in contact.judged or not isinstance(read, str):
                continue
            if observed := own.get(read) or theirs.get(read):
                row = (
                    "change.only-given" if "change" in contact.since and "create" not in contact.since else "lifecycle"
                )
                yield observation(row, value_breach(name, None, read, observed, self._exchange))

    # What nothing was to change

    def _changed_since(self) -> Iterator[Observation]:
        """What has not been set since it was last shown is as it was."""
        contact = self._contact
        row = self._row_of_change()
        if not row:
            return
        differing = False
        for name, before in contact.shown.items():
            field = self._account.contract.find_field(name)
            if name in ("modified_at", "addresses", "custom_fields") or name not in self._record or field is None:
                continue
            now = self._record[name]
            if before == now or (before in _UNSET and now in _UNSET) or _is_same(field, before, now):
                continue
            differing = True
            is_time = name == "created_at" and row == "change.only-given"
            this = "time.created-at-stays" if is_time else row
            yield observation(this, value_breach(name, before, now, "changed", self._exchange, "changed"))
        if not differing:
            yield observation(row)

    def _row_of_change(self) -> str:
        rows = {
            "refused": "access.other.no-change",
            "change": "change.only-given",
            "neighbour-change": "change.only-that-contact",
            "neighbour-remove": "remove.only-that-contact",
            "neighbour-create": "lifecycle",
        }
        return next((row for cause, row in rows.items() if cause in self._contact.since), "")

    def _owner(self) -> Iterator[Observation]:
        """The owner is who created it, and nobody is assigned who must not be."""
        owner, read = self._account.user(self._contact.owner), self._record.get(OWNED)
        if owner and OWNED not in self._contact.judged:
            wrong = read is not None and str(read) != owner
            breach = value_breach(OWNED, owner, read, "another user", self._exchange)
            yield observation("owner.submitter", *((breach,) if wrong else ()))
        stranger, assigned = self._account.target.known.get("outsider"), self._record.get(ASSIGNED)
        if stranger and str(assigned) == stranger != owner:
            breach = value_breach(ASSIGNED, "another user", assigned, "stored", self._exchange)
            yield observation("team.outsider-not-assigned", breach)

    def _lookups(self) -> Iterator[Observation]:
        """The hotness and the source that were given."""
        for name in _LOOKUPS:
            given, shown = self._contact.sent.get(f"{name}_id"), self._record.get(name)
            if given in (None, "") or name in self._contact.judged:
                continue
            row = f"lookup.{name}"
            if not isinstance(shown, dict) or not shown:
                yield observation(row, value_breach(name, "an object", shown, "not shown", self._exchange))
            elif name == "source" and str(shown.get("id")) != str(given):
                yield observation(row, value_breach("source.id", given, shown.get("id"), "another id", self._exchange))
            elif name == "hotness" and not isinstance(shown.get("name"), str):
                breach = value_breach("hotness.name", "a text", shown.get("name"), "no text", self._exchange)
                yield observation(row, breach)
            else:
                yield observation(row)

    def _time_of_the_last_edit(self) -> Iterator[Observation]:
        """A change that does not set the time of the last edit moves it on from the past."""
        before, now = instants.parse(self._contact.edited), instants.parse(self._record.get("modified_at"))
        if before is None or now is None:
            return
        breach = value_breach(
            "modified_at", f"a time after {self._contact.edited}", self._record.get("modified_at"),
            "not later", self._exchange,
        )  # fmt: skip
        yield observation("time.modified-at-moves", *((breach,) if now <= before else ()))

    def _fields(self, sent: dict[str, Json]) -> Iterator[tuple[str, Field]]:
        """The fields that were sent and that answers show."""
        for name in sent:
            field = self._account.contract.find_field(name)
            if field is not None and field.reads_back and name != MARKED:
                yield name, field


def _is_same(field: Field, before: Json, now: Json) -> bool:
    if field.kind == "instant":
        return instants.parse(before) == instants.parse(now) is not None
    return same(field, before, now) if field.is_text or field.kind == "id" else False


def is_sure(contract: Contract, name: str, value: Json) -> bool:
    """Whether every service has to take a value of a field: a plain text, a whole time, or an id at its place."""
    field = contract.find_field(name)
    if field is None:
        return False
    if field.is_text:
        return isinstance(value, str) and (value == MARK or _is_sure(field, value))
    if field.kind == "instant":
        return isinstance(value, str) and "T" in value and instants.parse(value) is not None
    return isinstance(value, str) and value.startswith("⟦")


def _is_sure(field: Field, text: str) -> bool:
    """Whether every service has to keep a text as it is: without blanks at its ends or two in a row, composed, without
    characters that a service may be unable to store, and in the form of its field."""
    if text != " ".join(text.split()) or text != unicodedata.normalize("NFC", text) or _LIKE_CODE.search(text):
        return False
    if any(ord(c) > _LAST_PLANE for c in text) or (field.is_limited and len(text.encode()) > (field.max_length or 0)):
        return False
    match field.shape:
        case "email":
            return text == text.lower() and re.fullmatch(r"[^@ ]+@[^@ ]+\.[a-z]+", text) is not None
        case "date":
            return instants.parse(text) is not None
    return True
