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


@pytest.mark.parametrize(
    ("path", "contact"),
    [
        ("/contacts/7", "7"),
        ("/contacts/a%2Fb", "a/b"),
        ("/contacts/a%2fb", None),
        ("/contacts/a/b", None),
        ("/contacts/%37", None),
        ("/contacts/7/", None),
        ("/contacts//7", None),
        ("/contacts/", None),
        ("/contacts/..", None),
        ("/contacts/%2E%2E", None),
        ("/contacts/%FF", None),
        ("/contacts", None),
    ],
)
def test_an_id_is_found_in_a_path_of_its_own_spelling_alone(path: str, contact: str | None) -> None:
    place = Paths(contracts.load("liondesk"), {}).find("DELETE", path)

    assert (place.contact if place else None) == contact


def test_a_path_that_stands_in_the_contract_as_it_is_has_no_id() -> None:
    paths = Paths(contracts.load("spark"), {})

    assert paths.find("DELETE", "/v1/contacts/unconnected") is None
    assert paths.refused("DELETE", "/v1/contacts/unconnected") == ("/v1/contacts/unconnected", "")
    assert paths.refused("POST", "/v1/contacts/7") == ("/v1/contacts/{Id}", "7")
    assert paths.refused("PATCH", "/v1/contacts") is None
