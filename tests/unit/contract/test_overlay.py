from typing import Any

import pytest
import yaml

from contacts_conformance.contract import overlay
from contacts_conformance.errors import UsageError


def apply(document: str, *actions: dict[str, Any]) -> Any:
    return overlay.apply(yaml.safe_load(document), {"actions": actions}, "overlay.yaml")


def test_an_update_merges_objects() -> None:
    changed = apply("a: {b: {c: 1, d: 2}}", {"target": "$.a.b", "update": {"d": 3, "e": 4}})

    assert changed == {"a": {"b": {"c": 1, "d": 3, "e": 4}}}


def test_an_update_adds_to_a_list() -> None:
    assert apply("a: {b: [1]}", {"target": "$.a", "update": {"b": [2]}}) == {"a": {"b": [1, 2]}}


def test_an_update_reaches_each_place_that_the_target_names() -> None:
    changed = apply("a: {b: {}, c: {}, d: {}}", {"target": "$.a['b', 'c']", "update": {"e": 1}})

    assert changed == {"a": {"b": {"e": 1}, "c": {"e": 1}, "d": {}}}


def test_what_an_alias_repeats_changes_only_where_the_target_is() -> None:
    changed = apply("a: &x {b: 1}\nc: *x", {"target": "$.a", "update": {"b": 2}})

    assert changed == {"a": {"b": 2}, "c": {"b": 1}}


def test_a_removal_takes_a_member_away() -> None:
    assert apply("a: {b: 1, c: 2}", {"target": "$.a.b", "remove": True}) == {"a": {"c": 2}}


def test_a_removal_takes_all_entries_that_fit() -> None:
    assert apply("a: [1, 2, 3, 4]", {"target": "$.a[?@ > 2]", "remove": True}) == {"a": [1, 2]}


def test_the_document_itself_stays_as_it_is() -> None:
    document = {"a": {"b": 1}}

    overlay.apply(document, {"actions": [{"target": "$.a", "update": {"b": 2}}]}, "overlay.yaml")

    assert document == {"a": {"b": 1}}


@pytest.mark.parametrize(
    ("target", "why"), [("$.a.z", "leads to nothing"), ("$[", "is no JSONPath")], ids=["nowhere", "no path"]
)
def test_a_target_that_leads_nowhere_is_told(target: str, why: str) -> None:
    with pytest.raises(UsageError, match=rf"overlay\.yaml: actions\.0\.target: .* {why}"):
        apply("a: {b: 1}", {"target": target, "remove": True})
