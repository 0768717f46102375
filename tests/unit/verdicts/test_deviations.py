import json
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from contacts_conformance.contract import resources
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Judgement, Outcome, Verdict
from contacts_conformance.report.json import to_document
from contacts_conformance.verdicts import accept as accepting
from contacts_conformance.verdicts import deviations, rules
from contacts_conformance.verdicts.deviations import Deviation, Ruling, Situation, State

from ..making import a_breach, a_fact, a_judgement, a_requirement, a_result

ENTRY = """\
[[deviation]]
requirement = "liondesk.a.row"
reason = "ticket 7"
first_seen = 2024-01-01
expires = 2024-12-31
observed = ["company: value other text"]
"""
TODAY = date(2024, 6, 1)


def entry(**changes: Any) -> Deviation:
    plain = Deviation(
        "liondesk.a.row", "ticket 7", date(2024, 1, 1), date(2024, 12, 31), ("company: value other text",), seed=7
    )
    return replace(plain, **changes)


def situation(**changes: Any) -> Situation:
    ids = frozenset({"liondesk.a.row", "liondesk.a.second-row"})
    return replace(Situation(ids, frozenset({"spark"}), seed=7, complete=True, whole=True, today=TODAY), **changes)


def rule(listed: Deviation, *judgements: Judgement, **changes: Any) -> tuple[Ruling, Verdict | None]:
    judged, (ruling,) = deviations.rule([listed], judgements, situation(**changes))
    return ruling, judged[0].verdict if judged else None


def mistakes(text: str, folder: Path) -> Sequence[str]:
    file = folder / "d.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        deviations.load(file)
    assert all(line.startswith(f"{file}: ") for line in caught.value.lines)
    return [line.removeprefix(f"{file}: ") for line in caught.value.lines]


# What a run says of an entry


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.WARN])
def test_a_failure_that_is_listed_is_a_known_deviation(verdict: Verdict) -> None:
    ruling, judged = rule(entry(), a_judgement(verdict))

    assert (ruling.state, ruling.wrong) == (State.ACCEPTED, False)
    assert ruling.message == "accepted until 2024-12-31: ticket 7"
    assert judged is Verdict.KNOWN_DEVIATION


def test_an_entry_holds_on_its_last_day_and_not_after_it() -> None:
    assert rule(entry(expires=TODAY), a_judgement())[0].state is State.ACCEPTED
    ruling, judged = rule(entry(expires=date(2024, 5, 31)), a_judgement())

    assert (ruling.state, ruling.wrong, judged) == (State.EXPIRED, True, Verdict.FAIL)
    assert "2024-05-31" in ruling.message


def test_an_entry_about_what_passes_is_stale() -> None:
    ruling, judged = rule(entry(), a_judgement(Verdict.PASS))

    assert (ruling.state, ruling.wrong, judged) == (State.STALE, True, Verdict.PASS)


def test_another_behaviour_is_a_change_and_says_which() -> None:
    worse = a_fact(Outcome.BROKEN, breach=a_breach(observed="missing"))
    ruling, judged = rule(entry(), a_judgement(facts=(worse,)))

    assert (ruling.state, ruling.wrong, judged) == (State.CHANGED, True, Verdict.FAIL)
    assert "new: company: value missing" in ruling.message
    assert "gone: company: value other text" in ruling.message


def test_what_is_unsteady_matches_though_it_does_not_show_in_each_way() -> None:
    listed = entry(observed=("company: value missing", "company: value other text"))
    unsteady = a_fact(Outcome.BROKEN, breach=a_breach(), unsteady=True)

    assert rule(listed, a_judgement(facts=(unsteady,)))[0].state is State.ACCEPTED
    assert rule(listed, a_judgement())[0].state is State.CHANGED


def test_other_words_are_no_change() -> None:
    ruling, judged = rule(entry(), a_judgement(message="the same, in other words"))

    assert (ruling.state, judged) == (State.ACCEPTED, Verdict.KNOWN_DEVIATION)


def test_an_entry_of_an_earlier_version_holds_until_another_check_fails() -> None:
    other = a_fact(Outcome.BROKEN, check="suites/t.py::test_c", breach=a_breach())
    earlier = entry(observed=("test_b → it is not",))

    assert rule(earlier, a_judgement())[0].state is State.ACCEPTED
    assert rule(earlier, a_judgement(facts=(*a_judgement().facts, other)))[0].state is State.CHANGED


def test_an_unknown_id_is_unmatched_even_in_a_narrowed_run() -> None:
    for complete in (True, False):
        ruling, _ = rule(entry(requirement="liondesk.a.rwo"), a_judgement(), complete=complete)

        assert (ruling.state, ruling.wrong) == (State.UNMATCHED, True)
        assert "did you mean liondesk.a.row?" in ruling.message


def test_an_excluded_requirement_is_unmatched() -> None:
    ruling, _ = rule(entry())

    assert ruling.state is State.UNMATCHED
    assert "excluded" in ruling.message


@pytest.mark.parametrize(
    ("judgements", "changes", "listed"),
    [
        ([a_judgement(Verdict.NOT_VERIFIED, "no token")], {}, entry()),
        ([a_judgement(Verdict.NOT_VERIFIED, "no token")], {}, entry(expires=date(2024, 2, 1))),
        ([a_judgement(Verdict.SUITE_ERROR, "KeyError")], {}, entry()),
        ([a_judgement(requirement=a_requirement("liondesk.a.second-row"))], {"complete": False}, entry()),
        ([a_judgement()], {}, entry(requirement="spark.a.row")),
        ([a_judgement(Verdict.PASS)], {"complete": False, "whole": False}, entry()),
        ([a_judgement(Verdict.PASS)], {"seed": 8}, entry(observed=("status 500 (generated)",))),
    ],
    ids=["not-verified", "expired-too", "suite-error", "narrowed", "another-provider", "other-checks", "another-seed"],
)
def test_an_entry_is_left_alone_where_its_checks_did_not_run(
    judgements: list[Judgement], changes: dict[str, Any], listed: Deviation
) -> None:
    ruling, _ = rule(listed, *judgements, **changes)

    assert (ruling.state, ruling.wrong) == (State.NOT_JUDGED, False)
    assert ruling.message


def test_a_run_of_all_checks_of_the_requirement_makes_an_entry_stale() -> None:
    assert rule(entry(), a_judgement(Verdict.PASS), complete=False)[0].state is State.STALE


def test_one_failing_check_of_two_is_accepted_where_the_other_did_not_run() -> None:
    listed = entry(observed=("company: value other text", "tags: value missing"))

    assert rule(listed, a_judgement(), whole=False)[0].state is State.ACCEPTED
    assert rule(listed, a_judgement())[0].state is State.CHANGED


def test_an_outdated_list_makes_a_run_that_passes_not_conformant() -> None:
    passed = [a_judgement(Verdict.PASS)]

    assert rules.exit_code(passed) == 0
    assert rules.exit_code(passed, outdated=True) == 1
    assert rules.exit_code([a_judgement(Verdict.NOT_VERIFIED)], outdated=True) == 1
    assert rules.exit_code(passed, outdated=True, unreachable=True) == 4


def test_a_known_deviation_neither_fails_nor_warns_in_strict_runs() -> None:
    assert rules.exit_code([a_judgement(Verdict.KNOWN_DEVIATION)], strict=True) == 0


def test_the_verdict_in_words_owns_up_to_deviations() -> None:
    known, passed = a_judgement(Verdict.KNOWN_DEVIATION), a_judgement(Verdict.PASS)

    assert a_result(known, exit_code=0).sentence == "conformant but for 1 known deviation"
    assert a_result(passed, exit_code=1).sentence == "nothing fails, but the list of deviations is out of date"
    assert a_result(exit_code=1).sentence == "not conformant"


# The file


def test_a_file_says_what_is_accepted(tmp_path: Path) -> None:
    file = tmp_path / "d.toml"
    file.write_bytes(b"\xef\xbb\xbf# ours\r\n" + ENTRY.replace("\n", "\r\n").encode())

    assert deviations.load(file).entries == (entry(seed=0),)


def test_an_empty_file_accepts_nothing(tmp_path: Path) -> None:
    (tmp_path / "d.toml").write_text("")

    assert deviations.load(tmp_path / "d.toml").entries == ()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('reason = "ticket 7"\n', "", "deviation 1 (…): reason: missing; say why"),
        ('"ticket 7"', '" "', "deviation 1 (…): reason: ' ' does not fit"),
        ("2024-12-31", '"next year"', "deviation 1 (…): expires: 'next year' does not fit; write a day"),
        ("2024-12-31", "2024-12-31T10:00:00", "deviation 1 (…): expires: 2024-12-31 10:00:00 does not fit"),
        ("2024-12-31", "2023-12-31", "deviation 1 (…): expires: 2023-12-31 lies before first_seen, 2024-01-01"),
        ("expires", "expire", "deviation 1 (…): expire: unknown key; did you mean expires?"),
        ('requirement = "liondesk.a.row"', "requirement = 5", "deviation 1: requirement: 5 does not fit; write the id"),
        ('["company: value other text"]', "[]", "deviation 1 (…): observed: [] does not fit; it is a list of lines"),
        ('["company: value other text"]', '"x"', "deviation 1 (…): observed: 'x' does not fit"),
        ("reason", 'link = "ticket"\nreason', "deviation 1 (…): link: 'ticket' does not fit; write an address"),
        ("reason", "seed = true\nreason", "deviation 1 (…): seed: True does not fit; write a number"),
        ("[[deviation]]", "[deviation]", "deviation: write [[deviation]], twice bracketed"),
        ("[[deviation]]", "[[deviations]]", "deviations: unknown key; entries stand in tables [[deviation]]"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_clear_line(old: str, new: str, line: str, tmp_path: Path) -> None:
    found = [f.replace("(liondesk.a.row)", "(…)") for f in mistakes(ENTRY.replace(old, new, 1), tmp_path)]

    assert any(f.startswith(line) for f in found), found


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    found = mistakes(ENTRY.replace("reason", "raeson") + ENTRY.replace("2024-12-31", "7") + "\n[other]\n", tmp_path)

    assert found[0] == "other: unknown key; entries stand in tables [[deviation]]"
    assert [f.partition(" (")[0] for f in found[1:]] == ["deviation 1", "deviation 1", "deviation 2", "deviation 2"]


def test_two_entries_about_one_requirement_are_a_mistake(tmp_path: Path) -> None:
    (found,) = mistakes(ENTRY + ENTRY, tmp_path)

    assert found == "deviation 2 (liondesk.a.row): requirement: deviation 1 is about it already; join the two"


@pytest.mark.parametrize("content", [b"[[deviation]", b"\xff\xfe\x00", b"x = \x00"])
def test_what_is_no_toml_is_told_so(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "d.toml").write_bytes(content)

    with pytest.raises(UsageError, match=r"d\.toml: is not (TOML|UTF-8)"):
        deviations.load(tmp_path / "d.toml")
    with pytest.raises(UsageError, match="cannot be read"):
        deviations.load(tmp_path / "none.toml")


def test_the_published_schema_agrees_with_what_is_read(tmp_path: Path) -> None:
    schema = json.loads((resources.specs() / "schemas/deviations.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    document = json.loads(json.dumps(tomllib.loads(ENTRY), default=str))

    assert validator.is_valid(document)
    assert set(schema["properties"]["deviation"]["items"]["properties"]) == set(deviations._KEYS)
    for key in document["deviation"][0]:
        less = {"deviation": [{k: v for k, v in document["deviation"][0].items() if k != key}]}
        assert not validator.is_valid(less), key
        with pytest.raises(UsageError, match=key):
            deviations.parse(less, "d.toml")


# Accepting


def accept(file: Path, *ids: str, report: dict[str, Any] | None = None, **changes: Any) -> accepting.Accepted:
    plain = {"reason": "ticket 8", "expires": date(2025, 1, 1), "link": "", "file": file, "today": TODAY}
    return accepting.accept(report or to_document(a_result()), ids or ("liondesk.a.row",), **{**plain, **changes})


def test_accepting_begins_a_file_that_can_be_read_back(tmp_path: Path) -> None:
    done = accept(tmp_path / "new/d.toml", link="https://example.com/8")

    (listed,) = deviations.load(tmp_path / "new/d.toml").entries
    assert done.added == ("liondesk.a.row",)
    assert listed == entry(
        reason="ticket 8", first_seen=date(2024, 2, 29), expires=date(2025, 1, 1), link="https://example.com/8"
    )
    assert (tmp_path / "new/d.toml").read_text().startswith("# Failures that are accepted")
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["d.toml"]


def test_accepting_again_keeps_comments_and_the_first_day(tmp_path: Path) -> None:
    file = tmp_path / "d.toml"
    other = ENTRY.replace("liondesk.a.row", "liondesk.a.second-row")
    file.write_text(f"# ours\n{other}\n# theirs\n{ENTRY.replace('# x', '')}# the end\n", encoding="utf-8")
    file.chmod(0o640)

    done = accept(file)

    text = file.read_text(encoding="utf-8")
    assert done == accepting.Accepted((), ("liondesk.a.row",))
    assert text.startswith(f"# ours\n{other}\n# theirs\n[[deviation]]\n")
    assert "# the end" in text
    assert deviations.load(file).entries[1] == entry(reason="ticket 8", expires=date(2025, 1, 1))
    assert file.stat().st_mode & 0o777 == 0o640


def test_accepting_leaves_line_ends_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "d.toml"
    file.write_bytes(ENTRY.replace("liondesk.a.row", "liondesk.b.row").replace("\n", "\r\n").encode())

    accept(file)

    assert file.read_bytes().count(b"\n") == file.read_bytes().count(b"\r\n") > 10
    assert len(deviations.load(file).entries) == 2


def test_accepting_adds_to_a_file_with_inline_tables(tmp_path: Path) -> None:
    file = tmp_path / "d.toml"
    file.write_text("deviation = []\n")

    accept(file)

    assert [e.requirement for e in deviations.load(file).entries] == ["liondesk.a.row"]


def test_what_does_not_fail_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    report = to_document(
        a_result(a_judgement(), a_judgement(Verdict.PASS, requirement=a_requirement("liondesk.b.row")))
    )

    with pytest.raises(UsageError) as caught:
        accept(
            tmp_path / "d.toml",
            "liondesk.a.row",
            "liondesk.b.row",
            "liondesk.a.rwo",
            "liondesk.left.out",
            report=report,
        )

    assert caught.value.lines == (
        "liondesk.b.row: does not fail in this report: its verdict is pass",
        "liondesk.a.rwo: is not in this report; did you mean liondesk.a.row?",
        "liondesk.left.out: is excluded, so that no check judges it",
    )
    assert not (tmp_path / "d.toml").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": " "}, "--reason: is empty"),
        ({"expires": date(2024, 5, 31)}, "--expires 2024-05-31: is over already"),
        ({"link": "ticket"}, "--link ticket: is no address"),
    ],
)
def test_what_no_run_would_take_is_not_written(changes: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said):
        accept(tmp_path / "d.toml", **changes)


def test_a_file_with_mistakes_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "d.toml"
    file.write_text("[[deviation]]\nrequirement = 5\n")

    with pytest.raises(UsageError, match="deviation 1"):
        accept(file)

    assert file.read_text() == "[[deviation]]\nrequirement = 5\n"


def test_hostile_text_is_written_so_that_it_reads_back(tmp_path: Path) -> None:
    reason = 'a "b" \\ \x1b[31m ] # \u202e \n x = 1 \'\'\' """'

    accept(tmp_path / "d.toml", reason=reason)

    assert deviations.load(tmp_path / "d.toml").entries[0].reason == reason
    assert "\x1b" not in (tmp_path / "d.toml").read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(UsageError, match=r"cannot be (read|written)"):
        accept(tmp_path / "file" / "d.toml")
