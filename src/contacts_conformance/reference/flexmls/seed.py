"""What an account holds before any test begins; it is the same each time."""

from __future__ import annotations

from typing import Any

from contacts_conformance.reference.flexmls import users
from contacts_conformance.reference.flexmls.attributes import ATTRIBUTES
from contacts_conformance.reference.kit.seed import Person, person
from contacts_conformance.reference.sparkapi.store import Store

TAGGED = "Web Leads"
_UNWRITTEN = ("Id", "OwnerId", "RecordStatus")


def plant(store: Store, now: int, foreign: int) -> None:
    """Stores the signed-in client and a second contact, both with every field, and others."""
    for contact, name in ((users.CLIENT, "Peter Portal"), ("", "Walter Whole")):
        _add(store, {**_whole(name), **({"Id": contact} if contact else {})}, now)
    for index in range(foreign):
        someone = person(index)
        tags = ([], [TAGGED], ["Hot Prospects"])[index % 3]
        owner = users.OTHER.id if index % 5 == 4 else users.AGENT.id
        _add(store, {"OwnerId": owner, **_named(someone), "Tags": tags}, now)


def _add(store: Store, values: dict[str, Any], now: int) -> None:
    stamps = {"CreatedTimestamp": now, "ModificationTimestamp": now}
    store.add({"OwnerId": users.AGENT.id, "RecordStatus": "Connected", **stamps, **values})


def _named(someone: Person) -> dict[str, Any]:
    return {"DisplayName": f"{someone.first} {someone.last}", "PrimaryEmail": someone.email}


def _whole(name: str) -> dict[str, Any]:
    given, _, family = name.partition(" ")
    texts = {a.name: f"{given}'s" for a in ATTRIBUTES.values() if a.kind == "text" and a.name not in _UNWRITTEN}
    phones = {name: "202-555-0101" for name in texts if name.endswith("PhoneNumber")}
    return {
        **texts,
        **phones,
        "DisplayName": name,
        "GivenName": given,
        "FamilyName": family,
        "PrimaryEmail": f"{given.lower()}@example.com",
        "SecondaryEmails": [f"{given.lower()}.too@example.com"],
        "HomeStreetAddress": "12 Example Street\nApt 3",
        "Other": ["prefers mornings"],
        "Tags": [TAGGED],
    }
