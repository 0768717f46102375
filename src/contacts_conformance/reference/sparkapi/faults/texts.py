"""Faults of texts: what is kept of them, and how they are counted."""

from __future__ import annotations

import json
from typing import Any

from contacts_conformance.reference.kit import text_faults
from contacts_conformance.reference.kit.faults import Catalogue, Register, catalogue
from contacts_conformance.reference.sparkapi.context import Api, Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Refusal


def faults(api: Api) -> Catalogue:
    """The faults of texts of a generation."""
    return Catalogue(
        text_faults.of_storing(api.provider, Hooks.text),
        text_faults.of_counting(api.provider, Hooks.limit),
        _of_line_feeds(api),
        _of_refusals(api),
    )


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
