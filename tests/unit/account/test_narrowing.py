"""What a target lacks of that by which contacts are found, and how they are found then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from contacts_conformance import providers, reference, target
from contacts_conformance.account import cleanup, narrowing
from contacts_conformance.account.account import Account
from contacts_conformance.account.cohort import seed
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.errors import NotVerified
from contacts_conformance.providers import ANY_OF, ORDER

from ...miniatures.preconditions import lacking


@contextmanager
def contacts_of(provider: str, lack: str = "", *, foreign: int = 0) -> Iterator[Contacts]:
    """The contacts of a reference server that lacks one thing, or nothing."""
    server = reference.load(provider)
    with ExitStack() as stack:
        if lack:
            stack.enter_context(lacking(provider, lack))
        url = stack.enter_context(reference.serving(server.application(foreign=foreign)))
        account = Account(target.embedded(server.TARGET, url, providers.load(provider).keys))
        yield Contacts(account, account.identity(account.main_role))
        account.client.close()


@pytest.mark.parametrize("provider", ["liondesk", "spark", "flexmls"])
def test_a_server_that_lacks_nothing_is_not_said_to(provider: str) -> None:
    with contacts_of(provider, foreign=20) as contacts:
        assert not narrowing.find_out(contacts)
        assert contacts.account.lacks.missing == {}


@pytest.mark.parametrize("lack", ["company refused", "company ignored"])
def test_the_mark_moves_where_the_company_does_not_find_contacts(lack: str) -> None:
    with contacts_of("liondesk", lack) as contacts:
        assert set(contacts.marks()) == {"company"}

        assert narrowing.find_out(contacts)

        assert set(contacts.account.lacks.missing) == {"company"}
        assert set(contacts.marks()) == {"tags"}
        assert set(contacts.marks(without=["tags"])) == {"spouse_name"}


def test_what_is_lacking_is_looked_for_once() -> None:
    with contacts_of("liondesk", "company refused", foreign=20) as contacts:
        narrowing.find_out(contacts)
        sent = contacts.account.client.pace.sent

        assert not narrowing.find_out(contacts)
        assert contacts.account.client.pace.sent == sent


def test_contacts_without_a_mark_that_works_are_looked_for_on_all_pages() -> None:
    with contacts_of("liondesk", "company refused", foreign=20) as contacts:
        narrowing.find_out(contacts)
        cohort = seed(contacts, [{"tags": "a", "spouse_name": "b"}])

        with pytest.raises(NotVerified, match="cannot be listed alone"):
            cohort.narrowed(())
        asked = cohort.asking(())
        assert contacts.ids(cohort.whole(asked, contacts.list(asked)).records) == cohort.ids


def test_contacts_are_found_by_their_ids_where_marks_do_not_work() -> None:
    with contacts_of("spark", "Tags refused") as contacts:
        narrowing.find_out(contacts)
        cohort = seed(contacts, [{"Organization": "a", "Position": "b"}, {"Organization": "c", "Position": "d"}])
        contacts.create()

        assert set(cohort.marks) == {"Tags"}
        assert contacts.ids(contacts.list(cohort.narrowed(())).records) == cohort.ids


def test_all_contacts_are_looked_through_where_no_list_leaves_others_out() -> None:
    with contacts_of("flexmls", "tags refused", foreign=20) as contacts:
        narrowing.find_out(contacts)
        contact = contacts.create()
        contacts.create()

        assert contacts.ids(contacts.found(contact.marks)) == [contact.id]


@pytest.mark.parametrize(("lack", "what"), [("sort refused", ORDER), ("in refused", ANY_OF)])
def test_what_a_query_relies_on_is_named(lack: str, what: str) -> None:
    with contacts_of("liondesk", lack) as contacts:
        narrowing.find_out(contacts)

        assert set(contacts.account.lacks.missing) == {what}
        assert contacts.lacking((("$sort[email]", "1"), ("last_name[$in]", "x"))) == what
        assert contacts.lacking((("last_name", "x"), ("$limit", "1"))) == ""


@pytest.mark.parametrize("provider", ["liondesk", "spark"])
def test_pages_that_are_too_short_are_put_together(provider: str) -> None:
    with contacts_of(provider, "pages of five", foreign=20) as contacts:
        assert narrowing.find_out(contacts)
        assert contacts.account.lacks.page_size == 5
        cohort = seed(contacts, [{} for _ in range(8)])

        first = contacts.list(cohort.narrowed(()))

        assert len(first.records) == 5
        assert contacts.ids(cohort.whole(cohort.narrowed(()), first).records) == cohort.ids
        assert len(contacts.marked(cohort.marks)) == 8


def test_clean_up_finds_all_where_pages_are_too_short() -> None:
    with contacts_of("liondesk", "pages of five", foreign=20) as contacts:
        marks = contacts.marks()
        for _ in range(7):
            contacts.create(marks)

        done = cleanup.clean_up(contacts.account)

        assert (done.created, done.removed, done.left, done.unknown) == (7, 7, (), 0)
