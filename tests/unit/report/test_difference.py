import json
from pathlib import Path
from typing import Any

import pytest

from contacts_conformance.contract import resources
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Judgement, Level, Outcome, Verdict
from contacts_conformance.report import comparison, difference
from contacts_conformance.report.difference import Change, Kind
from contacts_conformance.report.json import read, to_document
from contacts_conformance.target import Offers

from ..making import a_breach, a_fact, a_judgement, a_requirement, a_result


def report(*judgements: Judgement, **changes: Any) -> dict[str, Any]:
    return to_document(a_result(*judgements, **changes))


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[Kind, bool]]:
    return [(c.kind, c.worse) for c in difference.compare(old, new).changes]


def judged(verdict: Verdict, *checks: str, message: str = "it is not", **more: Any) -> Judgement:
    outcome = Outcome.HELD if verdict is Verdict.PASS else Outcome.BROKEN
    facts = tuple(
        a_fact(outcome, message, check=f"/x/suites/t.py::{c}", breach=a_breach(subject=c))
        for c in checks or ("test_b",)
    )
    return a_judgement(verdict, message, facts=facts, **more)


def test_what_passed_and_does_not_apply_any_more_is_worse_unless_the_target_declares_it() -> None:
    old, new = report(judged(Verdict.PASS)), report(judged(Verdict.NOT_APPLICABLE))
    declared = report(judged(Verdict.NOT_APPLICABLE), offers=Offers(without=("liondesk.a",)))

    assert changes(old, new) == [(Kind.NO_LONGER_OFFERED, True)]
    assert changes(old, declared) == [(Kind.OTHER, False)]
    fewer = report(judged(Verdict.NOT_APPLICABLE), offers=Offers(roles=("owner",)))
    assert changes(old, fewer) == [(Kind.OTHER, False)]
    assert changes(fewer | {"requirements": old["requirements"]}, fewer) == [(Kind.NO_LONGER_OFFERED, True)]


def test_a_report_of_version_1_is_read(tmp_path: Path) -> None:
    old = report(judged(Verdict.FAIL))
    old["schema_version"] = 1
    del old["target"]["offers"]
    for check in old["requirements"][0]["checks"]:
        del check["breach"]
    file = tmp_path / "old.json"
    file.write_text(json.dumps(old))

    assert changes(read(file), report(judged(Verdict.PASS))) == [(Kind.FIXED, False)]


def test_ways_of_failing_are_not_compared_with_those_of_an_earlier_version() -> None:
    old = report(judged(Verdict.FAIL))
    old["requirements"][0]["observed"] = ["test_b → it is not"]

    assert changes(old, report(judged(Verdict.FAIL))) == []


SECOND: dict[str, Any] = {"requirement": a_requirement("liondesk.second.row", Level.SHOULD)}


@pytest.mark.parametrize(
    ("before", "after", "kind", "worse"),
    [
        (Verdict.PASS, Verdict.FAIL, Kind.NEWLY_FAILING, True),
        (Verdict.KNOWN_DEVIATION, Verdict.FAIL, Kind.NEWLY_FAILING, True),
        (Verdict.NOT_VERIFIED, Verdict.FAIL, Kind.NEWLY_FAILING, True),
        (Verdict.PASS, Verdict.SUITE_ERROR, Kind.NEWLY_FAILING, True),
        (Verdict.PASS, Verdict.WARN, Kind.NEWLY_WARNED, True),
        (Verdict.FAIL, Verdict.WARN, Kind.NEWLY_WARNED, False),
        (Verdict.PASS, Verdict.NOT_VERIFIED, Kind.NEWLY_NOT_VERIFIED, True),
        (Verdict.FAIL, Verdict.PASS, Kind.FIXED, False),
        (Verdict.WARN, Verdict.PASS, Kind.FIXED, False),
        (Verdict.KNOWN_DEVIATION, Verdict.PASS, Kind.FIXED, False),
        (Verdict.FAIL, Verdict.KNOWN_DEVIATION, Kind.OTHER, False),
        (Verdict.NOT_VERIFIED, Verdict.PASS, Kind.OTHER, False),
    ],
)
def test_a_verdict_that_changed_is_named(before: Verdict, after: Verdict, kind: Kind, worse: bool) -> None:
    assert changes(report(judged(before)), report(judged(after))) == [(kind, worse)]


def test_the_same_is_no_change() -> None:
    found = difference.compare(report(), report())

    assert (found.changes, found.notes, found.worse) == ((), (), False)


def test_a_failure_in_a_new_way_is_worse_and_one_way_less_is_not() -> None:
    one, both = judged(Verdict.FAIL, "test_a"), judged(Verdict.FAIL, "test_a", "test_b")
    held = a_fact(Outcome.HELD, check="/x/suites/t.py::test_b")
    better = a_judgement(Verdict.FAIL, facts=(*one.facts, held))

    assert changes(report(one), report(judged(Verdict.FAIL, "test_a", message="in other words"))) == []
    assert changes(report(one), report(judged(Verdict.FAIL, "test_c")))[0] == (Kind.CHANGED, True)
    assert changes(report(better), report(both)) == [(Kind.CHANGED, True)]
    assert changes(report(both), report(better)) == [(Kind.CHANGED, False)]


def test_a_check_that_is_gone_is_lost_wherever_the_suites_lay() -> None:
    old, new = report(judged(Verdict.PASS, "test_a", "test_b")), report(judged(Verdict.PASS, "test_a"))
    for check in old["requirements"][0]["checks"]:
        check["check"] = check["check"].replace("/x/suites/", "/elsewhere/suites/")

    (lost,) = difference.compare(old, new).changes
    assert lost == Change(Kind.LOST_CHECK, "liondesk.a.row", "MUST", "pass", "pass", True, "", "t.py::test_b")


def test_what_exchanges_show_by_themselves_is_no_check_to_lose() -> None:
    seen = a_fact(Outcome.HELD, check="every exchange")
    old = report(a_judgement(Verdict.PASS, facts=(*judged(Verdict.PASS).facts, seen)))

    assert changes(old, report(judged(Verdict.PASS))) == []


def test_requirements_come_and_go() -> None:
    one, other = judged(Verdict.PASS), judged(Verdict.FAIL, **SECOND)

    assert changes(report(one, other), report(one)) == [(Kind.LOST_REQUIREMENT, True)]
    assert changes(report(one), report(one, other)) == [(Kind.NEW_REQUIREMENT, False)]


def test_a_requirement_that_is_now_excluded_is_lost() -> None:
    excluded = a_requirement("liondesk.second.row", Level.SHOULD, excluded="Nobody looks.")
    one = judged(Verdict.PASS)

    (lost,) = difference.compare(
        report(one, judged(Verdict.PASS, **SECOND), excluded=()), report(one, excluded=(excluded,))
    ).changes
    assert (lost.kind, lost.after, lost.worse) == (Kind.LOST_REQUIREMENT, "excluded", True)


@pytest.mark.parametrize("narrowed", ["old", "new"])
def test_a_narrowed_run_loses_nothing_and_says_so(narrowed: str) -> None:
    whole = report(judged(Verdict.PASS, "test_a", "test_b"), judged(Verdict.PASS, **SECOND))
    part = report(judged(Verdict.PASS, "test_a"), complete=False)

    found = difference.compare(*((part, whole) if narrowed == "old" else (whole, part)))

    assert found.changes == ()
    assert any("narrowed run" in n for n in found.notes)
    assert "requirements that both of them judged: 1" in found.notes


def test_what_keeps_two_from_being_compared_is_noted() -> None:
    found = difference.compare(report(), report(target="other", suite_version="9", seed=8, spec_digest="1" * 64))

    assert found.notes == (
        "the targets differ: my account and other",
        "the suite versions differ: 1.2.3 and 9",
        "the seeds differ: 7 and 8",
        "the contract was changed between the two",
    )


def test_two_providers_are_not_compared() -> None:
    with pytest.raises(UsageError, match="the older report is about liondesk, the newer one about spark"):
        difference.compare(report(), report(provider="spark"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no JSON"),
        (b"\xff", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"[]", r"is no report\.json"),
        (b"{}", r"is no report\.json"),
        (b'{"schema_version": 0}', "schema version 0; this suite reads versions 1 and 2"),
        (b'{"schema_version": "2"}', "schema version '2'"),
        (b'{"schema_version": 1}', "is no report by the schema"),
    ],
)
def test_what_is_no_report_is_refused_by_name(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(content)

    with pytest.raises(UsageError, match=said) as caught:
        read(path)
    assert caught.value.lines[0].startswith(f"{path}: ")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.json: cannot be read: No such file"):
        read(tmp_path / "none.json")


HOSTILE = "</details><script>x</script> | ``` \x1b[31m \u202e $x$ @all"


def everything() -> difference.Comparison:
    old = report(judged(Verdict.PASS, "test_a", "test_b"), judged(Verdict.PASS, **SECOND), target=HOSTILE)
    return difference.compare(old, report(judged(Verdict.FAIL, "test_a", message=HOSTILE)))


def test_the_text_shows_what_is_worse_and_no_control_character() -> None:
    text = comparison.to_text(everything())

    assert "Newly failing (1)\n  - liondesk.a.row (MUST): pass → fail\n" in text
    assert "Lost checks (1)" in text
    assert "Lost requirements (1)" in text
    assert text.replace("\n", "").isprintable()


def test_the_markdown_keeps_hostile_text_in_code() -> None:
    text = comparison.to_markdown(everything())

    assert f"```` {HOSTILE.replace(chr(27), chr(92) + 'x1b').replace(chr(0x202E), chr(92) + 'u202e')} ````" in text
    assert text.replace("\n", "").isprintable()


def test_the_json_is_of_its_schema() -> None:
    document = json.loads(comparison.to_json(everything()))

    assert document["worse"] is True
    assert [c["kind"] for c in document["changes"]] == ["newly-failing", "lost-requirement", "lost-check"]
    schema = json.loads((resources.specs() / "schemas/comparison.schema.json").read_text())
    assert schema["properties"]["changes"]["items"]["properties"]["kind"]["enum"] == list(Kind)


def test_a_long_comparison_is_cut_in_markdown() -> None:
    many = [judged(Verdict.FAIL, message="x" * 400, requirement=a_requirement(f"liondesk.row{n}")) for n in range(400)]
    passed = [judged(Verdict.PASS, requirement=j.requirement) for j in many]

    text = comparison.to_markdown(difference.compare(report(*passed), report(*many)))

    assert len(text.encode()) <= 60_000
    assert "more lines" in text
