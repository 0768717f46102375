"""Faults of texts that every server with the hooks `text` and `limit` can have."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from contacts_conformance.reference.kit.faults import Register, catalogue
from contacts_conformance.reference.kit.hooks import Hook


def without_accents(text: str) -> str:
    """The letters of a text without their accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def is_alike(one: object, other: object, but: str) -> bool:
    """Whether two texts differ in their `case`, or `accents`, at most."""
    if not (isinstance(one, str) and isinstance(other, str)):
        return False
    plain = str.casefold if but == "case" else without_accents
    return plain(one) == plain(other)


@catalogue
def of_storing(fault: Register, provider: str, text: Hook[str, ...]) -> None:
    """Texts that are stored otherwise than they were sent; `text` is the hook of a text that is about to be stored."""
    named = f"{provider}.text"

    @fault(breaks=f"{named}.round-trip", at=text)
    def signs_are_escaped(text: str) -> str:
        """Texts are stored with `<`, `>` and `&` as HTML writes them."""
        return html.escape(text, quote=False)

    @fault(breaks=f"{named}.round-trip", at=text)
    def quotes_are_doubled(text: str) -> str:
        """Texts are stored with every apostrophe twice."""
        return text.replace("'", "''")

    @fault(breaks=f"{named}.round-trip", at=text)
    def leading_zeros_are_lost(text: str) -> str:
        """A text of digits loses its leading zeros."""
        return text.lstrip("0") or "0" if text.isdecimal() else text

    @fault(breaks=f"{named}.round-trip", at=text)
    def accents_are_lost(text: str) -> str:
        """Letters are stored without their accents."""
        return without_accents(text)

    @fault(breaks=f"{named}.round-trip", at=text)
    def letters_outside_latin_1_become_question_marks(text: str) -> str:
        """Letters outside Latin-1 are stored as question marks."""
        return re.sub(r"[\u0100-\uffff]", "?", text)

    @fault(breaks=f"{named}.code-like", at=text)
    def markup_is_stripped(text: str) -> str:
        """Tags of HTML are taken out of texts."""
        return re.sub(r"</?[a-z]+>", "", text)

    @fault(breaks=f"{named}.wide-characters", at=text)
    def wide_characters_are_replaced(text: str) -> str:
        """A character outside the basic plane is stored as a replacement character."""
        return re.sub(r"[\U00010000-\U0010ffff]", "\ufffd", text)

    @fault(breaks=f"{named}.wide-characters", at=text)
    def tabs_become_blanks(text: str) -> str:
        """A tab inside a text is stored as a blank."""
        return text.replace("\t", " ")


@catalogue
def of_counting(fault: Register, provider: str, limit: Hook[int | None, ...]) -> None:
    """Limits that count something else; `limit` is the hook of the most characters that a text may have."""

    @fault(breaks=f"{provider}.text.counts-characters", at=limit)
    def limits_count_bytes(length: int | None, _: str, text: str) -> int | None:
        """Limits count the bytes of a text, not its characters."""
        return length if length is None else length - (len(text.encode()) - len(text))


@catalogue
def of_limits(
    fault: Register,
    provider: str,
    limits: Mapping[str, int],
    *,
    one_too_few: Iterable[str],
    limit: Hook[int | None, ...],
    text: Hook[str, ...],
    sent: Hook[dict[str, Any], ...],
) -> None:
    """Limits that are wrong by one character, or kept by cutting.

    `limits` has the most characters of each field, and `one_too_few` names the fields whose limit can be seen to be
    too small. `sent` is the hook of a contact as it was sent.
    """
    each = {"field": tuple(limits)}
    named = f"{provider}.field.{{field}}"

    @fault(breaks=f"{named}.max-length", at=limit, each=each)
    def max_length_one_too_many(length: int | None, sent: str, *, field: str) -> int | None:
        """`{field}` keeps one character more than its limit."""
        return limits[field] + 1 if sent == field else length

    @fault(breaks=f"{named}.max-length", at=limit, each={"field": one_too_few})
    def max_length_one_too_few(length: int | None, sent: str, *, field: str) -> int | None:
        """`{field}` refuses a text that is as long as its limit."""
        return limits[field] - 1 if sent == field else length

    @fault(breaks=f"{named}.max-length", at=text, each=each)
    def longest_text_loses_a_character(text: str, sent: str, *, field: str) -> str:
        """`{field}` loses the last character of a text that is as long as its limit."""
        return text[:-1] if sent == field and len(text) == limits[field] else text

    @fault(breaks=f"{named}.no-silent-cut", at=sent, each=each)
    def cut_in_silence(sent: dict[str, Any], *, field: str) -> dict[str, Any]:
        """`{field}` is cut to its limit, and the answer says nothing of it."""
        value = sent.get(field)
        if isinstance(value, list):
            return sent | {field: [v[: limits[field]] if isinstance(v, str) else v for v in value]}
        return sent | {field: value[: limits[field]]} if isinstance(value, str) else sent
