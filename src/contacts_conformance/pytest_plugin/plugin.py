"""The pytest plugin: binds checks to requirements, runs them against one target, and yields the result.

It acts only where `--provider` or `--target` is given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from _pytest.reports import TestReport

from contacts_conformance.checks.session import Session
from contacts_conformance.contract import packages, resources
from contacts_conformance.contract.register import Register
from contacts_conformance.errors import UsageError
from contacts_conformance.http import interruption
from contacts_conformance.http.redaction import Redactor
from contacts_conformance.model import ExitCode, Outcome
from contacts_conformance.pytest_plugin import (
    behind,
    binding,
    claiming,
    closing,
    codes,
    collecting,
    conclusion,
    consent,
    cutting,
    depth,
    discretion,
    ending,
    fixtures,
    occupying,
    opening,
    options,
    passes,
    reading,
    selection,
    sharing,
    spreading,
    transport,
    weaving,
)
from contacts_conformance.pytest_plugin.aggregate import Gathering
from contacts_conformance.pytest_plugin.columns import Columns
from contacts_conformance.pytest_plugin.fixtures import CHECK, SESSION
from contacts_conformance.pytest_plugin.item import Check, Presenting
from contacts_conformance.pytest_plugin.writing import Writing
from contacts_conformance.target import Target, keep_files_private
from contacts_conformance.traffic import evidence
from contacts_conformance.verdicts import deviations
from contacts_conformance.verdicts.result import Result

_RUN = pytest.StashKey["Run"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of a conformance run."""
    options.add(parser)


@pytest.hookimpl(tryfirst=True)  # before Hypothesis looks at its seed
def pytest_configure(config: pytest.Config) -> None:
    """Starts the run, where one is asked for."""
    config.addinivalue_line("markers", "requirement(*ids): the requirements that a check judges")
    config.addinivalue_line("markers", "each(**groups): a check for each member of a group of the contract")
    depth.add_markers(config)
    if config.option.provider or config.option.target:
        try:
            run = Run(config)
            cutting.place_of(config.option)
            selection.check_paths(config, run.folders)
        except UsageError as error:
            raise pytest.UsageError(*error.lines) from None
        config.stash[_RUN] = run
        config.add_cleanup(keep_files_private())
        config.add_cleanup(discretion.quieten())
        catching = ExitStack()
        catching.enter_context(interruption.caught())
        config.add_cleanup(catching.close)
        ending.give_time(config)
        selection.add_own_suites(config, run.folders)
        config.stash[SESSION] = lambda: run.session
        config.pluginmanager.register(run, "contacts-conformance-run")
        spreading.register(config, run)  # what asks for consent comes after it, and so has its turn before
        config.pluginmanager.register(consent.Consent(run), "contacts-conformance-consent")
        config.pluginmanager.register(run.closing, "contacts-conformance-closing")
        config.pluginmanager.register(claiming.Claiming(run), "contacts-conformance-claiming")
        config.pluginmanager.register(behind.Behind(run), behind.NAME)
        config.pluginmanager.register(cutting.Cutting(run), "contacts-conformance-cutting")
        config.pluginmanager.register(depth.Depth(run), "contacts-conformance-depth")
        config.pluginmanager.register(reading.Reading(run), "contacts-conformance-reading")
        config.pluginmanager.register(run.weaving, "contacts-conformance-weaving")
        config.pluginmanager.register(fixtures, "contacts-conformance-fixtures")
        package, contract = packages.find(run.target_provider), opening.contract_of(run.target_provider)
        config.pluginmanager.register(collecting.Collecting(package, contract), "contacts-conformance-collecting")
        columns = Columns(contract.title, lambda: run.result)
        config.pluginmanager.register(columns, "contacts-conformance-columns")
        options.suit(config, run.seed, run.target_provider)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, int, int]:
    """Lets a run end with one of its own exit codes."""
    if hasattr(config, "workerinput") or not (config.option.provider or config.option.target):
        return (yield)
    return (yield from codes.ending(lambda: config.stash.get(_RUN, None), lists=config.option.collectonly))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves out the checks of other providers."""
    run = config.stash.get(_RUN, None)
    suites = resources.suites()
    if not collection_path.is_relative_to(suites):
        return None
    if run is None:
        if any(p.is_relative_to(suites.resolve()) for p in selection.paths(config)):
            raise pytest.UsageError(
                "say what to judge: --provider NAME for a reference server, --target FILE for your own"
            )
        return True  # pytest asks about neighbours of what it collects, too
    return None if collection_path == suites or any(collection_path.is_relative_to(f) for f in run.folders) else True


class Run:
    """One run of the suites: in a process of its own, or spread over xdist's workers."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.worker: dict[str, Any] | None = getattr(config, "workerinput", None)
        self.seed: int = self.worker["seed"] if self.worker else config.option.seed
        self.target_provider = opening.provider_of(config.option.provider, config.option.target)
        spread = self.worker is None and bool(getattr(config.option, "numprocesses", None))
        self.idle: bool = spread or config.option.collectonly
        """Whether this process runs no check itself."""
        self.folders = opening.suites_of(self.target_provider)
        """The folders of the checks that judge the target."""
        self.register: Register = opening.register_of(self.target_provider)
        self.session: Session | None = None
        self.result: Result | None = None
        self.not_begun = ""
        """Why the run ended before its first check; empty where it did not."""
        self.contract = opening.contract_of(self.target_provider)
        self._kept = 0
        """How many of the collected checks are about what was asked for."""
        self.gathering = Gathering()
        self.closing = closing.Closing(self)
        self.weaving = weaving.Weaving(self)
        self.started = datetime.now(UTC)
        self._clock = time.monotonic()
        self._server = opening.Embedding(
            config.option.provider, config.option.target, config.option.fault, config.option.variant
        )
        self.description: Target | None = None
        """The target, as it was described before the first request."""
        self.listed = deviations.Listed()
        self.evidence: Writing | None = None
        self.checked: Callable[[], None] = lambda: None
        """Is called when a check is over that will be told of later, since others before it are not."""

    # Life of the run

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Starts the embedded server, if there is one, and opens what the run writes."""
        if self.config.option.collectonly and not (self.config.option.target or self.config.option.profile):
            return  # there are checks even where there is no server
        try:
            chosen = depth.chosen(self._server.open(start=not self.idle), self.config.option)
            self.description = cutting.share_of(chosen, self.config.option)
            file = self.config.option.deviations or self.description.deviations
            if file is not None and self.worker is None:
                self.listed = deviations.load(file)
            reports = self.config.option.reports
            if reports and self.worker is None and not self.config.option.collectonly:
                occupying.begin(self.config, reports / self.target_provider)
                evidence.forget(reports / self.target_provider)
        except UsageError as error:
            raise pytest.UsageError(*error.lines) from None
        except OSError as error:
            raise pytest.UsageError(f"--reports {reports}: cannot be written: {error}") from None
        if self.idle:
            return
        name = self.worker["workerid"] if self.worker else ""
        journals = None if self.description.embedded else options.journals(self.config.option, self.target_provider)
        named = cutting.name_of(self.config.option, name)
        pace = sharing.pace(self.config, self.description, self.worker)
        self.session = Session(self.description, self.seed, worker=named, journal_folder=journals, pace=pace)
        depth.equip(self.session, self.config, reports)
        self.session.client.pace.keep_back(passes.CONFIRMING, passes.PART)
        if reports:
            origin = evidence.origin(self.description, self.seed, self.session.tag, self.started)
            share = self.worker["workercount"] if self.worker else 1
            self.evidence = Writing(reports / self.target_provider, origin, name, share, self.session)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Gives a worker the run's seed."""
        node.workerinput["seed"] = self.seed

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Takes over what a worker did."""
        output = getattr(node, "workeroutput", {})
        if "conformance" in output:
            self._take_worker(output, node.gateway.id)
        else:
            self.gathering.lost += 1

    def _take_worker(self, told: Mapping[str, Any], process: str) -> None:
        self.not_begun = told["not_begun"] or self.not_begun
        self.gathering.take_process(told["conformance"], process)

    @pytest.hookimpl(tryfirst=True)  # before it is shown
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Remembers that somebody ended the run."""
        self.gathering.interrupted = True
        # a signal can come where there is no line, and pytest cannot show such a place
        excinfo.traceback = excinfo.traceback.filter(lambda entry: entry._rawentry.tb_lineno is not None)

    @pytest.hookimpl(trylast=True)  # when the fixtures have ended
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Ends the run."""
        self.closing.end(session)

    @property
    def broken(self) -> bool:
        """Whether the suite itself could not do what it should."""
        return bool(self.gathering.broken)

    def finish(self, session: pytest.Session) -> None:
        """Cleans up, judges, and writes the report."""
        if self.session is not None:
            done = behind.clean_up(self.config, self.session)
            if self.evidence is not None:
                self.evidence.close()
            done = replace(done, left=tuple(map(self._clean, done.left)), notes=tuple(map(self._clean, done.notes)))
            packed = behind.packed(done, self.session, self.gathering)
            self._server.close()
            if self.worker is not None:
                told = {"conformance": packed, "not_begun": self.not_begun}
                self.config.workeroutput.update(told)  # type: ignore[attr-defined]  # xdist's
                sharing.say_last(self.config, told)
                return
            self.gathering.take_exchanges(self.session.recorder.exchanges)
            self.gathering.take_process(packed)
        if self.description is None or self.config.option.collectonly:
            return
        if self.gathering.selected_nothing and not self.not_begun:
            self.not_begun = "no check was selected: -k, -m, --requirement or the paths leave none"
        if self.not_begun:
            session.exitstatus = ExitCode.WRONG_USE
            closing.tell(self.config, self.not_begun)
            return
        folder = self.config.option.reports / self.target_provider if self.config.option.reports else None
        closing.make_room(self.session if folder is not None else None)
        journals = options.journals(self.config.option, self.target_provider)
        for process, told in sharing.last_words(self.config).items():
            self._take_worker(told, process)
        sent = sharing.allowance(self.config, self.description).sent if self.idle else 0
        self.gathering.count_losses(sent, journals, self.started, spread=self.idle)
        circumstances = conclusion.circumstances(self, session, self.description)
        result = self.gathering.conclude(circumstances, time.monotonic() - self._clock)
        self.result = closing.written(result, folder)
        session.exitstatus = self.result.exit_code

    def _clean(self, text: str) -> str:
        """The text without secrets and without what answers told of others, as far as this process knows them."""
        if self.session is not None:
            return self.session.client.discreet(text)
        return Redactor(self.description.secrets).text(text) if self.description is not None else text

    def keep_evidence(self, check: str, failing: frozenset[str] = frozenset()) -> None:
        """Writes down what was sent since the last time, and by which check."""
        if self.evidence is not None:
            self.evidence.keep(check, failing)

    # Collection

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remembers a file of checks that cannot be read: the run is then worth nothing."""
        if report.failed:
            discretion.redact(report, self._clean)
            self.gathering.broken.append(f"{report.nodeid} cannot be collected: {str(report.longrepr).strip()[-300:]}")

    @pytest.hookimpl(tryfirst=True)  # before it is printed
    def pytest_internalerror(self, excrepr: object) -> None:
        """Remembers that pytest itself gave up."""
        self.gathering.broken.append(discretion.redact_error(excrepr, self._clean)[-300:])

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Binds the checks to their requirements, and leaves out those that nobody asked for."""
        kept, dropped = [], []
        kinds = {o.kind: o.id for o in self.contract.operations}
        for item in items:
            bound = binding.bind(item, self.target_provider, self.register, kinds) if depth.is_bound(item) else ()
            if bound is None or not depth.is_wanted(item, bound, config.option.requirement):
                dropped.append(item)
                continue
            code = getattr(item, "function", None)
            item.stash[CHECK] = Check(self.target_provider, item.nodeid, bound, self.register, code)
            selection.shield(item)
            kept.append(item)
        if dropped:
            config.hook.pytest_deselected(items=dropped)
        items[:] = kept
        self._kept = len(kept)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Notes what is left once every plugin has taken out what nobody asked for."""
        self.gathering.selected.update(depth.rows_of(session.items, self.bound, self.register))
        self.gathering.left_out = max(0, self._kept - len(session.items) - self.gathering.elsewhere)

    def bound(self, item: pytest.Item) -> tuple[str, ...]:
        """The ids of the requirements that a collected check judges; none where binding it has failed."""
        check = item.stash.get(CHECK, None)
        return check.bound if check is not None else ()

    # One check

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        """Carries a check out, again where a failure has to be confirmed, and reports it as one check."""
        assert self.session is not None
        check = item.stash[CHECK]
        begins = partial(item.ihook.pytest_runtest_logstart, nodeid=item.nodeid, location=item.location)
        if not self.weaving.weaves:
            begins()
        every, unconfirmed = passes.carry_out(item, nextitem, check, self.session)
        reports, telling = passes.told(every)
        facts, packed = check.conclude(self.session, unconfirmed, travels=self.worker is not None)
        if (len(every) > 1 or unconfirmed) and not any(f.outcome is Outcome.ERROR for f in facts):
            check.present_all(telling, facts, self.session, place=item.location, **self._presenting)
            discretion.redact(telling, self._clean)
        so_far = transport.so_far(self.worker["workerid"], self.session.client) if self.worker else {}
        reports[-1].conformance = packed | so_far  # type: ignore[attr-defined]  # travels with it
        self.keep_evidence(item.nodeid, check.failing)
        if self.weaving.weaves:
            self.checked()
        self.weaving.tell(item, partial(self._tell, item, reports, begins if self.weaving.weaves else lambda: None))
        return True

    def _tell(self, item: pytest.Item, reports: Sequence[TestReport], begins: Callable[[], None]) -> None:
        """Tells pytest's plugins of a check that is over."""
        hook = item.ihook
        begins()
        for each in reports:
            hook.pytest_runtest_logreport(report=each)
        vars(reports[-1]).pop("conformance" if self.worker is None else "", None)  # pytest keeps every report
        hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)

    @property
    def _presenting(self) -> Presenting:
        return {"command": transport.command(self.config.option), "strict": self.config.option.fail_on_warn}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Does not run a check of which the target offers nothing."""
        assert self.session is not None
        for requirement in item.stash[CHECK].bound:
            self.session.offered(requirement)
        self.session.client.pace.need_time()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, TestReport, TestReport]:
        """Gives pytest's report of one pass the outcome that the requirements' levels ask for."""
        assert self.session is not None
        check = item.stash[CHECK]
        failure = check.over(call)
        report = yield
        if call.when != "teardown":
            check.present(report, failure, self.session, place=item.location, **self._presenting)
        discretion.redact(report, self._clean)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_report_to_serializable(self) -> Generator[None, Any, Any]:
        """Lets a report travel whatever a server has put into it."""
        return transport.writable((yield))

    def pytest_runtest_logreport(self, report: TestReport) -> None:
        """Takes over the facts of a check, from this process or a worker's."""
        packed = getattr(report, "conformance", None)
        if packed is not None and self.worker is None:
            self.gathering.take_check(packed)
