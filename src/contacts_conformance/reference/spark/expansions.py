"""The eight expansions: what each adds to a contact, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from contacts_conformance.reference.sparkapi import instants, showing
from contacts_conformance.reference.sparkapi.context import Call
from contacts_conformance.reference.sparkapi.filters import ACTIVE_DAYS
from contacts_conformance.reference.sparkapi.store import Row
from contacts_conformance.reference.sparkapi.users import Role

_FEED = {
    "LastListingEventTimestamp": "last_event",
    "UnapprovedListingEventCount": "unapproved",
    "UnreadListingEventCount": "unread",
}
_SENT = {
    "LastListingNotificationEventTimestamp": "last_notification",
    "UnapprovedListingNotificationEventCount": "unapproved_sent",
    "UnreadListingNotificationEventCount": "unread_sent",
}


def activity(row: Row, call: Call) -> dict[str, Any]:
    """How active the contact is; day by day where one contact is asked for."""
    score = (call.store.tally(row["number"]) or {}).get("score") or 0
    told: dict[str, Any] = {"ActivityScore": score}
    if call.operation == "readContact":
        told["DailyActivity"] = [{"Score": score * (d % 3), "RelativeScore": d % 3} for d in range(30)]
    return {"Activity": told}


def news_feed_summary(row: Row, call: Call) -> dict[str, Any]:
    """The contact's news feeds in figures."""
    return _summary("NewsFeedSummary", _FEED, row, call)


def news_feed_notification_summary(row: Row, call: Call) -> dict[str, Any]:
    """The notifications of the contact's news feeds in figures."""
    return _summary("NewsFeedNotificationSummary", _SENT, row, call)


def notes(row: Row, call: Call) -> dict[str, Any]:
    """The notes on the contact."""
    note = row["Note"]
    when = showing.instant(row["ModificationTimestamp"], call)
    return {"Notes": [{"Note": note, "ModificationTimestamp": when}] if note else []}


def portal(row: Row, call: Call) -> dict[str, Any]:
    """The portal account of the contact, in an array of at most one."""
    account = call.store.portal(row["number"])
    if account is None:
        return {"Portal": []}
    told = {
        "Id": f"20120225{row['number']:018}",
        "ResourceUri": f"/v1/contacts/{quote(row['Id'], safe='')}/portal",
        "LoginName": account["login"],
        "LastActive": showing.instant(account["last_active"], call),
        "Enabled": bool(account["enabled"]),
    }
    return {"Portal": [told]}


def vow_active(row: Row, call: Call) -> dict[str, Any]:
    """Whether somebody was in the contact's portal within thirty days."""
    last = (call.store.portal(row["number"]) or {}).get("last_active")
    return {"VowActive": last is not None and last >= call.now() - ACTIVE_DAYS * instants.DAY}


def vow_enabled(row: Row, call: Call) -> dict[str, Any]:
    """Whether the contact has a portal account, and whether it is enabled."""
    account = call.store.portal(row["number"])
    told = {"VowExists": account is not None, "VowEnabled": account is not None and bool(account["enabled"])}
    hidden = {"both": "", "exists": "VowEnabled", "enabled": "VowExists"}[call.options.vow]
    return {k: v for k, v in told.items() if k != hidden}


def unique_primary_email(row: Row, call: Call) -> dict[str, Any]:
    """Whether no other contact has the primary address."""
    contacts = call.store.tables.contacts
    same = call.store.count([contacts.c.PrimaryEmail == row["PrimaryEmail"], contacts.c.OwnerId == row["OwnerId"]])
    return {"UniquePrimaryEmail": same == 1}


_ALL: dict[str, Callable[[Row, Call], dict[str, Any]]] = {
    "Activity": activity,
    "NewsFeedSummary": news_feed_summary,
    "NewsFeedNotificationSummary": news_feed_notification_summary,
    "Notes": notes,
    "Portal": portal,
    "VowActive": vow_active,
    "VowEnabled": vow_enabled,
    "UniquePrimaryEmail": unique_primary_email,
    "UniquePrimaryEmailCheck": unique_primary_email,
}
NAMES = tuple(name for name in _ALL if name != "UniquePrimaryEmailCheck")
MEMBERS = {
    "Activity": ("Activity",),
    "NewsFeedSummary": ("NewsFeedSummary", *_FEED),
    "NewsFeedNotificationSummary": ("NewsFeedNotificationSummary", *_SENT),
    "Notes": ("Notes",),
    "Portal": ("Portal",),
    "VowActive": ("VowActive",),
    "VowEnabled": ("VowExists", "VowEnabled"),
    "UniquePrimaryEmail": ("UniquePrimaryEmail",),
}
"""What each may add, by name."""
_ROLES: dict[str, frozenset[Role]] = {
    "Activity": frozenset({"Private"}),
    "Portal": frozenset({"Private", "VOW", "Portal"}),
}


def of(call: Call) -> showing.Expansions:
    """The expansions that the caller's role may ask for."""
    allowed = {n: make for n, make in _ALL.items() if n not in _ROLES or call.key.role in _ROLES[n]}
    if call.options.unique == "check only":
        del allowed["UniquePrimaryEmail"]
    return allowed


def _summary(heading: str, members: dict[str, str], row: Row, call: Call) -> dict[str, Any]:
    tally = call.store.tally(row["number"]) or {}
    told: dict[str, Any] = {}
    for name, column in members.items():
        number = tally.get(column)
        if number is None and name == "LastListingEventTimestamp" and call.options.no_event == "creation":
            number = row["CreatedTimestamp"]
        if number is None and name.endswith("Timestamp") and call.options.no_event == "missing":
            continue
        told[name] = showing.instant(number, call) if name.endswith("Timestamp") else number or 0
    return told if call.options.headings == "flat" else {heading: told}
