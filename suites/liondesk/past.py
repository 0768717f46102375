"""Limiting and Pagination: a page past the end of a list."""

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.errors import NotShown
from contacts_conformance.http import Answer
from contacts_conformance.verdicts.outcomes import Judge


def expect_empty(judge: Judge, contacts: Contacts, answer: Answer, *, total: int, limit: int, skip: int) -> None:
    """Judges the page at `skip` of a list of `total` contacts: it is empty, counts all, and says what was asked for.

    A service may answer that there is no such page: no section says that there is one.
    """
    with judge("page.past-the-end"):
        expect.success(answer, "a page past the end")
        page = contacts.page(answer)
        expect.equal(len(page.records), 0, "contacts past the end", answer)
        expect.equal(page.total, total, "total past the end", answer)
    with judge("list.echo"):
        if answer.refused:
            raise NotShown(f"a page past the end is refused: {answer!r}")
        page = contacts.page(answer)
        expect.equal(page.limit, limit, "limit past the end", answer)
        expect.equal(page.skip, skip, "skip past the end", answer)
