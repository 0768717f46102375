"""The fields of a contact, read from the page for the second time; a test compares them with the contract."""

from __future__ import annotations

from contacts_conformance.reference.sparkapi.attributes import Attribute, Attributes, Kind, named

_NAMES = ("GivenName", "MiddleName", "FamilyName", "SpouseGivenName", "SpouseMiddleName", "SpouseFamilyName")
_PHONES = ("Home", "Work", "Fax", "Mobile", "Pager", "Other")
_PARTS = ("StreetAddress", "Locality", "Region", "PostalCode")
_PERSON = (
    "Organization", "Position", "Birthday", "Anniversary", "Assistant", "Children", "Status", "Pets", "ReferredBy",
    "Salutation",
)  # fmt: skip


def _kept(*names: str, kind: Kind = "text", shown: bool = True) -> list[Attribute]:
    return [Attribute(name, kind, writeable=False, shown=shown) for name in names]


ATTRIBUTES: Attributes = named(
    *_kept("Id"),
    Attribute("DisplayName", limit=75, required=True),
    Attribute("PrimaryEmail", limit=75),
    *_kept("SecondaryEmails", kind="list"),
    *_kept(*_NAMES),
    Attribute("PrimaryPhoneNumber"),
    *_kept(*(f"{kind}PhoneNumber" for kind in _PHONES)),
    *(Attribute(f"Home{part}") for part in _PARTS),
    *_kept(*(f"Work{part}" for part in _PARTS), *_PERSON),
    *_kept("Other", kind="list"),
    Attribute("Tags", "list"),
    Attribute("Notify", "flag", stored=False, shown=False),
    *_kept("OwnerId", "RecordStatus", shown=False),
    *_kept("ModificationTimestamp", "CreatedTimestamp", kind="instant", shown=False),
)

UNSENDABLE = ("Tags",)
"""What is answered under a name that no caller may send."""
SETTABLE = tuple("Tag" if a.name == "Tags" else a.name for a in ATTRIBUTES.values() if a.writeable)
SHOWN = ("ResourceUri", *(a.name for a in ATTRIBUTES.values() if a.shown))
LIMITED = tuple(a.name for a in ATTRIBUTES.values() if a.limit)
