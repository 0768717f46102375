"""Contacts > Retrieve or add contacts, Get info for an individual contact, and Supported Fields: creating and reading.

A contact that was created cannot be removed again, so the checks share the contacts that they create.
"""

from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.model import Json
from contacts_conformance.providers.sparkapi import code_of, results
from contacts_conformance.verdicts.outcomes import Judge, requirement

from ..sparkapi import asking

MOST_PAGES = 12
TWO_LINES = "12 Example Street\nApt 3"
ONE_LINE = "12 Example Street"


def _least(session: Session, contacts: Contacts) -> list[str]:
    """A contact of which nothing but the name is known, where such a one is taken."""
    name = contacts.complete({})["DisplayName"]
    answer = session.once("barest", lambda: contacts.send_create({"DisplayName": name}, marks={}))
    return [session.provider.created_id(answer) or "?"] if answer.succeeded else []


def _walked(contacts: Contacts, sought: set[str]) -> bool:
    """Whether the list shows contacts; a list that is longer than what is walked has to count one more than before."""
    seen: set[str] = set()
    for page in range(1, MOST_PAGES + 1):
        answer = contacts.send_list((("_limit", "25"), ("_page", str(page))))
        if page == 1 and answer.refused:
            answer = contacts.send_list()
        shown = contacts.ids(contacts.page(answer).records)
        if len(set(shown)) < len(shown):
            return False
        if sought <= seen | set(shown):
            return True
        if len(shown) < 10 or set(shown) <= seen:
            return False
        seen.update(shown)
    before, _, after = _counted(contacts), contacts.create(), _counted(contacts)
    if before is not None and after is not None and after > before:
        return True
    raise NotVerified(f"the list has more than {MOST_PAGES} pages, which do not show {sought}, and counts no more")


def _counted(contacts: Contacts) -> int | None:
    return asking.total_rows(contacts.send_list((("_pagination", "count"),)))


@requirement("create.stores", "create.in-list", "create.resource-uri", "create.fresh-id", "create.tag-shown-as-tags")
def test_an_added_contact_exists_once(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks()
    values = contacts.complete({})

    answer = contacts.send_create(values, marks=marks)

    created = results(answer.json) or [{}]
    contact = session.provider.created_id(answer) or "?"
    read = contacts.send_read(contact)
    with judge("create.resource-uri"):
        assert answer.succeeded, answer
        uri = created[0].get("ResourceUri")
        assert isinstance(uri, str), f"ResourceUri is {uri!r}: {answer!r}"
        assert read.succeeded, f"{answer!r}, and then {read!r}"
        assert (session.provider.record(read) or {}).get("DisplayName") == values["DisplayName"], read
    with judge("create.tag-shown-as-tags"):
        tags = (session.provider.record(read) or {}).get("Tags")
        same = session.provider.same(session.contract.field("Tag"), list(marks.values()), tags)
        assert same, f"{marks} was sent as Tag, and Tags reads {tags!r}: {read!r}"
    with judge("create.stores"):
        shown = contacts.page(asking.listed(contacts, marks, expected=1)).records
        assert contacts.ids(shown) == [contact], f"{answer!r}: {shown!r}"
    with judge("create.in-list"):
        sought = {contact, *_least(session, contacts)}
        assert contacts.eventually(lambda: _walked(contacts, sought)), f"the list does not show {sought}, each once"
    with judge("create.fresh-id"):
        other = asking.plain(session).id
        assert other != contact, f"two contacts have the Id {other}"


@requirement("create.object")
def test_a_contact_without_the_array_is_taken(contacts: Contacts) -> None:
    marks = contacts.marks()
    values = contacts.complete({})

    answer = contacts.send_create(values, marks=marks, json={"D": {**values, "Tag": list(marks.values())}}, legal=False)

    assert answer.succeeded, answer


@requirement("create.array-needed")
def test_a_contact_under_another_name_is_not_added(contacts: Contacts) -> None:
    marks = contacts.marks()
    values = contacts.complete({})

    answer = contacts.send_create(
        values, marks=marks, json={"D": {"Results": [{**values, "Tag": list(marks.values())}]}}, legal=False
    )

    found = contacts.send_marked(marks, legal=False)
    records = contacts.page(found).records if found.succeeded else ()
    assert not records, f"{answer!r}, and the contact is there: {found!r}"


@requirement("create.several")
def test_several_contacts_in_the_array_are_all_added_or_none(session: Session, contacts: Contacts) -> None:
    marks = contacts.marks()
    both = [contacts.complete({}) for _ in range(2)]
    body: Json = {"D": {"Contacts": [{**c, "Tag": list(marks.values())} for c in both]}}
    second = session.journal.intend(contacts.identity.role, marks)

    answer = contacts.send_create(both[0], marks=marks, json=body, legal=False)

    expected = sorted(str(c["DisplayName"]) for c in both) if answer.succeeded else []
    contacts.eventually(lambda: len(contacts.found(marks)) >= len(expected))
    shown = contacts.found(marks)
    for contact in contacts.ids(shown):
        if not session.journal.owns(contact):
            session.journal.created(second, contact)
    found = sorted(str(r.get("DisplayName")) for r in shown)
    assert found == expected, f"{answer!r}, and then there are {found}"


@requirement("create.tag-as-text")
def test_a_tag_may_be_a_text(session: Session, contacts: Contacts) -> None:
    marks = contacts.marks()
    body = {"D": {"Contacts": [{**contacts.complete({}), **marks}]}}

    answer = contacts.send_create({}, marks=marks, json=body, legal=False)

    assert answer.succeeded, answer
    read = contacts.read(session.provider.created_id(answer) or "?")
    same = session.provider.same(session.contract.field("Tag"), list(marks.values()), read.get("Tags"))
    assert same, f"{answer!r}, and then {read!r}"


@requirement("create.unsettable")
def test_fields_that_are_not_supported_do_no_harm(session: Session, contacts: Contacts) -> None:
    fields = [f for f in session.contract.fields if f.answered and not f.writeable and f.name != "Tags"]
    values: dict[str, Json] = {f.name: ["forged"] if f.kind == "list" else "forged" for f in fields}

    answer = contacts.send_create(contacts.complete(values), legal=False)

    assert answer.status < 500, answer


@requirement("notify.taken", "notify.hidden")
def test_notify_is_taken_and_not_answered(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks = contacts.marks()

    answer = contacts.send_create(contacts.complete({"Notify": True}), marks=marks)

    with judge("notify.taken"):
        assert answer.succeeded, answer
    with judge("notify.hidden"):
        if not answer.succeeded:
            raise NotVerified(f"no contact was added with Notify: {answer!r}")
        read = contacts.send_read(session.provider.created_id(answer) or "?")
        for shown in (read, asking.listed(contacts, marks, expected=1), contacts.send_list()):
            for record in contacts.page(shown).records:
                assert "Notify" not in record, f"Notify reads {record['Notify']!r}: {shown!r}"


@requirement("notify.hidden")
def test_notify_is_not_answered_to_the_signed_in_contact(session: Session) -> None:
    answer = session.contacts("portal").send("my-read")

    assert "Notify" not in (session.provider.record(answer) or {}), answer


@requirement("notify.beside")
def test_notify_is_taken_beside_the_contacts(session: Session, contacts: Contacts) -> None:
    marks = contacts.marks()
    values = contacts.complete({})
    body: Any = session.provider.body("create", {**values, **marks})

    answer = contacts.send_create(values, marks=marks, json={"D": {**body["D"], "Notify": False}}, legal=False)

    assert answer.succeeded, answer


@requirement("read.unknown-id", "read.unknown-id-code")
def test_reading_what_is_not_there_is_answered_404(session: Session, judge: Judge) -> None:
    answer = asking.failures(session)["unknown"]

    with judge("read.unknown-id"):
        assert answer.status in (404, 410), answer
    with judge("read.unknown-id-code"):
        assert code_of(answer) == 404 or answer.succeeded, answer


@requirement("text.line-feed", "text.no-line-feed")
def test_an_address_keeps_its_lines(contacts: Contacts, judge: Judge) -> None:
    for row, sent in (("text.line-feed", TWO_LINES), ("text.no-line-feed", ONE_LINE)):
        with judge(row):
            read = contacts.read(contacts.create(HomeStreetAddress=sent)).get("HomeStreetAddress")
            assert read == sent, f"{sent!r} was sent, and {read!r} came"


@requirement(*(f"operation.readMyContact.{a}" for a in asking.ASPECTS), "my.own")
def test_the_own_contact_is_read(session: Session, judge: Judge) -> None:
    mine = session.contacts("portal")

    answer = mine.send("my-read")

    asking.judge_plain(session, judge, answer, "readMyContact")
    with judge("my.own"):
        record = session.provider.record(answer)
        assert record is not None, answer
        own = mine.identity.attributes.get("contact_id", record.get("Id"))
        assert record.get("Id") == own, f"{answer!r} is not {own}"
