"""Whether the target file is right about what it sets aside and about its keys, looked at where a check goes wrong."""

from collections.abc import Iterator

from contacts_conformance.checks.session import Session
from contacts_conformance.errors import NotVerified
from contacts_conformance.model import Json

_LOGIN = "LoginName"
_PRIVATE = ("Activity", "Portal")
_PAGES = 4
_PAGE = 25


def need_login(session: Session, contact: str, login: str) -> None:
    """NotVerified where the portal account of the contact shows another login name than that of the target file."""
    answer = session.contacts().send_read(contact, query=(("_expand", "Portal"),), legal=False)
    record = session.provider.record(answer) if answer.succeeded else None
    shown = list(_under(_LOGIN, (record or {}).get("Portal")))
    if shown and login not in shown:
        raise NotVerified(
            f'known.active_login = "{login}" in the target file is wrong: {answer.exchange.method} '
            f"{answer.exchange.url} shows another {_LOGIN}"
        )


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
