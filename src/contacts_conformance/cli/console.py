"""Output for a terminal: a progress bar, or plain lines in CI. Control characters from a server are never printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import rich.console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from contacts_conformance import target
from contacts_conformance.account.doctor import Diagnosis
from contacts_conformance.account.sweep import SweepReport
from contacts_conformance.cli import findings, progress
from contacts_conformance.cli.findings import Detail
from contacts_conformance.contract.specimens import Grade
from contacts_conformance.model import ExitCode, Explored, Requirement, Verdict
from contacts_conformance.proof.drawn import Sample
from contacts_conformance.proof.matrix import Proof, command, counted, tally
from contacts_conformance.pytest_plugin.runner import Done
from contacts_conformance.pytest_plugin.watching import Watcher
from contacts_conformance.reference import Reference
from contacts_conformance.report import causes
from contacts_conformance.report.account import account
from contacts_conformance.report.explored import named
from contacts_conformance.report.failure import plain
from contacts_conformance.verdicts import rules
from contacts_conformance.verdicts.deviations import State
from contacts_conformance.verdicts.result import Result

_LONGEST = 500


class Console:
    """Writes to the terminal: to standard output, or to standard error where that is for a program to read."""

    def __init__(self, out: rich.console.Console | None = None, errors: bool = False) -> None:
        self._out = out or rich.console.Console(soft_wrap=True, highlight=False, stderr=errors)

    @contextmanager
    def progress(self, name: str) -> Iterator[Watcher]:
        """Shows the progress of a run."""
        with progress.shown(name, self._out) as watcher:
            yield watcher

    @contextmanager
    def counting(self, number: int) -> Iterator[Callable[[Proof], None]]:
        """Shows the progress of `prove`."""
        if not self._out.is_terminal or target.in_ci():
            self._out.print("prove: running")
            yield lambda proof: None
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._out, transient=True) as bar:
            task = bar.add_task("prove", total=number)
            yield lambda proof: bar.advance(task)

    def show(self, name: str, done: Done, folder: Path, detail: Detail = Detail.SCREEN) -> None:
        """Shows the result of a run: the counts, the failures, and where the reports are."""
        result = done.result
        if result is None:
            self._print(f"{name}: the run could not start")
            self._print(plain(done.output.strip()))
            return
        found = causes.of_result(result)
        style = "bold green" if result.exit_code == 0 else "bold red"
        self._print(f"{name}: {findings.first_line(result, found)}", style=style)
        if detail is Detail.QUIET:
            self._print(f"reports: {folder}/conformance.html")
            return
        self._out.print(self._counts(result))
        findings.tell(result, found, folder, detail, self._print)
        for ruling in sorted(result.deviations, key=lambda r: r.wrong):
            if ruling.state is State.NOT_JUDGED and not result.complete:
                continue
            style = "bold red" if ruling.wrong else "yellow"
            self._print(f"deviation {ruling.state}: {ruling.deviation.requirement}", style=style)
            self._print(f"  {ruling.message}")
        traffic = result.traffic
        self._print(f"{traffic.requests} requests, {account(traffic)}, {result.seconds:.1f} s, seed {result.seed}")
        if result.explored is not None:
            self._explored(result.explored, folder)
        for note in traffic.notes:
            self._print(f"note: {note}")
        self._print(f"reports: {folder}/conformance.html, report.html, report.json, junit.xml, summary.md")

    def _explored(self, explored: Explored, folder: Path) -> None:
        number = sum(c.number for c in explored.cases)
        until = f", until {explored.stopped}" if explored.stopped else ""
        self._print(f"explored by {number} generated requests for {explored.seconds:.1f} s{until}")
        for file, finding in named(explored.findings):
            self._print(f"  finding: {finding.requirement}: {folder}/{file}")
        for seen in explored.once:
            self._print(f"  seen once, and not again: {seen}"[:_LONGEST])

    def _counts(self, result: Result) -> Table:
        shown = [v for v in Verdict if result.totals[v]]
        table = Table("level", *shown, box=None, padding=(0, 2, 0, 0))
        for level, row in rules.counts(result.judgements).items():
            table.add_row(level, *(str(row[v]) for v in shown))
        return table

    def requirement(
        self, requirement: Requirement, checks: Sequence[str], faults: Sequence[str], kinds: Mapping[str, Grade]
    ) -> None:
        """Shows one requirement: the kinds of values that it is tried with, its checks, and the faults that prove them.

        Kinds that are not plain on the page warn at most, under the requirement that stands beside them.
        """
        self._print(f"{requirement.id} ({requirement.level})", style="bold")
        self._print(requirement.statement)
        self._print(f"source: {requirement.source}")
        if requirement.judged:
            self._print(f"judged: {requirement.judged}")
        if requirement.excluded:
            self._print(f"excluded: {requirement.excluded}")
        for grade in dict.fromkeys(kinds.values()):
            named = ", ".join(kind for kind, its in kinds.items() if its is grade)
            self._print(f"kinds: {named}" if grade is Grade.PLAIN else f"kinds that warn at most ({grade}): {named}")
        for label, lines in (("check", checks), ("fault", faults)):
            for line in lines:
                self._print(f"{label}: {line}")

    def names(self, server: Reference) -> None:
        """Shows the faults and variants of a reference server."""
        for name, fault in server.FAULTS.items():
            self._print(f"fault {name}: {fault.sentence} [{fault.breaks}]")
        for name, variant in server.VARIANTS.items():
            self._print(f"variant {name}: {variant.sentence}")

    def serving(self, provider: str, port: int, identities: Mapping[str, Any]) -> None:
        """Shows the address of a reference server, and the identities that it knows."""
        self._print(f"{provider} on http://127.0.0.1:{port} (stop it with Ctrl-C)")
        for role, entry in identities["identities"].items():
            self._print(f"  {role}: " + ", ".join(f"{k} {v}" for k, v in entry.items()))
        self._print("  for a target file: disposable = true, since nothing here is worth keeping")

    def diagnosis(self, diagnosis: Diagnosis) -> None:
        """Shows the result of `doctor`."""
        for line in diagnosis.lines:
            style = {"ok": "green", "missing": "yellow", "wrong": "bold red"}.get(line.state, "")
            self._print(f"{line.state:8} {line.text}", style=style)
        self._print(diagnosis.sentence)

    def swept(self, report: SweepReport) -> int:
        """Shows the result of `sweep`; returns the exit code: 0 if nothing is left, else 3."""
        for line in report.lines:
            self._print(line)
        return ExitCode.CONFORMANT if report.clean else ExitCode.INCOMPLETE

    def proved(self, proofs: Sequence[Proof], folder: Path) -> int:
        """Shows the faults and variants that were not proved; returns the exit code: 0 if all were proved, else 1."""
        missed = [p for p in proofs if not p.proved]
        for proof in missed:
            about = f" [{proof.requirement}]" if proof.requirement else ""
            self._print(f"not proved: {proof.kind} {proof.name}{about}: {proof.verdict}, exit code {proof.exit_code}")
            if proof.explanation:
                self._print(f"  {proof.explanation}")
            if proof.kind == "drawn":
                self._print(f"  {proof.sentence}")
                self._print(f"  {command(proof)}")
        for operator, (caught, drawn) in tally(proofs, lambda p: p.family).items():
            if caught < drawn:
                self._print(f"caught of the drawn by {operator}: {caught} of {drawn}")
        self._print(
            f"{counted(proofs)}; {folder}/kill-matrix.html",
            style="bold red" if missed else "bold green",
        )
        return ExitCode.NOT_CONFORMANT if missed else ExitCode.CONFORMANT

    def drawn(self, sample: Sample) -> None:
        """Shows how many faults were drawn of a provider, and which of them no witness shows."""
        again = len(sample.unseen)
        self._print(f"{sample.provider}: {len(sample.names)} faults drawn, {again} drawn again that no witness shows")
        for name in sample.unseen:
            self._print(f"  not witnessed: {name}")

    def _print(self, text: str, style: str = "") -> None:
        self._out.print(escape(plain(text)), style=style or None)
