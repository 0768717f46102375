"""What keeps secrets out of what pytest, its plugins and the libraries beneath say and write of a run."""

from __future__ import annotations

import logging
from collections.abc import Callable

from _pytest._code.code import ExceptionChainRepr, ReprEntryNative, ReprTraceback
from _pytest.reports import BaseReport

Clean = Callable[[str], str]

_LOGGERS = ("httpx", "httpcore", "urllib3", "requests", "schemathesis")
"""Libraries that log addresses, headers or bodies of what is sent and answered."""
_LATER = (
    *("httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy", "httpcore.socks"),
    *("urllib3.connection", "urllib3.connectionpool", "urllib3.poolmanager", "urllib3.response", "urllib3.util.retry"),
)
"""Loggers of theirs that need not be there yet: a library is loaded when something is sent."""


def quieten() -> Callable[[], None]:
    """Keeps libraries from logging requests, which may carry sessions; what is returned undoes it.

    Levels spare the work; the filters stay where somebody else sets the levels.
    """
    known = sorted(n for n in logging.root.manager.loggerDict if n.partition(".")[0] in _LOGGERS)
    names = dict.fromkeys((*_LOGGERS, *_LATER, *known))
    before = [(logger, logger.level) for logger in map(logging.getLogger, names)]
    for logger, level in before:
        logger.setLevel(max(level, logging.ERROR))
        logger.addFilter(_is_error)

    def undo() -> None:
        for logger, level in before:
            logger.setLevel(level)
            logger.removeFilter(_is_error)

    return undo


def _is_error(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR


def redact(report: BaseReport, clean: Clean) -> None:
    """Takes secrets out of what a report of pytest shows: why it failed, and what was captured meanwhile."""
    report.sections = [(clean(title), clean(text)) for title, text in report.sections]
    shown = report.longrepr
    if isinstance(shown, str):
        report.longrepr = clean(shown)
    elif isinstance(shown, tuple):
        path, line, reason = shown
        report.longrepr = (path, line, clean(reason))
    elif shown is not None:
        crash = getattr(shown, "reprcrash", None)
        texts = (report.longreprtext, crash.message if crash is not None else "")
        if any(clean(text) != text for text in texts):
            report.longrepr = clean(report.longreprtext)


def redact_error(shown: object, clean: Clean) -> str:
    """Takes secrets out of what pytest is about to print of an error of its own, and returns the text."""
    text = str(shown)
    redacted = clean(text)
    if redacted != text and isinstance(shown, ExceptionChainRepr):
        shown.chain = [
            (ReprTraceback([ReprEntryNative(redacted.splitlines(keepends=True))], None, "native"), None, None)
        ]
        shown.sections = []
    return redacted
