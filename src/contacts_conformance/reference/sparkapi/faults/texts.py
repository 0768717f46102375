"""Faults of texts: what is kept of them, and how they are counted."""

from __future__ import annotations

import json
from typing import Any

from contacts_conformance.reference.kit import one_field_faults, text_faults
from contacts_conformance.reference.kit.faults import Catalogue, Register, catalogue
from contacts_conformance.reference.sparkapi.context import Api, Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Refusal

_TEXTS = {
    "spark": ("WorkLocality", "Pets", "SpouseMiddleName", "HomePostalCode", "Position", "Salutation", "DisplayName"),
    "flexmls": ("HomeLocality", "DisplayName", "HomeStreetAddress"),
}


def _fails() -> Refusal:
    return Refusal(500, 1500, "Something went wrong")


def _refuses() -> Refusal:
    return Refusal(400, 1053, "Some attributes break their constraints", {"text": "is not valid"})


def faults(api: Api) -> Catalogue:
    """The faults of texts of a generation."""
    return Catalogue(
        text_faults.of_storing(api.provider, Hooks.text),
        text_faults.of_counting(api.provider, Hooks.limit),
        one_field_faults.of_texts(api.provider, Hooks.text, _fails, _TEXTS[api.provider]),
        one_field_faults.of_addresses(api.provider, Hooks.text, _refuses, ("PrimaryEmail",)),
        one_field_faults.of_numbers(api.provider, Hooks.text, _refuses, ("PrimaryPhoneNumber",), ()),
        _of_entries(api),
        _of_line_feeds(api),
        _of_refusals(api),
    )


@catalogue
def _of_entries(fault: Register, api: Api) -> None:
    tags = "Tags" if api.provider == "spark" else "Tag"

    @fault(breaks=f"{api.provider}.field.{tags}.create", at=Hooks.inserted)
    def tags_are_split_at_commas(values: dict[str, Any]) -> dict[str, Any]:
        """A tag with a comma is stored as several ones."""
        return values | {"Tags": [part for t in values.get("Tags") or () for part in t.split(",")]}

    @fault(breaks=f"{api.provider}.field.{tags}.create", at=Hooks.inserted)
    def third_tag_is_lost(values: dict[str, Any]) -> dict[str, Any]:
        """Of the tags of a new contact two are kept, and the last one."""
        listed = list(values.get("Tags") or ())
        return values | {"Tags": [*listed[:2], *listed[2:][-1:]]}


@catalogue
def _of_line_feeds(fault: Register, api: Api) -> None:
    named = f"{api.provider}.text"

    @fault(breaks=f"{named}.line-feed", at=Hooks.text)
    def line_feed_becomes_a_comma(text: str, attribute: str) -> str:
        """The line feed in a street address is stored as a comma."""
        return text.replace("\n", ", ") if attribute == "HomeStreetAddress" else text

    @fault(breaks=f"{named}.line-feed", at=Hooks.text)
    def second_line_is_lost(text: str, attribute: str) -> str:
        """A street address loses its second line."""
        return text.partition("\n")[0] if attribute == "HomeStreetAddress" else text


@catalogue
def _of_refusals(fault: Register, api: Api) -> None:
    named = f"{api.provider}.text"

    if api.provider == "spark":

        @fault(breaks=f"{named}.refused-is-not-stored", at=Hooks.refusal)
        def too_long_is_refused_but_stored(refusal: Refusal, call: Call) -> Refusal:
            """A new contact with a text above its limit is refused, and stored without that text."""
            too_long = [name for name, why in refusal.errors.items() if "longer than" in why]
            if call.operation == "createContact" and too_long:
                sent: dict[str, Any] = json.loads(call.body)["D"]
                kept = {n: v for n, v in sent.items() if n not in too_long and n in api.tables.contacts.c}
                lists = {n: v for n, v in sent.items() if n in api.tables.lists}
                now = call.now()
                stamps = {"CreatedTimestamp": now, "ModificationTimestamp": now}
                call.store.add({"OwnerId": call.user, "RecordStatus": "Connected", **stamps, **kept, **lists})
                call.keeps = True
            return refusal
