"""The queries of generated lists: which parameters a run generates, and values that are fair to send.

What the contract does not say of its parameters, the provider does (`QueryShaping`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contacts_conformance.contract import Contract, resolve
from contacts_conformance.contract.schemas import Schema
from contacts_conformance.model import Json, Query
from contacts_conformance.providers import Provider, QueryShaping

PARAMETERS = 10
"""How many of the list's parameters one run generates, beside those for paging; its seed says which."""


@dataclass(frozen=True)
class ListQueries:
    """The queries of one provider's list."""

    contract: Contract
    provider: Provider

    @cached_property
    def parameters(self) -> Mapping[str, Mapping[str, Any]]:
        """The parameters that may be generated, by their names."""
        nodes = self.contract.operation("list").raw.get("parameters", ())
        described = [resolve(self.contract.document, node) for node in nodes]
        return {p["name"]: p for p in described if p.get("x-self-contained") or self._is_shaped(p["name"])}

    def chosen(self, choice: random.Random) -> list[Mapping[str, Any]]:
        """The parameters that one run generates: those for paging, and some others that do not exclude one another."""
        paging = [p for n, p in self.parameters.items() if n in self._paging]
        rest = [p for n, p in self.parameters.items() if n not in self._paging]
        kept: list[Mapping[str, Any]] = []
        for parameter in choice.sample(rest, min(PARAMETERS, len(rest))):
            if not any(self._exclude_each_other(parameter["name"], k["name"]) for k in kept):
                kept.append(parameter)
        return [*paging, *kept]

    def fair(self, generated: Mapping[str, Any]) -> Query:
        """The query to send for a generated one: without parameters that may not be generated, and with fair values."""
        pairs: list[tuple[str, str]] = []
        for name, value in generated.items():
            if name in self.parameters:
                values: Sequence[Any] = value if isinstance(value, list) else [value]
                pairs += [(name, self._fair_value(name, str(v))) for v in values]
        return tuple(pairs)

    @property
    def _shaping(self) -> QueryShaping | None:
        return self.provider if isinstance(self.provider, QueryShaping) else None

    @property
    def _paging(self) -> frozenset[str]:
        return self._shaping.paging_parameters if self._shaping else frozenset()

    def _is_shaped(self, name: str) -> bool:
        return self._shaping is not None and (name in self._paging or self._shaping.may_generate(self.contract, name))

    def _exclude_each_other(self, one: str, other: str) -> bool:
        return self._shaping is not None and self._shaping.exclude_each_other(one, other)

    def _fair_value(self, name: str, value: str) -> str:
        parameter = self.parameters[name]
        if self._shaping is None or parameter.get("x-self-contained"):
            return fitting(parameter, value)
        return self._shaping.fair_value(self.contract, name, value)


def fitting(parameter: Mapping[str, Any], value: str) -> str:
    """The value, if it fits the parameter's schema, or else the parameter's example."""
    schema = parameter["schema"]
    typed: Json = value
    if schema.get("type") == "integer":
        typed = int(value) if re.fullmatch(r"-?\d{1,9}", value) else None
    return value if Schema(schema).is_valid(typed) else str(parameter["example"])
