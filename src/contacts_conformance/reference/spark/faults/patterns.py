"""Faults of wildcards, of the rule on words of DisplayName, and of what is taken or refused as a filter."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import ColumnElement, and_, false, func, or_

from contacts_conformance.reference.kit.faults import Catalogue
from contacts_conformance.reference.spark.faults.readings import refused, with_values
from contacts_conformance.reference.sparkapi import filters
from contacts_conformance.reference.sparkapi.context import Call, Hooks
from contacts_conformance.reference.sparkapi.envelope import Answer, Refusal, success
from contacts_conformance.reference.sparkapi.faults.answers import succeeded, with_d
from contacts_conformance.reference.sparkapi.grammar import Comparison, Reading, Value
from contacts_conformance.reference.sparkapi.store import WORDS

FAULTS = Catalogue()
fault = FAULTS.fault

Clause = ColumnElement[bool]
_FORMS = {
    "pattern": r"DisplayName Eq '\w+\*'",
    "list": r"Eq '[^']*', ?'",
    "list-in-parentheses": r"(Eq|Ne) \('",
    "null": r"(?i)\bnull\b",
    "date": r" \d{4}-\d\d-\d\d( |$|\))",
    "instant": r"T\d\d:\d\d(:\d\d)?Z",
    "between": r"\bBt\b",
    "days": r"\bdays\(",
    "boolean": r"Eq (true|false)\b",
    "escaped-quote": r"\\'",
}
_UNDERSTOOD = ("small-field", "capital-true", "and-not")
"""Mistakes that a service may understand: no page forbids it."""
_MISTAKES = {
    "small-field": r"^[a-z]+[A-Z]\w* ",
    "text-gt": r"\b[A-Z]\w+ Gt '",
    "text-bt": r"\bBt '",
    "double-quotes": r'"',
    "bare-word": r"\b(Eq|Ne) [A-Za-z]+$",
    "doubled-quote": r"\w''\w",
    "like": r"\bLike\b",
    "equals-sign": r" = ",
    "no-operator": r"^\w+$",
    "no-value": r" (Eq|Ne)\s*$",
    "no-field": r"^\s*(Eq|Ne) '",
    "ends-with-a-connector": r"\b(And|Or)\s*$",
    "unbalanced": r"^[^()]*\([^()]*$|^[^()]*\)[^()]*$",
    "no-connector": r"' [A-Z]\w+ (Eq|Ne) ",
    "capital-true": r"\b(True|TRUE)\b",
    "boolean-gt": r"Gt (true|false)",
    "bt-with-one": r"\bBt [^,]*$",
    "bt-with-three": r"\bBt [^,]*,[^,]*,",
    "quoted-instant": r"(Gt|Ge|Lt|Le) '\d{4}",
    "short-date": r"\d{4}-\d-\d\b",
    "mixed-list": r"',\s*\d",
    "and-not": r"\bAnd Not\b",
    "number-as-field": r"^\d+ ",
}


# Wildcards


def _is_pattern(comparison: Comparison) -> bool:
    return any(filters.is_pattern(v) for v in comparison.values)


@fault(breaks="spark.filter.wildcards", at=Hooks.condition)
def pattern_finds_nothing(clause: Clause, comparison: Comparison) -> Clause:
    """A text with a star is compared letter by letter."""
    return false() if _is_pattern(comparison) and comparison.operator == "Eq" else clause


@fault(breaks="spark.filter.wildcards", at=Hooks.reading)
def star_works_at_the_end_alone(reading: Reading) -> Reading:
    """A star is a wildcard at the end of a text alone."""
    return _with_patterns(reading, lambda t: t[:-1].replace("*", "~") + t[-1:])


@fault(breaks="spark.filter.wildcards", at=Hooks.condition)
def pattern_works_on_names_alone(clause: Clause, comparison: Comparison) -> Clause:
    """A pattern on another attribute than DisplayName finds nothing."""
    other = _is_pattern(comparison) and comparison.field != "DisplayName"
    return false() if other and comparison.operator == "Eq" else clause


@fault(breaks="spark.filter.question-mark", at=Hooks.reading)
def question_mark_is_itself(reading: Reading) -> Reading:
    """A question mark stands for itself."""
    return _with_patterns(reading, lambda t: t.replace("?", "~"))


@fault(breaks="spark.filter.question-mark", at=Hooks.reading)
def question_mark_is_a_star(reading: Reading) -> Reading:
    """A question mark stands for any number of characters."""
    return _with_patterns(reading, lambda t: t.replace("?", "*"))


@fault(breaks="spark.filter.question-mark", at=Hooks.condition)
def question_mark_needs_a_character(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """A question mark stands for exactly one character."""
    if comparison.operator != "Eq" or "?" not in comparison.values[0].text or len(comparison.values) > 1:
        return clause
    tables = call.store.tables
    pattern = comparison.values[0].text.lower().replace("*", "%").replace("?", "_")
    by_word = _is_of_words(comparison)
    text = tables.entries.c.text if by_word else tables.contacts.c[comparison.field]
    exact = and_(text.is_not(None), func.folded(text).like(pattern))
    return _words_that_fit(comparison, call, exact) if by_word else exact


@fault(breaks="spark.filter.wildcards", at=Hooks.condition, each={"sign": ("dot", "underscore")})
def sign_beside_a_star_is_any_character(clause: Clause, comparison: Comparison, call: Call, *, sign: str) -> Clause:
    """In a text with a star, the {sign} stands for any character."""
    text, written = comparison.values[0].text, {"dot": ".", "underscore": "_"}[sign]
    if comparison.operator != "Eq" or len(comparison.values) > 1 or not {"*", written} <= set(text):
        return clause
    if comparison.field == "Tags" or _is_of_words(comparison):
        return clause
    column = call.store.tables.contacts.c[comparison.field]
    return and_(column.is_not(None), func.folded(column).like(text.lower().replace("*", "%").replace(written, "_")))


# Words of a name


@fault(breaks="spark.name.word", at=Hooks.condition)
def first_word_alone(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """A pattern on DisplayName is tried on its first word alone."""
    first = call.store.tables.entries.c.position == 0
    return _words_that_fit(comparison, call, first) if _is_of_words(comparison) else clause


@fault(breaks="spark.name.word", at=Hooks.condition)
def all_words_but_the_first(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """A pattern on DisplayName is tried on all its words but the first."""
    others = call.store.tables.entries.c.position > 0
    return _words_that_fit(comparison, call, others) if _is_of_words(comparison) else clause


@fault(breaks="spark.name.word", at=Hooks.condition)
def two_words_alone(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """A pattern on DisplayName is tried on its first two words alone."""
    first = call.store.tables.entries.c.position < 2
    return _words_that_fit(comparison, call, first) if _is_of_words(comparison) else clause


@fault(breaks="spark.name.word", at=Hooks.condition)
def whole_name_alone(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """A pattern on DisplayName is tried on the whole name alone."""
    if not _is_of_words(comparison):
        return clause
    column = call.store.tables.contacts.c.DisplayName
    return or_(*(filters.matches(column, v) for v in comparison.values))


@fault(breaks="spark.name.case", at=Hooks.condition)
def case_of_a_pattern_matters(clause: Clause, comparison: Comparison, call: Call) -> Clause:
    """A pattern on DisplayName tells capitals from small letters."""
    if not _is_of_words(comparison):
        return clause
    text = call.store.tables.entries.c.text
    cased = or_(*(text.op("GLOB")(re.sub(r"([\[\]])", r"[\1]", v.text)) for v in comparison.values))
    return _words_that_fit(comparison, call, cased)


@fault(breaks="spark.name.case", at=Hooks.reading)
def small_pattern_finds_nothing(reading: Reading) -> Reading:
    """A pattern that begins with a small letter is compared letter by letter."""
    return _with_patterns(reading, lambda t: t.replace("*", "~") if t[0].islower() else t)


@fault(breaks="spark.name.blank", at=Hooks.condition)
def pattern_with_a_blank_finds_nothing(clause: Clause, comparison: Comparison) -> Clause:
    """A pattern with a blank is tried on every word, and so finds nothing."""
    blank = any(" " in v.text for v in comparison.values)
    return false() if comparison.field == "DisplayName" and _is_pattern(comparison) and blank else clause


@fault(breaks="spark.name.not-inside", at=Hooks.reading)
def pattern_begins_anywhere(reading: Reading) -> Reading:
    """A pattern may begin inside a word."""
    return _with_patterns(reading, lambda t: f"*{t}")


# What is taken and what is refused


@fault(breaks="spark.filter.accepts", at=Hooks.reading, each={"form": tuple(_FORMS)})
def form_is_refused(reading: Reading, call: Call, *, form: str) -> Reading:
    """A filter of the form {form} is refused."""
    return refused(reading, call, _FORMS[form])


@fault(
    breaks="spark.filter.rejects",
    at=Hooks.answer,
    each={"mistake": tuple(m for m in _MISTAKES if m not in _UNDERSTOOD)},
)
def mistake_is_taken(answer: Answer, call: Call, *, mistake: str) -> Answer:
    """A filter with the mistake {mistake} is answered 200."""
    text = call.parameter("_filter") or ""
    return success([]) if _is_refused(answer) and re.search(_MISTAKES[mistake], text) else answer


@fault(breaks="spark.filter.rejects", at=Hooks.refusal)
def mistake_is_500(refusal: Refusal) -> Refusal:
    """A filter that is none is answered 500."""
    refusal.status = 500 if refusal.code == 1040 else refusal.status
    return refusal


@fault(breaks="spark.filter.rejects-code", at=Hooks.refusal)
def mistake_has_another_code(refusal: Refusal) -> Refusal:
    """A filter that is none is answered with code 1000."""
    refusal.code = 1000 if refusal.code == 1040 else refusal.code
    return refusal


@fault(breaks="spark.filter.unknown-attribute", at=Hooks.answer)
def unknown_attribute_is_ignored(answer: Answer, call: Call) -> Answer:
    """A condition on an attribute that does not exist is left out in silence."""
    if not _is_refused(answer) or "is no field" not in str(answer.body.get("Message")):
        return answer
    contacts = call.store.tables.contacts
    rows = call.store.find([contacts.c.OwnerId == call.user], [contacts.c.number.asc()], 10)
    return success([{"ResourceUri": f"/v1/contacts/{r['Id']}", "Id": r["Id"]} for r in rows])


@fault(breaks="spark.filter.unknown-attribute", at=Hooks.answer)
def unknown_attribute_finds_nothing(answer: Answer) -> Answer:
    """A condition on an attribute that does not exist never holds."""
    unknown = _is_refused(answer) and "is no field" in str(answer.body.get("Message"))
    return success([]) if unknown else answer


@fault(breaks="spark.filter.unknown-attribute-refused", at=Hooks.answer)
def unknown_attribute_is_dropped(answer: Answer) -> Answer:
    """A condition on an attribute that does not exist is left out, and the answer says so."""
    unknown = _is_refused(answer) and "is no field" in str(answer.body.get("Message"))
    dropped = [{"Token": "Unknown", "Status": "Dropped"}]
    return success([], SparkQLErrors=dropped) if unknown else answer


@fault(breaks="spark.filter.unsearchable-attribute", at=Hooks.answer)
def unsearchable_attribute_finds_nothing(answer: Answer, call: Call) -> Answer:
    """A condition on an attribute that is not searchable never holds."""
    text = call.parameter("_filter") or ""
    known = any(a.name in text for a in call.api.attributes.values() if not a.searchable)
    return success([]) if _is_refused(answer) and known else answer


@fault(breaks="spark.filter.too-deep", at=Hooks.answer)
def depth_does_not_matter(answer: Answer) -> Answer:
    """Groups may lie as deep as they will."""
    return success([]) if "levels" in str(answer.body.get("Message")) else answer


@fault(breaks="spark.filter.too-deep", at=Hooks.refusal)
def depth_fails(refusal: Refusal) -> Refusal:
    """Three levels of groups are answered 500."""
    refusal.status = 500 if "levels" in refusal.message else refusal.status
    return refusal


@fault(breaks="spark.filter.too-long", at=Hooks.answer)
def length_does_not_matter(answer: Answer) -> Answer:
    """A filter may have any number of conditions."""
    return success([]) if "expressions" in str(answer.body.get("Message")) else answer


@fault(breaks="spark.filter.nothing-found", at=Hooks.answer)
def nothing_found_is_404(answer: Answer, call: Call) -> Answer:
    """A filter that nothing fits is answered 404."""
    return Refusal(404, 404, "Nothing found").answer() if _found_nothing(answer, call) else answer


@fault(breaks="spark.filter.nothing-found", at=Hooks.answer)
def nothing_found_is_null(answer: Answer, call: Call) -> Answer:
    """A filter that nothing fits is answered with Results null."""
    return with_d(answer, Results=None) if _found_nothing(answer, call) else answer


@fault(breaks="spark.filter.wildcards", at=Hooks.condition)
def ne_with_a_pattern_finds_nothing(clause: Clause, comparison: Comparison) -> Clause:
    """Ne with a pattern never holds."""
    return false() if comparison.operator == "Ne" and _is_pattern(comparison) else clause


def _with_patterns(reading: Reading, change: Callable[[str], str]) -> Reading:
    def of(value: Value) -> Value:
        return replace(value, text=change(value.text)) if filters.is_pattern(value) else value

    return with_values(reading, of)


def _is_of_words(comparison: Comparison) -> bool:
    texts = [v.text for v in comparison.values]
    named = comparison.field == "DisplayName" and comparison.operator == "Eq"
    return named and _is_pattern(comparison) and not any(" " in t for t in texts)


def _words_that_fit(comparison: Comparison, call: Call, *more: Clause) -> Clause:
    """The SQL of the contacts with a word, among those of which all the clauses hold, that fits."""
    entries = call.store.tables.entries
    fits = or_(*(filters.matches(entries.c.text, v) for v in comparison.values))
    numbers = entries.select().with_only_columns(entries.c.number).where(entries.c.attribute == WORDS, fits, *more)
    return call.store.tables.contacts.c.number.in_(numbers)


def _found_nothing(answer: Answer, call: Call) -> bool:
    asked = call.parameter("_filter") and call.parameter("_pagination") != "count"
    return bool(asked) and succeeded(answer) and answer.body.get("Results") == []


def _is_refused(answer: Answer) -> bool:
    return answer.status == 400 and answer.body.get("Code") == 1040
