import pytest

from contacts_conformance.checks import marks
from contacts_conformance.checks.marks import each, requirement
from contacts_conformance.contract import Contract


def test_the_marks_of_a_check_are_those_of_pytest() -> None:
    @each(field=Contract.limited_fields)
    @requirement("field.{field}.type", "other")
    def check() -> None: ...

    found = {m.name: (m.args, m.kwargs) for m in check.pytestmark}  # type: ignore[attr-defined]  # what pytest adds
    assert found == {"requirement": (("field.{field}.type", "other"), {}), "each": ((), {"field": "limited_fields"})}


def test_a_group_has_a_name_and_may_be_given_by_it() -> None:
    assert marks.group_name(Contract.create_fields) == "create_fields"
    assert marks.group_name("create_fields") == "create_fields"


@pytest.mark.parametrize("name", ["creat_fields", "provider", "operation", ""])
def test_an_unknown_group_is_wrong_use(name: str) -> None:
    with pytest.raises(pytest.UsageError, match=f"no group '{name}'; it has answered_fields, change_fields"):
        each(field=name)
