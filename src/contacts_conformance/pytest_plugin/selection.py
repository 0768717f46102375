"""Which checks pytest was asked to collect, and whether these are all of a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from contacts_conformance.contract import resources
from contacts_conformance.errors import UsageError


def paths(config: pytest.Config) -> list[Path]:
    """The files and folders that pytest was asked to collect."""
    return [Path(str(a).partition("::")[0]).resolve() for a in config.args]


def check_paths(config: pytest.Config, folders: Sequence[Path]) -> None:
    """Raises UsageError for a path that holds no checks of this run: tests of something else, or another copy.

    Checks, contracts and the harness come from one place, since those of two versions may not fit together.
    """
    if config.option.pyargs:
        return
    suites = resources.suites().resolve()
    known = (suites, *(f.resolve() for f in folders))
    for path in paths(config):
        if path.exists() and not any(path.is_relative_to(f) for f in known):
            raise UsageError(f"{path}: the checks of this run are in {suites}; name that folder or files in it")


def add_own_suites(config: pytest.Config, folders: Sequence[Path]) -> None:
    """Lets `pytest suites` collect the provider's own checks, too, where an installed package has them elsewhere.

    The workers of a spread run get the arguments of the process that started them, with this one among them. Checks
    import modules beside them, so that pytest imports them as parts of a package, also outside of a checkout.
    """
    config.option.importmode = "importlib"
    suites = resources.suites().resolve()
    named = paths(config)
    elsewhere = [f for f in folders if not f.resolve().is_relative_to(suites)]
    if suites in named:
        config.args += [str(f) for f in elsewhere if f.resolve() not in named]


def shield(item: pytest.Item) -> None:
    """Keeps a warning of a library from breaking a check, whatever a configuration of somebody's says of warnings."""
    item.add_marker(pytest.mark.filterwarnings("default"))


def takes_every_check(config: pytest.Config, folders: Sequence[Path]) -> bool:
    """Whether nothing but --requirement leaves checks out."""
    option = config.option
    named = set(paths(config))
    below = resources.suites().resolve()
    own = {f.resolve() for f in folders}
    # the one folder of all suites stands for those in it; an announced provider's own folder is elsewhere
    whole = {f for f in own if not (below in named and f.is_relative_to(below))} <= named
    return whole and not (option.keyword or option.markexpr or option.setuponly or option.setupplan)
