"""What providers share whose bodies are contacts by themselves, without an envelope."""

from __future__ import annotations

from collections.abc import Mapping

from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json, Record


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
