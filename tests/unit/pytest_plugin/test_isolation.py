"""A run rests on nothing that lies about where it is started, or above the suites."""

import pytest

from contacts_conformance.contract import resources
from contacts_conformance.pytest_plugin.runner import Order, run


class _Conftests:
    """Notes the files of plugins as pytest finds them."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def pytest_plugin_registered(self, plugin: object) -> None:
        file = getattr(plugin, "__file__", None) or ""
        if file.endswith("conftest.py"):
            self.found.append(file)


def test_a_conftest_above_the_suites_is_not_run() -> None:
    assert (resources.suites().parent / "conftest.py").exists()
    conftests = _Conftests()

    done = run(Order("flexmls", requirements=("flexmls.operation.listContacts.accepts",)), [conftests])

    assert done.exit_code == pytest.ExitCode.OK, done.output
    assert conftests.found == []
