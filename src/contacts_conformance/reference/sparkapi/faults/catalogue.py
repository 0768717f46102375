"""The faults that both generations can have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.sparkapi.context import Api
from contacts_conformance.reference.sparkapi.faults import access, answers, contacts, effects, fields, pages, texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """What the page of a generation promises, as far as faults are made of it.

    `wrong` has a value of a wrong type for each attribute that answers show, and `below` the heading under which an
    attribute may stand. `stored` names the attributes that can be read after they were written by an operation of
    `kinds` (`create`, `change`), and `stored_as` those that are stored under another name. `read_only` has the
    attributes of each row on attributes that cannot be written. `refused` names the methods that are refused, as in
    `PUT.v1.contacts`, `failing` the statuses whose envelope is promised, and `default_size` the row on the size of a
    page without `_limit`.
    """

    wrong: Mapping[str, object]
    below: Mapping[str, str] = field(default_factory=dict)
    stored: Collection[str]
    kinds: Collection[str]
    stored_as: Mapping[str, str] = field(default_factory=dict)
    optional: Collection[str]
    required: Collection[str]
    read_only: Mapping[str, Collection[str]]
    refused: Collection[str]
    failing: Collection[str]
    default_size: str


def of(api: Api, promises: Promises) -> Catalogue:
    """The faults of a generation that breaks one of these promises, or one that both pages make."""
    return Catalogue(
        fields.of_limits(api),
        fields.of_types(api, promises.wrong, promises.below),
        fields.of_storing(api, promises.stored, promises.kinds, promises.stored_as),
        fields.of_demands(api, promises.optional, promises.required),
        fields.of_read_only(api, promises.read_only),
        answers.faults(api, promises.refused, promises.failing),
        access.faults(api),
        contacts.faults(api),
        effects.faults(api),
        texts.faults(api),
        pages.of_windows(api, promises.default_size),
        pages.of_numbers(api),
    )
