"""The groups of fields and operations that checks are made for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contacts_conformance.contract.elements import Field, Operation


@dataclass(frozen=True)
class Groups:
    """The attributes of contacts and the operations of one document, and the groups of them that share something.

    `each` of `checks.marks` makes a check for every member of a group.
    """

    document: Mapping[str, Any]
    operations: tuple[Operation, ...]
    fields: tuple[Field, ...]

    def has(self, kind: str) -> bool:
        """Whether there is an operation that does this to contacts."""
        return any(o.kind == kind for o in self.operations)

    @cached_property
    def answered_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.answered)

    @cached_property
    def limited_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.is_limited and f.reads_back)

    @cached_property
    def create_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if "create" in f.writeable)

    @cached_property
    def change_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if "change" in f.writeable)

    @cached_property
    def optional_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.create_fields if "create" not in f.required)

    @cached_property
    def required_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.create_fields if "create" in f.required)

    @cached_property
    def read_only_fields(self) -> tuple[Field, ...]:
        kinds = ("text", "id", "instant")
        return tuple(f for f in self.fields if f.answered and not f.writeable and f.fixed and f.kind in kinds)

    @cached_property
    def searchable_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.searchable)

    @cached_property
    def create_round_trip_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.create_fields if f.reads_back)

    @cached_property
    def change_round_trip_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.change_fields if f.reads_back)

    @cached_property
    def text_fields(self) -> tuple[Field, ...]:
        return tuple(f for f in self.create_fields if f.is_text and f.reads_back)

    @cached_property
    def sortable_fields(self) -> tuple[Field, ...]:
        return (*self.text_fields, *(f for f in self.create_round_trip_fields if f.kind == "instant"))

    @cached_property
    def contact_operations(self) -> tuple[Operation, ...]:
        kinds = ("list", "create", "read", "change", "remove")
        return tuple(o for o in self.operations if o.kind in kinds)

    @cached_property
    def generated_operations(self) -> tuple[Operation, ...]:
        """Those that cases are generated for: none where what is created could not be removed again."""
        return self.contact_operations if self.has("remove") else ()

    @cached_property
    def exclusive_fields(self) -> tuple[Field, ...]:
        """The fields that only some forms of a contact have."""
        return tuple(f for f in self.create_fields if f.forms)

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The alternatives of a contact, in the order of the document; none where all contacts are alike."""
        schema = self.document["components"]["schemas"][self.document["x-records"]["create"]]
        return tuple(form_name(member) for member in schema.get("oneOf", ()))

    @cached_property
    def secured_operations(self) -> tuple[Operation, ...]:
        return tuple(o for o in self.contact_operations if o.secured)

    @cached_property
    def other_operations(self) -> tuple[Operation, ...]:
        """Those that need credentials, beside the ones on contacts that contracts have in common."""
        return tuple(o for o in self.operations if o.secured and o not in self.contact_operations)

    @cached_property
    def granted_roles(self) -> tuple[tuple[str, str], ...]:
        """Role and operation of every call that the page grants (`x-roles` of an operation)."""
        return tuple((role, o.id) for o in self.operations for role, may in o.raw.get("x-roles", {}).items() if may)

    @cached_property
    def denied_roles(self) -> tuple[tuple[str, str], ...]:
        """Role and operation of every call that the page denies (`x-roles` of an operation)."""
        return tuple((role, o.id) for o in self.operations for role, may in o.raw.get("x-roles", {}).items() if not may)

    @cached_property
    def refused_methods(self) -> tuple[tuple[str, str], ...]:
        """Method and path of every call that the page promises to refuse with 405 (`x-refuses` of a path)."""
        return tuple(
            (method.upper(), path)
            for path, item in self.document["paths"].items()
            for method in item.get("x-refuses", ())
        )


def form_name(member: Mapping[str, Any]) -> str:
    """The name of an alternative of a contact: that of the schema which it refers to."""
    return str(member["$ref"].rpartition("/")[2])
