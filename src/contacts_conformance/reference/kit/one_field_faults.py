"""Faults of one field and one sort of text: of many fields one mistreats some texts, and all others are right."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from urllib.parse import unquote

from contacts_conformance.reference.kit.faults import Register, catalogue
from contacts_conformance.reference.kit.hooks import Hook


@catalogue
def of_texts(
    fault: Register, provider: str, text: Hook[str, ...], fails: Callable[[], Exception], fields: Sequence[str]
) -> None:
    """One of these fields mistreats one sort of text; each fault takes another field, in turn.

    `text` is the hook of a text that is about to be stored, and then its field; `fails` makes the answer 500.
    """
    names = iter([fields[n % len(fields)] for n in range(20)])
    row = f"{provider}.field.{{field}}.create"

    def place() -> dict[str, tuple[str]]:
        return {"field": (next(names),)}

    @fault(breaks=row, at=text, each=place())
    def cut_at_a_comma(text: str, sent: str, *, field: str) -> str:
        """`{field}` ends before its first comma."""
        return text.partition(",")[0] if sent == field else text

    @fault(breaks=row, at=text, each=place())
    def cut_at_a_semicolon(text: str, sent: str, *, field: str) -> str:
        """`{field}` ends before its first semicolon."""
        return text.partition(";")[0] if sent == field else text

    @fault(breaks=row, at=text, each=place())
    def percent_codes_are_decoded(text: str, sent: str, *, field: str) -> str:
        """`{field}` is stored with its percent codes decoded."""
        return unquote(text) if sent == field else text

    @fault(breaks=row, at=text, each=place())
    def escaped_for_html(text: str, sent: str, *, field: str) -> str:
        """`{field}` is stored as HTML writes it."""
        return html.escape(text) if sent == field else text

    @fault(breaks=row, at=text, each=place())
    def entities_are_taken_for_signs(text: str, sent: str, *, field: str) -> str:
        """`{field}` is stored with the signs that entities of HTML stand for."""
        return html.unescape(text) if sent == field else text

    @fault(breaks=row, at=text, each=place())
    def every_word_is_capitalised(text: str, sent: str, *, field: str) -> str:
        """`{field}` is stored with a capital at the beginning of every word, and nowhere else."""
        return text.title() if sent == field else text

    @fault(breaks=row, at=text, each=place())
    def plus_becomes_a_blank(text: str, sent: str, *, field: str) -> str:
        """`{field}` is stored with a blank for every plus."""
        return text.replace("+", " ") if sent == field else text

    @fault(breaks=row, at=text, each=place())
    def apostrophe_is_stripped(text: str, sent: str, *, field: str) -> str:
        """`{field}` loses its apostrophes."""
        return text.replace("'", "") if sent == field else text

    @fault(breaks=row, at=text, each=place())
    def backslash_escapes(text: str, sent: str, *, field: str) -> str:
        """`{field}` loses the backslashes before other signs."""
        return re.sub(r"\\(.)", r"\1", text) if sent == field else text

    @fault(breaks=row, at=text, each=place())
    def taken_for_a_number(text: str, sent: str, *, field: str) -> str:
        """`{field}` of digits alone loses its leading zeros."""
        return str(int(text)) if sent == field and text.isdecimal() else text

    @fault(breaks=row, at=text, each=place())
    def null_is_taken_for_missing(text: str, sent: str, *, field: str) -> str:
        """`{field}` is empty where the word null was sent."""
        return "" if sent == field and text == "null" else text

    @fault(breaks=row, at=text, each=place())
    def quotation_mark_fails(text: str, sent: str, *, field: str) -> str:
        """`{field}` with a quotation mark is answered 500."""
        if sent == field and '"' in text:
            raise fails()
        return text

    @fault(breaks=f"{provider}.text.wide-characters", at=text, each=place())
    def sign_outside_the_plane_fails(text: str, sent: str, *, field: str) -> str:
        """`{field}` with a character outside the basic plane is answered 500."""
        if sent == field and any(ord(c) > 0xFFFF for c in text):
            raise fails()
        return text

    @fault(breaks=f"{provider}.text.wide-characters", at=text, each=place())
    def combining_signs_are_lost(text: str, sent: str, *, field: str) -> str:
        """`{field}` loses accents that are signs of their own."""
        return text.replace("\u0308", "") if sent == field else text


@catalogue
def of_addresses(
    fault: Register, provider: str, text: Hook[str, ...], refuses: Callable[[], Exception], fields: Sequence[str]
) -> None:
    """One of these fields for addresses refuses or changes well-formed ones; `refuses` makes the refusal."""
    row, each = f"{provider}.field.{{field}}.create", {"field": tuple(fields)}

    @fault(breaks=row, at=text, each=each)
    def address_with_a_plus_is_refused(text: str, sent: str, *, field: str) -> str:
        """`{field}` refuses an address with a plus."""
        if sent == field and "+" in text:
            raise refuses()
        return text

    @fault(breaks=row, at=text, each=each)
    def dots_of_an_address_are_dropped(text: str, sent: str, *, field: str) -> str:
        """`{field}` drops the dots before the at sign."""
        local, at, domain = text.partition("@")
        return local.replace(".", "") + at + domain if sent == field else text


@catalogue
def of_numbers(
    fault: Register,
    provider: str,
    text: Hook[str, ...],
    refuses: Callable[[], Exception],
    fields: Sequence[str],
    printed: Sequence[str],
) -> None:
    """One of these fields for telephone numbers refuses a form; the page prints `printed` ones with parentheses."""

    @fault(breaks=f"{provider}.field.{{field}}.create", at=text, each={"field": tuple(printed)})
    def parentheses_are_refused(text: str, sent: str, *, field: str) -> str:
        """`{field}` refuses a telephone number with parentheses."""
        if sent == field and "(" in text:
            raise refuses()
        return text

    @fault(breaks=f"{provider}.text.other-forms", at=text, each={"field": tuple(fields)})
    def dots_are_refused(text: str, sent: str, *, field: str) -> str:
        """`{field}` refuses a telephone number with dots."""
        if sent == field and "." in text:
            raise refuses()
        return text

    @fault(breaks=f"{provider}.text.other-forms", at=text, each={"field": tuple(fields)})
    def leading_zero_of_a_number_is_lost(text: str, sent: str, *, field: str) -> str:
        """`{field}` loses the zero at the beginning of a telephone number of digits alone."""
        return text.lstrip("0") if sent == field and text.isdecimal() else text
