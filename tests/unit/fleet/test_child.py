import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from contacts_conformance.errors import UsageError
from contacts_conformance.fleet import child, work
from contacts_conformance.fleet.plan import Job
from contacts_conformance.pytest_plugin.occupying import occupied


def test_a_job_travels_as_one_argument(tmp_path: Path) -> None:
    job = Job("one", "liondesk", tmp_path / "one.toml", "digest", "one")
    options = work.Options(tmp_path, seed=3, yes=True, requirements=("liondesk.sort",), max_seconds=5.0)

    assert work.of_words(work.words(job, options)) == (job, options)


def test_a_run_ends_when_its_fleet_does_also_where_that_was_started_to_ignore_interrupts() -> None:
    code = (
        "import os, signal, time\n"
        "from contacts_conformance.fleet import child\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "try:\n child.end_with(os.dup(0))\n time.sleep(60)\n"
        "except KeyboardInterrupt:\n print('ended in order')\n"
    )

    done = subprocess.run([sys.executable, "-c", code], input=b"", capture_output=True, timeout=50, check=False)

    assert done.stdout == b"ended in order\n"


def test_a_run_waits_until_its_account_is_free(tmp_path: Path) -> None:
    order = []

    def other() -> None:
        with child.alone(tmp_path / "account", 20):
            order.append("second")

    waiting = threading.Thread(target=other)
    with occupied(tmp_path / "account"):
        waiting.start()
        time.sleep(3 * child._BETWEEN)
        order.append("first")
    waiting.join()

    assert order == ["first", "second"]


def test_a_run_does_not_wait_for_ever(tmp_path: Path) -> None:
    with (
        occupied(tmp_path / "account"),
        pytest.raises(UsageError, match="another run"),
        child.alone(tmp_path / "account", 0),
    ):
        pass
