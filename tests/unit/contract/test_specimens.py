import random
import re
from collections.abc import Mapping, Sequence

import pytest

from contacts_conformance import contract
from contacts_conformance.contract import Field, specimens
from contacts_conformance.contract.examples import load_examples, printed_forms
from contacts_conformance.contract.specimens import Grade, Specimen

NO_FORMS: Mapping[str, Sequence[str]] = {}


def a_field(name: str = "note", **other: object) -> Field:
    return Field(name, str(other.pop("kind", "text")), "", **other)  # type: ignore[arg-type]  # each is one of its own


def plain(field: Field, forms: Mapping[str, Sequence[str]] = NO_FORMS, seed: int = 1) -> list[Specimen]:
    return specimens.plain(field, forms, random.Random(seed), iter(range(1, 999)).__next__, "ab12")


@pytest.mark.parametrize("limit", [45, 75, 255, None])
def test_texts_hold_every_plain_kind_within_their_limit(limit: int | None) -> None:
    made = plain(a_field(max_length=limit))

    assert {k for s in made for k in s.kinds} == {*specimens.FRAGMENTS, *specimens.WHOLES}
    assert all(len(str(s.value).encode()) <= (limit or 45) for s in made)


def test_a_word_that_stands_alone_is_a_value_of_its_own() -> None:
    assert {"null", "true", "00501", "1e5"} <= {s.value for s in plain(a_field(max_length=45)) if s.is_single}


def test_words_are_values_of_their_own_and_the_longest_text_has_the_limit() -> None:
    made = {s.kinds[0]: s for s in specimens.words(random.Random(1), 255)}

    assert set(made) == {*specimens.WORDS, "longest"}
    assert all(s.is_single for s in made.values())
    assert len(str(made["longest"].value)) == 255


def test_another_seed_lets_other_kinds_meet() -> None:
    assert plain(a_field(), seed=1) != plain(a_field(), seed=2)
    assert plain(a_field(), seed=1) == plain(a_field(), seed=1)


def test_halves_hold_the_kinds_between_them_and_no_mark() -> None:
    whole = Specimen(("a", "b", "c"), ("x", "y", "z"), mark="m1")

    first, second = whole.halves()

    assert (whole.value, first.value, second.value) == ("x y z m1", "x y", "z")
    assert first.kinds + second.kinds == whole.kinds


def test_a_kind_can_be_left_out() -> None:
    whole = Specimen(("a", "b"), ("x", "y"))

    assert whole.without({"a"}) == Specimen(("b",), ("y",))
    assert whole.without({"a", "b"}) is None


def test_addresses_lie_in_reserved_domains() -> None:
    for made in (plain(a_field(shape="email", max_length=255)), plain(a_field("OtherEmails", kind="list"))):
        texts = [p for s in made for p in s.pieces]
        assert texts
        assert all(re.search(r"@([\w-]+\.)*example\.(com|org)$", t, re.IGNORECASE) for t in texts)


@pytest.mark.parametrize("form", ["1 (604) 555-0172", "202-555-0101", "2025550101", "202-555-0101 x12"])
def test_a_number_is_written_as_another_one_and_reserved(form: str) -> None:
    number = specimens.like(form, 1234)

    assert re.sub(r"\d", "9", number) == re.sub(r"\d", "9", form)
    assert "55501" in re.sub(r"\D", "", number)


def test_printed_forms_are_plain_and_others_are_not() -> None:
    kinds = specimens.kinds(a_field(shape="phone"), {"phone": ["1 (604) 555-0172"]})

    assert kinds["printed as 1 (604) 555-0172"] is Grade.PLAIN
    assert kinds["dots"] is Grade.FORM


def test_a_form_that_is_printed_is_not_held_for_another_one() -> None:
    assert "digits" not in specimens.kinds(a_field(shape="phone"), {"phone": ["2025550101"]})


@pytest.mark.parametrize("provider", contract.providers())
def test_examples_name_fields_that_can_be_sent(provider: str) -> None:
    known = contract.load(provider)

    for example in load_examples(provider):
        assert all(example.of in known.field(name).writeable for name in example.values)


@pytest.mark.parametrize("provider", contract.providers())
def test_examples_reach_nobody(provider: str) -> None:
    texts = [str(v) for e in load_examples(provider) for v in e.values.values()]

    assert all(re.search(r"example\.(com|org)$", t) for t in texts if "@" in t)
    assert all(re.search(r"555-?01\d\d$", form) for form in printed_forms(provider).get("phone", ()))
