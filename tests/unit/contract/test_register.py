from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from contacts_conformance import contract as contracts
from contacts_conformance.contract import register, resources
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level

from ..making import a_requirement

Write = Callable[[str], register.Register]
PLAIN = """
provider: tiny
page: {number: "009", title: Tiny}
requirements:
  - {id: tiny.filter.eq, level: MUST, statement: It filters by equality., source: Filters}
"""
SPEC = """
openapi: 3.1.0
info: {title: Tiny contacts, version: "1"}
x-page: "009"
x-records: {create: Input, answer: Contact}
x-fields-section: Fields
security: [{token: []}]
paths:
  /contacts:
    x-refuses: [put]
    x-section: Contacts
    post:
      operationId: createContact
      x-kind: create
      x-section: Create
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Input"}}}}
      responses:
        "201": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Contact"}}}}
        4XX: {description: refused}
components:
  securitySchemes: {token: {type: http, scheme: bearer}}
  schemas:
    Input:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 20}
        secret: {type: string, writeOnly: true}
    Contact:
      type: object
      properties:
        id: {type: [integer, string]}
        name: {type: [string, "null"], maxLength: 20}
        born: {type: string, format: iso-instant}
        vip: {type: boolean}
        size: {type: integer}
        tags: {type: array}
        home: {type: object}
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Loads the register of a tiny provider with this `requirements.yaml`."""
    (tmp_path / "tiny").mkdir()
    (tmp_path / "schemas").symlink_to(resources.specs() / "schemas")
    (tmp_path / "tiny" / "openapi.yaml").write_text(SPEC, encoding="utf-8")
    monkeypatch.setattr(resources, "specs", lambda: tmp_path)

    def load(text: str) -> register.Register:
        (tmp_path / "tiny" / "requirements.yaml").write_text(text, encoding="utf-8")
        contracts.load.cache_clear()
        register.load.cache_clear()
        try:
            return register.load("tiny")
        finally:
            contracts.load.cache_clear()
            register.load.cache_clear()

    return load


def test_rows_come_from_both_files(write: Write) -> None:
    rows = write(PLAIN)

    assert next(r.id for r in rows) == "tiny.filter.eq"
    for row in (
        "field.name.type",
        "field.name.max-length",
        "field.name.no-silent-cut",
        "field.name.create",
        "field.name.required",
        "field.secret.optional",
        "field.id.read-only",
        "field.born.type",
        "operation.createContact.accepts",
        "operation.createContact.no-server-error",
        "operation.createContact.status",
        "operation.createContact.body",
        "operation.createContact.no-token",
        "method.PUT.contacts",
    ):
        assert f"tiny.{row}" in rows, row
    assert "tiny.field.secret.create" not in rows
    assert rows["tiny.field.name.no-silent-cut"].level is Level.SHOULD
    assert str(rows["tiny.method.PUT.contacts"].source) == "Tiny: Contacts"


def test_fields_have_kinds(write: Write) -> None:
    statements = {r.id: r.statement for r in write(PLAIN)}

    for name, words in {
        "id": "a number or a string",
        "name": "a string",
        "born": "a string",
        "vip": "true or false",
        "size": "a number",
        "tags": "an array",
        "home": "an object",
    }.items():
        assert statements[f"tiny.field.{name}.type"] == f"In responses, {name} is {words}."


def test_a_row_of_the_spec_can_be_refined(write: Write) -> None:
    rows = write(PLAIN + 'refined:\n  - {id: tiny.field.name.type, level: SHOULD, excluded: "Nobody can see that."}\n')

    row = rows["tiny.field.name.type"]
    assert (row.level, row.excluded) == (Level.SHOULD, "Nobody can see that.")
    assert row.statement == "In responses, name is a string."
    assert row not in rows.tested()


def test_refining_a_row_that_the_spec_does_not_yield_is_wrong_use(write: Write) -> None:
    with pytest.raises(UsageError, match=r"refines tiny\.no\.row, which the spec does not yield"):
        write(PLAIN + "refined:\n  - {id: tiny.no.row, level: MAY}\n")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[]", "the file"),
        ("", "the file"),
        (PLAIN.replace("MUST", "OUGHT"), "requirements.0.level"),
        (PLAIN.replace("tiny.filter.eq", "Filter eq"), "requirements.0.id"),
        (PLAIN.replace("It filters by equality.", "Hm."), "requirements.0.statement"),
        (PLAIN.replace("statement", "statment"), "requirements.0"),
        (PLAIN.replace('"009"', "9"), "page.number"),
        (PLAIN + "colour: red", "the file"),
    ],
)
def test_what_is_not_of_the_schema_is_wrong_use(write: Write, text: str, place: str) -> None:
    with pytest.raises(UsageError) as mistake:
        write(text)

    assert all(line.startswith(f"specs/tiny/requirements.yaml: {place}: ") for line in mistake.value.lines)


def test_a_file_that_is_no_yaml_is_wrong_use(write: Write) -> None:
    with pytest.raises(UsageError, match=r"specs/tiny/requirements\.yaml: is not YAML"):
        write("requirements: [")


def test_an_id_that_stands_twice_is_wrong_use(write: Write) -> None:
    row = PLAIN[PLAIN.index("  - {id") :]

    with pytest.raises(UsageError, match=r"the register has tiny\.filter\.eq twice"):
        write(PLAIN + row)


def test_what_rests_on_no_page_cannot_be_a_must(write: Write) -> None:
    row = PLAIN.replace("source: Filters", "source: no page; HTTP itself")

    with pytest.raises(UsageError, match=r"specs/tiny/requirements\.yaml: tiny\.filter\.eq: it rests on no page"):
        write(row)
    assert str(write(row.replace("MUST", "SHOULD"))["tiny.filter.eq"].source) == "no page: HTTP itself"


PAGES = """
provider: tiny
pages:
- name: contacts
  title: Tiny
  address: https://docs.example.com
  looked-at: "2026-01-02"
  sections: {Filters: Filters, Fields: Fields, Create: Create, Contacts: Contacts}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        (
            "Filters: Filters, ",
            "",
            "requirements.yaml: requirements.0.source: 'Filters': the page 'contacts' has no",
        ),
        ("Fields: Fields, ", "", "openapi.yaml: x-section of the field "),
        ("Create: Create, ", "", "openapi.yaml: createContact.x-section: 'Create': "),
        (", Contacts: Contacts", "", "openapi.yaml: paths./contacts.x-section: 'Contacts': "),
    ],
)
def test_a_section_that_the_page_does_not_have_is_named_with_its_place(
    write: Write, tmp_path: Path, old: str, new: str, said: str
) -> None:
    (tmp_path / "tiny" / "pages.yaml").write_text(PAGES.replace(old, new), encoding="utf-8")
    without_page = PLAIN.replace('page: {number: "009", title: Tiny}\n', "")

    if not said:
        assert str(write(without_page)["tiny.filter.eq"].source) == "Tiny: Filters (https://docs.example.com)"
        return
    with pytest.raises(UsageError) as mistake:
        write(without_page)
    assert [line.startswith(f"specs/tiny/{said}") for line in mistake.value.lines] == [True]


def test_there_has_to_be_such_a_provider() -> None:
    with pytest.raises(UsageError, match=r"no provider 'nobody'; there are .*liondesk"):
        register.load("nobody")


def test_rows_are_found_by_the_path_of_their_id() -> None:
    rows = register.Register("a", tuple(map(a_requirement, ("a.b", "a.b.c", "a.bc", "a.d"))))

    assert [r.id for r in rows.below("a.b")] == [r.id for r in rows.below("a.b.")] == ["a.b", "a.b.c"]
    assert (len(rows), "a.d" in rows, "a.e" in rows) == (4, True, False)


@pytest.mark.parametrize("provider", contracts.providers())
def test_every_register_can_be_loaded(provider: str) -> None:
    rows = register.load(provider)

    assert all(r.id.startswith(f"{provider}.") and r.statement and r.source.section for r in rows)


def test_the_spec_of_the_tests_is_yaml() -> None:
    assert yaml.safe_load(SPEC)["x-page"] == "009"
