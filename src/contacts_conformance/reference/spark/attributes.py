"""The attributes of a contact, read from the page for the second time; a test compares them with the contract."""

from __future__ import annotations

from contacts_conformance.reference.sparkapi.attributes import Attribute, Attributes, named

_NAMES = ("GivenName", "MiddleName", "FamilyName", "SpouseGivenName", "SpouseMiddleName", "SpouseFamilyName")
_PHONES = ("PrimaryPhoneNumber", "HomePhoneNumber", "WorkPhoneNumber", "FaxPhoneNumber")
_MORE_PHONES = ("MobilePhoneNumber", "PagerPhoneNumber", "OtherPhoneNumber")
_PLACES = tuple(
    f"{at}{part}" for at in ("Home", "Work") for part in ("StreetAddress", "Locality", "Region", "PostalCode")
)
_PERSON = (
    "Organization", "Position", "Birthday", "Anniversary", "Assistant", "Children", "Status", "Other", "Pets",
    "ReferredBy", "Salutation",
)  # fmt: skip


def _texts(names: tuple[str, ...]) -> list[Attribute]:
    return [Attribute(name, limit=300) for name in names]


def _fixed(name: str, kind: str = "text", **more: bool) -> Attribute:
    return Attribute(name, kind, writeable=False, **{"searchable": False, **more})  # type: ignore[arg-type]  # both are literals of ours


ATTRIBUTES: Attributes = named(
    _fixed("Id", searchable=True),
    Attribute("DisplayName", limit=75, required=True),
    _fixed("OwnerId"),
    Attribute("RecordStatus", searchable=False),
    Attribute("PrimaryEmail", limit=75, required=True),
    Attribute("SecondaryEmails", "list", searchable=False),
    Attribute("AdditionalNotificationEmails", "list", searchable=False),
    _fixed("InvalidEmails", "list", searchable=True),
    *_texts((*_NAMES, *_PHONES)),
    Attribute("MobilePhoneCountryCode", limit=2),
    *_texts((*_MORE_PHONES, *_PLACES, *_PERSON)),
    _fixed("ModificationTimestamp", "instant", searchable=True),
    _fixed("CreatedTimestamp", "instant", searchable=True),
    Attribute("Tags", "list", limit=75),
    _fixed("NewsFeedNotificationUI"),
    _fixed("PortalInvitationTimestamp", "instant"),
    Attribute("Settings", "flag", searchable=False, stored=False, members=("ReverseProspecting",)),
    _fixed("ReverseProspecting", "flag", shown=False),
    Attribute("Note", limit=10_000, searchable=False),
    Attribute("Notify", "flag", searchable=False, stored=False, shown=False),
    _fixed("VowActive", "flag", searchable=True, stored=False, shown=False),
    _fixed("PortalLoginName", searchable=True, stored=False, shown=False),
)

PERMITTED = (
    "AdditionalNotificationEmails", "FamilyName", "GivenName", "HomeLocality", "HomePhoneNumber", "HomePostalCode",
    "HomeRegion", "HomeStreetAddress", "MiddleName", "MobilePhoneCountryCode", "MobilePhoneNumber", "OtherPhoneNumber",
    "PagerPhoneNumber", "PrimaryEmail", "PrimaryPhoneNumber", "SecondaryEmails", "WorkPhoneNumber",
)  # fmt: skip
"""What a contact who is signed in may change of itself."""

LIMITED = tuple(a.name for a in ATTRIBUTES.values() if a.limit)
SEARCHABLE = tuple(a.name for a in ATTRIBUTES.values() if a.searchable)
WRITEABLE = tuple(a.name for a in ATTRIBUTES.values() if a.writeable and a.name != "Notify")
