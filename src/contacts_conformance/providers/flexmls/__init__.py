"""flexmls, the older generation: contacts in the array `D.Contacts`, and tags to find them by; nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contacts_conformance.contract import Contract, Field
from contacts_conformance.model import Json, Query
from contacts_conformance.providers.flexmls.model import FlexmlsModel
from contacts_conformance.providers.sparkapi import SparkApi
from contacts_conformance.target import IdentityKeys, Target


class Flexmls(SparkApi):
    """How the flexmls contacts service speaks."""

    name = "flexmls"
    suites: tuple[str, ...] = ("contract", "sparkapi")
    main_role = "idx"
    markers: tuple[str, ...] = ("Tag",)
    keys = IdentityKeys(
        secrets=frozenset({"token", "key", "secret"}),
        attributes=frozenset({"user_id", "contact_id", "scheme"}),
        roles=("idx", "portal", "colleague", "signed", "expired"),
        known=("tagged",),
        unwelcome=("expired",),
        apart=(("identities.idx.user_id", "identities.colleague.user_id"),),
    )
    people = ("OwnerId",)

    def model(self, contract: Contract, target: Target) -> FlexmlsModel:
        """A model of an account that holds nothing yet."""
        return FlexmlsModel(contract, self, target)

    def body(self, kind: str, values: Mapping[str, Json]) -> Json:
        """The values as the one entry of `D.Contacts`; a mark among the tags becomes a list of one."""
        contact = {n: [v] if n == "Tag" and isinstance(v, str) else v for n, v in values.items()}
        return {"D": {"Contacts": [contact]}}

    def values(self, body: Json) -> Mapping[str, Json] | None:
        """The one entry of `D.Contacts`."""
        inner = body.get("D") if isinstance(body, dict) else None
        entries = inner.get("Contacts") if isinstance(inner, dict) else None
        return entries[0] if isinstance(entries, list) and len(entries) == 1 and isinstance(entries[0], dict) else None

    def mark_filter(self, marks: Mapping[str, str]) -> Query:
        """Nothing: the page documents no filter, and a tag is found at a path of its own."""
        return ()

    def any_of(self, name: str, values: Sequence[str]) -> Query:
        """Nothing, for the same reason."""
        return ()

    def same(self, field: Field, sent: Json, read: Json) -> bool:
        """As both generations have it, but for what the page leaves to the service: how a telephone number is written,
        the case of letters in addresses and tags, and tags of its own beside those that were sent."""
        if field.name == "Tag" and isinstance(sent, list) and isinstance(read, list):
            return set(map(_folded, sent)) <= set(map(_folded, read))
        if field.shape == "phone" and isinstance(sent, str) and isinstance(read, str):
            return _digits(sent) == _digits(read)
        if field.shape == "email" and isinstance(sent, str) and isinstance(read, str):
            return _folded(sent) == _folded(read)
        return super().same(field, sent, read)


def _folded(text: object) -> str:
    return str(text).casefold()


def _digits(number: str) -> str:
    decimals = "".join(c for c in number if c.isdecimal())
    return decimals[1:] if len(decimals) == 11 and decimals.startswith("1") else decimals


PROVIDER = Flexmls()
