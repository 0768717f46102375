"""Contacts > GET, Get contacts by tag, of contacts that an account holds already: for runs that may not write."""

from collections.abc import Callable

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.lacks import PAGE_SIZE
from contacts_conformance.account.sample import Sample, walked
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import reading, requirement
from contacts_conformance.checks.sampled import expect_each_once, expect_total, sayable, steadily
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown
from contacts_conformance.http import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers.sparkapi import envelope
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking
from ..sparkapi.test_reading import richest

MOST_PAGES = 6
LARGEST = 25
NOT_FOUND = 404


def _tags(record: Record) -> list[str]:
    tags = record.get("Tags")
    return [str(t) for t in tags if sayable(t) and "/" not in t] if isinstance(tags, list) else []


def _bears(record: Record, tag: str) -> bool:
    """Whether a contact shows a tag, in whatever case."""
    held = record.get("Tags")
    return isinstance(held, list) and tag.casefold() in {str(t).casefold().strip() for t in held}


def _chosen(session: Session) -> list[str]:
    """The tags of the sample: those with blanks first, then those that fewest contacts have; NotShown for none."""
    held = [t for r in session.sample().records for t in _tags(r)]
    if not held:
        raise NotShown("no contact that is there shows a tag")
    return sorted({*held}, key=lambda t: (" " not in t, held.count(t)))


def _ask(contacts: Contacts, tag: str, *query: tuple[str, str], legal: bool = True) -> Answer:
    return contacts.send("tagged", tag, query=query, quotes=(tag,), legal=legal)


def _walk(contacts: Contacts, tag: str) -> tuple[list[Record], list[Answer], bool]:
    """The contacts of a tag, the pages that show them, and whether these are all."""
    records: list[Record] = []
    answers: list[Answer] = []
    for number in range(1, MOST_PAGES + 1):
        answer = _ask(contacts, tag, ("_limit", str(LARGEST)), ("_page", str(number)))
        if answer.refused and number == 1:
            answer = _ask(contacts, tag)
        if number > 1 and not answer.succeeded:
            return records, answers, answer.status == NOT_FOUND  # a page without contacts may be answered so
        page = asking.expect_page(contacts, answer, "a tag")
        answers.append(answer)
        fresh = [r for r in page.records if contacts.ids([r])[0] not in contacts.ids(records)]
        records += fresh
        if len(page.records) < PAGE_SIZE or not fresh:
            return records, answers, len(page.records) < PAGE_SIZE
    return records, answers, False


def _expect_tagged(session: Session, judge: Judge, tag: str, sample: Sample) -> None:
    contacts = session.contacts()
    records, answers, is_all = _walk(contacts, tag)
    listed = contacts.ids(records)
    with judge("tag.none-else"):
        others = contacts.ids(r for r in records if "Tags" in r and not _bears(r, tag))
        expect.same_contacts(others, [], "contacts without the tag", answers[0])
    due = contacts.ids(r for r in sample.records if tag in _tags(r))
    with judge("tag.all"):
        if not is_all and {*due} - {*listed}:
            raise NotShown("the tag has more contacts than the pages that were asked for")
        expect.same_contacts([i for i in listed if i in due], due, "a tag", answers[0])
    if " " in tag:
        with judge("tag.blanks"):
            asking.expect_contacts(contacts.page(answers[0]), answers[0], "a tag with blanks")
    several = contacts.ids(r for r in sample.records if tag in _tags(r) and len(_tags(r)) > 1)
    if several and (is_all or {*several} <= {*listed}):
        with judge("tag.several"):
            expect.same_contacts([i for i in listed if i in several], several, "one of several tags", answers[0])


@reading
@requirement("tag.all", "tag.none-else", "tag.blanks", "tag.several")
def test_a_tag_lists_existing_contacts_and_no_others(session: Session, judge: Judge) -> None:
    for tag in _chosen(session)[:4]:
        trial = Judge(session.contract.provider, "a trial")
        _expect_tagged(session, trial, tag, session.sample())
        now = walked(session.contacts()) if trial.broken else session.sample()
        _expect_tagged(session, judge, tag, now) if trial.broken else judge.facts.extend(trial.facts)


@reading
@requirement(*(f"operation.listTagged.{a}" for a in asking.ASPECTS), "role.idx.listTagged", "role.portal.listTagged")
def test_the_existing_contacts_of_a_tag_are_answered_as_documented(session: Session, judge: Judge) -> None:
    tag = _chosen(session)[0]
    asking.expect_operation_as_documented(session, judge, _ask(session.contacts(), tag), "listTagged")
    with judge("role.idx.listTagged"):
        expect.success(_ask(session.contacts("idx"), tag))
    with judge("role.portal.listTagged"):
        expect.refusal(_ask(session.contacts("portal"), tag, legal=False))


@reading
@requirement("list.format")
def test_lists_show_addresses_and_tags_of_existing_contacts(session: Session, contacts: Contacts) -> None:
    known = [(r, n) for r in richest(session) for n in ("PrimaryEmail", "Tags") if contacts.read(_id(r)).get(n)]
    if not known:
        raise NotShown("no contact that is there has an address or tags")
    for record, name in known:
        expect.present(record.get(name), name, session.sample().pages[0].answer)


def _id(record: Record) -> str:
    return str(record.get("Id"))


@reading
@requirement("list.current-user", "tag.current-user")
def test_a_colleagues_existing_contacts_are_not_listed(session: Session, contacts: Contacts, judge: Judge) -> None:
    asking.optional(session, "colleague")
    colleague = session.contacts("colleague")

    def compare(own: Sample) -> None:
        others = walked(colleague, most=20)
        if not (own.records and others.records):
            raise NotShown("the list of one of the two users showed no contact")
        both = sorted({*own.ids} & {*others.ids})
        expect.same_contacts(both, [], "contacts in the lists of two users", others.pages[0].answer)

    with judge("list.current-user"):
        steadily(session.sample, compare, lambda: walked(contacts))
    for tag in _chosen(session)[:2]:
        with judge("tag.current-user"):
            mine, theirs = (_ask(c, tag) for c in (contacts, colleague))
            if not theirs.succeeded or not mine.succeeded:
                raise NotShown("the colleague's list of the tag is refused")
            shown = {*contacts.ids(contacts.page(mine).records)} & {*colleague.ids(colleague.page(theirs).records)}
            expect.same_contacts(sorted(shown), [], "contacts of a tag in the lists of two users", theirs)


# Pages


def _pagination(answer: Answer) -> object:
    return (envelope(answer.json) or {}).get("Pagination")


def _both(session: Session, contacts: Contacts) -> tuple[Callable[..., Answer], ...]:
    """The list of all contacts, and that of the tag that most have."""
    tag = _chosen(session)[-1]
    return (lambda *query: contacts.send_list(query), lambda *query: _ask(contacts, tag, *query))


@reading
@requirement("list.plain", "page.size", "pagination.off", "page.limit", "pagination.on", "pagination.count")
def test_lists_of_existing_contacts_are_paged(session: Session, contacts: Contacts, judge: Judge) -> None:
    plain = contacts.send_list()
    with judge("list.plain"):
        expect.success(plain)
        if session.sample().records:
            asking.expect_contacts(contacts.page(plain), plain)
    for ask in _both(session, contacts):
        with judge("page.size"):
            asking.expect_at_most(PAGE_SIZE, contacts.page(ask()), ask())
        with judge("pagination.off"):
            answer = ask()
            expect.that(_pagination(answer) is None, "no Pagination", "one", about="Pagination", shown_by=answer)
        with judge("page.limit"):
            for limit in (1, 3):
                answer = ask(("_limit", str(limit)))
                asking.expect_at_most(limit, asking.expect_page(contacts, answer, "_limit"), answer, f"_limit={limit}")
        with judge("pagination.on"):
            answer = ask(("_pagination", "1"), ("_limit", "2"))
            page = asking.expect_page(contacts, answer, "_pagination")
            expect.of_type(_pagination(answer), "object", about="Pagination", shown_by=answer)
            total = asking.total_rows(answer)
            expect.that((total or 0) >= len(page.records), "a count of all", expect.shown(total), about="TotalRows")
        with judge("pagination.count"):
            answer = ask(("_pagination", "count"))
            if not answer.succeeded:
                raise NotShown("a count, which lists nothing, is refused")
            expect.absent((envelope(answer.json) or {}).get("Results"), "Results", answer)
            expect.of_type(asking.total_rows(answer), "number", about="TotalRows", shown_by=answer)


@reading
@requirement("page.walk", "pagination.on", "pagination.count")
def test_pages_of_existing_contacts_hold_each_once_and_are_counted(
    session: Session, contacts: Contacts, judge: Judge
) -> None:
    def compare(sample: Sample) -> None:
        counted = contacts.send_list((("_pagination", "count"),))
        if not sample.is_whole:
            raise NotShown("the pages that were asked for are not the whole list")
        expect.equal(asking.total_rows(counted), len(sample.records), "TotalRows", counted)

    with judge("page.walk"):
        expect_each_once(session.sample())
    with judge("pagination.on"):
        expect_total(session.sample())
    with judge("pagination.count"):
        steadily(session.sample, compare, lambda: walked(contacts))
