"""All faults of the server: those that both generations can have, and those of this one."""

from __future__ import annotations

from contacts_conformance.reference.flexmls.attributes import ATTRIBUTES, SETTABLE, SHOWN
from contacts_conformance.reference.flexmls.faults import contacts, doors, forms, kept, lists, seams
from contacts_conformance.reference.flexmls.operations import API
from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.sparkapi.faults import catalogue

_REFUSED = (
    "PUT.v1.contacts",
    "DELETE.v1.contacts",
    *(
        f"{method}.v1.{path}"
        for path in ("contacts.Id", "contacts.tags.Tag", "my.contact")
        for method in ("POST", "PUT", "DELETE")
    ),
)

_PROMISES = catalogue.Promises(
    wrong={name: {} if name in ATTRIBUTES and ATTRIBUTES[name].is_list else 7 for name in SHOWN},
    stored=[name for name in SETTABLE if name != "Notify"],
    kinds=["create"],
    stored_as={"Tag": "Tags"},
    optional=[name for name in SETTABLE if name != "DisplayName"],
    required=["DisplayName"],
    read_only={"Id": ["Id"], "ResourceUri": ["ResourceUri"]},
    refused=_REFUSED,
    failing=["400"],
    default_size="page.size",
)

FAULTS = Catalogue(
    catalogue.of(API, _PROMISES), contacts.FAULTS, lists.FAULTS, kept.FAULTS, forms.FAULTS, doors.FAULTS, seams.FAULTS
)
"""All of them, by their names."""
