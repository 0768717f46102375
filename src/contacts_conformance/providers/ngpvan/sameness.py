"""Whether what a contact reads with is what was sent: ids, phones, e-mails, addresses, profiles in any usual form."""

from __future__ import annotations

import unicodedata
from collections import Counter
from decimal import Decimal, InvalidOperation
from urllib.parse import SplitResult, urlsplit

from contacts_conformance.contract.specimens import composed
from contacts_conformance.model import Json

PLACE = ("line1", "line2", "city", "stateProvince", "postalCode")
"""The parts of a postal address."""

_SHORT = {
    **{"street": "st", "saint": "st", "avenue": "ave", "av": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr"},
    **{"lane": "ln", "court": "ct", "place": "pl", "square": "sq", "suite": "ste", "apartment": "apt", "floor": "fl"},
    **{"building": "bldg", "room": "rm", "north": "n", "south": "s", "east": "e", "west": "w", "mount": "mt"},
}
"""Words of addresses as post offices abbreviate them."""


def holds(sent: Json, read: Json, name: str = "") -> bool:
    """Whether what was read has all that was sent: every member of an object, every entry of a collection."""
    if isinstance(sent, dict):
        return isinstance(read, dict) and all(holds(v, read.get(k), k) for k, v in sent.items())
    if isinstance(sent, list):
        return (isinstance(read, list) or not sent) and all(any(holds(s, r) for r in read) for s in sent)
    if isinstance(sent, bool) or isinstance(read, bool):
        return sent is read or (sent is False and read is None)
    if sent in (None, ""):
        return read in (None, "")
    if name == "number":
        return digits(sent) == digits(read)
    if name in PLACE and isinstance(read, str):
        return same_place(str(sent), read)
    if name == "facebookProfileUrl" and isinstance(read, str):
        return same_profile(str(sent), read)
    if name in ("address", "type"):
        return str(sent).casefold() == str(read).casefold()
    if isinstance(sent, int) and isinstance(read, str | float):
        return _is_number(read, sent)
    return isinstance(read, str | int) and composed(str(sent)) == composed(str(read))


def _is_number(text: str | float, number: int) -> bool:
    """Whether this is the number, as `2013.0` is 2013."""
    try:
        return Decimal(str(text)) == number
    except InvalidOperation:
        return False


def digits(number: object) -> str:
    """The ten digits of a telephone number, however it is written; a country code of North America is left out."""
    decimals = "".join(c for c in str(number) if c.isdecimal())
    return decimals[1:] if len(decimals) == 11 and decimals.startswith("1") else decimals


def same_place(sent: str, read: str) -> bool:
    """Whether two texts are the same part of a postal address, however a post office writes it.

    Capitals, accents, punctuation, usual abbreviations, and four digits behind a postal code make no difference.
    """
    one, other = _words(sent), _words(read)
    extension = other[len(one) :]
    is_longer_code = one == other[: len(one)] and len(extension) == 1 and len(extension[0]) == 4
    return one == other or (is_longer_code and sent.isdecimal() and extension[0].isdecimal())


def same_letters(sent: str, read: object) -> bool:
    """Whether a part of an address reads letter by letter, or as a post office writes it: in capitals, abbreviated, or
    with four digits behind a postal code. Only capitals may leave out other signs than stops and commas."""
    if read == sent or not isinstance(read, str) or not same_place(sent, read):
        return read == sent
    return read.isupper() or not (_signs(sent) - _signs(read))


def _signs(text: str) -> Counter[str]:
    return Counter(c for c in text if not (c.isalnum() or c.isspace() or c in ".,"))


def same_profile(sent: str, read: str) -> bool:
    """Whether two texts are the URL of one profile, whatever the site redirects to.

    `https` for `http`, `www.`, the letters of the host, and a slash at the end make no difference.
    """
    try:
        one, other = urlsplit(sent), urlsplit(read)
    except ValueError:
        return sent == read
    return sent == read or (_page(one) == _page(other) and _is_secured(one, other))


def _is_secured(one: SplitResult, other: SplitResult) -> bool:
    return other.scheme in {one.scheme, "https"} and {one.scheme, other.scheme} <= {"http", "https"}


def _page(url: SplitResult) -> tuple[str, ...]:
    return url.netloc.casefold().removeprefix("www."), url.path.rstrip("/"), url.query, url.fragment


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    kept = "".join(c if c.isalnum() else "" if c in "'\u2019." else " " for c in plain)
    return [_SHORT.get(word, word) for word in kept.split() if word != "and"]
