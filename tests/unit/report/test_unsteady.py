"""What was broken once and held once is marked in every report."""

from contacts_conformance.model import Judgement, Outcome, Verdict
from contacts_conformance.report import difference, failure, html, junit, markdown, page
from contacts_conformance.report.json import to_document, validator

from ..making import a_breach, a_fact, a_judgement, a_requirement, a_result

TOLD = "Failed once and passed once: first it is not; then, with new test data, it passed"


def unsteady(verdict: Verdict = Verdict.FAIL) -> Judgement:
    fact = a_fact(Outcome.BROKEN, TOLD, exchanges=("1",), breach=a_breach(), unsteady=True, remark=TOLD)
    return a_judgement(verdict, TOLD, facts=(fact,))


def test_one_check_that_saw_it_twice_makes_a_requirement_steady() -> None:
    twice = a_fact(Outcome.BROKEN, breach=a_breach())

    assert unsteady().unsteady
    assert not a_judgement(facts=(*unsteady().facts, twice)).unsteady
    assert not a_judgement(Verdict.PASS).unsteady


def test_a_verdict_is_labelled() -> None:
    assert unsteady().label == "fail (unsteady)"
    assert unsteady(Verdict.KNOWN_DEVIATION).label == "known-deviation (unsteady)"
    assert a_judgement().label == "fail"


def test_report_json_marks_the_requirement_and_the_check_and_nothing_else() -> None:
    steady = a_judgement(requirement=a_requirement("liondesk.other.row"))
    document = to_document(a_result(unsteady(), steady))

    validator().validate(document)
    first, second = document["requirements"]
    assert first["unsteady"] is first["checks"][0]["unsteady"] is True
    assert "unsteady" not in second
    assert "unsteady" not in second["checks"][0]


def test_pages_and_texts_mark_it() -> None:
    result = a_result(unsteady())
    shown = page.render(to_document(result))

    assert "**unsteady**" in markdown.render([result])
    assert "<strong>fail (unsteady)</strong>" in "".join(html.summary(result))
    assert '<property name="unsteady" value="true" />' in junit.render(result)
    assert 'message="unsteady: Failed once' in junit.render(result)
    assert shown.count('<span class="level">unsteady</span>') == 2
    assert TOLD in shown
    assert "unsteady" in failure.describe([(a_requirement(), unsteady().facts[0])], [], "run")
    assert "  repeated: Failed once and passed once" in "\n".join(failure.found(unsteady().facts[0]))


def test_a_comparison_says_that_a_new_failure_is_unsteady() -> None:
    old, new = to_document(a_result(a_judgement(Verdict.PASS))), to_document(a_result(unsteady()))

    (change,) = difference.compare(old, new).changes

    assert change.detail == f"unsteady: {TOLD}"
