"""The operations of the server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from contacts_conformance.reference.flexmls.attributes import ATTRIBUTES, UNSENDABLE
from contacts_conformance.reference.flexmls.users import DIRECTORY
from contacts_conformance.reference.sparkapi import bodies, operations
from contacts_conformance.reference.sparkapi.context import Api, Call, Operation
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal
from contacts_conformance.reference.sparkapi.users import Role

_SIGNING = ("AuthToken", "ApiSig", "ApiUser")
_HOME = {"HomeRegion": "[A-Z]{2}", "HomePostalCode": r"\d{5}(-\d{4})?"}
_PHONE = re.compile(r"^(\d{3})-(\d{3})-(\d{4})$")


def list_contacts(call: Call) -> Answer:
    """One page of the caller's contacts."""
    _plain(call)
    return operations.listed(call)


def list_tagged(call: Call) -> Answer:
    """One page of the caller's contacts that bear the tag in the path."""
    _plain(call)
    answer = operations.tagged(call)
    if call.options.unknown_tag == "404" and not answer.results:
        raise Refusal(404, 404, "Nobody bears this tag")
    return answer


def create_contact(call: Call) -> Answer:
    """New contacts of the caller: all that were sent, or none."""
    return operations.accepted([operations.stored(_own(_renamed(c), call), call) for c in _contacts(call)], call)


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
        if call.options.other_shape == "refused":
            raise Refusal(400, 1050, "D has no array Contacts")
        return [d]
    contacts = d["Contacts"]
    if not isinstance(contacts, list) or not contacts or not all(isinstance(c, dict) for c in contacts):
        raise Refusal(400, 1053, "Contacts is to be an array of objects", {"Contacts": "is no array of contacts"})
    return contacts


def _plain(call: Call) -> None:
    if call.options.parameters == "refused" and any(name not in _SIGNING for name, _ in call.parameters):
        raise Refusal(400, 1040, "This service takes no parameters")


def _own(sent: dict[str, Any], call: Call) -> dict[str, Any]:
    """What was sent, in the server's own manner of writing; Refusal where it is not what the server wants."""
    options = call.options
    if options.email == "needed" and not sent.get("PrimaryEmail"):
        raise Refusal(400, 1050, "PrimaryEmail is missing", {"PrimaryEmail": "is required"})
    if options.home == "checked":
        wrong = [n for n, shape in _HOME.items() if sent.get(n) and not re.fullmatch(shape, str(sent[n]))]
        if wrong:
            raise Refusal(400, 1053, "The home is nowhere", dict.fromkeys(wrong, "is none"))
    if options.phones == "written anew" and isinstance(sent.get("PrimaryPhoneNumber"), str):
        sent["PrimaryPhoneNumber"] = _PHONE.sub(r"(\1) \2-\3", sent["PrimaryPhoneNumber"])
    if options.own_tag:
        sent["Tags"] = [options.own_tag, *(sent.get("Tags") or ())]
    if options.tag_letters == "lower case":
        sent["Tags"] = [t.lower() if isinstance(t, str) else t for t in sent.get("Tags") or ()]
    return sent


def _renamed(contact: Mapping[str, Any]) -> dict[str, Any]:
    """A contact with its tags under the name under which they are stored."""
    sent = {name: value for name, value in contact.items() if name not in UNSENDABLE}
    if "Tag" in sent:
        tags = sent.pop("Tag")
        sent["Tags"] = [tags] if isinstance(tags, str) else tags
    return sent
