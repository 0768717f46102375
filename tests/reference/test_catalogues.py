"""The faults and variants of every provider: what they break, where they act, and what they are called.

That each fault shows, and that no variant is accused, is for the kill matrix to prove.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from contacts_conformance import contract, reference
from contacts_conformance.contract import register
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level
from contacts_conformance.reference.kit.hooks import Fault, Hooks
from contacts_conformance.reference.liondesk.context import Hooks as LionDesk
from contacts_conformance.reference.ngpvan.context import Hooks as NgpVan
from contacts_conformance.reference.sparkapi.context import Hooks as SparkApi

PROVIDERS = contract.providers()
HOOKS: Mapping[str, type[Hooks]] = {
    "flexmls": SparkApi,
    "liondesk": LionDesk,
    "ngpvan": NgpVan,
    "spark": SparkApi,
}
ENOUGH = {"flexmls": (70, 8), "liondesk": (120, 12), "ngpvan": (70, 8), "spark": (180, 14)}
"""How many faults and variants there are at least."""

each = pytest.mark.parametrize("provider", PROVIDERS)


def _faults(provider: str) -> Mapping[str, Fault]:
    return reference.load(provider).FAULTS


@each
def test_every_binding_requirement_has_a_fault(provider: str) -> None:
    binding = {r.id for r in register.load(provider).tested() if r.level is not Level.MAY}

    assert binding - {f.breaks for f in _faults(provider).values()} == set()


@each
def test_every_fault_breaks_a_tested_requirement_at_a_hook_of_its_server(provider: str) -> None:
    tested = {r.id for r in register.load(provider).tested()}

    assert {f.breaks for f in _faults(provider).values()} - tested == set()
    assert {f.at for f in _faults(provider).values()} <= set(HOOKS[provider].declared())


def test_every_hook_has_a_fault() -> None:
    for hooks in set(HOOKS.values()):
        used = {f.at for p, mine in HOOKS.items() if mine is hooks for f in _faults(p).values()}
        assert set(hooks.declared()) - used == set()


@each
def test_names_and_sentences_are_told_apart(provider: str) -> None:
    server = reference.load(provider)
    every: list[Any] = [*server.FAULTS.values(), *server.VARIANTS.values()]

    assert [e.name for e in every if not re.fullmatch(r"[a-z0-9.%-]+", e.name)] == []
    assert [e.name for e in every if not e.sentence.endswith(".") or "{" in e.sentence] == []
    assert len({f.sentence for f in server.FAULTS.values()}) == len(server.FAULTS)


@each
def test_there_are_enough(provider: str) -> None:
    server = reference.load(provider)
    faults, variants = ENOUGH[provider]

    assert len(server.FAULTS) >= faults
    assert len(server.VARIANTS) >= variants


@each
def test_every_variant_differs_from_the_server_and_from_the_others(provider: str) -> None:
    variants = reference.load(provider).VARIANTS
    told = [repr((v.options, v.target)) for v in variants.values()]

    assert len(set(told)) == len(variants)
    for name in variants:
        assert reference.load(provider).application(variant=name).routes


@pytest.mark.parametrize("kind", ["fault", "variant"])
@each
def test_an_unknown_name_brings_up_the_closest(provider: str, kind: str) -> None:
    server = reference.load(provider)
    known = next(iter(server.FAULTS if kind == "fault" else server.VARIANTS))

    with pytest.raises(UsageError, match=rf"no {kind} '{known}x'; did you mean .*{known}"):
        server.application(fault=f"{known}x") if kind == "fault" else server.application(variant=f"{known}x")


@pytest.mark.parametrize("server", [*PROVIDERS, "sparkapi"])
def test_no_module_of_faults_has_the_name_of_a_module_of_its_server(server: str) -> None:
    folder = Path(reference.__file__).parent / server

    assert {p.name for p in (folder / "faults").glob("*.py")} & {p.name for p in folder.glob("*.py")} == {"__init__.py"}
