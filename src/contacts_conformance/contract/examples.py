"""The examples that a provider's page prints, in the form that they have there: `specs/PROVIDER/examples.yaml`.

Addresses lie in reserved domains and numbers are reserved for fiction. `{unique}` in a value stands for a word of the
run, and `{known.NAME}` for an id that the target file has to know; a member without it is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from contacts_conformance.contract import yaml
from contacts_conformance.contract.document import load, provider_path
from contacts_conformance.model import Json

_KNOWN = re.compile(r"\{known\.(\w+)\}")


class Example(BaseModel):
    """One printed example: the operation that it is of, the section that prints it, and the attributes that it sends.

    `only_forms` says that a check of the provider's own sends it, so that it tells here how values are written alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: Literal["create", "change"]
    section: str
    values: Mapping[str, Any]
    only_forms: bool = False

    def filled(self, unique: str, known: Mapping[str, Json]) -> dict[str, Json]:
        """The values for one run; without those whose id is not known."""
        values: dict[str, Json] = {}
        for name, value in self.values.items():
            id_of = _KNOWN.fullmatch(value) if isinstance(value, str) else None
            if id_of is None:
                values[name] = value.replace("{unique}", unique) if isinstance(value, str) else value
            elif id_of[1] in known:
                values[name] = known[id_of[1]]
        return values


@cache
def load_examples(provider: str) -> tuple[Example, ...]:
    """The examples of a provider's page; none where it has no such file."""
    path = provider_path(provider) / "examples.yaml"
    if not path.is_file():
        return ()
    return tuple(Example.model_validate(e) for e in yaml.load(path.read_text(encoding="utf-8"))["examples"])


@cache
def printed_forms(provider: str) -> Mapping[str, tuple[str, ...]]:
    """How the page writes values, by the shape of the field: every form once."""
    forms: dict[str, dict[str, str]] = {}
    for example in load_examples(provider):
        for name, value in _leaves(example.values):
            field = load(provider).find_field(name)
            shape = field.shape if field is not None else {"number": "phone"}.get(name, "")
            if shape and isinstance(value, str):
                forms.setdefault(shape, {}).setdefault(re.sub(r"\d", "9", value), value)
    return {shape: tuple(by_form.values()) for shape, by_form in forms.items()}


def _leaves(values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    leaves: list[tuple[str, Any]] = []
    for name, value in values.items():
        for entry in value if isinstance(value, list) else [value]:
            leaves += _leaves(entry) if isinstance(entry, Mapping) else [(name, entry)]
    return leaves
