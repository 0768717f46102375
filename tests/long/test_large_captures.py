"""A capture of 10,000 exchanges of 4 kB is judged within a minute and 300 MB, however many secrets it has."""

import hashlib
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from ..unit.traffic.captured import an_entry

EXCHANGES = 10_000
SECONDS, MEGABYTES = 60, 300
_TEXTS = "first_name last_name email mobile_phone home_phone office_phone fax company spouse_name spouse_email"


def contact(number: int) -> dict[str, object]:
    texts = {name: hashlib.md5(f"{number} {name}".encode()).hexdigest()[:16] for name in _TEXTS.split()}
    return {
        "id": number,
        "owner_user_id": 1,
        "assigned_user_id": None,
        **texts,
        "created_at": "2026-01-02T03:04:05.000Z",
    }


def written(path: Path, *, signed: bool) -> Path:
    """A capture of lists of contacts, with one token or with one for each request."""
    entries = []
    for number in range(EXCHANGES):
        contacts = [contact(10 * number + n) for n in range(8)]
        token = hashlib.sha1(str(number * signed).encode()).hexdigest()
        answer = {"total": 8, "limit": 10, "skip": 0, "data": contacts}
        sent = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        entries.append(an_entry(path="/contacts?$limit=10", sent=sent, answer=answer))
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    return path


@pytest.mark.parametrize("signed", [False, True], ids=["one token", "a token for each request"])
def test_a_large_capture_takes_a_minute_and_300_megabytes_at_most(tmp_path: Path, signed: bool) -> None:
    path = written(tmp_path / "large.har", signed=signed)
    words = ["check-traffic", str(path), "--provider", "liondesk"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime

    child = (
        "import resource, sys\n"
        "from contacts_conformance.cli.main import main\n"
        "try:\n"
        "    main(sys.argv[1:])\n"
        "finally:\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", child, *words], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[-1]) <= MEGABYTES
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before <= SECONDS
