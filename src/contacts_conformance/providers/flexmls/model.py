"""flexmls's account as it has to be: contacts by what was sent, for each user, and under which tags they are listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contacts_conformance.contract import Contract
from contacts_conformance.model import Json
from contacts_conformance.providers import Provider
from contacts_conformance.providers.flexmls.moves import Moves
from contacts_conformance.providers.modelling import Seen
from contacts_conformance.providers.sparkapi import own
from contacts_conformance.providers.sparkapi.callers import Callers
from contacts_conformance.providers.sparkapi.pages import Pages, window
from contacts_conformance.providers.sparkapi.people import People, Person
from contacts_conformance.providers.sparkapi.readings import Readings
from contacts_conformance.providers.sparkapi.telling import told
from contacts_conformance.target import Target
from contacts_conformance.verdicts.response_checks import Observation

_TAGS = "Tags"


class FlexmlsModel:
    """What the users of a plan have added. Tags of a plan hold its mark, so that nobody else's contact bears them."""

    def __init__(self, contract: Contract, provider: Provider, target: Target) -> None:
        self._of = contract.provider
        self._provider = provider
        self._callers = Callers(target, provider.main_role)
        self._patient = bool(target.limits.patience)
        self._shown_as = {f.name: f.shown_as for f in contract.create_fields}
        self._listed_by: dict[str, set[str]] = {}
        """What the lists of each user have shown."""
        self.people = People()
        self._readings = Readings(contract, provider, only_given="create.only-given")
        self._pages = Pages(self._of, "page.size")
        self.moves = Moves(contract, self._callers, self.people, target).all

    def judge(self, seen: Seen) -> Iterator[Observation]:
        """Compares an answer with what has to be, and takes over what the step has done."""
        match seen.step.kind:
            case "create":
                yield from self._created(seen)
                self._pages.forget()
            case "read":
                yield from self._read(seen)
            case "my-read":
                yield from own.judged(self._of, self._provider, self._callers, seen)
            case "list" | "tagged" if seen.answer.succeeded:
                yield from self._listed(seen)

    def _created(self, seen: Seen) -> Iterator[Observation]:
        contact = seen.ids[seen.place]
        if not seen.answer.succeeded or not contact:
            self.people.is_blind |= not seen.answer.refused
            return
        row = f"{self._of}.create.fresh-id"
        if contact in [seen.ids[p.place] for p in self.people]:
            yield told(row, seen.answer, "an Id of its own", f"the Id {contact} of another contact", observed="again")
            self.people.is_blind = True
            return
        yield Observation(row)
        sent: dict[str, Json] = self._callers.fill(dict(seen.step.values), seen.mark, seen.ids)
        if seen.step.marked and "Tag" not in sent:
            sent["Tag"] = [seen.mark]
        shown = {self._shown_as.get(n, n): v for n, v in sent.items()}
        values = {n: v for n, v in shown.items() if n in self._readings.fields}
        written = dict.fromkeys(values, "create")
        user = self._callers.user(seen.step.role)
        self.people.add(Person(seen.place, user, values, written, sent=dict(seen.step.values)))

    def _read(self, seen: Seen) -> Iterator[Observation]:
        person = self.people.get(seen.step.of)
        if person is None or seen.record is None or self._callers.user(seen.step.role) != person.owner:
            return
        contact, read = seen.ids[person.place], self._provider.id_of(seen.record)
        row = f"{self._of}.read.answers-the-contact"
        if read != contact:
            yield told(row, seen.answer, f"contact {contact}", f"contact {read}", observed="another contact")
            return
        yield Observation(row)
        yield from self._readings.take(person, seen.record, seen.answer)

    # Lists

    def _listed(self, seen: Seen) -> Iterator[Observation]:
        asked = window(seen.step.query)
        if asked is None or (seen.records is None and asked.counts != "count") or self._patient:
            return
        listed = [self._provider.id_of(r) or "" for r in seen.records or ()]
        user = self._callers.user(seen.step.role)
        of = {seen.ids[p.place]: p for p in self.people}
        for contact, record in zip(listed, seen.records or (), strict=True):
            if contact in of and of[contact].owner == user:
                self._readings.glance(of[contact], record)
        is_tagged = seen.step.kind == "tagged"
        others = [c for c in listed if c in of and of[c].owner != user]
        if not is_tagged:
            self._listed_by.setdefault(user, set()).update(listed)
            others += [c for u, ids in self._listed_by.items() if u != user for c in listed if c in ids]
        row = f"{self._of}.{'tag' if is_tagged else 'list'}.current-user"
        if others:
            yield told(row, seen.answer, "no contact of another user", f"contact {others[0]}", observed="listed")
        elif listed:
            yield Observation(row)
        least, most = 0, None
        tag = str(self._callers.fill(seen.step.at, seen.mark, seen.ids))
        if is_tagged and seen.mark in tag:
            bearing = {c: self._bears(p, tag) for c, p in of.items() if p.owner == user}
            least = sum(b is True for b in bearing.values())
            most = None if self.people.is_blind else sum(b is not False for b in bearing.values())
            is_whole = most is not None and asked.holds_all_of(most) and asked.counts != "count"
            wrong = list(self._under(tag, bearing, listed, of, seen, is_whole=is_whole))
            yield from wrong
            if any(o.breaches for o in wrong):
                least, most = 0, None  # a wrong number would have the same cause
        yield from self._pages.judge(asked, seen.answer, listed, least, most)
        where = (("_filter", f"{seen.step.kind} {tag}"), *seen.step.query)
        yield from self._pages.walked(user, where, asked, seen.answer, listed)

    def _bears(self, person: Person, tag: str) -> bool | None:
        """Whether a contact bears a tag; None where only its case differs, or no answer has shown its tags."""
        tags = person.values.get(_TAGS)
        if not person.knows(_TAGS):
            return None
        texts = [t for t in tags if isinstance(t, str)] if isinstance(tags, list) else []
        if tag in texts:
            return True
        return None if tag.casefold() in map(str.casefold, texts) else False

    def _under(
        self,
        tag: str,
        bearing: dict[str, bool | None],
        listed: Sequence[str],
        of: dict[str, Person],
        seen: Seen,
        *,
        is_whole: bool,
    ) -> Iterator[Observation]:
        """A tag lists the contacts that bear it, and nobody else."""
        row = f"{self._of}.tag.none-else"
        extra = [c for c in listed if bearing.get(c) is False]
        extra += [] if self.people.is_blind else [c for c in listed if c not in of]
        if extra:
            yield told(row, seen.answer, "contacts with the tag", f"contact {extra[0]}", observed="listed")
        elif listed:
            yield Observation(row)
        if not is_whole:
            return
        missing = [c for c, b in bearing.items() if b is True and c not in listed]
        if missing:
            row = self._row_of_missing(tag, of[missing[0]], listed)
            yield told(f"{self._of}.{row}", seen.answer, f"contact {missing[0]}", "not listed", observed="missing")
        elif listed:
            yield Observation(f"{self._of}.tag.all")

    def _row_of_missing(self, tag: str, person: Person, listed: Sequence[str]) -> str:
        """The row on tags of this kind, or on tags that are not the first of a contact."""
        if not tag.isascii() or "'" in tag:
            return "tag.letters"
        if " " in tag and not listed:
            return "tag.blanks"
        tags = person.values.get(_TAGS)
        return "tag.several" if isinstance(tags, list) and tags[:1] != [tag] else "tag.all"
