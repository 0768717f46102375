"""The specs are valid, their examples too, and the files to start from can be read."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from openapi_spec_validator import validate

from contacts_conformance import contract, providers, target

SPECS = Path(__file__).parents[2] / "specs"
each_provider = pytest.mark.parametrize("provider", contract.providers())


@each_provider
def test_the_spec_is_valid_openapi(provider: str) -> None:
    validate(yaml.safe_load((SPECS / provider / "openapi.yaml").read_text(encoding="utf-8")))


@each_provider
def test_the_examples_of_bodies_keep_to_their_schemas(provider: str) -> None:
    known = contract.load(provider)
    seen = 0
    for operation in known.operations:
        parts = [operation.raw.get("requestBody", {}), *operation.raw["responses"].values()]
        for part in parts:
            media = contract.resolve(known.document, part).get("content", {}).get("application/json", {})
            for example in media.get("examples", {}).values():
                schema: dict[str, Any] = {**media["schema"], "components": known.document["components"]}
                value = contract.resolve(known.document, example)["value"]
                jsonschema.Draft202012Validator(schema).validate(value)
                seen += 1
    assert seen >= 2


@each_provider
def test_what_the_suite_lays_over_the_spec_is_valid_openapi_too(provider: str) -> None:
    validate(dict(contract.load(provider).document))


@each_provider
def test_a_reader_sees_which_methods_a_path_refuses(provider: str) -> None:
    known = contract.load(provider)
    for method, path in known.refused_methods:
        assert method in known.published["paths"][path]["description"], path


@each_provider
def test_a_field_of_several_requests_is_the_same_in_each(provider: str) -> None:
    schemas = contract.load(provider).published["components"]["schemas"]
    bodies = [
        n for n in schemas if n in ("NewContact", "ContactChange", "MyContactChange") and "properties" in schemas[n]
    ]
    every = [(name, field) for body in bodies for name, field in schemas[body]["properties"].items()]

    assert [name for name, field in every if field != dict(every)[name]] == []


@each_provider
def test_no_yaml_parser_finds_too_many_aliases(provider: str) -> None:
    text = (SPECS / provider / "openapi.yaml").read_text(encoding="utf-8")

    assert len(re.findall(r": \*\w+", text)) <= 50  # that of SnakeYAML takes no more


@pytest.mark.parametrize("path", sorted((SPECS / "schemas").glob("*.json")), ids=lambda p: p.name)
def test_our_own_schemas_are_schemas(path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


@each_provider
def test_the_target_file_to_start_from_can_be_read(provider: str) -> None:
    path = SPECS / provider / "target.toml"
    keys = providers.load(provider).keys
    variables = {part.partition("}")[0]: "some-secret" for part in path.read_text(encoding="utf-8").split("${")[1:]}

    found = target.load(path, keys, variables)

    assert found.provider == provider
    assert found.writes
