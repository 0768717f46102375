"""What plain providers share: bodies that are contacts by themselves, texts as values, and bearer tokens."""

from __future__ import annotations

from collections.abc import Mapping

from contacts_conformance.contract import Field, samples
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json, Record
from contacts_conformance.target import Identity


class BareContacts:
    """Bodies that are contacts; `id_member` names the member that holds the id of one."""

    id_member: str

    def body(self, kind: str, values: Mapping[str, Json]) -> Json:
        """The values themselves."""
        return dict(values)

    def values(self, body: Json) -> Mapping[str, Json] | None:
        """The body itself, if it is an object."""
        return body if isinstance(body, dict) else None

    def record(self, answer: Answer) -> Record | None:
        """The body, if it is an object."""
        body = answer.json
        return body if isinstance(body, dict) else None

    def id_of(self, record: Record) -> str | None:
        """The member of the id: a number, or a text that is not empty."""
        value = record.get(self.id_member)
        if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
            return None
        return str(value)

    def created_id(self, answer: Answer) -> str | None:
        """The id of the contact in the answer."""
        record = self.record(answer)
        return self.id_of(record) if record is not None else None

    def sample(self, field: Field, number: int) -> Json:
        """A text of the field's shape."""
        return samples.text(field, number)

    def same(self, field: Field, sent: Json, read: Json) -> bool:
        """Values are equal; an unset one may be null, empty or missing."""
        return bool((sent or None) == (read or None))


class BearerToken:
    """Credentials that are one bearer token, which the target file has under the key `token`."""

    def authorization(self, identity: Identity) -> Mapping[str, str]:
        """The token of an identity; nothing where it has none."""
        token = identity.secrets.get("token")
        return {"Authorization": f"Bearer {token.value}"} if token else {}

    def wrong_authorization(self) -> Mapping[str, str]:
        """A token that nobody has."""
        return {"Authorization": "Bearer " + "0" * 40}
