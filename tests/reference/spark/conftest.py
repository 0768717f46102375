import pytest

from .world import World


@pytest.fixture
def world() -> World:
    """A server that keeps its contract."""
    return World()
