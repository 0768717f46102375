"""The pytest plugin: binds checks to requirements, runs them against one target, and yields the result.

It acts only where `--provider` or `--target` is given.
"""

from __future__ import annotations

import html
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from _pytest.reports import TestReport
from hypothesis.configuration import set_hypothesis_home_dir
from platformdirs import user_cache_path

from contacts_conformance import __version__, binding, deviations, embedding, presentation, report, resources, verdicts
from contacts_conformance.contacts import Contacts
from contacts_conformance.contract import Contract
from contacts_conformance.errors import UsageError
from contacts_conformance.http import journal
from contacts_conformance.judging import Judge, combine, outcome_of
from contacts_conformance.model import Exchange, ExitCode, Fact, Level, Outcome, Traffic
from contacts_conformance.preflight import preflight
from contacts_conformance.register import Register
from contacts_conformance.report import html as report_html
from contacts_conformance.result import Result
from contacts_conformance.session import Session
from contacts_conformance.target import Target
from contacts_conformance.traffic import evidence

_RUN = pytest.StashKey["Run"]()
_STATE = pytest.StashKey["_State"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of a conformance run."""
    group = parser.getgroup("contacts-conformance")
    group.addoption("--provider", metavar="NAME", help="judge this provider's embedded reference server")
    group.addoption("--target", metavar="FILE", type=Path, help="judge the target that this TOML file describes")
    group.addoption("--requirement", metavar="PREFIX", action="append", default=[], help="only checks of these rows")
    group.addoption("--seed", metavar="N", type=int, default=0, help="seed of everything that is generated (0)")
    group.addoption("--fail-on-warn", action="store_true", help="count warnings as failures")
    group.addoption("--deviations", metavar="FILE", type=Path, help="the failures that are accepted, as a TOML file")
    group.addoption("--reports", metavar="DIR", type=Path, help="where to keep the journal and write report.json")
    group.addoption("--site", metavar="URL", default="", help="where the site of the requirements is, for links")
    group.addoption("--fault", metavar="NAME", help="give the embedded server this fault")
    group.addoption("--variant", metavar="NAME", help="make the embedded server this variant")


def pytest_configure(config: pytest.Config) -> None:
    """Starts the run, where one is asked for."""
    config.addinivalue_line("markers", "requirement(*ids): the requirements that a check judges")
    config.addinivalue_line("markers", "each(**groups): a check for each member of a group of the contract")
    if config.option.provider or config.option.target:
        try:
            run = Run(config)
        except UsageError as error:
            raise pytest.UsageError(*error.lines) from None
        config.stash[_RUN] = run
        config.pluginmanager.register(run, "contacts-conformance-run")
        config.option.hypothesis_seed = run.seed
        # its tables of characters take seconds to make, and belong neither to the reports nor beside them
        set_hypothesis_home_dir(user_cache_path("contacts-conformance", appauthor=False))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves out the checks of other providers."""
    run = config.stash.get(_RUN, None)
    suites = resources.suites()
    if not collection_path.is_relative_to(suites):
        return None
    if run is None:
        if any(Path(str(a).partition("::")[0]).resolve().is_relative_to(suites.resolve()) for a in config.args):
            raise pytest.UsageError(
                "say what to judge: --provider NAME for a reference server, --target FILE for your own"
            )
        return True  # pytest asks about neighbours of what it collects, too
    part = collection_path.relative_to(suites).parts
    return True if part and part[0] in embedding.names() and part[0] != run.target_provider else None


class _State:
    """What is known of one check while it runs."""

    def __init__(self, judge: Judge, bound: tuple[str, ...], mark: int) -> None:
        self.judge = judge
        self.bound = bound
        self.mark = mark
        self.failure: BaseException | None = None
        self.observed: dict[str, list[Fact]] = {}


class Run:
    """One run of the suites: in a process of its own, or spread over xdist's workers."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.worker: dict[str, Any] | None = getattr(config, "workerinput", None)
        self.seed: int = self.worker["seed"] if self.worker else config.option.seed
        self.target_provider = embedding.provider_of(config.option.provider, config.option.target)
        spread = self.worker is None and bool(getattr(config.option, "numprocesses", None))
        self.idle: bool = spread or config.option.collectonly
        """Whether this process runs no check itself."""
        self.register: Register = embedding.register_of(self.target_provider)
        self.session: Session | None = None
        self.facts: list[Fact] = []
        self.exchanges: dict[str, Exchange] = {}
        self.traffic = Traffic()
        self.unreachable = False
        self.broken: list[str] = []
        self.interrupted = False
        self.lost = 0
        """How many of the processes that share the checks ended without a word."""
        self.selected: set[str] = set()
        self.result: Result | None = None
        self._started = datetime.now(UTC)
        self._clock = time.monotonic()
        self._server = embedding.Embedding(
            config.option.provider, config.option.target, config.option.fault, config.option.variant
        )
        self._description: Target | None = None
        self._listed = deviations.Listed()
        self._evidence: evidence.Writer | None = None

    # Life of the run

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Starts the embedded server, if there is one, and looks whether the target is there."""
        try:
            self._description = self._server.open(start=not self.idle)
            file = self.config.option.deviations or self._description.deviations
            if file is not None and self.worker is None:
                self._listed = deviations.load(file)
            reports = self.config.option.reports
            if reports and self.worker is None and not self.config.option.collectonly:
                evidence.forget(reports / self.target_provider)
        except UsageError as error:
            raise pytest.UsageError(*error.lines) from None
        except OSError as error:
            raise pytest.UsageError(f"--reports {reports}: cannot be written: {error}") from None
        if self.idle:
            return
        name = self.worker["workerid"] if self.worker else ""
        journals = reports / self.target_provider / "journal" if reports and not self._description.embedded else None
        target = self._description.shared(self.worker["workercount"]) if self.worker else self._description
        self.session = Session(target, self.seed, worker=name, journal_folder=journals)
        if reports:
            origin = evidence.origin(self._description, self.seed, self.session.tag, self._started)
            try:
                self._evidence = evidence.Writer(reports / self.target_provider, origin, name)
            except OSError as error:
                raise pytest.UsageError(f"--reports {reports}: cannot be written: {error}") from None
            self.session.recorder.bodies = {}
        preflight(self.session)
        self._keep_evidence("")

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Gives a worker the run's seed."""
        node.workerinput["seed"] = self.seed

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Takes over what a worker did."""
        output = getattr(node, "workeroutput", {})
        if "conformance" in output:
            self._take_over(output["conformance"])
        else:
            self.lost += 1

    def pytest_keyboard_interrupt(self) -> None:
        """Remembers that somebody ended the run."""
        self.interrupted = True

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Cleans up, judges, and writes the report."""
        if self.session is not None:
            done = self.session.clean_up()
            self._keep_evidence("")
            if self._evidence is not None:
                self._evidence.close()
            self.unreachable |= self.session.client.is_unreachable
            self._server.close()
            self.traffic += done
            if self.worker is not None:
                self.config.workeroutput["conformance"] = presentation.pack(  # type: ignore[attr-defined]  # xdist's
                    done, self.unreachable, sorted(self.selected)
                )
                return
        if self._description is None or self.config.option.collectonly:
            return
        self._count_losses()
        self.result = self._judge(session)
        session.exitstatus = self.result.exit_code
        if self.config.option.reports:
            try:
                evidence.merge(self.config.option.reports / self.target_provider)
                report.write(self.result, self.config.option.reports / self.target_provider)
            except OSError as error:
                unwritten = Traffic(notes=(f"the reports cannot be written: {error}",))
                self.result = replace(
                    self.result, exit_code=ExitCode.WRONG_USE, traffic=self.result.traffic + unwritten
                )
                session.exitstatus = ExitCode.WRONG_USE

    def _count_losses(self) -> None:
        """Adds what processes that ended without a word left on the target, by the journals that they left."""
        if self.interrupted:
            self.traffic += Traffic(notes=("the run was interrupted; what was not checked by then is not verified",))
        elif self.lost:
            self.broken.append(f"{self.lost} processes of the run ended early; what they checked last is not judged")
        if self.idle and self.config.option.reports:
            found = journal.left(self.config.option.reports / self.target_provider / "journal", self._started)
            left = tuple(i for i in found if i not in self.traffic.left)
            note = "processes that ended early left contacts behind; `sweep` removes them"
            self.traffic += Traffic(created=len(left), left=left, notes=(note,) if left else ())

    def _keep_evidence(self, check: str) -> None:
        """Writes down what was sent since the last time, and by which check."""
        if self._evidence is not None and self.session is not None:
            try:
                self._evidence.keep(check, self.session.recorder, self.session.judged)
            except OSError as error:
                self._evidence, self.session.recorder.bodies = None, None
                self.session.notes.append(f"the evidence cannot be written any more: {error}")

    def _take_over(self, packed: dict[str, Any]) -> None:
        traffic, unreachable, selected = presentation.unpack(packed)
        self.traffic += traffic
        self.unreachable |= unreachable
        self.selected.update(selected)

    def _judge(self, session: pytest.Session) -> Result:
        target = self._description
        assert target is not None
        complete = not self._narrowed() and not session.shouldstop
        rows = [r for r in self.register if complete or r.id in self.selected]
        judgements, rulings = deviations.rule(
            self._listed.entries, verdicts.judge_all(rows, self.facts), self._situation(complete)
        )
        shown = {x for j in judgements for f in j.facts for x in f.exchanges}
        return Result(
            provider=self.target_provider,
            title=embedding.contract_of(self.target_provider).title,
            suite_version=__version__,
            spec_digest=embedding.contract_of(self.target_provider).digest,
            target=target.name or target.base_url,
            base_url=target.base_url,
            embedded=target.embedded,
            command=presentation.command(self.config.option),
            seed=self.seed,
            tag=self.session.tag if self.session else "",
            started=self._started.isoformat(timespec="seconds"),
            seconds=round(time.monotonic() - self._clock, 2),
            strict=self.config.option.fail_on_warn,
            exit_code=verdicts.exit_code(
                judgements,
                broken=bool(self.broken),
                unreachable=self.unreachable,
                strict=self.config.option.fail_on_warn,
                outdated=any(r.wrong for r in rulings),
            ),
            judgements=judgements,
            excluded=tuple(r for r in self.register if r.excluded),
            exchanges=tuple(e for e in self.exchanges.values() if e.id in shown),
            traffic=self.traffic + Traffic(notes=tuple(self.broken)),
            complete=complete,
            deviations=rulings,
            deviations_file=self._listed.file,
            site=self.config.option.site,
        )

    def _situation(self, complete: bool) -> deviations.Situation:
        return deviations.Situation(
            ids=frozenset(r.id for r in self.register),
            others=frozenset(embedding.names()) - {self.target_provider},
            seed=self.seed,
            complete=complete,
            today=self._started.date(),
            exchanges=self.exchanges,
        )

    def _narrowed(self) -> bool:
        option = self.config.option
        paths = [Path(str(a).partition("::")[0]).resolve() for a in self.config.args]
        suites = resources.suites().resolve()
        whole = all(p in (suites, suites / "contract", suites / self.target_provider) for p in paths) and all(
            "::" not in str(a) for a in self.config.args
        )
        return bool(option.requirement or option.keyword or option.markexpr) or not whole

    # Collection

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remembers a file of checks that cannot be read: the run is then worth nothing."""
        if report.failed:
            self.broken.append(f"{report.nodeid} cannot be collected: {str(report.longrepr).strip()[-300:]}")

    def pytest_internalerror(self, excrepr: object) -> None:
        """Remembers that pytest itself gave up."""
        self.broken.append(str(excrepr)[-300:])

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Makes a check for each member of the groups that `each` names."""
        for marker in metafunc.definition.iter_markers("each"):
            for name, group in marker.kwargs.items():
                members = binding.group(embedding.contract_of(self.target_provider), group) or [None]
                metafunc.parametrize(name, members, ids=[binding.name(m) for m in members], scope="function")

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Binds the checks to their requirements, and leaves out those that nobody asked for."""
        kept, dropped = [], []
        kinds = {o.kind: o.id for o in embedding.contract_of(self.target_provider).operations}
        for item in items:
            bound = binding.bind(item, self.target_provider, self.register, kinds)
            if bound is None:
                dropped.append(item)
                continue
            wanted = config.option.requirement
            if wanted and not any(binding.below(r, w) for r in bound for w in wanted):
                dropped.append(item)
                continue
            item.stash[_STATE] = _State(Judge(self.target_provider, item.nodeid), bound, 0)
            self.selected.update(bound)
            kept.append(item)
        if dropped:
            config.hook.pytest_deselected(items=dropped)
        items[:] = kept

    def bound(self, item: pytest.Item) -> tuple[str, ...]:
        """The ids of the requirements that a collected check judges."""
        return item.stash[_STATE].bound

    # One check

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Collects what the exchanges of a check show by themselves."""
        assert self.session is not None
        state = item.stash[_STATE]
        state.mark = len(self.session.recorder)
        self.session.evidence.clear()
        with self.session.observing() as state.observed:
            result = yield
        self._keep_evidence(item.nodeid)
        return result

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Does not run a check of which the target offers nothing."""
        assert self.session is not None
        for requirement in item.stash[_STATE].bound:
            self.session.offered(requirement)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, TestReport, TestReport]:
        """Gives pytest's report the outcome that the requirements' levels ask for, and adds the facts."""
        report = yield
        state = item.stash[_STATE]
        if call.excinfo is not None and state.failure is None:
            state.failure = call.excinfo.value
        if call.when == "teardown":
            report.conformance = self._facts(item, state)  # type: ignore[attr-defined]  # travels with the report
            return report
        failure = call.excinfo.value if call.excinfo is not None else None
        outcome = outcome_of(failure) if failure is not None else Outcome.HELD
        if outcome is Outcome.HELD and call.when == "call" and state.judge.broken:
            outcome = Outcome.BROKEN
        self._present(report, item, state, outcome, failure)
        return report

    def _facts(self, item: pytest.Item, state: _State) -> dict[str, Any]:
        assert self.session is not None
        exchanges = self.session.recorder.since(state.mark)
        cited, shared = state.judge.cited, self.session.shared_exchanges
        own = [e.id for e in exchanges if not cited or e.id not in shared]  # of what is shared, what is cited will do
        mine = tuple(dict.fromkeys([*(cited or self.session.evidence), *own]))
        facts = [
            Fact(f.requirement, f.check, f.outcome, self.session.client.redactor.text(f.message), f.exchanges or mine)
            for f in combine(state.judge.facts, state.bound, item.nodeid, state.failure)
            if f.requirement in self.register
        ]
        facts += [f for kept in state.observed.values() for f in kept]
        return presentation.pack_facts(facts, exchanges)

    def _present(
        self, report: TestReport, item: pytest.Item, state: _State, outcome: Outcome, failure: BaseException | None
    ) -> None:
        report.requirements = ", ".join(state.bound)  # type: ignore[attr-defined]  # for report.html
        levels = {self.register[r].level for r in state.bound if r in self.register}
        report.levels = ", ".join(sorted(levels))  # type: ignore[attr-defined]  # for report.html
        if outcome is Outcome.HELD:
            return
        assert self.session is not None
        text = self.session.client.redactor.text(
            presentation.failure_text(
                state.judge,
                state.bound,
                failure,
                self.register,
                self.session.recorder.since(state.mark),
                presentation.command(self.config.option),
            )
        )
        broken = {f.requirement for f in state.judge.broken} or set(state.bound)
        binding_ = Level.MUST in {self.register[r].level for r in broken if r in self.register}
        if outcome is Outcome.ERROR:
            report.outcome = "failed"
        elif outcome is Outcome.BROKEN and (binding_ or self.config.option.fail_on_warn):
            report.outcome, report.longrepr = "failed", text
        elif outcome is Outcome.BROKEN:
            report.outcome, report.longrepr = "skipped", text
            report.wasxfail = "a warning: no MUST is broken"
        else:
            file, line, _ = item.location
            report.outcome, report.longrepr = "skipped", (file, line or 0, f"{outcome}: {failure}")

    def pytest_runtest_logreport(self, report: TestReport) -> None:
        """Takes over the facts of a check, from this process or a worker's."""
        packed = getattr(report, "conformance", None)
        if packed is not None and self.worker is None:
            facts, exchanges = presentation.unpack_facts(packed)
            self.facts += facts
            self.exchanges.update((e.id, e) for e in exchanges)

    # report.html

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        """Names the provider in the title of report.html."""
        report.title = f"{embedding.contract_of(self.target_provider).title}: conformance"

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        """Adds columns for requirement and level."""
        cells.insert(2, "<th>Requirement</th>")
        cells.insert(3, "<th>Level</th>")

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: TestReport, cells: list[str]) -> None:
        """Fills the columns for requirement and level."""
        cells.insert(2, f"<td>{html.escape(getattr(report, 'requirements', ''))}</td>")
        cells.insert(3, f"<td>{html.escape(getattr(report, 'levels', ''))}</td>")

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        """Puts the verdicts by requirement on top of report.html."""
        if self.result is not None:
            prefix.extend(report_html.summary(self.result))


# Fixtures


@pytest.fixture
def session(request: pytest.FixtureRequest) -> Session:
    """The run that a check belongs to."""
    found = request.config.stash[_RUN].session
    assert found is not None
    return found


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
    found: Judge = request.node.stash[_STATE].judge
    return found
