"""Ids that a target's own contacts show, for a target file that is being written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from contacts_conformance.account.account import Account
from contacts_conformance.account.contacts import Contacts
from contacts_conformance.contract import Field
from contacts_conformance.errors import NotOffered, NotVerified
from contacts_conformance.model import Json, Record
from contacts_conformance.target import Target


def find(target: Target) -> dict[str, str]:
    """Known ids by their keys, as the first contacts that the main role lists show them, in a field that takes such an
    id or in a member of its name; none where it lists nothing.

    Sends one request, which reads.
    """
    account = Account(target)
    account.guard.held = "nothing is written"
    try:
        return dict(_shown(account, _records(account)))
    finally:
        account.client.close()


def _records(account: Account) -> Sequence[Record]:
    with suppress(NotVerified, NotOffered):
        answer = Contacts(account, account.identity(account.main_role)).send_list()
        page = account.provider.page(answer) if answer.succeeded else None
        return page.records if page is not None else ()
    return ()


def _shown(account: Account, records: Sequence[Record]) -> Iterator[tuple[str, str]]:
    for field in account.contract.fields:
        if field.known:
            values = (_id(field, record.get(n)) for record in records for n in (field.shown_as, field.known))
            found = next((v for v in values if v), "")
            if found:
                yield field.known, found


def _id(field: Field, value: Json) -> str:
    """The id in what a contact shows of a field: itself, or the member `id` of an object."""
    if isinstance(value, dict):
        value = value.get("id")
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) and field.kind != "list" else ""
