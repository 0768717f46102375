"""What the answers to creations, changes, removals and readings have to be, and what they make of the account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from contacts_conformance.model import Breach, Json
from contacts_conformance.oracle import instants
from contacts_conformance.providers.liondesk.model.reading import Reading, observation
from contacts_conformance.providers.liondesk.model.state import ASSIGNED, MAIN, MARKED, Account, Contact
from contacts_conformance.providers.modelling import Seen
from contacts_conformance.verdicts.response_checks import Observation, breach_of_status

_RECENT = instants.parse("2020-01-01T00:00:00Z")
"""A time of the last edit that lies before it was set by a plan."""


class Writing:
    """Takes over what the steps of a plan do to the account. `strays` says that a creation may have left a contact of
    which the model knows nothing."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.strays = False

    def judge(self, seen: Seen) -> Iterator[Observation]:
        """Compares an answer with what has to be, and takes over what the step has changed."""
        if seen.step.kind == "create":
            yield from self._created(seen)
            return
        contact = self._account.contacts.get(seen.step.of) if seen.step.of is not None else None
        if contact is None or contact.lost:
            return
        role = seen.step.role or MAIN
        match seen.step.kind:
            case "change":
                yield from self._changed(seen, contact, role)
            case "remove":
                yield from self._removed(seen, contact, role)
            case "read" if not seen.step.query:
                yield from self._read(seen, contact, role)

    # Creations

    def _created(self, seen: Seen) -> Iterator[Observation]:
        if not seen.answer.succeeded:
            self.strays = True
            return
        new = seen.ids[seen.place]
        before = self._account.of_id(new) if new else None
        if not new or before is not None:
            self.strays = True
            got = "an id of another contact" if new else "no id"
            breach = Breach("value", "an id of its own", got, "id", got, seen.answer.exchange.id)
            yield observation("create.new-id" if before is not None and before.gone else "create.stores", breach)
            return
        contact = Contact(seen.place, seen.step.role or MAIN)
        given = self._values(seen)
        if seen.step.marked:
            given.setdefault(MARKED, seen.mark)
        contact.take("create", given)
        if given.get(ASSIGNED) and str(given[ASSIGNED]) == self._account.target.known.get("outsider"):
            contact.doubtful([ASSIGNED])
        elif given.get(ASSIGNED):
            contact.may_see.add(str(given[ASSIGNED]))
        for other in self._account.standing:
            other.since.add("neighbour-create")
        self._account.contacts[seen.place] = contact
        self._account.ids[seen.place] = new

    def _values(self, seen: Seen) -> dict[str, Json]:
        """The values of a step as they were sent; without those that stand at places which the model does not know."""
        given = {n: self._account.text(v) if isinstance(v, str) else v for n, v in seen.step.values.items()}
        return {n: v for n, v in given.items() if v is not None or seen.step.values[n] is None}

    # Changes

    def _changed(self, seen: Seen, contact: Contact, role: str) -> Iterator[Observation]:
        given, answer = self._values(seen), seen.answer
        sees = None if contact.gone else self._account.sees(role, contact)
        if contact.gone:
            row = "change.unknown-id"
            yield observation(row, *((breach_of_status(answer, "no success"),) if answer.succeeded else ()))
            contact.lost = contact.lost or answer.succeeded
            return
        stranger = self._account.target.known.get("outsider")
        forbidden = bool(given.get(ASSIGNED)) and str(given[ASSIGNED]) == stranger
        if answer.succeeded:
            if sees is False:
                yield observation("access.other.no-change", breach_of_status(answer, "a refusal"))
                contact.doubtful(given)
                return
            if sees and role != contact.owner:
                yield observation("access.assignee.change")
            self._take_change(contact, given, forbidden=forbidden)
        elif sees is False:
            yield observation("access.other.no-change")
            contact.since.add("refused")
        else:
            if sees and role != contact.owner and answer.refused and not forbidden:
                yield observation("access.assignee.change", breach_of_status(answer, "a success (2xx)"))
            contact.doubtful(given)
        for other in self._account.others(contact):
            other.since.add("neighbour-change")

    def _take_change(self, contact: Contact, given: dict[str, Json], *, forbidden: bool) -> None:
        before = contact.shown.get("modified_at")
        instant = instants.parse(before)
        new = [n for n, v in given.items() if isinstance(v, str) and v and contact.shown.get(n, v) != v]
        if contact.edited == "" and instant is not None and _RECENT is not None and instant < _RECENT and new:
            contact.edited = str(before)
        if "modified_at" in given:
            contact.edited = ""
        contact.take("change", given)
        if forbidden:
            contact.doubtful([ASSIGNED])
        elif given.get(ASSIGNED):
            contact.may_see.add(str(given[ASSIGNED]))
        if "modified_at" not in given:
            contact.sent.pop("modified_at", None)

    # Removals

    def _removed(self, seen: Seen, contact: Contact, role: str) -> Iterator[Observation]:
        answer = seen.answer
        if contact.gone:
            broken = answer.succeeded and role == contact.owner
            breaches = (breach_of_status(answer, "no success"),) if broken else ()
            yield observation("remove.unknown-id", *breaches)
            return
        if role == contact.owner:
            contact.gone, contact.lost = answer.succeeded, not answer.succeeded
            yield from self._answer_to_removal(seen)
        else:
            sees = self._account.sees(role, contact)
            row = "access.other.no-remove" if sees is False else "access.assignee.no-remove"
            yield observation(row, *((breach_of_status(answer, "a refusal"),) if answer.succeeded else ()))
            contact.lost = answer.succeeded
            contact.doubt = row
            contact.listed.clear()
        for other in self._account.others(contact):
            other.since.add("neighbour-remove")
            other.listed.clear()

    def _answer_to_removal(self, seen: Seen) -> Iterator[Observation]:
        shown = (seen.record or {}).get("id")
        wrong = seen.answer.succeeded and shown is not None and str(shown) != seen.ids[seen.step.of or 0]
        breach = Breach("value", "the id of the removed contact", str(shown), "id", "another id")
        yield observation(
            "remove.answers-no-other", *((replace(breach, exchange=seen.answer.exchange.id),) if wrong else ())
        )

    # Readings

    def _read(self, seen: Seen, contact: Contact, role: str) -> Iterator[Observation]:
        answer = seen.answer
        if contact.gone:
            yield observation("remove.gone", *((breach_of_status(answer, "no success"),) if answer.succeeded else ()))
            return
        sees = self._account.sees(role, contact)
        if answer.succeeded and sees is False:
            yield observation("access.other.no-read", breach_of_status(answer, "a refusal"))
        elif answer.succeeded:
            yield from self._read_rightly(seen, contact, role, sees)
        elif answer.refused:
            row = "access.other.no-read" if sees is False else ""
            if sees and role != contact.owner:
                row = contact.doubt or "access.assignee.read"
            elif sees and seen.step.expects == "":
                row = contact.doubt
            if row:
                yield observation(row, *((breach_of_status(answer, "a success (2xx)"),) if sees else ()))
            contact.lost = bool(sees) and role == contact.owner

    def _read_rightly(self, seen: Seen, contact: Contact, role: str, sees: bool | None) -> Iterator[Observation]:
        former = sees is None and self._account.assigned(contact) not in (None, self._account.user(role))
        if former:
            yield observation("access.former-assignee", breach_of_status(seen.answer, "a refusal"))
        if sees and role != contact.owner:
            yield observation("access.assignee.read")
        if seen.record is None:
            return
        shown = seen.record.get("id")
        if shown is not None and str(shown) != seen.ids[contact.place]:
            breach = Breach(
                "value", "the id that was asked for", str(shown), "id", "another id", seen.answer.exchange.id
            )
            yield observation("read.answers-the-contact", breach)
            return
        yield from Reading(self._account, contact, seen.record, seen.answer.exchange.id).judge()
