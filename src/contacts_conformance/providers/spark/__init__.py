"""Spark Platform: one contact as the object `D`, changes by PUT, and SparkQL to find contacts by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from contacts_conformance.contract import Contract
from contacts_conformance.model import Json, Query
from contacts_conformance.providers import ORDER
from contacts_conformance.providers.breaking import RefusedList
from contacts_conformance.providers.spark.literals import equals, literal
from contacts_conformance.providers.spark.model import SparkModel
from contacts_conformance.providers.sparkapi import SparkApi
from contacts_conformance.target import IdentityKeys, Target

__all__ = ["PROVIDER", "Spark", "equals", "literal"]

_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'")
_COMPARED = re.compile(r"\b([A-Z][A-Za-z]+) +(?:eq|ne|gt|ge|lt|le|bt)\b", re.IGNORECASE)
_NO_FILTERS = (
    "FamilyName",
    "FamilyName Eq",
    "Eq 'Lund'",
    "(FamilyName Eq 'Lund'",
    "FamilyName Eq 'Lund')",
    "FamilyName Eq 'Lund' And",
    "FamilyName Is 'Lund'",
    "FamilyName = 'Lund'",
)
_LISTS = frozenset({"Tags", "SecondaryEmails", "AdditionalNotificationEmails"})


class Spark(SparkApi):
    """How the Spark Platform's contacts service speaks."""

    name = "spark"
    suites: tuple[str, ...] = ("contract", "sparkapi")
    main_role = "private"
    markers: tuple[str, ...] = ("Tags", "Organization", "Position")
    wordy = frozenset({
        "DisplayName", "GivenName", "MiddleName", "FamilyName", "SpouseGivenName", "SpouseMiddleName",
        "SpouseFamilyName", "HomeStreetAddress", "HomeLocality", "HomeRegion", "HomePostalCode", "WorkStreetAddress",
        "WorkLocality", "WorkRegion", "WorkPostalCode", "Organization", "Position", "Birthday", "Anniversary",
        "Assistant", "Children", "Status", "Other", "Pets", "ReferredBy", "Salutation",
    })  # fmt: skip
    words_of_changes = 6
    words_of_creations = 1
    plain_changes = False
    least_query: Query = (("_limit", "10"),)
    """The default, named: the page's table says that the syntax of search and paging is required."""
    keys = IdentityKeys(
        secrets=frozenset({"token", "key", "secret"}),
        attributes=frozenset({"user_id", "contact_id", "scheme"}),
        roles=(
            "private", "idx", "public", "vow", "portal", "colleague", "stranger", "admin", "signed", "expired",
        ),
        known=("unconnected", "branch", "elsewhere", "active", "active_login", "dormant", "invalid_email"),
        stand_ins=("idx",),
        unwelcome=("expired",),
        apart=(
            (
                *(f"identities.{role}.user_id" for role in ("private", "colleague", "stranger", "admin")),
                "known.branch", "known.elsewhere",
            ),
            ("identities.portal.contact_id", "identities.vow.contact_id"),
            ("known.active", "known.dormant"),
        ),
        contacts=("active", "dormant"),
    )  # fmt: skip
    people = ("OwnerId",)

    def model(self, contract: Contract, target: Target) -> SparkModel:
        """A model of an account that holds nothing yet."""
        return SparkModel(contract, self, target)

    def body(self, kind: str, values: Mapping[str, Json]) -> Json:
        """The values as `D`; a mark among the lists becomes a list of one."""
        return {"D": {n: [v] if n in _LISTS and isinstance(v, str) else v for n, v in values.items()}}

    def values(self, body: Json) -> Mapping[str, Json] | None:
        """The object `D`."""
        inner = body.get("D") if isinstance(body, dict) else None
        return inner if isinstance(inner, dict) else None

    def mark_filter(self, marks: Mapping[str, str]) -> Query:
        """A filter by equality with every mark."""
        return (("_filter", equals(marks)),) if marks else ()

    def any_of(self, name: str, values: Sequence[str]) -> Query:
        """A filter by equality with one of the values."""
        return (("_filter", " Or ".join(equals({name: value}) for value in values)),)

    def order(self) -> Query:
        """Upwards by the name that every contact has."""
        return (("_orderby", "+DisplayName"),)

    def by_ids(self, ids: Sequence[str]) -> Query:
        """A filter by equality with one of the Ids."""
        return (("_filter", "Id Eq " + ",".join(map(literal, ids))),)

    def refused_lists(self) -> Iterator[RefusedList]:
        """A limit that is no number, and filters that are none by whichever of the vendor's grammars."""
        yield RefusedList((("_limit", "abc"),), "page.limit-text", "a limit that is no number")
        for text in _NO_FILTERS:
            yield RefusedList((("_filter", text),), "filter.rejects", f"{text} is no filter")

    def relies_on(self, name: str, value: str) -> frozenset[str]:
        """The attributes that a filter compares; of an order, orders."""
        if name == "_filter":
            return frozenset(_COMPARED.findall(_TEXT.sub("''", value)))
        return frozenset({ORDER} if name == "_orderby" else ())


PROVIDER = Spark()
