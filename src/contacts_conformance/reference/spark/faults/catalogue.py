"""All faults of the server."""

from __future__ import annotations

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.spark.attributes import ATTRIBUTES, WRITEABLE
from contacts_conformance.reference.spark.expansions import MEMBERS
from contacts_conformance.reference.spark.faults import (
    beside,
    changes,
    comparisons,
    connectors,
    further,
    lacks,
    lists,
    moments,
    my,
    narrow,
    patterns,
    transfers,
    values,
    values_kept,
    views,
)
from contacts_conformance.reference.spark.operations import API
from contacts_conformance.reference.sparkapi.faults import catalogue, pages

_REFUSED = (
    *(f"{method}.v1.contacts" for method in ("PUT", "DELETE")),
    *(f"{method}.v1.contacts.unconnected" for method in ("POST", "PUT", "DELETE")),
    "POST.v1.contacts.Id",
    *(f"{method}.v1.my.contact" for method in ("POST", "DELETE")),
)
_WRONG_OF_KIND = {"text": 7, "instant": 1467375131, "list": {}, "flag": "yes"}
_SHOWN = ("ResourceUri", *(a.name for a in ATTRIBUTES.values() if a.shown and a.name != "Note"))
_EXPANDED = tuple(name for names in MEMBERS.values() for name in names)


def _wrong(name: str) -> object:
    if name in ATTRIBUTES:
        return _WRONG_OF_KIND[ATTRIBUTES[name].kind]
    if name.endswith("Timestamp"):
        return _WRONG_OF_KIND["instant"]
    return 7 if name in ("ResourceUri", "Activity", "Notes", "NewsFeedSummary", "Portal") else "many"


_OWN = (
    "Id",
    "ResourceUri",
    "InvalidEmails",
    "ModificationTimestamp",
    "CreatedTimestamp",
    "NewsFeedNotificationUI",
    "PortalInvitationTimestamp",
    "PortalLoginName",
    "LastListingEventTimestamp",
    "LastListingNotificationEventTimestamp",
)

_PROMISES = catalogue.Promises(
    wrong={name: _wrong(name) for name in (*_SHOWN, *_EXPANDED, "PortalLoginName")},
    below={name: heading for heading, names in MEMBERS.items() for name in names[1:] if heading.startswith("News")},
    stored=[name for name in WRITEABLE if name not in ("Settings", "Note")],
    kinds=["create", "change"],
    optional=[a.name for a in ATTRIBUTES.values() if a.writeable and not a.required],
    required=["DisplayName", "PrimaryEmail"],
    read_only={**{name: [name] for name in _OWN}, "expansions": _EXPANDED},
    refused=_REFUSED,
    failing=["400", "401", "404"],
    default_size="list.default-limit",
)

FAULTS = Catalogue(
    catalogue.of(API, _PROMISES),
    pages.of_limits(API),
    changes.FAULTS,
    transfers.FAULTS,
    my.FAULTS,
    lists.FAULTS,
    lacks.FAULTS,
    comparisons.FAULTS,
    connectors.FAULTS,
    values.FAULTS,
    patterns.FAULTS,
    values_kept.FAULTS,
    beside.FAULTS,
    views.FAULTS,
    narrow.FAULTS,
    moments.FAULTS,
    further.FAULTS,
)
"""All of them, by their names."""
