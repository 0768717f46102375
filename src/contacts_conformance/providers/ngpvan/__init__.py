"""NGP VAN: keys as Basic credentials or a header, an answer that is an id, and people that nobody else has."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from contacts_conformance.contract import Contract, Field, samples
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json, Query, Record
from contacts_conformance.providers import Page
from contacts_conformance.providers.bare import BareContacts
from contacts_conformance.providers.ngpvan.model import NgpVanModel
from contacts_conformance.providers.ngpvan.people import (
    DISTINCT,
    INDIVIDUAL,
    ORGANIZATION,
    address,
    email,
    organization,
    person,
    phone,
    placed,
    submission,
    word,
)
from contacts_conformance.providers.ngpvan.sameness import PLACE, digits, holds, same_letters, same_place, same_profile
from contacts_conformance.target import Identity, IdentityKeys, Target

__all__ = [
    "INDIVIDUAL",
    "ORGANIZATION",
    "PLACE",
    "PROVIDER",
    "NgpVan",
    "address",
    "digits",
    "email",
    "holds",
    "organization",
    "person",
    "phone",
    "same_letters",
    "same_place",
    "same_profile",
    "submission",
    "word",
]

_USER = "apiuser"
_NOBODY = "00000000-0000-4000-8000-000000000000"
_IDENTIFYING = frozenset({"firstName", "lastName", "commonName", "emails", "phones"})
_TELLING = _IDENTIFYING | {"contactId"}
"""What tells that an object is a contact."""
_LOST = frozenset({"middleName", "nickName", "suffix", "salutation", "mailName", "spouseName", "officialName"}) | {
    "primaryContactFirstName",
    "primaryContactLastName",
}
"""Fields whose names stand on no page: a service may refuse them, so no plain request has them."""


class NgpVan(BareContacts):
    """How NGP VAN's contacts API speaks."""

    name = "ngpvan"
    suites = ("contract",)
    id_member = "contactId"
    main_role = "tenant"
    markers: tuple[str, ...] = ()
    distinct = DISTINCT
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
            "contact",
        ),
        contacts=("contact",),
        settings=("create_path", "preferences"),
        also=("read",),
        required=frozenset({"api_key"}),
        apart=(("known.prefix", "known.bad_prefix"),),
    )

    def model(self, contract: Contract, target: Target) -> NgpVanModel:
        """A model of an account of which nothing is known yet."""
        return NgpVanModel(contract, target)

    def placed(self, words: str, mark: str) -> str | None:
        """What stands at a place for the names, e-mails and phones of a person of a plan."""
        return placed(words, mark)

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

    def record(self, answer: Answer) -> Record | None:
        """The contact in the body, which may stand in an object of its own: no page describes reading."""
        body = super().record(answer)
        if body is None or body.keys() & _TELLING:
            return body
        within = [v for v in body.values() if isinstance(v, dict) and v.keys() & _TELLING]
        return within[0] if len(within) == 1 else body

    def created_id(self, answer: Answer) -> str | None:
        """The id in the answer, where the page has it: in the body itself."""
        body = super().record(answer)
        return self.id_of(body) if body is not None else None

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
            return None if field.name != "firstName" else word(number).capitalize()
        if field.name == "addresses":
            return [address(number)]
        if field.shape == "url":
            return f"https://facebook.com/{samples.word(number)}.example"
        if field.kind != "text":
            return None
        return field.enum[0] if field.enum else word(number)

    def wrong_value(self, field: Field, target: Target) -> Json:
        """An id that no contact has; nothing here is read-only."""
        return "VN000000000"

    def example_path(self, template: str) -> str:
        """The template with an id that no contact has."""
        return template.replace("{contactId}", "VN000000000")

    def same(self, field: Field, sent: Json, read: Json) -> bool:
        """Whether everything that was sent is in what was read, whatever stands beside it.

        Ids are compared by their text, phones by their digits, e-mail addresses and types without regard to case, and
        postal addresses as a post office would (`same_place`), profiles as their site does (`same_profile`). A flag
        that is false may be missing.
        """
        return holds(sent, read, field.name)


def _basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{_USER}:{key}".encode()).decode()}


PROVIDER = NgpVan()
