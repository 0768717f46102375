"""What has to hold of any two runs: the same seed, the same requests; any order and spread, the same verdicts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contacts_conformance import reference
from contacts_conformance.contract import register
from contacts_conformance.pytest_plugin.runner import Order, arguments, run
from contacts_conformance.reference.kit.serving import serving
from contacts_conformance.verdicts.result import Result

from . import once

ROLES = ("owner", "assignee", "teammate", "outsider")
WITHOUT_A_MARK = "liondesk.create.each-field-alone"
"""Its contacts cannot carry a mark, so they are created only in an account that may be emptied."""


def result(order: Order, plugins: tuple[object, ...] = ()) -> Result:
    done = run(order, plugins)
    assert done.result is not None, done.output
    return done.result


def verdicts(of: Result) -> dict[str, str]:
    return {j.requirement.id: j.verdict.value for j in of.judgements}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return once.value(tmp_path_factory, "first", lambda: result(Order("liondesk", seed=7)))


def test_every_requirement_is_judged_and_holds(first: Result) -> None:
    tested = {r.id for r in register.load("liondesk").tested()}

    assert set(verdicts(first)) == tested
    assert set(verdicts(first).values()) == {"pass"}
    assert first.exit_code == 0
    assert first.traffic.left == ()


def test_the_evidence_of_a_pass_is_there_too(first: Result) -> None:
    for judgement in first.judgements:
        assert judgement.facts
        assert any(f.exchanges for f in judgement.facts), judgement.requirement.id


def test_workers_give_the_same_verdicts_by_hardly_more_requests(first: Result) -> None:
    spread = result(Order("liondesk", seed=7, workers=4))

    assert verdicts(spread) == verdicts(first)
    assert spread.traffic.left == ()
    assert spread.traffic.requests <= 1.05 * first.traffic.requests


class Shuffled:
    """Runs the checks in an order that has nothing to do with the files."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda i: i.name[::-1], reverse=True)


def test_another_order_gives_the_same_verdicts(first: Result) -> None:
    assert verdicts(result(Order("liondesk", seed=7), (Shuffled(),))) == verdicts(first)


def target(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch, *roles: str, more: str = "") -> Path:
    known = 'known = {teammate = "2", outsider = "4", hotness = "12", source = "12"}'
    text = f'provider = "liondesk"\nbase_url = "{url}"\nwrites = true\n{known}\n{more}\n'
    text += 'share = {path = "/contacts/{contact}/shares", body = {user_id = "{user}"}}\n'
    for number, role in enumerate(ROLES, 1):
        if role in roles:
            monkeypatch.setenv(f"{role.upper()}_TOKEN", f"reference-{role}-token")
            text += f'[identities.{role}]\ntoken = "${{{role.upper()}_TOKEN}}"\nuser_id = "{number}"\n'
    path = tmp_path / "target.toml"
    path.write_text(text)
    return path


@pytest.fixture
def server() -> Iterator[str]:
    with serving(reference.load("liondesk").application()) as url:
        yield url


def test_a_target_file_gives_the_verdicts_of_the_embedded_server(
    first: Result, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = Order("liondesk", target=target(tmp_path, server, monkeypatch, *ROLES), seed=7, reports=tmp_path, yes=True)

    assert verdicts(result(order)) == {**verdicts(first), WITHOUT_A_MARK: "not-verified"}
    assert not list((tmp_path / "liondesk/journal").glob("*"))


def test_a_missing_identity_is_incomplete_and_says_what_it_left(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = target(tmp_path, server, monkeypatch, "owner", "assignee", "teammate")

    found = result(Order("liondesk", target=path, yes=True))

    left = {r for r, v in verdicts(found).items() if v == "not-verified"}
    assert found.exit_code == 3
    assert left == {
        "liondesk.access.other.no-read",
        "liondesk.access.other.no-list",
        "liondesk.access.other.no-change",
        "liondesk.access.other.no-remove",
        "liondesk.owner.submitter",
        "liondesk.filter.in",
        "liondesk.filter.nin",
        WITHOUT_A_MARK,
    }
    others = left - {WITHOUT_A_MARK}
    assert all("[identities.outsider]" in j.reason for j in found.judgements if j.requirement.id in others)


def test_roles_that_the_target_has_not_are_not_applicable(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles = ("owner", "assignee", "teammate")
    path = target(tmp_path, server, monkeypatch, *roles, more=f"offers = {{roles = {list(roles)}}}")

    rows = ("liondesk.access", "liondesk.owner")
    found = result(Order("liondesk", target=path, requirements=rows, yes=True))

    assert found.exit_code == 0
    assert verdicts(found)["liondesk.owner.submitter"] == "not-applicable"
    assert verdicts(found)["liondesk.access.other.no-read"] == "pass"


def test_without_permission_nothing_is_written(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = target(tmp_path, server, monkeypatch, *ROLES)
    path.write_text(path.read_text().replace("writes = true", "writes = false"))

    found = result(Order("liondesk", target=path, yes=True))

    assert found.exit_code == 3
    assert found.traffic.created == 0
    assert {e.method for e in found.exchanges} <= {"GET"}


def test_a_spent_budget_is_incomplete_and_leaves_nothing(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = target(tmp_path, server, monkeypatch, *ROLES, more="limits = {max_requests = 100}")

    found = result(Order("liondesk", target=path, yes=True))

    assert found.exit_code == 3
    assert found.traffic.left == ()
    assert any("limits.max_requests" in j.reason for j in found.judgements)


def test_pytest_in_a_checkout_is_the_same_run() -> None:
    words = arguments(Order("liondesk", requirements=("liondesk.page",)))

    assert any(w.endswith("suites/contract") for w in words)
    assert "--provider=liondesk" in words
