"""Faults of texts: what is kept of them, and how they are counted."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from typing import Any

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.sparkapi.context import Api, Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Refusal


def faults(api: Api) -> Catalogue:
    """Those of one generation."""
    return Catalogue(_kept(api), _counted(api))


def _kept(api: Api) -> Catalogue:
    catalogue = Catalogue()
    fault = catalogue.fault
    named = f"{api.provider}.text"

    @fault(breaks=f"{named}.round-trip", at=Hooks.text)
    def signs_are_escaped(text: str) -> str:
        """Texts are stored with `<`, `>` and `&` as HTML writes them."""
        return html.escape(text, quote=False)

    @fault(breaks=f"{named}.round-trip", at=Hooks.text)
    def quotes_are_doubled(text: str) -> str:
        """Texts are stored with every apostrophe twice."""
        return text.replace("'", "''")

    @fault(breaks=f"{named}.round-trip", at=Hooks.text)
    def leading_zeros_are_lost(text: str) -> str:
        """A text of digits loses its leading zeros."""
        return text.lstrip("0") or "0" if text.isdecimal() else text

    @fault(breaks=f"{named}.round-trip", at=Hooks.text)
    def accents_are_lost(text: str) -> str:
        """Letters are stored without their accents."""
        return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))

    @fault(breaks=f"{named}.round-trip", at=Hooks.text)
    def letters_outside_latin_1_become_question_marks(text: str) -> str:
        """Letters outside Latin-1 are stored as question marks."""
        return re.sub(r"[\u0100-\uffff]", "?", text)

    @fault(breaks=f"{named}.code-like", at=Hooks.text)
    def markup_is_stripped(text: str) -> str:
        """Tags of HTML are taken out of texts."""
        return re.sub(r"<[^>]*>", "", text)

    @fault(breaks=f"{named}.wide-characters", at=Hooks.text)
    def wide_characters_are_replaced(text: str) -> str:
        """A character outside the basic plane is stored as a replacement character."""
        return re.sub(r"[\U00010000-\U0010ffff]", "\ufffd", text)

    @fault(breaks=f"{named}.wide-characters", at=Hooks.text)
    def tabs_become_blanks(text: str) -> str:
        """A tab inside a text is stored as a blank."""
        return text.replace("\t", " ")

    @fault(breaks=f"{named}.line-feed", at=Hooks.text)
    def line_feed_becomes_a_comma(text: str, attribute: str) -> str:
        """The line feed in a street address is stored as a comma."""
        return text.replace("\n", ", ") if attribute == "HomeStreetAddress" else text

    @fault(breaks=f"{named}.line-feed", at=Hooks.text)
    def second_line_is_lost(text: str, attribute: str) -> str:
        """A street address loses its second line."""
        return text.partition("\n")[0] if attribute == "HomeStreetAddress" else text

    return catalogue


def _counted(api: Api) -> Catalogue:
    catalogue = Catalogue()
    fault = catalogue.fault
    named = f"{api.provider}.text"

    @fault(breaks=f"{named}.counts-characters", at=Hooks.limit)
    def limits_count_bytes(length: int | None, _: str, text: str) -> int | None:
        """Limits count the bytes of a text, not its characters."""
        return length if length is None else length - (len(text.encode()) - len(text))

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

    return catalogue
