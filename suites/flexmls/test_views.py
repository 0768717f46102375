"""Contacts > Contact Response Format: lists show every contact of the run, with the values that reading it shows."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import dense, expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session, Slot
from contacts_conformance.contract import Field
from contacts_conformance.errors import NotShown
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.providers.sparkapi import envelope
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking, signing

pytestmark = in_cohort("contract")

WALKED = "pages of the list"
LISTED = Slot[AbstractSet[str]]("shown by the pages of the list")
MOST_PAGES = 12
PAGE = 25
MOST_TAGS = 16
"""So many contacts are looked for by their tag as well."""
NOTHING: tuple[Json, ...] = (None, "", [])


@dataclass(frozen=True)
class Walk:
    """The pages of the list; `complete` says that they came to their end, so that they are the whole list."""

    pages: tuple[Answer, ...]
    listed: frozenset[str]
    complete: bool
    repeated: frozenset[tuple[str, int]] = frozenset()
    """The contacts that a page shows again, and the number of that page."""


@requirement(
    "list.same-as-read", "create.in-list", "tag.all", "notify.hidden", "page.walk", "page.limit",
    "pagination.on",
)  # fmt: skip
def test_lists_show_every_contact_as_it_reads(session: Session, contacts: Contacts, judge: Judge) -> None:
    stored = dense.created(session).stored
    walks: list[Walk] = []

    def whole() -> bool:
        with session.undisturbed():
            walks.append(_walk(contacts))
        return not walks[-1].complete or not _unlisted(session, contacts, walks[-1])

    contacts.eventually(whole)
    pages = list(walks[-1].pages)
    with judge("page.limit"):
        for answer in pages[:-1] if walks[-1].complete else ():
            expect.equal(len(contacts.page(answer).records), PAGE, "the number of contacts on a page", answer)
    with judge("pagination.on"):
        for number, answer in enumerate(pages if walks[-1].complete else (), start=1):
            _expect_consistent(answer, number)
    with judge("create.in-list"):
        if walks[-1].complete:
            expect.same_contacts(_unlisted(session, contacts, walks[-1]), [], "contacts that no page shows", pages[-1])
    with judge("page.walk"):
        twice = walks[-1].repeated
        if twice:  # while others add contacts, the pages move on, but never twice by the same contact
            walks.append(_walk(contacts))
            twice &= walks[-1].repeated
        if walks[-1].pages:
            expect.same_contacts(sorted(i for i, _ in twice), [], "contacts on more than one page", walks[-1].pages[-1])
    session.once(WALKED, lambda: walks[-1])
    session.keep(LISTED, walks[-1].listed)
    tagged = [s.contact for s in stored if _tag_of(session, s.contact)][:MOST_TAGS]
    for contact in tagged if not session.account.lacks.missing else ():
        listed = asking.listed(contacts, _tag_of(session, contact), expected=1)
        with judge("tag.all"):
            expect.same_contacts(contacts.ids(contacts.page(listed).records), [contact], "its own tag", listed)
        pages.append(listed)

    with judge("notify.hidden"):
        for answer in pages:
            for record in contacts.page(answer).records:
                asking.expect_no_notify(record, answer)
    with judge("list.same-as-read"):
        both = [(a, r) for a in pages for r in contacts.page(a).records if _read(session, r) is not None]
        if not both:
            raise NotShown("no list showed a contact that was read")
        for answer, record in both:
            _expect_same(session, record, _read(session, record) or {}, contacts.page(answer).records, answer)


@requirement("pagination.count")
def test_the_count_of_a_list_is_that_of_its_pages(session: Session, contacts: Contacts) -> None:
    with session.undisturbed():
        walk: Walk = _walk(contacts) if session.is_woven else session.once(WALKED, lambda: _walk(contacts))
        _expect_counted(session, contacts, walk)


def _walk(contacts: Contacts) -> Walk:
    """Every page of the list, or the only one where it has no parameters."""
    pages: list[Answer] = []
    seen: set[str] = set()
    twice: set[tuple[str, int]] = set()
    for number in range(1, MOST_PAGES + 1):
        answer = contacts.send_list((("_limit", str(PAGE)), ("_page", str(number)), ("_pagination", "1")))
        if answer.refused and number == 1:
            return Walk((contacts.send_list(),), frozenset(), complete=False)
        shown = contacts.ids(contacts.page(answer).records) if answer.succeeded else []
        if set(shown) <= seen:
            missed = len(seen) < (asking.total_rows(answer) or 0)
            twice |= {(i, number) for i in shown if missed}
            return Walk(tuple(pages), frozenset(seen), answer.succeeded and not shown and number > 1, frozenset(twice))
        pages.append(answer)
        twice |= {(i, number) for i in shown if i in seen}
        seen |= set(shown)
    return Walk(tuple(pages), frozenset(seen), complete=False, repeated=frozenset(twice))


def _expect_counted(session: Session, contacts: Contacts, walk: Walk) -> None:
    """Expects that the count of the list is the number of contacts on all its pages, for a session of the user, too.

    A number that differs is asked for once more, around another walk: others may have added contacts.
    """
    if not walk.complete or session.target.limits.patience:
        raise NotShown("the pages that were asked for are not the whole list, or lists lag behind")
    for caller in signing.callers(session):
        answer, number = _count(caller), len(walk.listed)
        if answer.succeeded:
            expect.absent((envelope(answer.json) or {}).get("Results"), "Results of a count", answer)
        if asking.total_rows(answer) in (number, None):
            continue
        answer, again, after = _count(caller), _walk(contacts), _count(caller)
        if again.complete and asking.total_rows(answer) == asking.total_rows(after):
            expect.equal(asking.total_rows(after), len(again.listed), f"TotalRows for {caller.identity}", after)


def _count(contacts: Contacts) -> Answer:
    return contacts.send_list((("_pagination", "count"),))


def _unlisted(session: Session, contacts: Contacts, walk: Walk) -> list[str]:
    """The contacts of the run that can be read, belong to the caller, and are on none of the pages."""
    role = contacts.identity.role
    created = {c.id for c in session.journal.creations if c.identity == role and c.state == "created" and c.id}
    return sorted(i for i in created - walk.listed if session.account.aftermath.known(i) is not None)


def _expect_consistent(answer: Answer, number: int) -> None:
    """Expects that the Pagination object of a page of the list, where there is one, is that of this page."""
    pagination = (envelope(answer.json) or {}).get("Pagination")
    if not isinstance(pagination, dict):
        return
    rows = asking.total_rows(answer)
    counters = {"PageSize": PAGE, "CurrentPage": number}
    counters |= {} if rows is None else {"TotalPages": -(-rows // PAGE)}
    for name, value in counters.items():
        expect.equal(pagination.get(name), value, f"{name} of page {number} of the list", answer)


def _tag_of(session: Session, contact: str) -> dict[str, str]:
    """The tag that only this contact has; empty where it has none."""
    tags = (c.find.get("Tag", "") for c in session.journal.creations_with_id(contact))
    tag = next((t for t in tags if session.tag in t), "")
    return {"Tag": tag} if tag else {}


def _read(session: Session, record: Record) -> Record | None:
    """How the contact that a list shows last read."""
    return session.account.aftermath.known(session.provider.id_of(record) or "")


def _expect_same(session: Session, record: Record, read: Record, records: tuple[Record, ...], shown_by: Answer) -> None:
    """Expects that what a list shows of a contact is as the contact reads; it may leave fields out.

    A field that is there and empty in every contact of the page is left out, too.
    """
    for field in session.contract.fields:
        name = field.name
        if not field.answered or name not in record or name not in read:
            continue
        is_left_out = len(records) > 1 and all(name in r and r[name] in NOTHING for r in records)
        expect.that(
            is_left_out or _is_same(session, field, read[name], record[name]),
            f"as the contact reads, {expect.shown(read[name])}",
            expect.shown(record[name]),
            about=name,
            observed=expect.difference(record[name], read[name]),
            shown_by=shown_by,
        )


def _is_same(session: Session, field: Field, read: Json, listed: Json) -> bool:
    """Whether two answers of the service show the same; texts are the same sign for sign."""
    if isinstance(read, str) and isinstance(listed, str):
        return read == listed
    return session.provider.same(field, read, listed)
