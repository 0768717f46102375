"""Contacts > Get contacts by tag: a tag lists all its contacts and no others, in pages, whatever its name contains."""

import contextlib
from typing import Any

import pytest

from contacts_conformance.account.contacts import Contact, Contacts
from contacts_conformance.account.lacks import PAGE_SIZE
from contacts_conformance.checks import expect, round_trip
from contacts_conformance.checks.marks import requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import samples
from contacts_conformance.errors import NotOffered, NotShown, NotVerified, SetUpFailed
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Query
from contacts_conformance.providers.sparkapi import envelope
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking, signing
from . import words
from .values import expect_nowhere_else, unknown_tag

SIZE = 4


class Shelf:
    """Contacts with a tag of two words, some with a second tag, and others whose tags resemble it.

    Their other values are unusual texts, as far as the service takes these: `worded` are those contacts, with what was
    sent, and `refused` is what it did not take.
    """

    def __init__(self, session: Session) -> None:
        self.contacts = session.contacts()
        self.worded: list[tuple[Contact, dict[str, Json]]] = []
        self.refused: list[dict[str, Json]] = []
        mark = session.mark()
        self.tag, self.second = f"Web Leads {mark}", f"second-{mark}"
        self.third = unknown_tag(session)[0]
        several = {1: [self.tag, self.second], 2: [self.tag, f"other-{mark}", self.third]}
        self.tagged = [self._add(several.get(i, [self.tag])) for i in range(SIZE)]
        self.others = [self._add([t]) for t in (f"Web Leads {mark}x", f"Old {self.tag}")]
        self.others.append(self._add([f"WebLeads{mark}"], DisplayName=f"A {self.tag} B"))
        with contextlib.suppress(SetUpFailed):  # what refuses the list is judged where the list is asked for
            self.contacts.eventually(lambda: len(self.shown(self.tag)) >= SIZE)

    def _add(self, tags: list[str], **but: Json) -> Contact:
        sent = words.values(len(self.worded)) | but | (self._phone() if len(self.worded) % 2 else {})
        if not self.refused:
            try:
                self.worded.append((self.contacts.create({}, Tag=tags, **sent), sent))
                return self.worded[-1][0]
            except SetUpFailed:
                self.refused.append(sent)
        return self.contacts.create({}, Tag=tags, **but)

    def _phone(self) -> dict[str, Json]:
        """A number, which every other contact has."""
        field = self.contacts.account.contract.field("PrimaryPhoneNumber")
        return {field.name: samples.text(field, self.contacts.account.number())}

    @property
    def ids(self) -> list[str]:
        """The Ids of those with the tag."""
        return sorted(c.id for c in self.tagged)

    def ask(self, tag: str = "", query: Query = (), *, legal: bool = True) -> Answer:
        """The contacts of a tag; NotVerified for a part of them where the target answers no such list at all."""
        if query and self.contacts.account.lacks.missing:
            raise NotVerified("lists of tags are not answered, so that nothing shows how they are paged")
        return self.contacts.send("tagged", tag or self.tag, query=query, legal=legal)

    def shown(self, tag: str, query: Query = ()) -> list[str]:
        """Their Ids."""
        return self.contacts.ids(self.contacts.page(self.ask(tag, query)).records)


def _shelf(session: Session) -> Shelf:
    shelf: Shelf = session.once("shelf of tags", lambda: Shelf(session))
    return shelf


def _first_list(session: Session) -> Answer:
    """The contacts of the tag as the first checks see them, which need no list of their own."""
    answer: Answer = session.once("first list of the shelf", lambda: _shelf(session).ask())
    return answer


def _pagination(answer: Answer) -> Any:
    return (envelope(answer.json) or {}).get("Pagination")


@requirement(*(f"operation.listTagged.{a}" for a in asking.ASPECTS), *asking.TYPES)
def test_the_contacts_of_a_tag_are_answered_as_documented(session: Session, judge: Judge) -> None:
    asking.expect_operation_as_documented(session, judge, _first_list(session), "listTagged")


@requirement("tag.all", "tag.none-else", "tag.blanks")
def test_a_tag_lists_its_contacts_and_no_others(session: Session, judge: Judge) -> None:
    shelf = _shelf(session)

    answer = _first_list(session)

    with judge("tag.blanks"):
        expect.success(answer)
        asking.expect_contacts(shelf.contacts.page(answer), answer, "a tag with blanks")
    shown = shelf.contacts.ids(shelf.contacts.page(answer).records)
    with judge("tag.all"):
        with_the_tag = [i for i in shown if i in shelf.ids]
        expect.same_contacts(with_the_tag, shelf.ids, "a tag of two words", answer)
        marks, both = session.two_to_read()
        listed = shelf.ask(next(iter(marks.values())))
        ids = shelf.contacts.ids(shelf.contacts.page(listed).records)
        expect.same_contacts(ids, [c.id for c in both], "a tag of one word", listed)
    with judge("tag.none-else"):
        expect.same_contacts([i for i in shown if i not in shelf.ids], [], "contacts without the tag", answer)
        word = shelf.ask(shelf.tag.rpartition(" ")[2], legal=False)
        if word.succeeded:
            ids = shelf.contacts.ids(shelf.contacts.page(word).records)
            expect.same_contacts(ids, [], "one word of a tag", word)


@requirement("tag.several")
def test_a_contact_is_listed_under_each_of_its_tags(session: Session) -> None:
    shelf = _shelf(session)

    contact = shelf.tagged[1].id
    asking.expect_only_listed(shelf.contacts, contact, lambda: shelf.shown(shelf.second), "its second tag")
    other = shelf.tagged[2].id
    asking.expect_only_listed(shelf.contacts, other, lambda: shelf.shown(shelf.third), "a third tag")
    first = _first_list(session)
    listed = shelf.contacts.ids(shelf.contacts.page(first).records)
    expect.that(
        contact in listed,
        f"contact {contact}",
        f"contacts {', '.join(listed)}" if listed else "no contacts",
        about="its first tag",
        kind="contacts",
        observed="missing",
        shown_by=first,
    )
    second = shelf.ask(shelf.second)
    shows = any(record.get("Tags") for record in shelf.contacts.page(first).records)  # lists need not
    for record in shelf.contacts.page(second).records if shows else ():
        expect.that(
            session.provider.same(session.contract.field("Tag"), [shelf.tag, shelf.second], record.get("Tags")),
            expect.shown([shelf.tag, shelf.second]),
            expect.shown(record.get("Tags")),
            about="Tags",
            observed="other tags",
            shown_by=second,
        )


@requirement("tag.unknown")
def test_an_unknown_tag_lists_nothing(session: Session) -> None:
    contacts = session.contacts()

    _, answer = unknown_tag(session)

    if answer.succeeded:
        expect.same_contacts(contacts.ids(contacts.page(answer).records), [], "a tag that nobody has", answer)
    else:
        expect.status(answer, 404)


@pytest.mark.parametrize(("row", "name"), [("letters", "Zoë's Ковалевская"), ("signs", "100% A+ & B #1? 7%41; 2.net")])
@requirement("tag.{row}")
def test_a_tag_of_unusual_text_lists_its_contacts(session: Session, judge: Judge, row: str, name: str) -> None:
    contacts = session.contacts()
    tag = f"{session.mark()} {name}"
    answer = contacts.send_create(contacts.complete({"Tag": [tag]}), legal=False)
    contact = session.provider.created_id(answer)

    with judge(f"tag.{row}"):
        if not answer.succeeded:
            raise NotOffered(f"such a tag is not taken: {answer!r}")
        contacts.need_told(answer)
        listed = asking.listed(contacts, {"Tag": tag}, expected=1)
        expect.success(listed)
        ids = contacts.ids(contacts.page(listed).records)
        expect.same_contacts(ids, [contact or "an Id"], f"a tag with {row}", listed)


@requirement("text.round-trip", "list.same-as-read")
def test_texts_that_mean_nothing_elsewhere_are_kept(session: Session, contacts: Contacts, judge: Judge) -> None:
    shelf = _shelf(session)
    more = round_trip.values(session, tuple(session.contract.field(n) for n in ("HomeRegion", "HomePostalCode")))
    sent = {c.id: values for c, values in shelf.worded}

    with judge("text.round-trip"):
        for refused in (r for r in shelf.refused if words.WORDS[-1] not in r.values()):
            expect.success(contacts.send_create(contacts.complete(refused)), expect.shown(refused))
        for number in range(len(sent), len(words.WORDS)):
            values = words.values(number) | more | {"Tag": [session.mark(), *words.WORDS[:-1], words.SIGNS]}
            answer = contacts.send_create(contacts.complete(values))
            if answer.refused:  # for its signs, or for the number of its tags, of which the page says nothing
                values |= {n: words.FEW[0] for n, v in values.items() if v == words.WORDS[-1]}
                values |= {"Tag": [session.mark(), *words.FEW]}
                answer = contacts.send_create(contacts.complete(values))
            expect.success(answer, expect.shown(values))
            sent[session.provider.created_id(answer) or "?"] = values
        last = next(reversed(sent))
        for contact, values in sent.items():
            for _ in range(3 if contact == last else 1):
                record, read = asking.read(contacts, contact)
                round_trip.expect_values(session, record, values, read)
    with judge("list.same-as-read"):
        listed = shelf.ask()
        for record in shelf.contacts.page(listed).records:
            values = sent.get(session.provider.id_of(record) or "", {})
            round_trip.expect_values(session, record, {n: v for n, v in values.items() if n in record}, listed)
        whole = {c.id: c.sent for c, _ in shelf.worded}
        for record in shelf.contacts.page(listed).records:
            contact = session.provider.id_of(record) or ""
            others = [values for other, values in whole.items() if other != contact]
            if contact in whole:
                expect_nowhere_else(session, record, whole[contact], listed, others)


@pytest.mark.parametrize("sign", ["_", "%", "*"])
@requirement("tag.none-else")
def test_no_sign_in_a_tag_stands_for_others(session: Session, sign: str) -> None:
    shelf = _shelf(session)

    answer = shelf.ask(f"{shelf.second[:-1]}{sign}", legal=False)

    if not answer.succeeded:
        return  # such a tag, which nobody has, may be refused
    shown = [i for i in shelf.contacts.ids(shelf.contacts.page(answer).records) if i in shelf.ids]
    expect.same_contacts(shown, [], f"a tag that ends in {sign}", answer)


@requirement("list.same-as-read", "list.format")
def test_a_list_shows_a_contact_as_it_reads(session: Session, contacts: Contacts, judge: Judge) -> None:
    shelf = _shelf(session)
    fields = [f for f in session.contract.fields if f.answered]

    by_tag = () if session.account.lacks.missing else (shelf.ask(shelf.second),)
    lists = (*by_tag, contacts.send_list())
    shown = [(a, r) for a in lists for r in contacts.page(a).records[:1]]
    if not shown:
        raise NotShown("no list showed a contact")

    for listed, record in shown:
        read = contacts.read(session.provider.id_of(record) or "?")
        with judge("list.same-as-read"):
            both = [f for f in fields if record.get(f.name) and f.name in read]
            if not both:
                raise NotShown("the list and the contact have no field in common")
            for field in both:
                expect.that(
                    session.provider.same(field, read[field.name], record[field.name]),
                    f"as the contact reads, {expect.shown(read[field.name])}",
                    expect.shown(record[field.name]),
                    about=field.name,
                    observed=expect.difference(record[field.name], read[field.name]),
                    shown_by=listed,
                )
        with judge("list.format"):
            known = [n for n in ("PrimaryEmail", "Tags") if read.get(n)]
            if not known:
                raise NotShown("the contact has neither an address nor tags")
            for name in known:
                expect.present(record.get(name), name, listed)


@requirement("list.current-user", "tag.current-user")
def test_a_colleagues_contact_is_not_listed(session: Session, contacts: Contacts, judge: Judge) -> None:
    asking.optional(session, "colleague")
    colleague = session.contacts("colleague")
    shelf = _shelf(session)
    theirs = colleague.create({}, Tag=[shelf.tag])
    asking.listed(colleague, {"Tag": shelf.tag}, expected=1)

    with judge("tag.current-user"):
        listed = shelf.ask()
        shown = shelf.contacts.ids(shelf.contacts.page(listed).records)
        if not shown:
            raise NotShown("the tag listed no contact at all")
        expect.same_contacts([i for i in shown if i == theirs.id], [], "the colleague's contact under a tag", listed)
    with judge("list.current-user"):
        own = contacts.list().records
        listed = colleague.send_list()
        others = colleague.page(listed).records
        if not (own and others):
            raise NotShown("the list of one of the two users showed no contact")
        both = set(contacts.ids(own)) & set(colleague.ids(others))
        expect.same_contacts(sorted(both), [], "contacts in the lists of two users", listed)
        if signing.of_the_same_user(session) is not None:
            by_session = session.contacts("signed").send_list()
            both = set(contacts.ids(contacts.page(by_session).records)) & set(colleague.ids(others))
            expect.same_contacts(sorted(both), [], "contacts of a colleague in the list of a session", by_session)


@requirement("list.plain", "page.size", "pagination.off", "envelope.success")
def test_a_list_is_answered_without_parameters(session: Session, contacts: Contacts, judge: Judge) -> None:
    _shelf(session)
    for _ in range(PAGE_SIZE + 1 - sum(c.state == "created" for c in session.journal.creations)):
        contacts.create()

    answer = contacts.send_list()

    with judge("list.plain"):
        expect.success(answer)
        asking.expect_contacts(contacts.page(answer), answer)
    with judge("envelope.success"):
        asking.expect_success_envelope(answer)
    with judge("page.size"):
        asking.expect_at_most(10, contacts.page(answer), answer)
        most = contacts.send_list((("_limit", "100"),), legal=False)
        if not most.refused:
            asking.expect_at_most(25, contacts.page(most), most, "_limit=100")
    with judge("pagination.off"):
        for plain in (answer, _first_list(session)):
            expect.equal(_pagination(plain), None, "Pagination", plain)


@requirement("page.limit", "pagination.on", "page.walk")
def test_the_list_of_all_contacts_heeds_its_limit(session: Session, contacts: Contacts, judge: Judge) -> None:
    _shelf(session)
    for caller, size in (*((c, 1) for c in signing.callers(session)), (contacts, SIZE)):
        answer = caller.send_list((("_limit", str(size)),))
        with judge("page.limit"):
            expect.success(answer, f"_limit={size}")
            expect.equal(len(contacts.page(answer).records), size, f"the number of contacts, _limit={size}", answer)
    first = answer
    for number in (2, 3):
        alone = (("_limit", "1"), ("_page", str(number)), ("_pagination", "1"))
        answer = contacts.send_list(alone)
        with judge("page.walk"):
            if not _is_at(contacts, first, answer, number):  # something may have been added between the two
                first = contacts.send_list((("_limit", str(SIZE)),))
                answer = contacts.send_list(alone)
            expect.that(
                _is_at(contacts, first, answer, number) or _is_moving(contacts, first),
                f"contact {number} of the list",
                "another contact",
                about=f"page {number} of one",
                kind="contacts",
                observed="another contact",
                shown_by=answer,
            )
        with judge("pagination.on"):
            pagination = _pagination(answer)
            expect.of_type(pagination, "object", about="Pagination of the list of all", shown_by=answer)
            counters = {"PageSize": 1, "CurrentPage": number, "TotalPages": asking.total_rows(answer)}
            for name, value in counters.items():
                expect.equal(pagination.get(name), value, f"{name} of the list of all", answer)


def _is_at(contacts: Contacts, first: Answer, answer: Answer, number: int) -> bool:
    """Whether a page of one is this contact of a longer page; what is refused, or has more, others judge."""
    longer, one = (contacts.ids(contacts.page(a).records) if a.succeeded else [] for a in (first, answer))
    return len(longer) < number or len(one) > 1 or not answer.succeeded or one == longer[number - 1 : number]


def _is_moving(contacts: Contacts, first: Answer) -> bool:
    """Whether the list begins otherwise than it did."""
    again = contacts.send_list((("_limit", str(SIZE)),))
    return contacts.ids(contacts.page(again).records) != contacts.ids(contacts.page(first).records)


@requirement("page.limit", "page.walk", "pagination.on")
def test_pages_hold_so_many_and_together_all(session: Session, judge: Judge) -> None:
    shelf = _shelf(session)
    for size in (3, 1):
        numbers = range(1, -(-SIZE // size) + 1)
        answers = [shelf.ask(query=(("_limit", str(size)), ("_page", str(n)), ("_pagination", "1"))) for n in numbers]

        pages = [shelf.contacts.ids(shelf.contacts.page(a).records) if a.succeeded else [] for a in answers]
        with judge("page.limit"):
            expect.success(answers[0], f"_limit={size}")
            for number, answer, ids in zip(numbers, answers, pages, strict=True):
                expected = min(size, SIZE - (number - 1) * size)
                expect.equal(len(ids), expected, f"the number of contacts on page {number} of {size}", answer)
        with judge("page.walk"):
            expect.success(answers[1], "_page=2")
            expect.same_contacts([i for ids in pages for i in ids], shelf.ids, f"pages of {size}", answers[1])
        with judge("pagination.on"):
            for number, answer in zip(numbers, answers, strict=True):
                pagination = _pagination(answer)
                about = f"page {number} of {size}"
                expect.of_type(pagination, "object", about=f"Pagination of {about}", shown_by=answer)
                counters = {"TotalRows": SIZE, "PageSize": size, "TotalPages": len(numbers), "CurrentPage": number}
                for name, value in counters.items():
                    expect.equal(pagination.get(name), value, f"{name} of {about}", answer)


@requirement("pagination.count")
def test_a_count_answers_no_contacts(session: Session) -> None:
    answer = _shelf(session).ask(query=(("_pagination", "count"),))

    expect.success(answer)
    expect.absent((envelope(answer.json) or {}).get("Results"), "Results", answer)
    expect.equal(asking.total_rows(answer), SIZE, "TotalRows", answer)
