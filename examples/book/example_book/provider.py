"""How the address book speaks: a bearer token, entries without an envelope, pages of `total` and `entries`."""

from collections.abc import Mapping, Sequence

from contacts_conformance.contract import Field
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json, Query
from contacts_conformance.providers import Page
from contacts_conformance.providers.bare import BareContacts, BearerToken
from contacts_conformance.target import IdentityKeys, Target

NOBODY = "987654321"


class Book(BearerToken, BareContacts):
    """The token and the entries are as those two classes have them; here is the rest."""

    name = "book"
    suites = ("contract",)
    id_member = "id"
    main_role = "owner"
    markers = ("city", "note")
    keys = IdentityKeys(secrets=frozenset({"token"}), roles=("owner",), required=frozenset({"token"}))

    def page(self, answer: Answer) -> Page | None:
        """The entries and the total."""
        match answer.json:
            case {"total": int(total), "entries": list(entries)}:
                return Page(tuple(e for e in entries if isinstance(e, dict)), total)
        return None

    def mark_filter(self, marks: Mapping[str, str]) -> Query:
        """Equality with every mark."""
        return tuple(marks.items())

    def any_of(self, name: str, values: Sequence[str]) -> Query:
        """The parameter, repeated."""
        return tuple((name, value) for value in values)

    def limiting(self, limit: int, skip: int = 0) -> Query:
        """`limit` and `skip`."""
        return (("limit", str(limit)), ("skip", str(skip)))

    def wrong_value(self, field: Field, target: Target) -> Json:
        """An id that no entry has; nothing else is read-only."""
        return NOBODY

    def example_path(self, template: str) -> str:
        """The path with that id."""
        return template.replace("{id}", NOBODY)


PROVIDER = Book()
