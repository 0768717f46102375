"""Every requirement that is judged has a fault, and every fault a requirement and a point."""

from collections.abc import Mapping

import pytest

from contacts_conformance import reference, register
from contacts_conformance.model import Level
from contacts_conformance.reference.faults import Fault
from contacts_conformance.reference.sparkapi.manners import Manners
from contacts_conformance.reference.sparkapi.points import Points

PROVIDERS = pytest.mark.parametrize("provider", ["spark", "flexmls"])


def _faults(provider: str) -> Mapping[str, Fault]:
    return reference.load(provider).FAULTS


@PROVIDERS
def test_every_requirement_has_a_fault(provider: str) -> None:
    judged = {r.id for r in register.load(provider) if not r.excluded and r.level is not Level.MAY}

    assert judged - {f.breaks for f in _faults(provider).values()} == set()


@PROVIDERS
def test_every_fault_breaks_a_requirement_at_a_point(provider: str) -> None:
    known = {r.id for r in register.load(provider) if not r.excluded}

    assert {f.breaks for f in _faults(provider).values()} - known == set()
    assert {f.at for f in _faults(provider).values()} <= Points.names()


@PROVIDERS
def test_every_fault_is_one_sentence(provider: str) -> None:
    for fault in _faults(provider).values():
        assert fault.sentence.endswith("."), fault.name
        assert "{" not in fault.sentence, fault.name


@pytest.mark.parametrize(("provider", "faults", "variants"), [("spark", 180, 14), ("flexmls", 70, 8)])
def test_there_are_enough(provider: str, faults: int, variants: int) -> None:
    server = reference.load(provider)

    assert len(server.FAULTS) >= faults
    assert len(server.VARIANTS) >= variants


@PROVIDERS
def test_every_variant_differs_and_can_be_served(provider: str) -> None:
    server = reference.load(provider)
    for name, variant in server.VARIANTS.items():
        assert isinstance(variant.manners, Manners)
        assert server.application(variant=name).routes
