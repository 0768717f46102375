import errno
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_conformance.account import journal as journals
from contacts_conformance.account.journal import Journal
from contacts_conformance.errors import UsageError

HEADER = {"provider": "liondesk", "base_url": "https://api.example.com", "tag": "cc01"}


def _journal(path: Path) -> Journal:
    return Journal(path / "journal" / "cc01.jsonl", header=HEADER)


def _filled(journal: Journal) -> Path:
    """One contact of every state, and one that was removed again."""
    for state in ("created", "refused", "removed", "intended"):
        creation = journal.intend("owner", {"company": f"cc01 {state}"})
        if state in ("created", "removed"):
            journal.created(creation, f"id of {state}")
        if state == "refused":
            journal.refused(creation)
        if state == "removed":
            journal.removed(creation.id)
    journal.close()
    assert journal.path is not None
    return journal.path


def test_it_knows_what_stands_and_what_nobody_knows() -> None:
    journal = Journal()
    _first, second, third = (journal.intend("owner", {"company": str(n)}) for n in range(3))

    journal.created(second, "2")
    journal.created(third, "3")

    assert [c.id for c in journal.standing] == ["3", "2"]
    assert [c.find for c in journal.unconfirmed] == [{"company": "0"}]
    assert journal.owns("2")
    assert not journal.owns("1")
    assert not journal.owns("")


def test_what_was_removed_is_still_the_runs_own() -> None:
    journal = Journal()
    journal.created(journal.intend("owner", {}), "1")

    journal.removed("1")

    assert journal.owns("1")
    assert journal.standing == ()


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    journal = Journal(header=HEADER)
    journal.created(journal.intend("owner", {}), "1")
    journal.close()

    assert list(tmp_path.iterdir()) == []


def test_an_intention_is_on_the_disk_before_it_is_carried_out(tmp_path: Path) -> None:
    journal = _journal(tmp_path)
    journal.durable = True

    journal.intend("owner", {"company": "Zoë \u2028 \ud800"})

    assert journal.path is not None
    lines = [json.loads(line) for line in journal.path.read_bytes().splitlines()]
    assert lines == [
        {"journal": 1, **HEADER},
        {"intended": 0, "identity": "owner", "find": {"company": "Zoë \u2028 \ud800"}},
    ]
    journal.close()


def test_it_reads_back_as_it_was(tmp_path: Path) -> None:
    journal = _journal(tmp_path)
    path = _filled(journal)

    read = journals.read(path)

    assert read.creations == journal.creations
    assert read.header == HEADER
    assert [c.id for c in read.standing] == ["id of created"]
    assert [c.find["company"] for c in read.unconfirmed] == ["cc01 intended"]


def test_it_is_kept_while_anything_is_open_and_deleted_then(tmp_path: Path) -> None:
    path = _filled(_journal(tmp_path))
    read = journals.read(path)

    read.removed("id of created")
    read.close()
    kept = path.exists()
    again = journals.read(path)
    again.refused(again.unconfirmed[0])
    again.close()

    assert kept
    assert not path.exists()
    assert list(path.parent.iterdir()) == []


def test_wherever_a_killed_run_stopped_writing_the_rest_is_read(tmp_path: Path) -> None:
    path = _filled(_journal(tmp_path))
    whole = path.read_bytes()
    ends = [i for i, byte in enumerate(whole) if byte == 10]

    for size in range(ends[0] + 1, len(whole)):
        path.write_bytes(whole[:size])
        read = journals.read(path)
        lines = sum(end <= size for end in ends)

        assert read.header == HEADER
        assert len(read.creations) <= lines
        assert len(read.standing) + len(read.unconfirmed) <= 2


def test_what_is_written_behind_a_line_that_was_cut_off_is_read(tmp_path: Path) -> None:
    path = _filled(_journal(tmp_path))
    path.write_bytes(path.read_bytes() + b'{"removed": "id of cre')

    read = journals.read(path)
    read.removed("id of created")
    read.close()

    assert journals.read(path).standing == ()


def test_bytes_that_a_failing_disk_left_are_passed_over(tmp_path: Path) -> None:
    path = _filled(_journal(tmp_path))
    path.write_bytes(path.read_bytes() + b"\0\0\0\xff\n[1]\n17\n")

    assert len(journals.read(path).creations) == 4


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"{}\n", b"hello\n", b'{"created": 0, "id": "1"}\n', b'{"intended": 0}\n']
)
def test_what_is_no_journal_is_wrong_use(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.jsonl"
    path.write_bytes(content)

    with pytest.raises(UsageError, match=r"other\.jsonl: is no journal of a run"):
        journals.read(path)


def test_a_journal_that_cannot_be_opened_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        journals.read(tmp_path / "none.jsonl")
    with pytest.raises(UsageError, match="cannot be written: Is a directory"):
        Journal(tmp_path).take()


def test_a_journal_can_be_taken_by_one_process_at_a_time(tmp_path: Path) -> None:
    journal = _journal(tmp_path)
    journal.intend("owner", {"company": "cc01"})
    assert journal.path is not None
    one, other = journals.read(journal.path), journals.read(journal.path)

    during = one.take()
    journal.close()

    assert not during
    assert one.take()
    assert not other.take()
    one.close()
    assert other.take()
    other.close()


def test_a_journal_that_another_sweep_has_deleted_cannot_be_taken(tmp_path: Path) -> None:
    path = _filled(_journal(tmp_path))
    journal = journals.read(path)

    def deleted(_: object) -> bool:
        path.unlink(missing_ok=True)
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journals, "_lock", deleted)
        assert not journal.take()


@pytest.mark.parametrize("gone", [True, False])
def test_a_journal_that_cannot_be_written_goes_on_in_memory(tmp_path: Path, gone: bool) -> None:
    journal = _journal(tmp_path)
    assert journal.path is not None
    standing = journal.intend("owner", {"company": "cc01x1"})

    with pytest.MonkeyPatch.context() as patch:
        if gone:
            journal.path.unlink()
            journal.path.parent.rmdir()
        else:
            patch.setattr(os, "fstat", _full)
            journal.created(standing, "1")
        with pytest.raises(OSError, match=r"No (space|such)"):
            journal.intend("owner", {"company": "cc01x2"})
    journal.created(standing, "1")

    assert [c.id for c in journal.standing] == ["1"]
    assert len(journal.creations) == 1
    assert journal.problem
    journal.removed("1")
    journal.close()


def _full(_: int) -> object:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_journals_side_by_side_do_not_mix(tmp_path: Path) -> None:
    one, other = (Journal(tmp_path / f"{tag}.jsonl", header={"tag": tag}) for tag in ("cc01", "cc02"))

    for number in range(5):
        one.created(one.intend("owner", {"company": f"cc01x{number}"}), f"1{number}")
        other.created(other.intend("owner", {"company": f"cc02x{number}"}), f"2{number}")
    one.close()
    other.close()

    for path, first in ((tmp_path / "cc01.jsonl", "1"), (tmp_path / "cc02.jsonl", "2")):
        read = journals.read(path)
        assert read.header == {"tag": path.stem}
        assert [c.id for c in read.standing] == [f"{first}{n}" for n in (4, 3, 2, 1, 0)]


def test_where_files_cannot_be_locked_none_is_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "fcntl", None)
    journal = _journal(tmp_path)
    journal.intend("owner", {})
    assert journal.path is not None

    other = journals.read(journal.path)
    assert other.take()
    other.close()
    journal.close()


@given(st.dictionaries(st.text(), st.text()), st.text(min_size=1))
def test_any_marks_and_any_id_read_back(
    tmp_path_factory: pytest.TempPathFactory, find: dict[str, str], name: str
) -> None:
    journal = _journal(tmp_path_factory.mktemp("any"))
    journal.created(journal.intend("owner", find), name)
    journal.close()
    assert journal.path is not None

    (creation,) = journals.read(journal.path).standing
    assert (creation.find, creation.id) == (find, name)
