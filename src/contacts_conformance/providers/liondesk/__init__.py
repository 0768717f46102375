"""LionDesk: bearer tokens, bare contacts, pages of `total`, `limit`, `skip` and `data`."""

from __future__ import annotations

from typing import Any

from contacts_conformance.contract import Contract, Field
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json
from contacts_conformance.providers import Page
from contacts_conformance.providers.bare import BareContacts, BearerToken
from contacts_conformance.providers.liondesk.model import LionDeskModel
from contacts_conformance.providers.liondesk.queries import ListQueries
from contacts_conformance.providers.liondesk.sameness import same
from contacts_conformance.providers.liondesk.texts import text
from contacts_conformance.target import IdentityKeys, Target


class LionDesk(ListQueries, BearerToken, BareContacts):
    """How LionDesk's contacts API speaks."""

    name = "liondesk"
    suites = ("contract",)
    id_member = "id"
    main_role = "owner"
    markers = ("company", "tags", "spouse_name")
    wordy = frozenset({"first_name", "last_name", "company", "spouse_name", "tags"})
    words_of_changes = 7
    words_of_creations = 4
    plain_changes = False
    keys = IdentityKeys(
        secrets=frozenset({"token"}),
        attributes=frozenset({"user_id", "shared_contact"}),
        roles=("owner", "assignee", "teammate", "outsider"),
        known=("teammate", "outsider", "hotness", "source"),
        required=frozenset({"token"}),
        apart=(
            tuple(f"identities.{role}.user_id" for role in ("owner", "assignee", "teammate", "outsider")),
            ("known.teammate", "identities.outsider.user_id"),
            *(("known.outsider", f"identities.{role}.user_id") for role in ("owner", "assignee", "teammate")),
            ("known.outsider", "known.teammate"),
        ),
    )
    people = ("owner_user_id", "assigned_user_id")

    def model(self, contract: Contract, target: Target) -> LionDeskModel:
        """A model of an account that holds nothing yet."""
        return LionDeskModel(contract, target)

    def page(self, answer: Answer) -> Page | None:
        """The page object, as far as it is one."""
        body = answer.json
        if not isinstance(body, dict) or not isinstance(body.get("data"), list):
            return None
        records = tuple(r for r in body["data"] if isinstance(r, dict))
        return Page(records, *(_count(body.get(k)) for k in ("total", "limit", "skip")))

    def sample(self, field: Field, number: int) -> Any:
        """A text by the field's shape; for times an instant of 2016 or 2017, or for the last edit of 2018 or 2019."""
        if field.kind == "instant":
            first, zone = (8, ".000Z") if field.name == "modified_at" else (6, "-07:00")
            return f"201{first + number % 2}-{number // 4 % 12 + 1:02}-{number // 48 % 27 + 1:02}T12:12:11{zone}"
        return text(field, number)

    def wrong_value(self, field: Field, target: Target) -> Json:
        """The id of another user of the team, where the target file names one; otherwise an id that nobody has."""
        other = target.known.get("teammate") if field.name == "owner_user_id" else None
        return int(other) if other and other.isdecimal() else other or 987_654_321

    def example_path(self, template: str) -> str:
        """The template with an id that no contact has."""
        return template.replace("{id}", "987654321")

    def same(self, field: Field, sent: Json, read: Json) -> bool:
        """Ids by their text, times as instants, a date also as a date-time of that day; unset in any of its forms."""
        return same(field, sent, read)


def _count(value: object) -> int | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


PROVIDER = LionDesk()
