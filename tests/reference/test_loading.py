import pytest

from contacts_conformance import reference
from contacts_conformance.errors import UsageError


def test_a_provider_has_its_reference_server() -> None:
    server = reference.load("liondesk")

    assert server.TARGET["provider"] == "liondesk"
    assert server.FAULTS
    assert server.VARIANTS
    assert server.application().routes


def test_an_unknown_provider_is_wrong_use() -> None:
    with pytest.raises(UsageError, match=r"no provider 'nobody'; there are .*liondesk"):
        reference.load("nobody")
