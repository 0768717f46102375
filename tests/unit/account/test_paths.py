import pytest

from contacts_conformance import contract as contracts
from contacts_conformance.account.paths import Paths, fill
from contacts_conformance.errors import SetUpFailed

CONTRACT = contracts.load("ngpvan")
CREATE = CONTRACT.operation("create")


def test_an_operation_is_where_the_contract_has_it_unless_the_target_moved_it() -> None:
    assert Paths(CONTRACT, {}).of(CREATE) == CREATE.path
    assert Paths(CONTRACT, {"create_path": "/people"}).of(CREATE) == "/people"


def test_a_moved_operation_is_matched_at_both_paths_until_it_is_moved_back() -> None:
    paths = Paths(CONTRACT, {})
    paths.move(CREATE, "/people")

    assert paths.is_moved(CREATE)
    assert paths.match("POST", "/people") == paths.match("POST", CREATE.path) == CREATE
    paths.move_back(CREATE)
    assert paths.match("POST", "/people") is None


def test_an_id_fills_one_segment() -> None:
    assert fill("/contacts/{id}/notes", "a/b?") == "/contacts/a%2Fb%3F/notes"
    assert fill("/contacts", "7") == "/contacts"


@pytest.mark.parametrize("contact", [".", "..", "\ud800"])
def test_an_id_that_no_path_can_hold_ends_the_set_up(contact: str) -> None:
    with pytest.raises(SetUpFailed, match="no path can hold it"):
        fill("/contacts/{id}", contact)
