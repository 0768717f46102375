import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from contacts_conformance.account import sweep
from contacts_conformance.account.journal import Journal
from contacts_conformance.account.sweep import SweepReport
from contacts_conformance.target import Limits

from ...miniatures import Call, Miniature, hostile, respond, serving
from ..making import a_target

TAG = "cc01234567"


class Account:
    """Contacts by their ids, which are listed by equality and removed."""

    def __init__(self, *companies: str) -> None:
        self.contacts = {str(n): company for n, company in enumerate(companies, 1)}
        self.listed = self.created = True
        self.kept: set[str] = set()

    def __call__(self, call: Call) -> None:
        parts = urlsplit(call.path)
        contact = unquote(parts.path.rpartition("/")[2])
        if call.method == "DELETE":
            if contact in self.kept:
                respond(call, "403 Forbidden", "{}")
            elif self.contacts.pop(contact, None) is None:
                respond(call, "404 Not Found", "{}")
            else:
                respond(call, body="{}")
        elif call.method == "GET" and contact != "contacts":
            if contact in self.contacts:
                respond(call, body=json.dumps({"id": int(contact), "company": self.contacts[contact]}))
            else:
                respond(call, "404 Not Found", "{}")
        elif call.method == "GET" and self.listed:
            query = parse_qsl(parts.query)
            sought = {v for k, v in query if k.startswith("company")}
            rows = [{"id": int(i), "company": c} for i, c in self.contacts.items() if c in sought or not sought]
            skip = int(dict(query).get("$skip", 0))
            page = {"total": len(rows), "limit": 10, "skip": skip, "data": rows[skip : skip + 10]}
            respond(call, body=json.dumps(page))
        elif call.method == "POST" and self.created:
            number = str(100 + call.number)
            self.contacts[number] = json.loads(call.body).get("company", "")
            respond(call, "201 Created", json.dumps({"id": int(number), "company": self.contacts[number]}))
        else:
            respond(call, "500 Oops", "{}")


Fill = Callable[[Journal], None]


def _journal(folder: Path, url: str, fill: Fill, tag: str = TAG, **header: str) -> Path:
    path = folder / f"{tag}.jsonl"
    journal = Journal(path, header={"provider": "liondesk", "base_url": url, "tag": tag, **header})
    fill(journal)
    if journal._file is not None:  # the run was killed: nothing settles or deletes the file
        journal._file.close()
    return path


def _created(*contacts: str, company: str = f"{TAG}x1", role: str = "owner") -> Fill:
    def fill(journal: Journal) -> None:
        for contact in contacts:
            journal.created(journal.intend(role, {"company": company}), contact)

    return fill


def _intended(*companies: str) -> Fill:
    def fill(journal: Journal) -> None:
        for company in companies:
            journal.intend("owner", {"company": company} if company else {})

    return fill


def _sweep(server: Miniature, folder: Path, **changes: Any) -> SweepReport:
    return sweep.sweep(a_target(server.url, **changes), folder)


def test_without_journals_there_is_nothing_to_do(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        report = sweep.sweep(a_target(), folder)

        assert report.clean
        assert report.lines == ("nothing to remove: there is no journal of a killed run",)


def test_what_was_created_is_removed_by_its_id(tmp_path: Path) -> None:
    account = Account(f"{TAG}x1", "foreign", f"{TAG}x1")
    with serving(account) as server:
        path = _journal(tmp_path, server.url, _created("1", "3"))
        report = _sweep(server, tmp_path)

    assert account.contacts == {"2": "foreign"}
    assert sorted(a for a in server.asked if not a.startswith("GET")) == ["DELETE /contacts/1", "DELETE /contacts/3"]
    reads = [a for a in server.asked if a.startswith("GET")]
    assert reads[:2] == ["GET /contacts/3", "GET /contacts/1"]  # before, they show whose they are
    assert sorted(reads[2:]) == ["GET /contacts/1", "GET /contacts/3"]  # and afterwards, that they are gone
    assert report.clean
    assert report.lines == (f"{TAG}.jsonl: 2 contacts removed or already gone; journal deleted, since nothing is left",)
    assert not path.exists()


def test_a_contact_that_is_gone_already_is_fine(tmp_path: Path) -> None:
    with serving(Account()) as server:
        _journal(tmp_path, server.url, _created("7"))
        report = _sweep(server, tmp_path)

    assert (report.clean, report.journals[0].removed) == (True, ("7",))


def test_what_was_never_confirmed_is_found_by_its_mark(tmp_path: Path) -> None:
    account = Account("foreign", f"{TAG}x1", f"{TAG}x2", f"{TAG}x1")
    with serving(account) as server:
        _journal(tmp_path, server.url, _intended(f"{TAG}x1", f"{TAG}x1", f"{TAG}x9"))
        report = _sweep(server, tmp_path)

    assert account.contacts == {"1": "foreign", "3": f"{TAG}x2"}
    assert report.clean
    assert set(report.journals[0].removed) == {"2", "4"}


def test_a_record_that_only_has_the_same_values_is_not_taken_for_ours(tmp_path: Path) -> None:
    account = Account("cedar")
    with serving(account) as server:
        path = _journal(tmp_path, server.url, _intended("cedar", ""))
        report = _sweep(server, tmp_path)

    assert account.contacts == {"1": "cedar"}
    assert server.calls == []
    assert not report.clean
    assert report.lines[-1].endswith(": they carry no tag to find them by")
    assert path.exists()


def test_a_list_that_ignores_the_filter_leads_to_no_removal(tmp_path: Path) -> None:
    account = Account("foreign", "another")

    def unfiltered(call: Call) -> None:
        rows = [{"id": int(i), "company": c} for i, c in account.contacts.items()]
        respond(call, body=json.dumps({"total": 2, "limit": 10, "skip": 0, "data": rows}))

    with serving(unfiltered) as server:
        _journal(tmp_path, server.url, _intended(f"{TAG}x1"))
        report = _sweep(server, tmp_path)

    assert "DELETE" not in {c.method for c in server.calls}
    assert not report.clean  # such a list does not show that a contact is not there


def test_what_cannot_be_removed_is_named_and_its_journal_kept(tmp_path: Path) -> None:
    account = Account(f"{TAG}x1", f"{TAG}x1")
    account.kept = {"2"}
    with serving(account) as server:
        path = _journal(tmp_path, server.url, _created("1", "2"))
        report = _sweep(server, tmp_path)

    (swept,) = report.journals
    assert (report.clean, swept.removed, swept.left, path.exists()) == (False, ("1",), ("2",), True)
    assert "contact 2 could not be removed: DELETE " in "\n".join(report.lines)
    assert report.lines[0].endswith(
        "1 contact removed or already gone, 1 left; journal kept, since contacts may be left"
    )


def test_a_contact_that_lives_on_under_another_id_is_removed(tmp_path: Path) -> None:
    account = Account("foreign", f"{TAG}x1")
    with serving(account) as server:
        _journal(tmp_path, server.url, _created("99"))
        report = _sweep(server, tmp_path)

    assert account.contacts == {"1": "foreign"}
    assert report.clean
    assert "2" in report.journals[0].removed


def test_the_id_of_another_contact_leads_to_no_removal(tmp_path: Path) -> None:
    account = Account("foreign", f"{TAG}x1", f"{TAG}x2")
    with serving(account) as server:
        _journal(tmp_path, server.url, _created("1"))
        report = _sweep(server, tmp_path)

    assert account.contacts == {"1": "foreign", "3": f"{TAG}x2"}
    assert report.clean
    assert report.lines[-1].endswith("ids of other contacts; they were not touched: 1")


def test_one_id_for_several_creations_leaves_none_of_them(tmp_path: Path) -> None:
    account = Account(f"{TAG}x1", f"{TAG}x2", f"{TAG}x3", "foreign")

    def fill(journal: Journal) -> None:
        for number in (1, 2, 3):
            journal.created(journal.intend("owner", {"company": f"{TAG}x{number}"}), "2")

    with serving(account) as server:
        _journal(tmp_path, server.url, fill)
        report = _sweep(server, tmp_path)

    assert account.contacts == {"4": "foreign"}
    assert report.clean


def test_the_id_of_a_removed_contact_stands_for_no_other(tmp_path: Path) -> None:
    account = Account(f"{TAG}x1", f"{TAG}x2", f"{TAG}x3", "foreign")

    def fill(journal: Journal) -> None:
        _created("9", company=f"{TAG}x9")(journal)
        journal.proved(journal.creations[0])
        journal.removed("9")
        for number in (1, 2, 3):
            _created("9", company=f"{TAG}x{number}")(journal)
        journal.removed("9")

    with serving(account) as server:
        _journal(tmp_path, server.url, fill)
        report = _sweep(server, tmp_path)

    assert account.contacts == {"4": "foreign"}
    assert report.clean


def test_a_contact_without_a_mark_is_known_by_what_was_sent(tmp_path: Path) -> None:
    account = Account("cedar", "elm")
    with serving(account) as server:
        _journal(tmp_path, server.url, _created("1", "2", company="elm"))
        report = _sweep(server, tmp_path)

    assert account.contacts == {"1": "cedar"}
    assert report.lines[-1].endswith("they were not touched: 1")


def test_what_was_proven_stays_proven_when_its_mark_is_gone(tmp_path: Path) -> None:
    account = Account("changed")

    def fill(journal: Journal) -> None:
        creation = journal.intend("owner", {"company": f"{TAG}x1"})
        journal.created(creation, "1")
        journal.proved(creation)

    with serving(account) as server:
        _journal(tmp_path, server.url, fill)
        report = _sweep(server, tmp_path)

    assert account.contacts == {}
    assert report.clean


def test_a_removal_that_was_only_said_is_seen(tmp_path: Path) -> None:
    account = Account(*(f"{TAG}x{n}" for n in range(12)))

    def lie(call: Call) -> None:
        respond(call, body="{}") if call.method == "DELETE" else account(call)

    def fill(journal: Journal) -> None:
        for number in range(12):
            _created(str(number + 1), company=f"{TAG}x{number}")(journal)

    with serving(lie) as server:
        path = _journal(tmp_path, server.url, fill)
        report = _sweep(server, tmp_path)

    assert not report.clean
    assert "but they are still there" in report.lines[-1]
    assert len(report.journals[0].left) == 12
    assert path.exists()


def test_one_list_that_fails_does_not_end_the_removal(tmp_path: Path) -> None:
    account = Account(f"{TAG}x1")
    account.listed = False
    with serving(account) as server:
        _journal(tmp_path, server.url, lambda j: (_intended(f"{TAG}x8")(j), _created("1")(j))[0])
        report = _sweep(server, tmp_path)

    assert account.contacts == {}
    assert not report.clean
    assert "1 more contacts may exist: looking for marks failed" in report.lines[1]


@pytest.mark.parametrize("manner", [hostile.hang_up, hostile.too_many_for_long])
def test_a_target_that_does_not_answer_is_not_asked_for_ever(manner: Any, tmp_path: Path) -> None:
    with serving(manner) as server:
        _journal(tmp_path, server.url, _created(*map(str, range(50))))
        report = _sweep(server, tmp_path, limits=Limits(max_wait=1))

    assert len(server.calls) <= 8
    assert len(report.journals[0].left) == 50
    assert ": 50 contacts are left: " in report.lines[-1]


def test_searches_end_as_well(tmp_path: Path) -> None:
    with serving(hostile.server_error) as server:
        _journal(tmp_path, server.url, _intended(*(f"{TAG}x{n}" for n in range(20))))
        report = _sweep(server, tmp_path)

    assert len(server.calls) <= 10
    assert report.lines[-1].startswith(f"{TAG}.jsonl: 21 more contacts may exist: ")


def test_journals_of_other_targets_are_left_alone(tmp_path: Path) -> None:
    account = Account("mine")
    with serving(account) as server:
        paths = [
            _journal(tmp_path, "https://elsewhere.example.com", _created("1"), "cc02"),
            _journal(tmp_path, server.url, _created("1"), "cc03", provider="ngpvan"),
        ]
        report = _sweep(server, tmp_path)

    assert server.calls == []
    assert all(p.exists() for p in paths)
    assert report.clean
    assert (
        report.lines[0]
        == "cc02.jsonl: skipped: it belongs to another target, liondesk at https://elsewhere.example.com"
    )


def test_a_run_that_has_not_ended_is_left_alone(tmp_path: Path) -> None:
    with serving(Account("mine")) as server:
        journal = Journal(
            tmp_path / "cc04.jsonl", header={"provider": "liondesk", "base_url": server.url, "tag": "cc04"}
        )
        _created("1")(journal)
        report = _sweep(server, tmp_path)
        journal.removed("1")
        journal.close()

    assert server.calls == []
    assert not report.clean
    assert report.lines == ("cc04.jsonl: skipped: its run, or another sweep, is still at work on it",)


def test_what_is_no_journal_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.jsonl").write_text("hello")
    (tmp_path / "notes.txt").write_text("hello")
    with serving(Account()) as server:
        report = _sweep(server, tmp_path)

    assert report.lines == ("notes.jsonl: is no journal of a run",)
    assert len(list(tmp_path.iterdir())) == 2


def test_without_permission_to_write_nothing_is_asked(tmp_path: Path) -> None:
    with serving(Account("mine")) as server:
        _journal(tmp_path, server.url, _created("1"))
        report = _sweep(server, tmp_path, writes=False)

    assert (server.calls, report.clean) == ([], False)
    assert "does not permit writing" in report.lines[0]


def test_a_role_that_the_target_no_longer_has_is_named(tmp_path: Path) -> None:
    account = Account("mine", f"{TAG}x1")
    with serving(account) as server:
        _journal(
            tmp_path, server.url, lambda j: (_created("1", role="outsider")(j), _created("2")(j), _intended("x")(j))[0]
        )
        report = _sweep(server, tmp_path)

    assert account.contacts == {"1": "mine"}
    assert "no identity 'outsider'" in "\n".join(report.lines)
    assert "they carry no tag to find them by" in "\n".join(report.lines)
