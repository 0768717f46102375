"""Removing what a run created, and finding out that it is gone: by reading it, and by looking for the run's marks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial

from contacts_conformance.account import leavings
from contacts_conformance.account.account import Account
from contacts_conformance.account.borrowing import give_back_all
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.journal import Creation
from contacts_conformance.account.patience import Patience
from contacts_conformance.account.reserve import FEW, Place, beyond_sample, is_denied, open_ends, place
from contacts_conformance.account.search import Search, Sightings
from contacts_conformance.errors import CareViolated, NotOffered, NotVerified
from contacts_conformance.http import lanes
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Traffic

_ROUNDS = 3
"""So often what was found again, or is still there, is removed and looked for once more."""
_MOST_READS = 400
"""So many removed contacts are read, where no list shows that they are gone."""


def tidy(account: Account, *, of_a_killed_run: bool = False) -> list[str]:
    """Removes whatever the account's journal says was created and not removed, and gives back what was borrowed;
    what could not be done, in words.

    What was submitted and never confirmed, what was refused and what was removed is looked for by its marks. A record
    is taken for the run's own only where it carries a mark with the run's tag, or, under the id that its creation was
    answered with, what was sent. The identities are those of the target file, whatever became of them in the run.
    """
    account.begin_clean_up()
    work = _CleanUp(account, of_a_killed_run)
    work.run()
    return work.notes


def clean_up(account: Account, *, needless: bool = False) -> Traffic:
    """Removes what the run created, in reverse, unless the account ends with the run, and says what was done."""
    notes = [*account.notes, *(() if needless else (*tidy(account), *leavings.besides(account)))]
    account.aftermath.vanished()
    traffic = leavings.counted(account, notes)
    account.journal.close(keep=bool(traffic.unknown) and not needless)
    account.client.close()
    return traffic


class _CleanUp:
    def __init__(self, account: Account, of_a_killed_run: bool) -> None:
        self._of_a_killed_run = of_a_killed_run
        self.notes: list[str] = []
        self._account = account
        self._contract = account.contract
        self._journal = account.journal
        self._patience = Patience(account)
        self._removes = account.contract.has("remove")
        self._doubts: dict[str, str] = {}
        """Why contacts, by their ids, are not surely the run's own, or could not be removed."""
        self._problems: dict[str, None] = {}
        """Why it is not known of some creations what became of them."""
        self._controls: dict[Place, list[Creation]] = {}
        """Contacts that stand until all searches are over; none for a place where none could be made."""
        self._returned: dict[str, int] = {}
        """How often contacts, by their ids, were still there after they were said to be removed."""
        self._reads = 0

    def run(self) -> None:
        """Does all of it."""
        self.notes += give_back_all(self._account, self._patience.attempt)
        self._patience.renew()
        if self._removes:
            self._prove_ownership()
            if self._account.views.are_judged:
                self._account.compare_views(late=True)
        self._controls = self._standing_controls()
        self._remove_all_but_controls()
        self._patience.renew()
        self._patience.wait(max((leavings.under_way(self._account, c) for c in self._journal.unconfirmed), default=0))
        for _ in range(_ROUNDS):
            if not self._look_over():
                break
        self._patience.renew()
        for _ in range(_ROUNDS if self._removes else 0):
            self._remove(self._journal.standing)
            self._confirm_by_reading()
            if self._patience.ended or all(c.id in self._doubts for c in self._journal.standing):
                break
        if self._removes:
            self._remove_what_still_stands()
        self.notes += leavings.said(self._journal, self._doubts, tuple(self._problems), removes=self._removes)

    # Ids of the journal

    def _prove_ownership(self) -> None:
        """Finds out which contacts are surely the run's own, by reading each that no reading has shown yet."""
        self._each(self._prove_in_time, self._journal.standing)
        ids: set[str] = set()
        for creation in self._journal.standing:
            if creation.open and creation.id in ids:
                self._journal.wrong_id(creation)  # of several that were answered with one id, it is that of one at most
            ids.add(creation.id)

    def _each(self, act: Callable[[Creation], None], creations: Iterable[Creation]) -> None:
        """Does something with each of these, with as many requests under way as the target takes."""
        lanes.each([partial(act, creation) for creation in creations], self._account.target.limits.lanes)

    def _prove_in_time(self, creation: Creation) -> None:
        if creation.open and self._patience.ended:
            self._doubts[creation.id] = "clean-up gave up before it came to them"
        elif creation.open:
            self._prove(creation)

    def _prove(self, creation: Creation) -> None:
        assure = self._account.ownership.assure
        untouched = not (creation.tried or creation.doubted)
        try:
            self._patience.attempt(lambda: assure(creation.id, essential=True))
            if creation.state == "removed" and untouched:
                self._account.aftermath.gone(creation, self._again)
        except (NotVerified, NotOffered) as failure:
            if creation.open:
                self._doubts[creation.id] = str(failure)

    def _again(self, creation: Creation) -> Answer:
        """The answer to reading a contact once more, when what was written has to be shown."""
        self._account.lag.wait()
        return self._read(creation)

    def _remove(self, creations: Iterable[Creation]) -> None:
        """Removes these, in their order."""
        self._each(self._remove_one, creations)

    def _remove_one(self, creation: Creation) -> None:
        """Removes a contact; where it may be there yet, it is read, and what is there is removed once more."""
        if self._patience.ended or creation.state != "created" or creation.id in self._doubts:
            return
        for _ in range(2):
            answer = self._removal(creation)
            if creation.may_be_gone and not self._patience.ended:
                self._see(creation, counts=False)
            if creation.state != "created":
                self._patience.succeed()
            if answer is None or creation.may_be_gone or creation.state != "created":
                return

    def _removal(self, creation: Creation) -> Answer | None:
        """The answer to removing a contact; None where there was none."""
        answer: Answer | None = None
        try:
            contacts = self._contacts(creation.identity)
            answer = self._patience.attempt(lambda: contacts.send_remove(creation.id, essential=True))
            why = repr(answer)
        except (NotVerified, NotOffered, CareViolated) as failure:
            why = str(failure)
        if creation.state == "created":
            self._doubts[creation.id] = f"contact {creation.id} could not be removed: {why}"
        return answer

    def _confirm_by_reading(self) -> None:
        """Reads what is said to be removed and is not known to be gone, at its own address."""
        self._each(self._confirm_in_time, [c for c in self._journal.creations if c.state == "removed"])

    def _confirm_in_time(self, creation: Creation) -> None:
        if creation.state != "removed" or creation.confirmed:
            return
        if self._reads >= _MOST_READS or self._patience.ended:
            self._problems.setdefault("clean-up gave up before it had read all that was removed")
        else:
            self._confirm(creation)

    def _remove_what_still_stands(self) -> None:
        """Tries once more, up to twice, to remove what reading shows to be there, and reads it again."""
        for _ in range(2):
            self._patience.renew()
            there = self._see_what_stands()
            if not there:
                return
            for creation in there:
                self._doubts.pop(creation.id, None)
            self._remove(self._journal.standing)
            self._confirm_by_reading()
        self._see_what_stands()

    def _see_what_stands(self) -> list[Creation]:
        """Reads what may be there or not, as neither silence nor a refusal to remove it shows; what is surely there."""
        there = []
        for creation in self._journal.standing:
            if self._reads >= _MOST_READS or self._patience.ended:
                break
            if creation.open or creation.may_be_gone:
                self._see(creation)
                if creation.state == "created" and not (creation.open or creation.may_be_gone):
                    there.append(creation)
        return there

    def _see(self, creation: Creation, *, counts: bool = True) -> None:
        """Reads a contact that may be there or not; the journal takes in what that shows."""
        self._reads += 1
        with suppress(NotVerified, NotOffered):  # then it is said to be unknown
            if self._read(creation, counts=counts).status in (404, 410):
                self._journal.removed(creation.id)
                creation.confirmed = self._is_known_by_reads(creation)

    def _is_known_by_reads(self, creation: Creation) -> bool:
        """Whether that its address leads nowhere shows that it is gone: an id that was never seen to lead anywhere
        does not show what became of the contact, where lists can."""
        return creation.proven or self._place(creation) is None

    def _read(self, creation: Creation, *, counts: bool = True) -> Answer:
        contacts = self._contacts(creation.identity)
        return self._patience.attempt(lambda: contacts.send_read(creation.id, essential=True), counts=counts)

    def _confirm(self, creation: Creation) -> None:
        """Reads a removed contact, and takes the answer for what it shows."""
        self._reads += 1
        try:
            answer = self._read(creation)
        except (NotVerified, NotOffered) as failure:
            self._problems.setdefault(f"reading what was removed failed: {failure}")
            return
        record = self._account.provider.record(answer) if answer.succeeded else None
        if answer.status in (404, 410):
            creation.confirmed = self._is_known_by_reads(creation)
        elif record is not None and self._account.ownership.carries_mark(record, creation):
            self._account.aftermath.stands(creation, self._again)
            self._journal.created(creation, creation.id)
            self._returned[creation.id] = self._returned.get(creation.id, 0) + 1
            if self._returned[creation.id] >= _ROUNDS:
                self._doubts[creation.id] = "the target answered that it removed them, but they are still there"
        elif record is None or self._account.provider.id_of(record) is None:
            self._problems.setdefault(f"a contact that was removed is answered {answer!r}")
        elif creation.remarked:
            self._problems.setdefault("under the id of a contact that was removed is one that need not be another")
        else:
            creation.confirmed = True  # its id is somebody else's by now

    # Marks

    def _remove_all_but_controls(self) -> None:
        if self._removes:
            kept = {c.id for some in self._controls.values() for c in some}
            self._remove(c for c in self._journal.standing if c.id not in kept)

    def _standing_controls(self) -> dict[Place, list[Creation]]:
        """Contacts that stand until the search is over, so that it can be seen to find what is there."""
        controls: dict[Place, list[Creation]] = {}
        for creation in self._journal.standing:
            at = self._place(creation)
            if at is not None and not (creation.open or creation.remarked):
                some = controls.setdefault(at, [])
                marks = {c.find[at[1]] for c in some}
                if len(some) < 2 and creation.find[at[1]] not in marks:
                    if self._of_a_killed_run and open_ends(self._journal):
                        self._see(creation)  # it may have been killed over the removal
                    some += [creation] if creation.state == "created" else []
        return controls

    def _look_over(self) -> bool:
        """Looks for every mark that may still be there; whether something was found, so that it has to be done again.

        What is found is removed where reading it shows that it is the run's own.
        """
        if not self._contract.has("list"):
            self._note_what_no_list_shows()
            return False
        sought: dict[Place, list[Creation]] = {}
        for creation in open_ends(self._journal):
            at = self._place(creation)
            if at is None:
                if creation.state != "removed":
                    self._problems.setdefault("they carry no tag to find them by")
            elif not (creation.state == "removed" and creation.remarked):
                refused = creation.state == "refused" or is_denied(self._contract, creation.identity)
                if refused and at not in self._controls:
                    at = (self._account.main_role, at[1])  # who may not create may not look, either
                sought.setdefault(at, []).append(creation)
        found = False
        for at, creations in sought.items():
            only_removed = all(c.state == "removed" and c.proven for c in creations)
            if only_removed and len(creations) <= FEW:
                continue  # they are read, one by one
            if self._patience.ended:
                self._problems.setdefault("clean-up gave up before it had looked for all of them")
                break
            found |= self._look_in(at, creations)
        return found

    def _look_in(self, at: Place, creations: Sequence[Creation]) -> bool:
        role, name = at
        try:
            search = Search(self._account, self._patience, role, name)
        except (NotVerified, NotOffered) as failure:
            self._problems.setdefault(f"looking for what was not confirmed failed: {failure}")
            return False
        controls = [c for c in self._controls.get(at, ()) if c.state == "created"]
        if at not in self._controls and any(c.state != "removed" or not c.proven for c in creations):
            controls = self._controls[at] = self._make_controls(at, 2 if len(creations) > FEW else 1)
        texts = list(dict.fromkeys(c.find[name] for c in creations))
        single = not self._account.provider.any_of(name, ["a", "b"])
        spared = beyond_sample(creations, name, self._journal.standing) if single else set()
        seen = search.look([t for t in texts if t not in spared], controls)
        known = {c.id for c in self._journal.standing}
        again = self._adopt(seen, role, name, known)
        if spared and again:
            more = search.look(sorted(spared), controls)
            again |= self._adopt(more, role, name, known)
            seen.certain |= more.certain
        elif spared and not seen.problem:
            seen.certain |= spared
        if seen.problem:
            self._problems.setdefault(f"looking for marks failed: {seen.problem}")
        for creation in creations:
            if creation.find[name] in seen.certain:
                self._close(creation, seen, name)
        if again:
            self._remove_all_but_controls()
        return again

    def _close(self, creation: Creation, seen: Sightings, name: str) -> None:
        """Takes a creation for settled, where what was found is not what it created."""
        if creation.state == "removed":
            ids = [self._account.provider.id_of(r) for t, r in seen.found if t == creation.find[name]]
            creation.confirmed = creation.id not in ids
        elif creation.state in ("intended", "wrong-id", "refused"):
            shown = [r for t, r in seen.found if t == creation.find[name]]
            if not all(leavings.is_known(self._account, r, creation.find[name]) for r in shown):
                self._problems.setdefault("lists show contacts of this run under ids that lead to none of them")
            elif creation.state == "intended" and leavings.under_way(self._account, creation) > 0:
                self._problems.setdefault("a creation had no answer, and may still be carried out")
            else:
                self._account.aftermath.absent(creation)
                self._journal.absent(creation)

    def _adopt(self, seen: Sightings, role: str, name: str, known: set[str]) -> bool:
        """Takes into the journal what was found and is not known to stand; whether there was any."""
        adopted = False
        for text, record in seen.found:
            contact = self._account.provider.id_of(record)
            if not contact or contact in known:
                continue
            known.add(contact)
            before = [c for c in self._journal.creations_with_id(contact) if c.state == "removed"]
            if before:
                self._confirm(before[0])
                adopted |= before[0].state == "created"
                continue
            self._account.aftermath.found(text, contact)
            creation = self._journal.note(role, {name: text})
            self._journal.created(creation, contact)
            if self._removes:
                self._prove(creation)
            if creation.state == "created":
                adopted = True
        return adopted

    def _make_controls(self, at: Place, number: int) -> list[Creation]:
        """Contacts that are surely there, made for the search where none of the run stands."""
        role, name = at
        made: list[Creation] = []
        if not (self._removes and self._account.target.writes) or self._journal.problem:
            return made
        for _ in range(number):
            try:
                contacts = self._contacts(role)
                marks = {name: self._account.mark()}
                answer = contacts.send_create(contacts.complete({}), marks=marks, essential=True)
                creation = next(c for c in reversed(self._journal.creations) if c.find == marks)
            except (NotVerified, NotOffered) as failure:
                self._problems.setdefault(f"no contact could be made that a search would surely find: {failure}")
                break
            creation.control = True
            if creation.state == "created":
                self._prove(creation)
            if creation.open or creation.state != "created":
                self._problems.setdefault(f"no contact could be made that a search would surely find: {answer!r}")
                break
            made.append(creation)
        return made

    # Where there are no lists

    def _note_what_no_list_shows(self) -> None:
        """Without lists, a plain refusal is believed, and said to be."""
        for creation in self._journal.creations:
            if creation.state == "refused":
                creation.confirmed = True
        if any(c.state != "wrong-id" for c in self._journal.unconfirmed):  # which is a contact that others merged into
            self._problems.setdefault("their creation was not confirmed, and there is no list to look in")

    def _place(self, creation: Creation) -> Place | None:
        return place(creation, self._account.tag, self._account.provider.markers)

    def _contacts(self, role: str) -> Contacts:
        return Contacts(self._account, self._account.target.identity(role))
