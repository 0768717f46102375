"""What pytest collects: modules by the name of their package, and a check for each member of a group."""

from __future__ import annotations

from pathlib import Path

import pytest

from contacts_conformance.contract import Contract
from contacts_conformance.contract.packages import Package
from contacts_conformance.pytest_plugin import binding


class Collecting:
    """A pytest plugin that makes modules and checks of the suites of a provider."""

    def __init__(self, package: Package, contract: Contract) -> None:
        self._package = package
        self._contract = contract

    @pytest.hookimpl
    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
        """Names the provider's own checks by their package, wherever it is installed: node ids are in reports."""
        node_id = self._package.node_id(module_path)
        if node_id is None:
            return None
        module: pytest.Module = pytest.Module.from_parent(parent, path=module_path, nodeid=node_id)
        return module

    @pytest.hookimpl
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Makes a check for each member of the groups that `each` names."""
        for marker in metafunc.definition.iter_markers("each"):
            for name, group in marker.kwargs.items():
                members = binding.group(self._contract, group) or [None]
                metafunc.parametrize(name, members, ids=[binding.name(m) for m in members], scope="function")
