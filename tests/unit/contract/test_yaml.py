from pathlib import Path

import pytest
import yaml as library

from contacts_conformance.contract import resources, yaml


@pytest.mark.parametrize("file", sorted(resources.specs().rglob("*.yaml")), ids=lambda f: f"{f.parent.name}/{f.name}")
def test_both_parsers_read_the_same(file: Path) -> None:
    assert yaml.load(file.read_bytes()) == library.safe_load(file.read_bytes())


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "\tx", "a: !!python/object:os.system {}", "- \x01"])
def test_what_is_no_yaml_is_told_in_the_words_of_the_parser_in_python(text: str) -> None:
    with pytest.raises(library.YAMLError) as expected:
        library.safe_load(text)
    with pytest.raises(library.YAMLError) as told:
        yaml.load(text)

    assert str(told.value) == str(expected.value)


def test_the_parser_in_c_is_used_where_there_is_one() -> None:
    assert yaml._Loader is getattr(library, "CSafeLoader", library.SafeLoader)
