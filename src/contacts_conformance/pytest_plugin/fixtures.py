"""The fixtures of checks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Contract
from contacts_conformance.pytest_plugin.item import Check
from contacts_conformance.target import Target
from contacts_conformance.verdicts.outcomes import Judge

CHECK = pytest.StashKey[Check]()
"""Where an item has what is known of its check."""

SESSION = pytest.StashKey[Callable[[], Session | None]]()
"""Where the configuration has the session of this process; None as long as there is none."""


@pytest.fixture
def session(request: pytest.FixtureRequest) -> Session:
    """The run that a check belongs to."""
    current = request.config.stash[SESSION]()
    assert current is not None
    return current


@pytest.fixture
def contract(session: Session) -> Contract:
    """The contract that the target is judged by."""
    return session.contract


@pytest.fixture
def target(session: Session) -> Target:
    """The target under test."""
    return session.target


@pytest.fixture
def contacts(session: Session) -> Contacts:
    """The contacts as the provider's main role sees them."""
    return session.contacts()


@pytest.fixture
def judge(request: pytest.FixtureRequest) -> Judge:
    """Tells which of its requirements a check is speaking about."""
    current: Judge = request.node.stash[CHECK].judge
    return current
