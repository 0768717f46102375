"""NGP VAN: keys as Basic credentials or a header, an answer that is an id, and people that nobody else has."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from contacts_conformance.contract import Field, samples
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json, Query
from contacts_conformance.oracle.merging import Submission
from contacts_conformance.providers import Page
from contacts_conformance.providers.bare import BareContacts
from contacts_conformance.target import Identity, IdentityKeys, Target

INDIVIDUAL, ORGANIZATION = "INDIVIDUAL", "ORGANIZATION"

_USER = "apiuser"
_NOBODY = "00000000-0000-4000-8000-000000000000"
_IDENTIFYING = frozenset({"firstName", "lastName", "commonName", "emails", "phones"})
_LOST = frozenset({"middleName", "nickName", "suffix", "salutation", "mailName", "spouseName", "officialName"}) | {
    "primaryContactFirstName",
    "primaryContactLastName",
}
"""Fields whose names stand on no page: a service may refuse them, so no plain request has them."""

_SYLLABLES = tuple(c + v for c in "bdfghklmnprstvwz" for v in "aeiou")
PLACE = ("line1", "line2", "city", "stateProvince", "postalCode")
"""The parts of a postal address."""

_SHORT = {
    **{"street": "st", "saint": "st", "avenue": "ave", "av": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr"},
    **{"lane": "ln", "court": "ct", "place": "pl", "square": "sq", "suite": "ste", "apartment": "apt", "floor": "fl"},
    **{"building": "bldg", "room": "rm", "north": "n", "south": "s", "east": "e", "west": "w", "mount": "mt"},
}
"""Words of addresses as post offices abbreviate them."""

_AREAS = tuple(f"{a}{b}{c}" for a in range(2, 10) for b in range(9) for c in range(2, 10))


class NgpVan(BareContacts):
    """How NGP VAN's contacts API speaks."""

    name = "ngpvan"
    suites = ("contract",)
    id_member = "contactId"
    main_role = "tenant"
    markers: tuple[str, ...] = ()
    keys = IdentityKeys(
        secrets=frozenset({"api_key"}),
        attributes=frozenset({"authentication"}),
        roles=("tenant", "stranger"),
        known=(
            "prefix",
            "bad_prefix",
            "email_list",
            "external_source",
            "contact_code",
            "disclosure_field",
            "designation",
            "disclosure_value",
            "preference",
            "preference_value",
        ),
        settings=("create_path", "preferences"),
        also=("read",),
        required=frozenset({"api_key"}),
    )

    def authorization(self, identity: Identity) -> Mapping[str, str]:
        """The key by HTTP Basic; in a header of its own where the target file says `authentication = "header"`."""
        return self.header(identity) if identity.attributes.get("authentication") == "header" else self.basic(identity)

    def basic(self, identity: Identity, key: str = "") -> Mapping[str, str]:
        """The key of an identity, or another one, by HTTP Basic."""
        secret = identity.secrets.get("api_key")
        return _basic(key or secret.value) if secret else {}

    def header(self, identity: Identity) -> Mapping[str, str]:
        """The key of an identity in the header `apiKey`."""
        secret = identity.secrets.get("api_key")
        return {"apiKey": secret.value} if secret else {}

    def empty_authorization(self) -> Mapping[str, str]:
        """Basic credentials of the right user, without a key."""
        return _basic("")

    def wrong_authorization(self) -> Mapping[str, str]:
        """A GUID that is nobody's key, in both places."""
        return {**_basic(_NOBODY), "apiKey": _NOBODY}

    def page(self, answer: Answer) -> Page | None:
        """None: there are no lists."""
        return None

    def mark_filter(self, marks: Mapping[str, str]) -> Query:
        """Nothing: there are no lists."""
        return ()

    def any_of(self, name: str, values: Sequence[str]) -> Query:
        """Nothing: there are no lists."""
        return ()

    def limiting(self, limit: int, skip: int = 0) -> Query:
        """Nothing: there are no lists."""
        return ()

    def identification(self, values: Mapping[str, Json], mark: str) -> Mapping[str, Json]:
        """Names and an e-mail of nobody else, for the type that the values have."""
        return organization(mark) if values.get("type") == ORGANIZATION else person(mark)

    def sample(self, field: Field, number: int) -> Any:
        """A text, the first type, or an address.

        None for what tells contacts apart, which comes from `identification`, for what is the tenant's own, and for
        fields whose names stand on no page.
        """
        if field.name in _LOST:
            return None
        if field.name in _IDENTIFYING:
            return None if field.name != "firstName" else samples.word(number).capitalize()
        if field.name == "addresses":
            return [address(number)]
        if field.shape == "url":
            return f"https://facebook.com/{samples.word(number)}.example"
        if field.kind != "text":
            return None
        return field.enum[0] if field.enum else samples.word(number)

    def wrong_value(self, field: Field, target: Target) -> Json:
        """An id that no contact has; nothing here is read-only."""
        return "VN000000000"

    def example_path(self, template: str) -> str:
        """The template with an id that no contact has."""
        return template.replace("{contactId}", "VN000000000")

    def same(self, field: Field, sent: Json, read: Json) -> bool:
        """Whether everything that was sent is in what was read, whatever stands beside it.

        Ids are compared by their text, phones by their digits, e-mail addresses and types without regard to case, and
        postal addresses as a post office would: `same_place`. A flag that is false may be missing.
        """
        return holds(sent, read, field.name)


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
    if name in ("address", "type"):
        return str(sent).casefold() == str(read).casefold()
    return isinstance(read, str | int) and str(sent) == str(read)


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


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    kept = "".join(c if c.isalnum() else "" if c in "'\u2019." else " " for c in plain)
    return [_SHORT.get(word, word) for word in kept.split() if word != "and"]


def submission(body: Mapping[str, Any]) -> Submission:
    """What a body tells of the contact that it submits; a name is whole with all that its type has of one."""
    names = {n: str(body[n]) for n in ("firstName", "lastName", "commonName") if body.get(n)}
    parts = {INDIVIDUAL: ("firstName", "lastName"), ORGANIZATION: ("commonName",)}.get(str(body.get("type")), ())
    whole = bool(parts) and all(n in names for n in parts)
    return Submission(
        name=(str(body["type"]), *(names[n] for n in parts)) if whole else None,
        parts_of_names=tuple(names.values()),
        emails=tuple((e["type"], e["address"]) for e in body.get("emails", ())),
        phones=tuple(p["number"] for p in body.get("phones", ())),
    )


# People, organizations and what belongs to them. A mark makes names, addresses and numbers that no other mark makes;
# names of two marks are not alike either, so that no likeness can join them.


def person(mark: str) -> dict[str, Any]:
    """An individual that nobody could take for another one: names and an e-mail."""
    names = {"firstName": _name(f"first {mark}"), "lastName": "Zz" + _name(f"last {mark}").lower()}
    return {"type": INDIVIDUAL, **names, "emails": [email(mark)]}


def organization(mark: str) -> dict[str, Any]:
    """An organization that nobody could take for another one: its name and an e-mail."""
    return {"type": ORGANIZATION, "commonName": f"Zz{_name(f'common {mark}').lower()}", "emails": [email(mark)]}


def email(mark: str, kind: str = "MAIN") -> dict[str, Any]:
    """An e-mail in a reserved domain, with the mark in it."""
    return {"address": f"{_name(f'{kind} {mark}').lower()}@{mark}.example.com", "type": kind}


def phone(mark: str, kind: str = "MOBILE") -> dict[str, Any]:
    """A phone with a number that is reserved for fiction; marks of one run have different ones."""
    tag, _, number = mark.rpartition("x")
    start = int(hashlib.sha256(tag.encode()).hexdigest()[:8], 16)
    place = (start + int(number)) % (len(_AREAS) * 100)
    return {"number": f"{_AREAS[place // 100]}55501{place % 100:02}", "type": kind}


def address(number: int, kind: str = "WORK") -> dict[str, Any]:
    """A postal address that does not exist."""
    return {
        "line1": f"{number} Example Street",
        "line2": f"Suite {number}",
        "city": "Exampleton",
        "stateProvince": "MA",
        "postalCode": "02108",
        "type": kind,
    }


def _name(text: str) -> str:
    number = int(hashlib.sha256(text.encode()).hexdigest(), 16)
    return "".join(_SYLLABLES[number // len(_SYLLABLES) ** i % len(_SYLLABLES)] for i in range(5)).capitalize()


def _basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{_USER}:{key}".encode()).decode()}


PROVIDER = NgpVan()
