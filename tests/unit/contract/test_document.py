import pytest

from contacts_conformance import contract as contracts
from contacts_conformance.contract import Answer, Operation
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level

LIONDESK = contracts.load("liondesk")


def _operation(*statuses: str) -> Operation:
    return Operation("read", "read", "GET", "/contacts/{id}", "Read", tuple(Answer(s, None) for s in statuses))


def test_operations_are_found_by_what_they_do() -> None:
    assert (LIONDESK.operation("create").method, str(LIONDESK.operation("list"))) == (
        "POST",
        LIONDESK.operation("list").id,
    )
    with pytest.raises(KeyError, match="liondesk has no operation of the kind 'merge'"):
        LIONDESK.operation("merge")


def test_fields_are_found_by_their_names() -> None:
    field = LIONDESK.field("company")

    assert (str(field), field.is_text, field.reads_back) == ("company", True, True)
    with pytest.raises(KeyError, match="liondesk has no field 'nickname'"):
        LIONDESK.field("nickname")


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/contacts", "list"),
        ("get", "//contacts/", "list"),
        ("GET", "/contacts/17", "read"),
        ("PATCH", "/contacts/17", "change"),
        ("PUT", "/contacts/17", None),
        ("GET", "/contacts/17/shares", None),
        ("GET", "/", None),
    ],
)
def test_a_request_belongs_to_an_operation(method: str, path: str, kind: str | None) -> None:
    found = LIONDESK.match(method, path)

    assert (found.kind if found else None) == kind


def test_a_status_is_documented_by_its_number_or_its_class() -> None:
    operation = _operation("200", "4xx")

    assert [(a.status if a else None) for a in map(operation.answer, (200, 201, 404, 500))] == [
        "200",
        None,
        "4xx",
        None,
    ]
    assert [a.status for a in operation.success] == ["200"]


def test_groups_are_parts_of_the_fields() -> None:
    assert set(LIONDESK.optional_fields) | set(LIONDESK.required_fields) == set(LIONDESK.create_fields)
    assert not set(LIONDESK.read_only_fields) & (set(LIONDESK.create_fields) | set(LIONDESK.change_fields))
    assert all(f.is_limited and (f.max_length or 0) > 0 for f in LIONDESK.limited_fields)
    assert set(LIONDESK.text_fields) <= set(LIONDESK.sortable_fields) <= set(LIONDESK.create_round_trip_fields)


def test_references_are_followed_and_what_stands_beside_them_wins() -> None:
    document = {"a": {"b/c": {"type": "string", "maxLength": 5}}, "d": {"$ref": "#/a/b~1c", "maxLength": 7}}

    assert contracts.resolve(document, {"$ref": "#/d", "title": "x"}) == {
        "type": "string",
        "maxLength": 7,
        "title": "x",
    }
    assert contracts.resolve(document, None) is None
    with pytest.raises(KeyError):
        contracts.resolve(document, {"$ref": "#/nowhere"})


def test_a_contract_knows_its_document() -> None:
    assert len(LIONDESK.digest) == 64
    assert all(isinstance(f.level, Level) for f in LIONDESK.fields)
    with pytest.raises(UsageError, match="no provider 'nobody'"):
        contracts.load("nobody")


def test_what_nobody_documents_is_left_out_of_a_contact() -> None:
    emails = [{"type": "MAIN", "address": "ada@example.com", "seen": 17}]

    found = contracts.load("ngpvan").documented({"firstName": "Ada", "emails": emails, "seen": 17})

    assert found == {"firstName": "Ada", "emails": [{"type": "MAIN", "address": "ada@example.com"}]}


@pytest.mark.parametrize(
    ("provider", "name", "entries"),
    [("spark", "Tags", ["Buyer", "Ärzte", "Buyer"]), ("ngpvan", "phones", [{"type": "HOME"}, {"type": "CELL"}])],
)
def test_the_order_of_entries_is_no_part_of_a_contact(provider: str, name: str, entries: list[object]) -> None:
    documented = contracts.load(provider).documented

    assert documented({name: entries}) == documented({name: entries[::-1]})
    assert documented({name: entries}) != documented({name: entries[:1]})
