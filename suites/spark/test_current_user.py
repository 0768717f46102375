"""Contacts > GET and POST: a list is that of the current user, and what is sent at the same moment is kept apart."""

from collections.abc import Sequence

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.account.together import Listing, Submission, at_once
from contacts_conformance.checks import expect
from contacts_conformance.checks.marks import in_cohort, requirement
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotShown
from contacts_conformance.http import Answer
from contacts_conformance.model import Query
from contacts_conformance.providers.spark import equals
from contacts_conformance.verdicts.outcomes import Judge

from ..sparkapi import asking

pytestmark = in_cohort("contract")


@requirement("list.current-user")
def test_a_colleagues_contact_is_not_listed(session: Session, contacts: Contacts) -> None:
    colleague = session.contacts("colleague")
    marks, own = session.two_to_read()
    theirs = colleague.create({}, Tags=list(marks.values()), GivenName="theodora")
    tag, mine = equals(marks), sorted(c.id for c in own)

    by_address = equals({"PrimaryEmail": str(theirs.sent["PrimaryEmail"])})
    by_pattern = "GivenName Eq 'theo*' And CreatedTimestamp Gt days(-2)"
    ordered, selected = (("_orderby", "+DisplayName"), ("_page", "1")), (("_select", "Id,DisplayName"),)
    for text, beside, expected, role in (
        (f"{tag} Or {equals({'Id': theirs.id})} Or {by_address}", ordered, mine, "idx"),
        # every contact has a DisplayName: what Not makes of those without a value is open
        (f"Not DisplayName Eq 'nobody' And {tag} Or {by_pattern} And {tag}", selected, mine, ""),
        (f"({equals({'Id': theirs.id})} Or {equals({'Id': own[0].id})})", (), [own[0].id], "public"),
    ):
        answer = _asked_as(session, role, (("_filter", text), ("_pagination", "1"), *beside), mine)
        listed = contacts.ids(contacts.page(answer).records)
        expect.same_contacts(listed, expected, "the list, beside a colleague's contact", answer)
        expect.equal(asking.total_rows(answer), len(expected), "TotalRows, beside a colleague's contact", answer)
    contacts.send("remove", theirs.id, legal=False)
    asking.expect_only_listed(colleague, theirs.id, lambda: _ids(colleague, tag), "the colleague's list")


def _asked_as(session: Session, role: str, query: Query, mine: Sequence[str]) -> Answer:
    """The answer to another role's list, where it shows contacts of the main role's user, since both act for that user
    then; else to the main role's."""
    contacts, other = session.contacts(), session.target.identities.get(role)
    if other is not None:
        answer = contacts.send_list(query, identity=other)
        if answer.succeeded and set(mine) & set(contacts.ids(contacts.page(answer).records)):
            return answer
    return contacts.send_list(query)


def _ids(contacts: Contacts, text: str) -> list[str]:
    return contacts.ids(contacts.list((("_filter", text),)).records)


@requirement("create.at-once", "page.while-creating")
def test_contacts_created_at_the_same_moment_are_each_there(session: Session, contacts: Contacts, judge: Judge) -> None:
    marks, own = session.two_to_read()
    known = sorted(c.id for c in own)
    people = [contacts.complete({"GivenName": f"Person {n}"}) for n in range(2)]
    pages = [(("_filter", equals(marks)), ("_limit", "1"), ("_page", n), ("_orderby", "+DisplayName")) for n in "12"]

    *created, first, second = at_once(contacts, [*map(Submission, people), *map(Listing, pages)])

    with judge("create.at-once"):
        done = [(p, a) for p, a in zip(people, created, strict=True) if a.succeeded]
        if len(done) < 2:
            raise NotShown("fewer than two of the contacts were created")
        ids = [session.provider.created_id(a) or "?" for _, a in done]
        expect.equal(len(set(ids)), len(ids), "the number of different Ids", done[0][1])
        for (person, _), contact in zip(done, ids, strict=True):
            record, read = asking.read(contacts, contact)
            for name, value in person.items():
                expect.equal(record.get(name), value, name, read)
    with judge("page.while-creating"):
        expect.same_contacts([*_on(contacts, first), *_on(contacts, second)], known, "two pages", second)


def _on(contacts: Contacts, answer: Answer) -> list[str]:
    return contacts.ids(contacts.page(answer).records)
