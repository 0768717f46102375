"""What filters find of contacts that the target file sets aside, and whether the file is right about these.

That is looked at where a check goes wrong, as are the keys of the file.
"""

from collections.abc import Callable, Iterator
from functools import partial

from contacts_conformance.checks import expect
from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.http import Answer
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.providers.spark import equals, literal

_LOGIN = "LoginName"
_PRIVATE = ("Activity", "Portal")
_PAGES = 4
_PAGE = 25


def need_login(session: Session, contact: str, login: str) -> None:
    """NotVerified where the portal account of the contact shows another login name than that of the target file."""
    answer = session.contacts().send_read(contact, query=(("_expand", "Portal"),), legal=False)
    record = session.provider.record(answer) if answer.succeeded else None
    shown = logins(record or {})
    if shown and login not in shown:
        raise NotVerified(
            f'known.active_login = "{login}" in the target file is wrong: {answer.exchange.method} '
            f"{answer.exchange.url} shows another {_LOGIN}"
        )


def logins(record: Record) -> list[str]:
    """The login names that the expansion Portal shows of a contact."""
    return list(_under(_LOGIN, record.get("Portal")))


def need_invalid_address(session: Session, address: str) -> None:
    """NotVerified where none of the first hundred contacts has the address among those that are invalid."""
    contacts = session.contacts()
    for page in range(_PAGES):
        answer = contacts.send_list(session.provider.limiting(_PAGE, page * _PAGE), legal=False)
        records = contacts.page(answer).records if answer.succeeded else ()
        if any(address in (r.get("InvalidEmails") or ()) for r in records):
            return
        if len(records) < _PAGE:
            break
    raise NotVerified(
        f'known.invalid_email = "{address}" in the target file may be wrong: it is not found, and none of the first '
        f"{_PAGES * _PAGE} contacts shows it among InvalidEmails; write an address that a contact shows there"
    )


def need_right_keys(session: Session) -> None:
    """NotVerified where the main key is shown nothing that it alone may see of a contact, and another key all of that.

    No other requests than those for expansions tell a private key from an idx or a public key of the same agent.
    """
    main = session.main_role
    if "active" not in session.target.known or main not in session.target.identities:
        return
    if session.once("private expansions of the main key", lambda: _private_ones(session, main)):
        return
    for role in ("idx", "public"):
        if role in session.target.identities and _private_ones(session, role) == set(_PRIVATE):
            raise NotVerified(
                f"identities.{main} and identities.{role} in the target file are swapped: of contact "
                f"{session.target.known_id('active')}, {role} is shown {' and '.join(_PRIVATE)}, and {main} neither"
            )


def _private_ones(session: Session, role: str) -> set[str]:
    """Of the expansions that the main key alone is shown, those that a role is shown of the active contact."""
    query = (("_expand", ",".join(_PRIVATE)),)
    answer = session.contacts(role).send_read(session.target.known_id("active"), query=query, legal=False)
    record = (session.provider.record(answer) or {}) if answer.succeeded else {}
    daily = {"Activity"} if record.get("DailyActivity") else set()
    return {name for name in _PRIVATE if record.get(name)} | daily


def _under(name: str, node: Json) -> Iterator[str]:
    """Every text under a name, at any depth."""
    if isinstance(node, list):
        for each in node:
            yield from _under(name, each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == name and isinstance(value, str):
                yield value
            else:
                yield from _under(name, value)


def expect_match(
    session: Session,
    contact: str,
    condition: str,
    expected: bool,
    about: str,
    need: Callable[[], object] = bool,
    beside: Query = (),
) -> Answer:
    """Sends a condition for a contact that the target file sets aside, and expects that it finds the contact or not.

    `need` is called where it is not found and should be: it raises NotVerified where the target file is wrong.
    """
    contacts = session.contacts()
    answer = contacts.send_list((("_filter", f"{equals({'Id': contact})} And {condition}"), *beside))
    expect.success(answer, about)
    listed = contacts.ids(contacts.page(answer).records)
    if expected and contact not in listed:
        need()
    expect.that(
        (contact in listed) is expected,
        f"contact {contact}" if expected else f"no contact {contact}",
        f"contacts {', '.join(listed)}" if listed else "no contacts",
        about=about,
        kind="contacts",
        observed="missing" if expected else "extra",
        shown_by=answer,
    )
    return answer


def expect_login(session: Session, active: str, login: str) -> Answer:
    """That the login name of its portal account finds a contact, and others do not.

    The answer is the list that has found it, with the account where the main role may see that.
    """
    portal: Query = (("_expand", "Portal"),) if session.main_role == session.provider.main_role else ()
    answers: list[Answer] = []
    nearly = [n for n in (f"{login}x", f"x{login}", login[:-1], login[1:]) if n]
    for names, expected, about in (([login], True, "the name"), (nearly, False, "other names")):
        condition = f"PortalLoginName Eq {','.join(map(literal, names))}"
        need = partial(need_login, session, active, login)
        about = f"PortalLoginName Eq {about}"
        answers.append(expect_match(session, active, condition, expected, about, need, portal if expected else ()))
    return answers[0]
