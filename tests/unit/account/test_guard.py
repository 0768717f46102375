"""Which requests a run may send: by method, path, whose contact it is, and what the target file permits."""

from collections.abc import Iterator
from typing import Any

import pytest

from contacts_conformance import contract as contracts
from contacts_conformance import providers
from contacts_conformance.account.guard import WriteGuard
from contacts_conformance.account.journal import Journal
from contacts_conformance.account.ownership import Ownership
from contacts_conformance.account.paths import Paths
from contacts_conformance.errors import CareViolated, NotOffered, NotVerified
from contacts_conformance.http import Answer, Request
from contacts_conformance.target import ANONYMOUS, Identity

from ..making import a_target

TAG = "cc01234567"
HERE, REMOTE = "http://127.0.0.1:1", "https://api.example.com"
AGENT = Identity("private", {}, {"shared_contact": "aside"})
SIGNED_IN = Identity("portal", {}, {"contact_id": "theirs"})
NOT_SET_ASIDE = Identity("portal", {}, {})
IDENTITIES = {"private": AGENT, "portal": SIGNED_IN}
NOBODY = providers.load("spark").example_path("{Id}")


def _journal() -> Journal:
    journal = Journal()
    for contact in ("own", "unproven", "removed", "misreported", "of/own"):
        creation = journal.intend("private", {"DisplayName": f"{TAG}x1"})
        journal.created(creation, contact)
        if contact == "misreported":
            journal.wrong_id(creation)
        elif contact != "unproven":
            journal.proved(creation)
    journal.removed("removed")
    return journal


def _shows_nothing(contact: str, role: str, *, essential: bool) -> Iterator[Answer]:
    return iter(())


def _cannot_read(contact: str, role: str, *, essential: bool) -> Iterator[Answer]:
    raise NotOffered


def _guard(provider: str = "spark", url: str = HERE, *, reads: bool = True, **changes: Any) -> WriteGuard:
    contract, speaks, journal = contracts.load(provider), providers.load(provider), _journal()
    target = a_target(url, provider=provider, identities=IDENTITIES, **changes)
    reading = _shows_nothing if reads else _cannot_read
    ownership = Ownership(contract, speaks, journal, TAG, reading)
    return WriteGuard(contract, speaks, journal, target, Paths(contract, target.settings), ownership)


def _ends(guard: WriteGuard, method: str, path: str, identity: Identity = AGENT, **options: Any) -> str:
    try:
        guard.check(Request(method, path, identity, **options))
    except NotVerified:
        return "not verified"
    except CareViolated:
        return "care violated"
    return "sent"


COLLECTION, ONE, MINE, SESSION = "/v1/contacts", "/v1/contacts/", "/v1/my/contact", "/v1/session"


@pytest.mark.parametrize(
    ("whose", "method", "path", "end"),
    [
        ("own and proven", "PUT", f"{ONE}own", "sent"),
        ("own and proven", "DELETE", f"{ONE}own", "sent"),
        ("own and proven", "POST", f"{ONE}own", "sent"),  # which the page promises to refuse
        ("own and proven, with a slash in its id", "PUT", f"{ONE}of%2Fown", "sent"),
        ("own and unproven", "PUT", f"{ONE}unproven", "not verified"),
        ("own and unproven", "DELETE", f"{ONE}unproven", "not verified"),
        ("own and unproven", "POST", f"{ONE}unproven", "not verified"),
        ("of an id that is another's", "PUT", f"{ONE}misreported", "not verified"),
        ("of an id that is another's", "DELETE", f"{ONE}misreported", "not verified"),
        ("own, and removed", "PUT", f"{ONE}removed", "sent"),
        ("own, and removed", "DELETE", f"{ONE}removed", "sent"),
        ("foreign", "PUT", f"{ONE}foreign", "care violated"),
        ("foreign", "PATCH", f"{ONE}foreign", "care violated"),
        ("foreign", "DELETE", f"{ONE}foreign", "care violated"),
        ("foreign", "POST", f"{ONE}foreign", "care violated"),
        ("foreign, its id longer than an own one", "DELETE", f"{ONE}own2", "care violated"),
        ("set aside by the target file", "PUT", f"{ONE}aside", "sent"),
        ("set aside by the target file", "DELETE", f"{ONE}aside", "sent"),
        ("nobody's", "POST", f"{ONE}{NOBODY}", "sent"),  # which the page promises to refuse
        ("nobody's", "PUT", f"{ONE}{NOBODY}", "care violated"),
        ("nobody's", "DELETE", f"{ONE}{NOBODY}", "care violated"),
        ("the whole collection", "POST", COLLECTION, "sent"),  # which creates one
        ("the whole collection", "PUT", COLLECTION, "sent"),  # which the page promises to refuse
        ("the whole collection", "DELETE", COLLECTION, "sent"),
        ("the whole collection", "PATCH", COLLECTION, "care violated"),
        ("the whole collection, with a slash", "DELETE", f"{COLLECTION}/", "care violated"),
        ("no contact at all", "POST", SESSION, "sent"),
        ("no contact at all", "DELETE", SESSION, "care violated"),
        ("unknown to the contract", "POST", "/v1/listings", "care violated"),
        ("unknown to the contract", "DELETE", "/", "care violated"),
    ],
)
def test_what_may_be_sent_to_contacts_that_are(whose: str, method: str, path: str, end: str) -> None:
    assert _ends(_guard(), method, path) == end, whose


@pytest.mark.parametrize(
    ("identity", "method", "end"),
    [
        (SIGNED_IN, "PUT", "sent"),
        (ANONYMOUS, "PUT", "sent"),  # nobody has no contact
        (NOT_SET_ASIDE, "PUT", "care violated"),
        (AGENT, "PUT", "care violated"),
        (SIGNED_IN, "DELETE", "sent"),  # which the page promises to refuse
        (SIGNED_IN, "PATCH", "care violated"),
    ],
)
def test_the_record_of_the_caller_may_be_changed_where_it_is_set_aside(
    identity: Identity, method: str, end: str
) -> None:
    assert _ends(_guard(), method, MINE, identity) == end


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("path", [COLLECTION, f"{ONE}foreign", f"{ONE}unproven", MINE])
@pytest.mark.parametrize("writes", [True, False])
def test_whatever_reads_is_sent(method: str, path: str, writes: bool) -> None:
    assert _ends(_guard(writes=writes), method, path) == "sent"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", COLLECTION),
        ("PUT", COLLECTION),
        ("PUT", f"{ONE}own"),
        ("DELETE", f"{ONE}aside"),
        ("DELETE", f"{ONE}foreign"),
        ("PUT", MINE),
    ],
)
def test_nothing_is_written_where_the_target_file_does_not_permit_it(method: str, path: str) -> None:
    assert _ends(_guard(writes=False), method, path, SIGNED_IN) == "not verified"


def test_a_session_is_opened_although_nothing_may_be_written() -> None:
    assert _ends(_guard(writes=False), "POST", SESSION, opens="private") == "sent"
    assert _ends(_guard(writes=False), "POST", SESSION) == "not verified"


@pytest.mark.parametrize(
    ("provider", "url", "leaves_contacts", "end"),
    [
        ("spark", REMOTE, False, "sent"),
        ("ngpvan", REMOTE, False, "not verified"),
        ("ngpvan", REMOTE, True, "sent"),
        ("ngpvan", HERE, False, "sent"),
        ("ngpvan", "http://[::1]:1", False, "sent"),
    ],
)
def test_a_contact_is_created_where_it_can_be_removed_or_may_be_left(
    provider: str, url: str, leaves_contacts: bool, end: str
) -> None:
    path = contracts.load(provider).operation("create").path

    assert _ends(_guard(provider, url, leaves_contacts=leaves_contacts), "POST", path) == end


def test_a_contact_is_created_where_the_target_file_says_that_contacts_are() -> None:
    guard = _guard("ngpvan", settings={"create_path": "/people"})

    assert _ends(guard, "POST", "/people") == "sent"
    assert _ends(guard, "POST", "/persons") == "care violated"


def test_the_answer_to_a_creation_is_believed_where_contacts_cannot_be_read() -> None:
    guard = _guard("ngpvan", reads=False)
    path = contracts.load("ngpvan").operation("change").path

    assert _ends(guard, "POST", path.replace("{contactId}", "unproven")) == "sent"
    assert _ends(guard, "POST", path.replace("{contactId}", "foreign")) == "care violated"


@pytest.mark.parametrize(
    ("about", "end"),
    [("own", "sent"), ("unproven", "not verified"), ("foreign", "care violated"), ("aside", "sent")],
)
def test_a_request_says_which_contact_it_is_about_where_its_path_does_not(about: str, end: str) -> None:
    assert _ends(_guard(), "POST", "/v1/shares", about=about) == end


def test_changes_of_a_contact_are_allowed_by_name() -> None:
    guard = _guard()
    guard.allow_changes("stub")

    assert _ends(guard, "PUT", f"{ONE}stub") == "sent"
    assert _ends(guard, "PUT", f"{ONE}foreign") == "care violated"
