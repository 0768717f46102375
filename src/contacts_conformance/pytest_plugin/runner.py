"""Runs the suites in this process, as `pytest suites` would, and hands over the result."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contacts_conformance.contract import packages, resources
from contacts_conformance.errors import UsageError
from contacts_conformance.http import interruption
from contacts_conformance.pytest_plugin import codes, opening
from contacts_conformance.verdicts.result import Result

_PLUGINS = (
    "_hypothesis_pytestplugin",
    "pytest_metadata.plugin",
    "pytest_html.plugin",
    "xdist.plugin",
    "contacts_conformance.pytest_plugin.plugin",
)


@dataclass(frozen=True, slots=True)
class Order:
    """What to run: a provider's reference server or the target of a file; all checks or those of some requirements."""

    provider: str
    target: Path | None = None
    requirements: tuple[str, ...] = ()
    seed: int = 0
    strict: bool = False
    reports: Path | None = None
    fault: str | None = None
    variant: str | None = None
    workers: int = 0
    html: bool = False
    keyword: str = ""
    """What names of checks have to match, as pytest's option -k."""
    first: bool = False
    """Whether the run ends with the first check that fails."""
    files: tuple[str, ...] = ()
    """Files of checks, as node ids name them; all, if there are none."""
    deviations: Path | None = None
    yes: bool = False
    """Whether it writes without asking to a target that is not said to be disposable."""
    site: str = ""
    """Where the documentation of the requirements is, as seen from the reports."""
    profile: str = ""
    """How much the run does; as the target file says, or `standard`, where it is empty."""
    max_seconds: float | None = None
    max_requests: int | None = None
    keep: bool = False
    """Whether what the run creates stays on the target."""
    examples: str = ""
    """Where plans that found something are kept; empty for the usual place."""
    shard: str = ""
    """Which part of the checks it carries out, as in `1/2`; all of them where it is empty."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended: its exit code, its result unless it could not start, and what pytest printed."""

    exit_code: int
    result: Result | None
    output: str
    nothing: bool = False
    """Whether no check was selected."""


def run(order: Order, plugins: Sequence[object] = ()) -> Done:
    """Runs the suites. Nothing is printed; further plugins of pytest may watch."""
    keeper = _Keeper()
    printed = io.StringIO()
    with (
        interruption.caught(),
        _few_collections(),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        try:
            code = int(start(arguments(order), [keeper, *plugins]))
        except (Exception, KeyboardInterrupt) as error:
            if isinstance(error, UsageError):
                raise
            code, line = codes.of_error(error)
            print(f"contacts-conformance: {line}", file=printed)
        else:
            code = code if keeper.began else codes.of_pytest(code)
    return Done(code, keeper.result, printed.getvalue(), nothing=keeper.nothing)


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Looks for cycles less often: a run keeps nearly all that it makes, and a tenth of its time went into looking."""
    before = gc.get_threshold()
    gc.set_threshold(20_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def start(words: Sequence[str], plugins: Sequence[object]) -> int:
    """Starts pytest with these arguments, with the plugins that the suites need and these besides; its exit code.

    UsageError where the environment of pytest names a plugin that cannot be imported.
    """
    # pytest looks a plugin that is named with -p up among all that is installed, which takes longer than many a check
    needed = [importlib.import_module(name) for name in _PLUGINS]
    try:
        return pytest.main(list(words), plugins=[*needed, *plugins])
    except ImportError as error:  # what checks raise, and what is broken in their files, does not come here
        raise UsageError(f"pytest cannot begin: {error} (PYTEST_PLUGINS, or -p in PYTEST_ADDOPTS)") from None


def arguments(order: Order) -> list[str]:
    """The arguments of pytest; its configuration and the plugins that are installed play no part."""
    suites = resources.suites()
    whole = [str(folder) for folder in opening.suites_of(order.provider)]
    words = [str(packages.find(order.provider).file(f)) for f in order.files] or whole
    words += ["-c", os.devnull, "--rootdir", str(suites.parent), "--import-mode=importlib"]
    words += [f"--confcutdir={suites}"]  # otherwise pytest goes through the folders above, and runs a conftest.py there
    words += ["--disable-plugin-autoload", "-p", "no:cacheprovider"]
    words += ["--capture=sys"]  # checks start no programs, and to redirect file descriptors takes long
    words += ["--strict-markers", "-q", "--no-header", "--no-summary", "--color=no", f"--seed={order.seed}"]
    # each collects garbage at the end of a run and has nothing to say here: what a check raises, pytest sees anyway
    words += ["-p", "no:unraisableexception", "-p", "no:threadexception"]
    words += ["-p", "no:logging"]  # nobody is shown what was logged, and to catch it takes long
    words += ["-o", "verbosity_assertions=1"]  # otherwise pytest takes the middle out of answers in messages
    words += [f"--target={order.target}"] if order.target else [f"--provider={order.provider}"]
    words += [f"--requirement={r}" for r in order.requirements]
    words += [f"-k={order.keyword}"] if order.keyword else []
    words += ["-x"] if order.first else []
    words += ["--yes"] if order.yes else []
    words += ["--keep"] if order.keep else []
    words += ["--fail-on-warn"] if order.strict else []
    words += [f"--deviations={order.deviations}"] if order.deviations else []
    words += [f"--fault={order.fault}"] if order.fault else []
    words += [f"--variant={order.variant}"] if order.variant else []
    words += [f"--profile={order.profile}"] if order.profile else []
    words += [f"--max-seconds={order.max_seconds}"] if order.max_seconds is not None else []
    words += [f"--max-requests={order.max_requests}"] if order.max_requests is not None else []
    words += [f"--examples={order.examples}"] if order.examples else []
    words += [f"--shard={order.shard}"] if order.shard else []
    if order.workers:
        words += ["-n", str(order.workers), *(w for p in _PLUGINS for w in ("-p", p))]
    words += [f"--site={order.site}"] if order.site else []
    if order.reports is not None:
        words.append(f"--reports={order.reports}")
        if order.html:
            page = order.reports / order.provider / "report.html"
            words += [f"--html={page}", "--self-contained-html"]
        else:
            words.append("--html=")
    return words


class _Keeper:
    """Keeps the result of a run."""

    def __init__(self) -> None:
        self._config: pytest.Config | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> None:
        self._config = config

    @property
    def began(self) -> bool:
        """Whether pytest has understood what it was asked to do."""
        return self._config is not None

    @property
    def result(self) -> Result | None:
        result: Result | None = getattr(self._run, "result", None)
        return result

    @property
    def nothing(self) -> bool:
        run = self._run
        return run is not None and run.description is not None and run.gathering.selected_nothing

    @property
    def _run(self) -> Any:
        return self._config.pluginmanager.get_plugin("contacts-conformance-run") if self._config else None
