"""What an account holds before any test begins; it is the same each time."""

from __future__ import annotations

from typing import Any

from contacts_conformance.reference.kit.seed import person
from contacts_conformance.reference.spark import users
from contacts_conformance.reference.sparkapi import instants
from contacts_conformance.reference.sparkapi.store import Store

_TAGS: tuple[list[str], ...] = (["Buyer"], ["Seller", "IDX Lead"], [], ["Web Leads"])
INVALID = "bounced@example.com"
ACTIVE_LOGIN = "reference-active-login"


def plant(store: Store, now: int, foreign: int) -> None:
    """Stores the two signed-in clients, an active and a dormant contact, the unconnected ones, and others."""
    for contact, name, idle in (
        (users.VOW_CONTACT, "Vera Vow", 1),
        (users.PORTAL_CONTACT, "Peter Portal", 2),
        (users.ACTIVE_CONTACT, "Agnes Active", 3),
        (users.DORMANT_CONTACT, "Doris Dormant", 90),
    ):
        active = contact == users.ACTIVE_CONTACT
        invited = now - 40 * instants.DAY
        own = {"Note": "Met at the fair.", "InvalidEmails": [INVALID], "PortalInvitationTimestamp": invited}
        more: dict[str, Any] = own if active else {}
        number = _added(store, {"Id": contact, **_named(name), **more}, now)
        login = ACTIVE_LOGIN if active else f"{name.split()[0].lower()}-login"
        store.set_portal(number, login=login, enabled=True, last_active=now - idle * instants.DAY)
        if active:
            _feed(store, number, now)
    for index, contact in enumerate(users.UNCONNECTED):
        number = _added(store, {"Id": contact, **_named(f"Una Unconnected{index}"), "RecordStatus": "Unconnected"}, now)
        store.set_portal(number, login=f"una{index}-login", enabled=True)
    for index in range(foreign):
        _added(store, _foreign(index), now - index * 37 * 3600 * instants.SECOND)


def _added(store: Store, values: dict[str, Any], now: int) -> int:
    stamps = {"CreatedTimestamp": now, "ModificationTimestamp": now}
    base = {"OwnerId": users.AGENT.id, "RecordStatus": "Connected", "NewsFeedNotificationUI": "NewsFeed"}
    return store.number(store.add({**base, **stamps, **values}))


def _feed(store: Store, number: int, now: int) -> None:
    store.set_tally(
        number,
        last_event=now - 2 * instants.DAY,
        last_notification=now - instants.DAY,
        unapproved=3,
        unread=5,
        unapproved_sent=1,
        unread_sent=2,
        score=42,
    )


def _named(name: str) -> dict[str, Any]:
    given, _, family = name.partition(" ")
    return {
        "DisplayName": name,
        "GivenName": given,
        "FamilyName": family,
        "PrimaryEmail": f"{name.replace(' ', '.').lower()}@example.com",
        "SecondaryEmails": [f"{given.lower()}.too@example.com"],
    }


def _foreign(index: int) -> dict[str, Any]:
    someone = person(index)
    return {
        "OwnerId": users.STRANGER.id if index % 5 == 4 else users.AGENT.id,
        "DisplayName": f"{someone.first} {someone.last}",
        "GivenName": someone.first,
        "FamilyName": someone.last,
        "PrimaryEmail": someone.email,
        "MobilePhoneNumber": someone.phone,
        "Tags": _TAGS[index % len(_TAGS)],
    }
