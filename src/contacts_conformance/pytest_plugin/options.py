"""The options that the plugin adds to pytest, and those of others that it sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis.configuration import set_hypothesis_home_dir
from platformdirs import user_cache_path


def add(parser: pytest.Parser) -> None:
    """Adds the options of a conformance run."""
    group = parser.getgroup("contacts-conformance")
    group.addoption("--provider", metavar="NAME", help="judge this provider's embedded reference server")
    group.addoption("--target", metavar="FILE", type=Path, help="judge the target that this TOML file describes")
    group.addoption("--yes", action="store_true", help="write to the target without asking first")
    group.addoption("--keep", action="store_true", help="leave the run's contacts on the target, for sweep to remove")
    group.addoption("--requirement", metavar="PREFIX", action="append", default=[], help="only checks of these rows")
    group.addoption("--shard", metavar="I/N", default="", help="carry out the I-th of N parts of the checks alone")
    group.addoption("--seed", metavar="N", type=int, default=0, help="seed of everything that is generated (0)")
    group.addoption("--profile", metavar="NAME", help="quick, standard, or deep: then explore as long as limits allow")
    group.addoption("--max-seconds", metavar="N", type=float, help="seconds after which the run sends nothing more")
    group.addoption("--max-requests", metavar="N", type=int, help="number of requests that the run sends at most")
    group.addoption("--examples", metavar="DIR", help="where plans that found something are kept for later runs")
    group.addoption("--fail-on-warn", action="store_true", help="count warnings as failures")
    group.addoption("--deviations", metavar="FILE", type=Path, help="the failures that are accepted, as a TOML file")
    group.addoption(
        "--reports", metavar="DIR", type=Path, help="where to write reports, and keep the journal (reports)"
    )
    group.addoption("--site", metavar="URL", default="", help="where the site of the requirements is, for links")
    group.addoption("--fault", metavar="NAME", help="give the embedded server this fault")
    group.addoption("--variant", metavar="NAME", help="make the embedded server this variant")


def journals(option: Any, provider: str) -> Path:
    """The folder that holds a run's journals: in that of its reports, or where `sweep` looks if nothing is said."""
    folder: Path = (option.reports or Path("reports")) / provider
    return folder / "journal"


def suit(config: pytest.Config, seed: int, provider: str) -> None:
    """Sets what options of pytest, of pytest-html and of Hypothesis are in a conformance run."""
    if config.option.reports and getattr(config.option, "htmlpath", "") is None and not config.option.collectonly:
        config.option.htmlpath = str(config.option.reports / provider / "report.html")
        config.option.self_contained_html = True
    config.option.hypothesis_seed = str(seed)  # a text, since its plugin takes 0 for none
    if config.option.tbstyle == "auto":
        config.option.tbstyle = "native"  # a failure is told in words of ours; pytest's take longer than a request
    # its tables of characters take seconds to make, and belong neither to the reports nor beside them
    set_hypothesis_home_dir(user_cache_path("contacts-conformance", appauthor=False))
