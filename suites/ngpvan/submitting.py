"""Create requests that the checks of NGP VAN share, with the values that they need from the target file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks import expect
from contacts_conformance.contract import Field
from contacts_conformance.errors import NotOffered, SetUpFailed
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json
from contacts_conformance.providers.ngpvan import PROVIDER, phone

_PREFERENCES = "communicationPreferences"


def submit(contacts: Contacts, body: Mapping[str, Json], **options: Any) -> Answer:
    """Submits a contact exactly so."""
    return contacts.send_create(body, marks={}, **options)


def refusal(contacts: Contacts, body: Mapping[str, Json]) -> Answer:
    """The answer to a contact that has to be refused."""
    return submit(contacts, body, legal=False)


def as_new(contacts: Contacts, attempt: Callable[[str], Answer]) -> Answer:
    """What an attempt with a mark of its own is answered, if it should be 201.

    Where it is 200, somebody may have been there by chance; so it is made once more, with another mark.
    """
    answer = attempt(contacts.account.mark())
    return attempt(contacts.account.mark()) if answer.status == 200 else answer


def expect_taken_or_refused(answer: Answer) -> None:
    """Expects a success (2xx) or a refusal (4xx), and nothing else."""
    expect.that(
        answer.succeeded or answer.refused,
        "a success (2xx) or a refusal (4xx)",
        answer.status_line,
        kind="status",
        observed=str(answer.status),
        shown_by=answer,
    )


def id_in(answer: Answer) -> str:
    """The contactId in a success; SetUpFailed where there is none."""
    contact = PROVIDER.created_id(answer) if answer.succeeded else None
    if contact is None:
        raise SetUpFailed(f"Setup failed: submitting a contact returned no contactId: {answer!r}")
    return contact


def known(contacts: Contacts, name: str) -> Json:
    """What the target file knows under a name, a number if it is one; NotOffered where it knows nothing."""
    value = contacts.account.target.known.get(name)
    if value is None:
        raise NotOffered(f"the target file gives no {name} (key {name} in the table [known])")
    return int(value) if value.isdecimal() and str(int(value)) == value else value


def preferences(contacts: Contacts) -> str:
    """The name of the preferences on this target; NotOffered where the target file gives none."""
    name = contacts.account.target.settings.get("preferences")
    if name is None:
        raise NotOffered("the target file does not name the preferences (key preferences in the table [settings])")
    return name


def value_of(contacts: Contacts, field: Field, mark: str) -> Json:
    """A value for a key that is not there yet; NotOffered where the target file has to give one and does not."""
    match field.name:
        case "prefix":
            return known(contacts, "prefix")
        case "phones":
            return [phone(mark)]
        case "externalLinks":
            source = str(known(contacts, "external_source"))
            return [{"externalSourceTypeId": source, "externalId": mark}]
        case "contactCodes":
            return [{"contactCodeId": known(contacts, "contact_code")}]
        case "disclosureFields":
            names = {"disclosureFieldId": "disclosure_field", "designationId": "designation"}
            ids = {key: known(contacts, name) for key, name in names.items()}
            return [{**ids, "value": known(contacts, "disclosure_value")}]
        case "communicationPreferences":
            return {str(known(contacts, "preference")): known(contacts, "preference_value")}
    return contacts.account.provider.sample(field, contacts.account.number())


def key_of(contacts: Contacts, field: Field) -> str:
    """The name of a key on this target; NotOffered where the target file has to give it and does not."""
    return preferences(contacts) if field.name == _PREFERENCES else field.name


def values_of(contacts: Contacts, fields: tuple[Field, ...], mark: str) -> dict[str, Any]:
    """The names and e-mail of a contact are there already; the others, as far as the target file knows them."""
    values: dict[str, Any] = {}
    for field in fields:
        try:
            values[key_of(contacts, field)] = value_of(contacts, field, mark)
        except NotOffered:
            continue
    return values
