"""What pytest-html's `report.html` says beside its own columns: requirements and levels, and the verdicts on top."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import pytest
from _pytest.reports import TestReport

from contacts_conformance.report import html
from contacts_conformance.verdicts.result import Result


class Columns:
    """The hooks of pytest-html; `result` gives the result of the run, or None as long as there is none."""

    def __init__(self, title: str, result: Callable[[], Result | None]) -> None:
        self._title = title
        self._result = result

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_report_title(self, report: Any) -> None:
        """Names the provider in the title."""
        report.title = f"{self._title}: conformance"

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_header(self, cells: list[str]) -> None:
        """Adds columns for requirement and level."""
        cells.insert(2, "<th>Requirement</th>")
        cells.insert(3, "<th>Level</th>")

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_table_row(self, report: TestReport, cells: list[str]) -> None:
        """Fills the columns for requirement and level."""
        cells.insert(2, f"<td>{escape(getattr(report, 'requirements', ''))}</td>")
        cells.insert(3, f"<td>{escape(getattr(report, 'levels', ''))}</td>")

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        """Puts the verdicts by requirement on top."""
        result = self._result()
        if result is not None:
            prefix.extend(html.summary(result))
