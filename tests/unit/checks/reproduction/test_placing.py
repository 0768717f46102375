from __future__ import annotations

import pytest

from contacts_conformance.checks.reproduction.placing import Placing, taking
from contacts_conformance.model import Record

from ...making import an_exchange


def _id_of(record: Record) -> str | None:
    return str(record["id"]) if "id" in record else None


def _placing(**names: str) -> Placing:
    placing = Placing(_id_of, "cc01234567")
    placing.names = {contact: name for name, contact in names.items()}
    return placing


@pytest.mark.parametrize(
    ("path", "placed"),
    [
        ("/contacts/1", "/contacts/${A}"),
        ("/contacts/12", "/contacts/12"),
        ("/contacts?limit=1&id=1", "/contacts?limit=1&id=${A}"),
        ("/contacts?id[$in]=2,1", "/contacts?id[$in]=2,${A}"),
        ("/contacts?company=cc01234567x1", "/contacts?company=${MARK}x1"),
        ("/contacts?company=CC01234567X1", "/contacts?company=${MARK_UPPER}X1"),
    ],
)
def test_short_numbers_in_a_path_are_ids_only_where_ids_stand(path: str, placed: str) -> None:
    assert _placing(A="1").in_path(path) == placed


def test_an_id_that_is_nothing_else_is_found_in_quotes_and_values() -> None:
    placing = _placing(A="20120224000000000000000018")

    assert placing.in_path("/c?_filter=Id%20Eq%20%2720120224000000000000000018%27") == "/c?_filter=Id%20Eq%20%27${A}%27"
    assert placing.in_body('{"D": ["20120224000000000000000018"]}') == '{"D": ["${A}"]}'


@pytest.mark.parametrize(
    ("body", "placed"),
    [
        ('{"id": 1, "user": 1}', '{"id": ${A}, "user": 1}'),
        ('{"id": "1"}', '{"id": "${A}"}'),
        ('{"first_name": "cc01234567x1"}', '{"first_name": "${MARK}x1"}'),
    ],
)
def test_a_short_number_in_a_body_is_an_id_only_in_the_member_for_ids(body: str, placed: str) -> None:
    assert _placing(A="1").in_body(body) == placed


def test_contacts_are_mentioned_by_path_and_body_and_not_by_chance() -> None:
    sent = an_exchange(url="http://h/contacts/3?limit=1", request_body='{"id": 2}')

    assert _placing().mentioned(sent, ["1", "2", "3"]) == {"2", "3"}


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ('{"owner": 1, "id": 7}', "member id 1"),
        ('{"a": {"id": 5}, "id": 7}', "member id 2"),
        ('{"D": {"Results": [{"Uri": "/v1/contacts/7"}]}}', "member Uri 1 | last"),
        ("", "location"),
    ],
)
def test_an_id_is_taken_from_where_the_answer_has_it(body: str, command: str) -> None:
    assert taking(an_exchange(response_body=body), "7") == command
