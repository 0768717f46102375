import logging

import pytest
from _pytest.reports import TestReport

from contacts_conformance.pytest_plugin import discretion

SECRET = "a-token-of-length"


def _clean(text: str) -> str:
    return text.replace(SECRET, "${TOKEN}")


def _report(longrepr: object) -> TestReport:
    sections = [("Captured log call", f"sent {SECRET}")]
    return TestReport("a.py::b", ("a.py", 1, "b"), {}, "failed", longrepr, "call", sections)  # type: ignore[arg-type]  # any of its kinds


def _failed(message: str) -> pytest.ExceptionInfo[BaseException]:
    with pytest.raises(ValueError, match="answered") as failed:
        raise ValueError(message)
    return failed


def test_what_was_captured_shows_no_secret() -> None:
    report = _report(None)

    discretion.redact(report, _clean)

    assert report.sections == [("Captured log call", "sent ${TOKEN}")]


@pytest.mark.parametrize("style", ["long", "short", "native", "line"])
def test_a_traceback_shows_no_secret(style: str) -> None:
    report = _report(_failed(f"answered {SECRET}").getrepr(style=style, showlocals=True))  # type: ignore[arg-type]  # one of its words

    discretion.redact(report, _clean)

    assert SECRET not in report.longreprtext
    assert "answered ${TOKEN}" in report.longreprtext


def test_a_traceback_without_secrets_stays_as_pytest_made_it() -> None:
    shown = _failed("answered nothing").getrepr()
    report = _report(shown)

    discretion.redact(report, _clean)

    assert report.longrepr is shown


def test_the_reason_of_a_skip_shows_no_secret() -> None:
    report = _report(("a.py", 1, f"not-verified: {SECRET}"))

    discretion.redact(report, _clean)

    assert report.longrepr == ("a.py", 1, "not-verified: ${TOKEN}")


def test_an_error_of_pytest_itself_shows_no_secret() -> None:
    shown = _failed(f"answered {SECRET}").getrepr()

    assert "answered ${TOKEN}" in discretion.redact_error(shown, _clean)
    assert SECRET not in str(shown)


def test_libraries_log_no_requests_until_that_is_undone() -> None:
    logger = logging.getLogger("httpx")

    undo = discretion.quieten()

    assert not logger.isEnabledFor(logging.INFO)
    assert not logging.getLogger("httpcore.http11").isEnabledFor(logging.DEBUG)
    undo()
    assert logger.level == logging.NOTSET
    assert logger.filters == []


@pytest.mark.parametrize("name", ["httpx", "httpcore.http11"])
def test_somebody_elses_levels_let_no_request_be_logged(name: str, caplog: pytest.LogCaptureFixture) -> None:
    undo = discretion.quieten()
    try:
        with caplog.at_level(logging.DEBUG, name):
            logging.getLogger(name).info("GET http://host/contacts?ApiSig=0a1b2c")
            logging.getLogger(name).error("an error")
    finally:
        undo()

    assert caplog.messages == ["an error"]
