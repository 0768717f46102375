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
from contacts_conformance.target import ANONYMOUS, Identity, Share

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


def _guard(
    provider: str = "spark", url: str = REMOTE, *, disposable: bool = False, reads: bool = True, **changes: Any
) -> WriteGuard:
    contract, speaks, journal = contracts.load(provider), providers.load(provider), _journal()
    target = a_target(url, provider=provider, identities=IDENTITIES, disposable=disposable, **changes)
    reading = _shows_nothing if reads else _cannot_read
    ownership = Ownership(contract, speaks, journal, TAG, reading, disposable)
    return WriteGuard(contract, speaks, journal, target, Paths(contract, target.settings), ownership, "private")


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
    ("whose", "method", "path", "end", "in_a_disposable_account"),
    [
        ("own and proven", "PUT", f"{ONE}own", "sent", "sent"),
        ("own and proven", "DELETE", f"{ONE}own", "sent", "sent"),
        ("own and proven", "POST", f"{ONE}own", "sent", "sent"),  # which the page promises to refuse
        ("own and proven, with a slash in its id", "PUT", f"{ONE}of%2Fown", "sent", "sent"),
        ("own and unproven", "PUT", f"{ONE}unproven", "not verified", "not verified"),
        ("own and unproven", "DELETE", f"{ONE}unproven", "not verified", "not verified"),
        ("own and unproven", "POST", f"{ONE}unproven", "not verified", "not verified"),
        ("of an id that is another's", "PUT", f"{ONE}misreported", "not verified", "not verified"),
        ("of an id that is another's", "DELETE", f"{ONE}misreported", "not verified", "not verified"),
        ("own, and removed", "PUT", f"{ONE}removed", "not verified", "sent"),
        ("own, and removed", "DELETE", f"{ONE}removed", "not verified", "sent"),
        ("own, and removed", "POST", f"{ONE}removed", "not verified", "sent"),
        ("foreign", "PUT", f"{ONE}foreign", "care violated", "care violated"),
        ("foreign", "PATCH", f"{ONE}foreign", "care violated", "care violated"),
        ("foreign", "DELETE", f"{ONE}foreign", "care violated", "care violated"),
        ("foreign", "POST", f"{ONE}foreign", "care violated", "care violated"),
        ("foreign, its id longer than an own one", "DELETE", f"{ONE}own2", "care violated", "care violated"),
        ("set aside by the target file", "PUT", f"{ONE}aside", "sent", "sent"),
        ("set aside by the target file", "DELETE", f"{ONE}aside", "sent", "sent"),
        ("set aside, but not for that", "POST", f"{ONE}aside", "care violated", "care violated"),
        ("nobody's", "POST", f"{ONE}{NOBODY}", "not verified", "sent"),  # which the page promises to refuse
        ("nobody's", "PUT", f"{ONE}{NOBODY}", "care violated", "care violated"),
        ("nobody's", "DELETE", f"{ONE}{NOBODY}", "care violated", "care violated"),
        ("the whole collection", "POST", COLLECTION, "sent", "sent"),  # which creates one
        ("the whole collection", "PUT", COLLECTION, "not verified", "sent"),  # which the page promises to refuse
        ("the whole collection", "DELETE", COLLECTION, "not verified", "sent"),
        ("the whole collection", "PATCH", COLLECTION, "care violated", "care violated"),
        ("the whole collection, with a slash", "DELETE", f"{COLLECTION}/", "care violated", "care violated"),
        ("a collection where ids stand", "DELETE", f"{ONE}unconnected", "not verified", "sent"),
        ("no contact at all", "POST", SESSION, "sent", "sent"),
        ("no contact at all", "DELETE", SESSION, "care violated", "care violated"),
        ("unknown to the contract", "POST", "/v1/listings", "care violated", "care violated"),
        ("unknown to the contract", "DELETE", "/", "care violated", "care violated"),
        ("below an own one", "DELETE", f"{ONE}own/portal", "care violated", "care violated"),
        ("an own id elsewhere", "DELETE", "/own/contacts/foreign", "care violated", "care violated"),
        ("an own id elsewhere", "PUT", f"{ONE}own/foreign", "care violated", "care violated"),
        ("above an own one", "DELETE", f"{ONE}own/..", "care violated", "care violated"),
        ("above an own one", "DELETE", f"{ONE}own%2F..", "care violated", "care violated"),
        ("beside an own one", "DELETE", f"{ONE}own/../foreign", "care violated", "care violated"),
        ("beside an own one", "DELETE", f"{ONE}own%2F..%2Fforeign", "care violated", "care violated"),
        ("beside an own one", "DELETE", f"{ONE}..%2Fcontacts%2Fown", "care violated", "care violated"),
        ("above all", "DELETE", f"{ONE}..", "care violated", "care violated"),
        ("above all", "DELETE", f"{ONE}%2E%2E", "care violated", "care violated"),
        ("another spelling", "DELETE", f"{ONE}own/", "care violated", "care violated"),
        ("another spelling", "DELETE", f"{ONE}/own", "care violated", "care violated"),
        ("another spelling", "DELETE", f"{ONE}%6Fwn", "care violated", "care violated"),
        ("another spelling", "PUT", f"{ONE}of%2fown", "care violated", "care violated"),
        ("another spelling", "PUT", f"{ONE}of/own", "care violated", "care violated"),
    ],
)
def test_what_may_be_sent_to_contacts_that_are(
    whose: str, method: str, path: str, end: str, in_a_disposable_account: str
) -> None:
    assert _ends(_guard(), method, path) == end, whose
    assert _ends(_guard(url=HERE), method, path) == end, f"{whose}, on this machine"
    assert _ends(_guard(disposable=True), method, path) == in_a_disposable_account, whose


@pytest.mark.parametrize(
    ("identity", "method", "end"),
    [
        (SIGNED_IN, "PUT", "sent"),
        (ANONYMOUS, "PUT", "sent"),  # nobody has no contact
        (NOT_SET_ASIDE, "PUT", "care violated"),
        (AGENT, "PUT", "care violated"),
        (SIGNED_IN, "DELETE", "not verified"),  # which the page promises to refuse
        (ANONYMOUS, "DELETE", "not verified"),
        (SIGNED_IN, "PATCH", "care violated"),
    ],
)
def test_the_record_of_the_caller_may_be_changed_where_it_is_set_aside(
    identity: Identity, method: str, end: str
) -> None:
    assert _ends(_guard(), method, MINE, identity) == end


def test_in_an_account_that_may_be_emptied_the_record_of_the_caller_is_tried_with_what_the_page_excludes() -> None:
    assert _ends(_guard(disposable=True), "DELETE", MINE, SIGNED_IN) == "sent"
    assert _ends(_guard(disposable=True), "PATCH", MINE, SIGNED_IN) == "care violated"


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
    ("method", "path"), [("PUT", f"{ONE}own"), ("DELETE", f"{ONE}own"), ("POST", COLLECTION), ("DELETE", COLLECTION)]
)
def test_what_opens_no_session_is_not_sent_for_saying_that_it_does(method: str, path: str) -> None:
    assert _ends(_guard(writes=False), method, path, opens="private") == "not verified"


@pytest.mark.parametrize(
    ("provider", "permitted", "end"),
    [
        ("spark", {}, "sent"),
        ("ngpvan", {}, "not verified"),
        ("ngpvan", {"leaves_contacts": True}, "sent"),
        ("ngpvan", {"disposable": True}, "sent"),
    ],
)
@pytest.mark.parametrize("url", [REMOTE, HERE, "http://[::1]:1"])
def test_a_contact_is_created_where_it_can_be_removed_or_may_be_left(
    provider: str, permitted: dict[str, bool], end: str, url: str
) -> None:
    path = contracts.load(provider).operation("create").path

    assert _ends(_guard(provider, url, **permitted), "POST", path) == end


def test_a_contact_is_created_where_the_target_file_says_that_contacts_are() -> None:
    guard = _guard("ngpvan", disposable=True, settings={"create_path": "/people"})

    assert _ends(guard, "POST", "/people") == "sent"
    assert _ends(guard, "POST", "/persons") == "care violated"


def test_the_answer_to_a_creation_is_believed_where_contacts_cannot_be_read_and_the_account_may_be_emptied() -> None:
    path = contracts.load("ngpvan").operation("change").path
    believes = _guard("ngpvan", disposable=True, reads=False)

    assert _ends(believes, "POST", path.replace("{contactId}", "unproven")) == "sent"
    assert _ends(believes, "POST", path.replace("{contactId}", "foreign")) == "care violated"
    assert _ends(_guard("ngpvan", reads=False), "POST", path.replace("{contactId}", "unproven")) == "not verified"


@pytest.mark.parametrize(
    ("about", "end"),
    [
        ("own", "sent"),
        ("unproven", "not verified"),
        ("foreign", "care violated"),
        ("aside", "sent"),
        ("", "care violated"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/shares", "/v1/contacts/{contact}/shares"])
def test_the_request_that_shares_a_contact_says_which_one_it_is_about(about: str, end: str, path: str) -> None:
    guard = _guard(share=Share(path=path))

    assert _ends(guard, "POST", path.replace("{contact}", about), about=about) == end
    assert _ends(guard, "PUT", path.replace("{contact}", about), about=about) == "care violated"
    assert _ends(_guard(), "POST", path.replace("{contact}", about), about=about) == "care violated"


@pytest.mark.parametrize(("method", "path"), [("PUT", f"{ONE}foreign"), ("PUT", f"{ONE}own"), ("POST", f"{ONE}own")])
def test_what_a_request_says_it_is_about_does_not_contradict_its_path(method: str, path: str) -> None:
    assert _ends(_guard(), method, path, about="of/own") == "care violated"


@pytest.mark.parametrize(
    ("mark", "about", "end"),
    [
        (f"{TAG}x1", "own", "sent"),
        (f"{TAG}x1", "unproven", "not verified"),
        (f"{TAG}x2", "own", "care violated"),
        ("Web%20Leads", "own", "care violated"),
        (f"{TAG}x1", "foreign", "care violated"),
        (f"{TAG}x1", "", "care violated"),
        ("own", "own", "care violated"),
    ],
)
def test_what_a_page_excludes_at_the_path_of_a_mark_is_tried_at_one_of_the_runs_own(
    mark: str, about: str, end: str
) -> None:
    assert _ends(_guard("flexmls"), "DELETE", f"/v1/contacts/tags/{mark}", about=about) == end


def test_changes_of_a_contact_are_allowed_by_name_and_to_those_it_is_set_aside_for() -> None:
    guard = _guard()
    guard.allow_changes("stub", "idx")

    assert _ends(guard, "PUT", f"{ONE}stub") == "sent"
    assert _ends(guard, "PUT", f"{ONE}stub", Identity("idx")) == "sent"
    assert _ends(guard, "PUT", f"{ONE}stub", Identity("portal")) == "care violated"
    assert _ends(guard, "PUT", f"{ONE}stub", ANONYMOUS) == "care violated"
    assert _ends(guard, "PUT", f"{ONE}foreign") == "care violated"


def test_a_contact_is_set_aside_for_one_identity_and_the_main_one() -> None:
    identities = {"private": Identity("private"), "idx": Identity("idx", {}, {"shared_contact": "theirs"})}
    guard = WriteGuard(
        contracts.load("spark"),
        providers.load("spark"),
        _journal(),
        a_target(REMOTE, provider="spark", identities=identities),
        Paths(contracts.load("spark"), {}),
        Ownership(contracts.load("spark"), providers.load("spark"), _journal(), TAG, _shows_nothing),
        "private",
    )

    ends = {r: _ends(guard, "PUT", f"{ONE}theirs", Identity(r)) for r in ("private", "idx", "public", "anonymous")}
    assert ends == {"private": "sent", "idx": "sent", "public": "care violated", "anonymous": "care violated"}
