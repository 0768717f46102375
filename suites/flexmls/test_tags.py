"""Contacts > Get contacts by tag: a tag lists all its contacts and no others, in pages, whatever its name contains."""

import contextlib
from typing import Any

import pytest

from contacts_conformance.account.contacts import PAGE_SIZE, Contact, Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotOffered, SetUpFailed
from contacts_conformance.http import Answer
from contacts_conformance.model import Query
from contacts_conformance.providers.sparkapi import envelope
from contacts_conformance.verdicts.outcomes import Judge, requirement

from ..sparkapi import asking

SIZE = 4


class Shelf:
    """Contacts with a tag of two words, some with a second tag, and others whose tags resemble it."""

    def __init__(self, session: Session) -> None:
        self.contacts = session.contacts()
        mark = session.mark()
        self.tag, self.second = f"Web Leads {mark}", f"second-{mark}"
        self.bearers = [self._add([self.tag, self.second] if i == 1 else [self.tag]) for i in range(SIZE)]
        self.others = [self._add([t]) for t in (f"Web Leads {mark}x", f"Old {self.tag}", f"WebLeads{mark}")]
        with contextlib.suppress(SetUpFailed):  # what refuses the list is judged where the list is asked for
            self.contacts.eventually(lambda: len(self.shown(self.tag)) >= SIZE)

    def _add(self, tags: list[str]) -> Contact:
        return self.contacts.create({}, Tag=tags)

    @property
    def ids(self) -> list[str]:
        """The Ids of those who bear the tag."""
        return sorted(c.id for c in self.bearers)

    def ask(self, tag: str = "", query: Query = ()) -> Answer:
        """The contacts of a tag."""
        return self.contacts.send("tagged", tag or self.tag, query=query)

    def shown(self, tag: str, query: Query = ()) -> list[str]:
        """Their Ids."""
        return self.contacts.ids(self.contacts.page(self.ask(tag, query)).records)


def _shelf(session: Session) -> Shelf:
    found: Shelf = session.once("shelf of tags", lambda: Shelf(session))
    return found


def _pagination(answer: Answer) -> Any:
    return (envelope(answer.json) or {}).get("Pagination")


@requirement(*(f"operation.listTagged.{a}" for a in asking.ASPECTS))
def test_the_contacts_of_a_tag_are_answered_as_documented(session: Session, judge: Judge) -> None:
    asking.judge_plain(session, judge, _shelf(session).ask(), "listTagged")


@requirement("tag.all", "tag.none-else", "tag.blanks")
def test_a_tag_lists_its_contacts_and_no_others(session: Session, judge: Judge) -> None:
    shelf = _shelf(session)

    answer = shelf.ask()

    with judge("tag.blanks"):
        assert answer.succeeded, answer
        assert shelf.contacts.page(answer).records, f"nobody bears {shelf.tag!r}: {answer!r}"
    shown = shelf.contacts.ids(shelf.contacts.page(answer).records)
    with judge("tag.all"):
        missing = set(shelf.ids) - set(shown)
        assert not missing, f"{missing} bear {shelf.tag!r} as well: {answer!r}"
        assert len(set(shown)) == len(shown), f"a contact is listed twice: {answer!r}"
        marked = asking.cohort(session, "two to read", 2)
        both = sorted(c.id for c in marked[1])
        found = sorted(shelf.shown(next(iter(marked[0].values()))))
        assert found == both, f"{both} bear a tag of one word, {found} are listed"
    with judge("tag.none-else"):
        extra = set(shown) - set(shelf.ids)
        assert not extra, f"{extra} do not bear {shelf.tag!r}: {answer!r}"


@requirement("tag.several")
def test_a_contact_is_listed_under_each_of_its_tags(session: Session) -> None:
    shelf = _shelf(session)

    assert shelf.contacts.eventually(lambda: shelf.shown(shelf.second) == [shelf.bearers[1].id]), (
        f"{shelf.second!r} lists {shelf.shown(shelf.second)}, not {shelf.bearers[1].id}"
    )
    assert shelf.bearers[1].id in shelf.shown(shelf.tag), f"the contact is not under {shelf.tag!r} as well"
    for record in shelf.contacts.page(shelf.ask(shelf.second)).records:
        both = session.provider.same(session.contract.field("Tag"), [shelf.tag, shelf.second], record.get("Tags"))
        assert both, f"under {shelf.second!r} it shows {record!r}"


@requirement("tag.unknown")
def test_an_unknown_tag_lists_nothing(session: Session) -> None:
    contacts = session.contacts()

    answer = contacts.send("tagged", f"nobody bears {session.mark()}", legal=False)

    assert answer.status == 404 or (answer.succeeded and not contacts.page(answer).records), answer


@pytest.mark.parametrize(("row", "name"), [("letters", "Zoë's Ковалевская"), ("signs", "100% A+ & B #1?")])
@requirement("tag.letters", "tag.signs")
def test_a_tag_of_unusual_text_lists_its_contacts(session: Session, judge: Judge, row: str, name: str) -> None:
    contacts = session.contacts()
    tag = f"{name} {session.mark()}"
    answer = contacts.send_create(contacts.complete({"Tag": [tag]}), legal=False)
    contact = session.provider.created_id(answer)

    with judge(f"tag.{row}"):
        if not answer.succeeded:
            raise NotOffered(f"such a tag is not taken: {answer!r}")
        shown = asking.listed(contacts, {"Tag": tag}, expected=1)
        assert shown.succeeded, shown
        assert contacts.ids(contacts.page(shown).records) == [contact], f"{contact} bears {tag!r}: {shown!r}"


@requirement("list.same-as-read", "list.format")
def test_a_list_shows_a_contact_as_it_reads(session: Session, contacts: Contacts, judge: Judge) -> None:
    shelf = _shelf(session)
    fields = [f for f in session.contract.fields if f.answered]

    shown = [r for a in (shelf.ask(shelf.second), contacts.send_list()) for r in contacts.page(a).records[:1]]

    for record in shown:
        read = contacts.read(session.provider.id_of(record) or "?")
        with judge("list.same-as-read"):
            both = [f for f in fields if record.get(f.name) and f.name in read]
            wrong = [f.name for f in both if not session.provider.same(f, read[f.name], record[f.name])]
            assert not wrong, f"{wrong} differ: the list shows {record}, and the contact reads {read}"
        with judge("list.format"):
            missing = [n for n in ("PrimaryEmail", "Tags") if read.get(n) and not record.get(n)]
            assert not missing, f"{missing} are missing: the list shows {record}, and the contact reads {read}"


@requirement("list.current-user", "tag.current-user")
def test_a_colleagues_contact_is_not_listed(session: Session, contacts: Contacts, judge: Judge) -> None:
    asking.optional(session, "colleague")
    colleague = session.contacts("colleague")
    shelf = _shelf(session)
    theirs = colleague.create({}, Tag=[shelf.tag])
    asking.listed(colleague, {"Tag": shelf.tag}, expected=1)

    with judge("tag.current-user"):
        assert theirs.id not in shelf.shown(shelf.tag), f"{theirs} is a colleague's, and is listed under {shelf.tag!r}"
    with judge("list.current-user"):
        lists = [set(who.ids(who.list().records)) for who in (contacts, colleague)]
        assert not lists[0] & lists[1], f"two users list the same contacts: {lists[0] & lists[1]}"


@requirement("list.plain", "page.size", "pagination.off")
def test_a_list_is_answered_without_parameters(session: Session, contacts: Contacts, judge: Judge) -> None:
    shelf = _shelf(session)
    for _ in range(PAGE_SIZE + 1 - len(shelf.bearers) - len(shelf.others)):
        contacts.create()

    answer = contacts.send_list()

    with judge("list.plain"):
        assert answer.succeeded, answer
        assert contacts.page(answer).records, f"a full account lists nothing: {answer!r}"
    with judge("page.size"):
        shown = len(contacts.page(answer).records)
        assert shown <= 10, f"a plain page holds {shown} contacts"
        most = contacts.send_list((("_limit", "100"),), legal=False)
        assert most.refused or len(contacts.page(most).records) <= 25, f"a page holds more than 25 contacts: {most!r}"
    with judge("pagination.off"):
        for plain in (answer, shelf.ask()):
            assert _pagination(plain) is None, f"there is a Pagination object: {plain!r}"


@requirement("page.limit", "page.walk")
def test_pages_hold_so_many_and_together_all(session: Session, judge: Judge) -> None:
    shelf = _shelf(session)
    answers = [shelf.ask(query=(("_limit", "3"), ("_page", n))) for n in ("1", "2")]

    pages = [shelf.contacts.ids(shelf.contacts.page(a).records) if a.succeeded else [] for a in answers]
    with judge("page.limit"):
        assert answers[0].succeeded, answers[0]
        assert [len(p) for p in pages] == [3, SIZE - 3], f"pages of 3 of {SIZE} hold {pages}"
    with judge("page.walk"):
        assert answers[1].succeeded, answers[1]
        assert sorted(pages[0] + pages[1]) == shelf.ids, f"pages hold {pages} of {shelf.ids}"


@requirement("pagination.on", "pagination.count")
def test_the_pagination_object_counts(session: Session, judge: Judge) -> None:
    shelf = _shelf(session)
    with judge("pagination.on"):
        answer = shelf.ask(query=(("_pagination", "1"), ("_limit", "3")))
        found = _pagination(answer)
        assert isinstance(found, dict), f"there is no Pagination object: {answer!r}"
        seen = {k: found.get(k) for k in ("TotalRows", "PageSize", "TotalPages", "CurrentPage")}
        assert seen == {"TotalRows": SIZE, "PageSize": 3, "TotalPages": 2, "CurrentPage": 1}, answer
    with judge("pagination.count"):
        answer = shelf.ask(query=(("_pagination", "count"),))
        if not answer.succeeded:
            raise AssertionError(f"a count was to come: {answer!r}")
        assert not (envelope(answer.json) or {}).get("Results"), f"there are contacts: {answer!r}"
        assert asking.total_rows(answer) == SIZE, f"{SIZE} contacts are counted otherwise: {answer!r}"
