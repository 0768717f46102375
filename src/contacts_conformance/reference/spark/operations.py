"""The operations of the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contacts_conformance.reference.spark import expansions
from contacts_conformance.reference.spark.attributes import ATTRIBUTES, PERMITTED
from contacts_conformance.reference.spark.users import DIRECTORY
from contacts_conformance.reference.sparkapi import bodies, listing, operations, showing
from contacts_conformance.reference.sparkapi.context import Api, Call, Operation
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.users import Role

STATUSES = ("Connected", "Unconnected")


def list_contacts(call: Call) -> Answer:
    """One page of the caller's contacts.

    Raises Refusal (1050) where no parameter was sent, and the server wants one.
    """
    if call.options.plain_lists == "refused" and not any(n.startswith("_") for n, _ in call.parameters):
        raise Refusal(400, 1050, "A parameter is missing")
    return operations.listed(call, expansions.of(call))


def list_unconnected(call: Call) -> Answer:
    """One page of the contacts that nobody is connected to yet."""
    return showing.page(listing.asked((operations.mine(call, "Unconnected"),), call), call, expansions.of(call))


def list_tagged(call: Call) -> Answer:
    """One page of the caller's contacts that bear a tag."""
    return operations.tagged(call, expansions.of(call))


def list_tags(call: Call) -> Answer:
    """The tags that the caller's contacts bear."""
    tags = call.store.tags([operations.mine(call)])
    return success([{"ResourceUri": f"/v1/contacts/tags/{t}", "Tag": t} for t in tags])


def create_contact(call: Call) -> Answer:
    """A new contact of the caller, with a portal account."""
    sent = _object(call)
    _status_fits(sent, "Connected")
    _subset(sent, {}, call)
    told = operations.stored(sent, call)
    row = call.store.row(told["ResourceUri"].rpartition("/")[2])
    if row is not None:
        call.store.set_portal(row["number"], login=row["PrimaryEmail"], enabled=True)
    return operations.accepted([told], call)


def read_contact(call: Call) -> Answer:
    """The contact that the path names."""
    return operations.read(call, expansions.of(call))


def change_contact(call: Call) -> Answer:
    """The contact that the path names gets the attributes that were sent, or another owner."""
    row = operations.seen(call)
    sent = call.hooks.sent(_object(call), call)
    if "OwnerId" in sent:
        return _transferred(sent, row, call)
    _status_fits(sent, row["RecordStatus"])
    return operations.changed(_subset(bodies.checked(sent, call), row, call), row, call)


def remove_contact(call: Call) -> Answer:
    """The end of the contact that the path names."""
    return operations.removed(call)


def read_my_contact(call: Call) -> Answer:
    """The contact who is signed in."""
    call.contact = call.key.contact
    return operations.read(call, expansions.of(call))


def change_my_contact(call: Call) -> Answer:
    """The contact who is signed in gets the attributes that were sent, as far as they are permitted."""
    call.contact = call.key.contact
    row = operations.seen(call)
    sent = call.hooks.sent(_object(call), call)
    wrong = [n for n in sent if not call.hooks.permitted(n in PERMITTED, n, call)]
    if wrong and call.options.forbidden == "refused":
        raise Refusal(400, 1053, "Some attributes may not be changed here", dict.fromkeys(wrong, "is not permitted"))
    values = bodies.checked({k: v for k, v in sent.items() if k not in wrong}, call)
    return operations.changed(_subset(values, row, call), row, call)


OPERATIONS: Mapping[str, Operation] = {
    "listContacts": list_contacts,
    "createContact": create_contact,
    "listUnconnected": list_unconnected,
    "readContact": read_contact,
    "changeContact": change_contact,
    "removeContact": remove_contact,
    "readMyContact": read_my_contact,
    "changeMyContact": change_my_contact,
    "listTags": list_tags,
    "listTagged": list_tagged,
}
"""By their ids in the contract; the last two belong to a neighbouring page."""

_READERS: frozenset[Role] = frozenset({"Private", "IDX", "Public"})
_WRITERS: frozenset[Role] = frozenset({"Private", "IDX"})
_CLIENTS: frozenset[Role] = frozenset({"VOW", "Portal"})

API = Api(
    provider="spark",
    attributes=ATTRIBUTES,
    methods={
        "/session": {"POST": "openSession"},
        "/contacts": {"GET": "listContacts", "POST": "createContact"},
        "/contacts/unconnected": {"GET": "listUnconnected"},
        "/contacts/tags": {"GET": "listTags"},
        "/contacts/tags/{Tag}": {"GET": "listTagged"},
        "/contacts/{Id}": {"GET": "readContact", "PUT": "changeContact", "DELETE": "removeContact"},
        "/my/contact": {"GET": "readMyContact", "PUT": "changeMyContact"},
    },
    operations=OPERATIONS,
    roles={
        **dict.fromkeys(("listContacts", "listUnconnected", "readContact", "listTags", "listTagged"), _READERS),
        **dict.fromkeys(("createContact", "changeContact", "removeContact"), _WRITERS),
        **dict.fromkeys(("readMyContact", "changeMyContact"), _CLIENTS),
    },
    directory=DIRECTORY,
    documented=frozenset(OPERATIONS) - {"listTags", "listTagged"},
    expansions=expansions.NAMES,
    defaults={"NewsFeedNotificationUI": "NewsFeed"},
)


def _object(call: Call) -> dict[str, Any]:
    d = bodies.envelope(call)
    if "Contacts" not in d:
        return d
    contacts = d["Contacts"]
    if call.options.other_shape == "refused" or not isinstance(contacts, list) or len(contacts) != 1:
        raise Refusal(400, 1053, "D is to be the contact", {"Contacts": "is no attribute"})
    if not isinstance(contacts[0], dict):
        raise Refusal(400, 1053, "A contact is to be an object", {"Contacts": "holds something else"})
    return contacts[0]


def _status_fits(sent: dict[str, Any], before: str) -> None:
    if "RecordStatus" not in sent:
        return
    if sent["RecordStatus"] not in STATUSES:
        raise Refusal(400, 1053, "No such status", {"RecordStatus": "is neither Connected nor Unconnected"})
    if sent["RecordStatus"] == "Unconnected" and before == "Connected":
        raise Refusal(400, 1053, "A contact cannot be disconnected", {"RecordStatus": "stays Connected"})


def _subset(values: dict[str, Any], before: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """The values, with no address for notifications that is not among the secondary ones."""
    names = ("AdditionalNotificationEmails", "SecondaryEmails")
    if not any(name in values for name in names):
        return values
    notified, secondary = (values.get(name, before.get(name)) or [] for name in names)
    if not isinstance(notified, list) or not isinstance(secondary, list):
        return values  # what is no list is refused for that
    inside = [address for address in notified if address in secondary]
    if inside == notified:
        return values
    if names[0] in values and call.options.no_subset == "refused":
        raise Refusal(400, 1053, "Not all addresses are secondary ones", {names[0]: "is no subset of SecondaryEmails"})
    values[names[0]] = inside
    return values


def _transferred(sent: dict[str, Any], row: Row, call: Call) -> Answer:
    if set(sent) != {"OwnerId"}:
        raise Refusal(400, 1053, "OwnerId stands alone", {"OwnerId": "cannot be sent with another attribute"})
    owner = sent["OwnerId"]
    if not isinstance(owner, str) or owner not in DIRECTORY.agents:
        raise Refusal(400, 1053, "There is no such owner", {"OwnerId": "is unknown"})
    if not call.hooks.in_scope(_in_scope(owner, call), row, owner, call):
        status, code = call.options.out_of_scope
        raise Refusal(status, code, "The contact may not be transferred to this owner")
    return operations.changed({"OwnerId": owner, "RecordStatus": "Connected"}, row, call)


def _in_scope(owner: str, call: Call) -> bool:
    mine, theirs = call.key.agent, DIRECTORY.agents[owner]
    if mine.is_admin:
        return mine.mls == theirs.mls
    return mine.mls == theirs.mls and (mine.office == theirs.office or mine.company == theirs.company)
