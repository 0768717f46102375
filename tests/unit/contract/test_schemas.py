"""The compiled validator passes nothing that `jsonschema` does not, and what is wrong is said in its words."""

from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts_conformance import contract
from contacts_conformance.contract.schemas import Schema
from contacts_conformance.verdicts.response_checks import _plain

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.sampled_from(["a\n", "٣"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.just("a"), inner, max_size=3),
    max_leaves=8,
)
SCHEMAS: list[dict[str, Any]] = [
    {"type": "integer"},
    {"type": ["string", "null"], "maxLength": 2},
    {"const": 1},
    {"enum": [0, "a", None]},
    {"type": "array", "items": {"$ref": "#"}, "uniqueItems": True},
    {"type": "object", "required": ["a"], "additionalProperties": False, "properties": {"a": {"minimum": 0}}},
    {"maximum": 5},
    {"type": ["integer", "null"], "exclusiveMaximum": 5},
    {"multipleOf": 0.01},
    {"pattern": r"^\d$"},
    {"pattern": r"^[^\s]$"},
    {"pattern": r"\S"},
    {"patternProperties": {r"\S": False}},
    {"oneOf": [{"type": "number"}, {"type": "integer"}, {"type": "string"}]},
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=str)
@settings(max_examples=200)
@given(VALUES)
def test_both_validators_say_the_same(schema: dict[str, Any], value: object) -> None:
    other = jsonschema.Draft202012Validator(schema)

    assert Schema(schema).is_valid(value) == other.is_valid(value)
    assert [e.message for e in Schema(schema).iter_errors(value)] == [e.message for e in other.iter_errors(value)]


@pytest.mark.parametrize("provider", contract.providers())
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_both_say_the_same_of_the_answers_that_a_contract_describes(provider: str, data: st.DataObject) -> None:
    known = contract.load(provider)
    answer = data.draw(st.sampled_from([a for o in known.operations for a in o.success if a.schema is not None]))
    schema = {**_plain(answer.schema), "components": _plain(known.document["components"])}
    names = st.sampled_from([f.name for f in known.fields] + list((answer.schema or {}).get("properties", ())))
    value = data.draw(st.dictionaries(names, VALUES) | VALUES)

    assert Schema(schema).is_valid(value) == jsonschema.Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize("value", ["\ud800", 2**70, float("nan"), {1: 2}], ids=repr)
def test_what_the_compiled_one_cannot_read_is_judged_by_the_other(value: object) -> None:
    assert Schema({"type": ["string", "number", "object"]}).is_valid(value)
    assert not Schema({"type": "boolean"}).is_valid(value)


def test_a_schema_that_is_wrong_is_told_by_the_other() -> None:
    with pytest.raises(Exception, match="nothing"):
        list(Schema({"$ref": "#/nothing"}).iter_errors(1))


def test_the_first_mistake_can_be_raised() -> None:
    with pytest.raises(jsonschema.ValidationError, match="'a' is not of type 'integer'"):
        Schema({"type": "integer"}).validate("a")

    Schema({"type": "integer"}).validate(1)
