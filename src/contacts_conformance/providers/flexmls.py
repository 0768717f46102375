"""flexmls, the older generation: contacts in the array `D.Contacts`, and tags to find them by; nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping

from contacts_conformance.model import Json, Query
from contacts_conformance.providers.sparkapi import SparkApi
from contacts_conformance.target import IdentityKeys


class Flexmls(SparkApi):
    """How the flexmls contacts service speaks."""

    name = "flexmls"
    main_role = "idx"
    markers = ("Tag",)
    keys = IdentityKeys(
        secrets=frozenset({"token", "key", "secret"}),
        attributes=frozenset({"user_id", "contact_id", "scheme"}),
        roles=("idx", "portal", "signed", "expired"),
        known=("tagged",),
        unwelcome=("expired",),
    )

    def body(self, kind: str, values: Mapping[str, Json]) -> Json:
        """The values as the one entry of `D.Contacts`; a mark among the tags becomes a list of one."""
        contact = {n: [v] if n == "Tag" and isinstance(v, str) else v for n, v in values.items()}
        return {"D": {"Contacts": [contact]}}

    def values(self, body: Json) -> Mapping[str, Json] | None:
        """The one entry of `D.Contacts`."""
        inner = body.get("D") if isinstance(body, dict) else None
        found = inner.get("Contacts") if isinstance(inner, dict) else None
        return found[0] if isinstance(found, list) and len(found) == 1 and isinstance(found[0], dict) else None

    def narrowing(self, marks: Mapping[str, str]) -> Query:
        """Nothing: the page documents no filter, and a tag is found at a path of its own."""
        return ()


PROVIDER = Flexmls()
