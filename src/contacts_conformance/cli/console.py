"""Output for a terminal: a progress bar, or plain lines in CI. Control characters from a server are never printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from contacts_conformance import target
from contacts_conformance.cli import findings, progress
from contacts_conformance.cli.findings import Detail
from contacts_conformance.cli.printing import Printer
from contacts_conformance.contract.terminal import plain
from contacts_conformance.model import ExitCode, Explored, Verdict
from contacts_conformance.report import causes
from contacts_conformance.report.account import account
from contacts_conformance.report.explored import named
from contacts_conformance.verdicts import rules
from contacts_conformance.verdicts.deviations import State
from contacts_conformance.verdicts.result import Result

if TYPE_CHECKING:  # each command loads what it shows, and no other
    from contacts_conformance.account.doctor import Diagnosis
    from contacts_conformance.account.sweep import SweepReport
    from contacts_conformance.proof.drawn import Sample
    from contacts_conformance.proof.matrix import Proof
    from contacts_conformance.pytest_plugin.runner import Done
    from contacts_conformance.pytest_plugin.watching import Watcher
    from contacts_conformance.reference import Reference

_LONGEST = 500


class Console(Printer):
    """Writes what commands have to tell."""

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
            self.print(f"{name}: the run could not start")
            self.print(plain(done.output.strip()))
            return
        found = causes.of_result(result)
        style = "bold green" if result.exit_code == 0 else "bold red"
        self.print(f"{name}: {findings.first_line(result, found)}", style=style)
        if detail is Detail.QUIET:
            self.print(f"reports: {folder}/conformance.html")
            return
        self._out.print(self._counts(result))
        findings.tell(result, found, folder, detail, self.print)
        for ruling in sorted(result.deviations, key=lambda r: r.wrong):
            if ruling.state is State.NOT_JUDGED and not result.complete:
                continue
            style = "bold red" if ruling.wrong else "yellow"
            self.print(f"deviation {ruling.state}: {ruling.deviation.requirement}", style=style)
            self.print(f"  {ruling.message}")
        traffic = result.traffic
        self.print(f"{traffic.requests} requests, {account(traffic)}, {result.seconds:.1f} s, seed {result.seed}")
        if result.explored is not None:
            self._explored(result.explored, folder)
        for note in traffic.notes:
            self.print(f"note: {note}")
        files = ("conformance.html", "report.html", "report.json", "junit.xml", "summary.md")
        self.print(f"reports: {folder}/{', '.join(f for f in files if f != 'report.html' or (folder / f).exists())}")

    def _explored(self, explored: Explored, folder: Path) -> None:
        number = sum(c.number for c in explored.cases)
        until = f", until {explored.stopped}" if explored.stopped else ""
        self.print(f"explored by {number} generated requests for {explored.seconds:.1f} s{until}")
        for file, finding in named(explored.findings):
            self.print(f"  finding: {finding.requirement}: {folder}/{file}")
        for seen in explored.once:
            self.print(f"  seen once, and not again: {seen}"[:_LONGEST])

    def _counts(self, result: Result) -> Table:
        shown = [v for v in Verdict if result.totals[v]]
        table = Table("level", *shown, box=None, padding=(0, 2, 0, 0))
        for level, row in rules.counts(result.judgements).items():
            table.add_row(level, *(str(row[v]) for v in shown))
        return table

    def names(self, server: Reference) -> None:
        """Shows the faults and variants of a reference server."""
        for name, fault in server.FAULTS.items():
            self.print(f"fault {name}: {fault.sentence} [{fault.breaks}]")
        for name, variant in server.VARIANTS.items():
            self.print(f"variant {name}: {variant.sentence}")

    def serving(self, provider: str, port: int, identities: Mapping[str, Any]) -> None:
        """Shows the address of a reference server, and the identities that it knows."""
        self.print(f"{provider} on http://127.0.0.1:{port} (stop it with Ctrl-C)")
        for role, entry in identities["identities"].items():
            self.print(f"  {role}: " + ", ".join(f"{k} {v}" for k, v in entry.items()))
        self.print("  for a target file: disposable = true, since nothing here is worth keeping")

    def diagnosis(self, diagnosis: Diagnosis) -> None:
        """Shows the result of `doctor`."""
        for line in diagnosis.lines:
            style = {"ok": "green", "missing": "yellow", "wrong": "bold red"}.get(line.state, "")
            self.print(f"{line.state:8} {line.text}", style=style)
        self.print(diagnosis.sentence)

    def swept(self, report: SweepReport) -> int:
        """Shows the result of `sweep`; returns the exit code: 0 if nothing is left, else 3."""
        for line in report.lines:
            self.print(line)
        return ExitCode.CONFORMANT if report.clean else ExitCode.INCOMPLETE

    def proved(self, proofs: Sequence[Proof], folder: Path) -> int:
        """Shows the faults and variants that were not proved; returns the exit code: 0 if all were proved, else 1."""
        from contacts_conformance.proof.matrix import command, counted, tally

        missed = [p for p in proofs if not p.proved]
        for proof in missed:
            about = f" [{proof.requirement}]" if proof.requirement else ""
            self.print(f"not proved: {proof.kind} {proof.name}{about}: {proof.verdict}, exit code {proof.exit_code}")
            if proof.explanation:
                self.print(f"  {proof.explanation}")
            if proof.kind == "drawn":
                self.print(f"  {proof.sentence}")
                self.print(f"  {command(proof)}")
        for operator, (caught, drawn) in tally(proofs, lambda p: p.family).items():
            if caught < drawn:
                self.print(f"caught of the drawn by {operator}: {caught} of {drawn}")
        self.print(
            f"{counted(proofs)}; {folder}/kill-matrix.html",
            style="bold red" if missed else "bold green",
        )
        return ExitCode.NOT_CONFORMANT if missed else ExitCode.CONFORMANT

    def drawn(self, sample: Sample) -> None:
        """Shows how many faults were drawn of a provider, and which of them no witness shows."""
        again = len(sample.unseen)
        self.print(f"{sample.provider}: {len(sample.names)} faults drawn, {again} drawn again that no witness shows")
        for name in sample.unseen:
            self.print(f"  not witnessed: {name}")
