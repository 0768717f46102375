"""`junit.xml`: one test case for each requirement."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from contacts_conformance.contract.terminal import plain
from contacts_conformance.model import Judgement, Verdict
from contacts_conformance.report.failure import describe
from contacts_conformance.verdicts.result import Result


def render(result: Result) -> str:
    """The report as XML: failures, warnings in the output, and what was not judged as skipped."""
    totals = result.totals
    suite = ET.Element(
        "testsuite",
        name=f"contacts-conformance {result.provider}",
        tests=str(len(result.judgements) + len(result.wrong_deviations)),
        failures=str(totals[Verdict.FAIL] + result.strict * totals[Verdict.WARN] + len(result.wrong_deviations)),
        errors=str(totals[Verdict.SUITE_ERROR]),
        skipped=str(sum(totals[v] for v in (Verdict.NOT_VERIFIED, Verdict.NOT_APPLICABLE, Verdict.KNOWN_DEVIATION))),
        time=f"{result.seconds:.2f}",
        timestamp=result.started,
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("target", result.base_url),
        ("suite version", result.suite_version),
        ("spec sha256", result.spec_digest),
        ("seed", str(result.seed)),
        ("exit code", str(result.exit_code)),
        ("verdict", result.sentence),
    ):
        ET.SubElement(properties, "property", name=name, value=_legal(value))
    for judgement in result.judgements:
        suite.append(_case(result, judgement))
    for ruling in result.wrong_deviations:
        case = ET.SubElement(suite, "testcase", classname="deviations", name=_legal(ruling.deviation.requirement))
        ET.SubElement(case, "failure", message=_legal(ruling.message), type=ruling.state.value)
    suites = ET.Element("testsuites", name="contacts-conformance")
    suites.append(suite)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _case(result: Result, judgement: Judgement) -> ET.Element:
    requirement = judgement.requirement
    group, _, name = requirement.id.rpartition(".")
    case = ET.Element("testcase", classname=group, name=name)
    properties = ET.SubElement(case, "properties")
    for key, value in (
        ("requirement", requirement.id),
        ("level", requirement.level.value),
        ("source", _legal(str(requirement.source))),
        ("verdict", judgement.verdict.value),
        *((("unsteady", "true"),) if judgement.unsteady else ()),
    ):
        ET.SubElement(properties, "property", name=key, value=value)
    mark = "unsteady: " if judgement.unsteady else ""
    first = _legal(mark + judgement.reason.partition("\n")[0][:300])
    match judgement.verdict:
        case Verdict.FAIL:
            ET.SubElement(case, "failure", message=first, type="fail").text = _story(result, judgement)
        case Verdict.SUITE_ERROR:
            ET.SubElement(case, "error", message=first, type="suite-error").text = _story(result, judgement)
        case Verdict.WARN if result.strict:
            ET.SubElement(case, "failure", message=first, type="warn").text = _story(result, judgement)
        case Verdict.WARN:
            ET.SubElement(case, "system-out").text = _story(result, judgement)
        case Verdict.NOT_VERIFIED | Verdict.NOT_APPLICABLE:
            ET.SubElement(case, "skipped", message=f"{judgement.verdict}: {first}")
        case Verdict.KNOWN_DEVIATION:
            ruling = result.ruling(requirement.id)
            accepted = _legal(ruling.message) if ruling else ""
            ET.SubElement(case, "skipped", message=f"{judgement.verdict}, {accepted}").text = first
        case _:
            pass
    return case


def _story(result: Result, judgement: Judgement) -> str:
    fact = judgement.facts[0]
    exchanges = [result.exchange(e) for e in fact.exchanges]
    return _legal(describe([(judgement.requirement, fact)], [e for e in exchanges if e], result.command))


def _legal(text: str) -> str:
    """The text without what XML cannot hold, and without what could hide or reorder text where it is shown."""
    return plain(text)
