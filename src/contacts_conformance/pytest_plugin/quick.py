"""Which checks the profile quick takes: those that show most for their requests, and samples of the others."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

from contacts_conformance import contract as contracts


class Choice(BaseModel):
    """A provider's `quick.yaml`: functions of checks, by module and name, that quick leaves out or takes samples of.

    What is left out may be one of the checks that a function is made into, by its name with what is in brackets.
    `sampled` says how many of the checks that a function is made into are drawn, by the seed of the run.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    without: Mapping[str, frozenset[str]] = {}
    sampled: Mapping[str, Mapping[str, Annotated[int, Field(ge=1)]]] = {}


@cache
def shipped(provider: str) -> Choice:
    """The choice that comes with a provider; one that leaves nothing out where there is none."""
    path = contracts.provider_path(provider) / "quick.yaml"
    return Choice.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))) if path.is_file() else Choice()


def kept(choice: Choice, checks: Sequence[str], seed: int) -> frozenset[str]:
    """The node ids, of these, of the checks that a quick run takes."""
    taken: list[str] = []
    members: dict[tuple[str, str], list[str]] = {}
    for check in checks:
        module, _, name = check.partition("::")
        function = name.partition("[")[0]
        if not choice.without.get(module, frozenset()).isdisjoint((function, name)):
            continue
        if function in choice.sampled.get(module, {}):
            members.setdefault((module, function), []).append(check)
        else:
            taken.append(check)
    for (module, function), some in members.items():
        number = min(len(some), choice.sampled[module][function])
        taken += random.Random(f"{seed}/quick {function}").sample(some, number)  # noqa: S311  # no secret
    return frozenset(taken)
