"""What the server does with a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contacts_conformance.reference.flexmls.attributes import ATTRIBUTES, UNSENDABLE
from contacts_conformance.reference.flexmls.people import DIRECTORY
from contacts_conformance.reference.sparkapi import bodies, operations
from contacts_conformance.reference.sparkapi.calls import Api, Call, Operation
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.people import Role


def list_contacts(call: Call) -> Answer:
    """One page of the caller's contacts."""
    return operations.listed(call)


def list_tagged(call: Call) -> Answer:
    """One page of the caller's contacts that bear the tag in the path."""
    return operations.tagged(call)


def create_contact(call: Call) -> Answer:
    """New contacts of the caller: all that were sent, or none."""
    return success([operations.stored(_renamed(c), call) for c in _contacts(call)], call.manners.created)


def read_contact(call: Call) -> Answer:
    """The contact that the path names."""
    return operations.read(call)


def read_my_contact(call: Call) -> Answer:
    """The contact who is signed in."""
    call.contact = call.key.contact
    return operations.read(call)


OPERATIONS: Mapping[str, Operation] = {
    "listContacts": list_contacts,
    "createContact": create_contact,
    "readContact": read_contact,
    "listTagged": list_tagged,
    "readMyContact": read_my_contact,
}
"""By their ids in the contract."""

_AGENTS: frozenset[Role] = frozenset({"IDX"})

API = Api(
    provider="flexmls",
    attributes=ATTRIBUTES,
    methods={
        "/session": {"POST": "openSession"},
        "/contacts": {"GET": "listContacts", "POST": "createContact"},
        "/contacts/tags/{Tag}": {"GET": "listTagged"},
        "/contacts/{Id}": {"GET": "readContact"},
        "/my/contact": {"GET": "readMyContact"},
    },
    operations=OPERATIONS,
    roles={
        **dict.fromkeys(("listContacts", "createContact", "readContact", "listTagged"), _AGENTS),
        "readMyContact": frozenset({"Portal"}),
    },
    directory=DIRECTORY,
    documented=frozenset(OPERATIONS),
)


def _contacts(call: Call) -> list[dict[str, Any]]:
    d = bodies.envelope(call)
    if "Contacts" not in d:
        if call.manners.other_shape == "refused":
            raise Refusal(400, 1050, "D has no array Contacts")
        return [d]
    contacts = d["Contacts"]
    if not isinstance(contacts, list) or not contacts or not all(isinstance(c, dict) for c in contacts):
        raise Refusal(400, 1053, "Contacts is to be an array of objects", {"Contacts": "is no array of contacts"})
    return contacts


def _renamed(contact: Mapping[str, Any]) -> dict[str, Any]:
    """A contact with its tags under the name under which they are stored."""
    sent = {name: value for name, value in contact.items() if name not in UNSENDABLE}
    if "Tag" in sent:
        tags = sent.pop("Tag")
        sent["Tags"] = [tags] if isinstance(tags, str) else tags
    return sent
