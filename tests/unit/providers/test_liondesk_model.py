"""LionDesk's model: hand-made answers, those that it has to pass and those that it has to tell."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pytest
from tests.unit.making import a_target, an_exchange

from contacts_conformance.contract import load
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Json
from contacts_conformance.providers.liondesk import PROVIDER
from contacts_conformance.providers.liondesk.model import LionDeskModel
from contacts_conformance.providers.modelling import Seen
from contacts_conformance.providers.plans import MARK, Step, user
from contacts_conformance.target import Identity

_MARK = "cc1x1"
_USERS = {"owner": "1", "assignee": "2", "teammate": "3", "outsider": "4"}
_TIME = "2017-01-15T10:00:00.000Z"


class _Told:
    """A model that is told of steps and answers, and the rows that these broke."""

    def __init__(self) -> None:
        identities = {r: Identity(r, {}, {"user_id": i}) for r, i in _USERS.items()}
        described = a_target(identities=identities, known={"outsider": "4", "teammate": "3"})
        self.model = LionDeskModel(load("liondesk"), described)
        self._ids: list[str] = []

    def tell(self, step: Step, body: Json, status: int = 200, ids: str = "") -> list[str]:
        """The rows that an answer breaks, without the name of the provider."""
        content = b"" if body is None else json.dumps(body).encode()
        answer = Answer(status, httpx.Headers(), content, an_exchange(), httpx.Request("GET", "http://127.0.0.1"))
        self._ids.append(ids)
        page = PROVIDER.page(answer) if answer.succeeded else None
        seen = Seen(
            step,
            len(self._ids) - 1,
            answer,
            tuple(self._ids),
            _MARK,
            PROVIDER.record(answer) if answer.succeeded else None,
            page.records if page is not None else None,
            page.total if page is not None else None,
        )
        return [o.requirement.removeprefix("liondesk.") for o in self.model.judge(seen) if o.breaches]

    def create(self, **values: Json) -> Mapping[str, Json]:
        """A contact that is created and answered rightly; how it reads."""
        new = str(101 + sum(bool(i) for i in self._ids))
        record = _record(new, **values)
        assert self.tell(Step("create", values=values), record, 201, new) == []
        return record

    def list(self, records: Sequence[Mapping[str, Json]], *query: tuple[str, str], **options: Any) -> list[str]:
        """The rows that a list with these contacts breaks."""
        role, total = options.pop("role", ""), options.pop("total", len(records))
        page = {"total": total, "limit": 10, "skip": 0, "data": list(records), **options}
        return self.tell(Step("list", role, query=(("company", MARK), *query)), page)


def _record(contact: str, **values: Json) -> dict[str, Json]:
    return {"id": int(contact), "owner_user_id": 1, "assigned_user_id": None, "company": _MARK, **values}


@pytest.fixture
def told() -> _Told:
    return _Told()


def test_a_list_of_all_that_was_created_breaks_nothing(told: _Told) -> None:
    one, other = told.create(first_name="amber"), told.create(first_name="birch")

    assert told.list([one, other]) == []


def test_a_contact_that_a_first_list_lacks_is_kept_from_its_owner(told: _Told) -> None:
    one, _ = told.create(first_name="amber"), told.create(first_name="birch")

    assert told.list([]) == ["access.owner.list"]
    assert told.list([one]) == ["lifecycle"]


def test_a_filter_is_told_of_contacts_too_many_and_of_missing_ones(told: _Told) -> None:
    one, other = told.create(first_name="amber"), told.create(first_name="amberly")
    told.list([one, other])

    assert told.list([one], ("first_name", "amber")) == []
    assert told.list([one, other], ("first_name", "amber")) == ["filter.eq"]
    assert told.list([], ("first_name", "amber")) == ["filter.eq"]
    assert told.list([one], ("first_name[$ne]", "amber")) == ["filter.ne"]
    assert told.list([one], ("first_name[$in]", "amber"), ("first_name[$in]", "amberly")) == ["filter.in"]


@pytest.mark.parametrize("asked", ["AMBER", "Ámber", "amber "])
def test_what_a_collation_may_take_for_the_same_text_is_not_judged(told: _Told, asked: str) -> None:
    one, other = told.create(first_name="amber"), told.create(first_name="birch")
    told.list([one, other])

    assert told.list([one], ("first_name", asked)) == []
    assert told.list([], ("first_name", asked)) == []


def test_two_conditions_are_told_only_after_each_of_them(told: _Told) -> None:
    values = {"first_name": "amber", "last_name": "elm"}
    one, other = told.create(**values), told.create(**{**values, "last_name": "fir"})
    told.list([one, other])
    both = (("first_name", "amber"), ("last_name", "elm"))

    assert told.list([one, other], *both) == []
    assert [m for m in told.model.moves if m.steps() is None] == []
    told.list([one, other], both[0])
    told.list([one], both[1])
    assert told.list([one, other], *both) == ["filter.eq-and"]


def test_a_bound_is_an_instant_however_it_is_written(told: _Told) -> None:
    one, other = told.create(created_at=_TIME), told.create(created_at="2017-01-31T10:00:00.000Z")
    told.list([one, other])

    assert told.list([one, other], ("created_at[$gte]", "2017-01-15T03:00:00-07:00")) == []
    assert told.list([other], ("created_at[$gte]", "2017-01-15T03:00:00-07:00")) == ["filter.notation"]
    assert told.list([other], ("created_at[$gte]", _TIME)) == ["filter.gte"]
    assert told.list([other], ("created_at[$gte]", "2017-01-16")) == []


def test_an_order_is_told_where_it_is_certain(told: _Told) -> None:
    one, other = told.create(last_name="amber"), told.create(last_name="birch")
    told.list([one, other])

    assert told.list([other, one], ("$sort[last_name]", "1")) == ["sort.ascending"]
    assert told.list([one, other], ("$sort[last_name]", "-1")) == ["sort.descending"]
    assert told.list([one, other], ("$sort[first_name]", "-1")) == []


def test_a_page_holds_what_the_order_says(told: _Told) -> None:
    several = [told.create(last_name=name) for name in ("amber", "birch", "cedar")]
    told.list(several)
    told.list(several, ("$sort[last_name]", "1"))
    told.list(several[:1], ("$sort[last_name]", "1"), ("$limit", "1"), total=3, limit=1)
    page = (("$sort[last_name]", "1"), ("$limit", "1"), ("$skip", "1"))

    assert told.list(several[1:2], *page, total=3, limit=1, skip=1) == []
    assert told.list(several[2:], *page, total=3, limit=1, skip=1) == ["page.skip"]
    assert told.list(several[1:], *page, total=3, limit=1, skip=1) == ["page.limit"]
    assert told.list(several[1:2], *page, total=1, limit=1, skip=1) == ["list.total"]
    assert told.list(several[1:2], *page, total=3, limit=10, skip=1) == ["list.echo"]


def test_another_user_sees_a_contact_only_while_it_is_assigned(told: _Told) -> None:
    one = {**told.create(first_name="amber")}
    told.tell(Step("read", of=0), one)

    assert told.tell(Step("read", "assignee", 0, expects=""), one) == ["access.other.no-read"]
    told.tell(Step("change", of=0, values={"assigned_user_id": user("assignee")}), one)
    one["assigned_user_id"] = 2
    told.tell(Step("read", of=0), one)
    assert told.tell(Step("read", "assignee", 0, expects=""), one) == []
    assert told.tell(Step("read", "assignee", 0, expects=""), {}, 404) == ["access.assignee.read"]
    assert told.list([one], role="outsider") == ["access.other.no-list"]


def test_a_change_sets_what_it_gives_and_nothing_else(told: _Told) -> None:
    one = {**told.create(first_name="amber", fax="202-555-0110")}
    told.tell(Step("read", of=0), one)
    told.tell(Step("change", of=0, values={"first_name": "birch"}), one)

    changed = {**one, "first_name": "birch"}
    assert told.tell(Step("read", of=0), {**changed, "fax": None}) == ["change.only-given"]
    told.tell(Step("change", of=0, values={"first_name": "cedar", "last_name": "elm"}), one)
    assert told.tell(Step("read", of=0), {**changed, "fax": None, "last_name": "elm"}) == ["field.first_name.change"]


def test_a_removed_contact_is_gone_for_everybody(told: _Told) -> None:
    one, other = told.create(first_name="amber"), told.create(first_name="birch")
    told.list([one, other])
    told.tell(Step("remove", of=0), one)

    assert told.tell(Step("read", of=0, expects=""), {}, 404) == []
    assert told.tell(Step("read", of=0, expects=""), one) == ["remove.gone"]
    assert told.list([one, other]) == ["remove.gone"]
    assert told.list([other]) == []


def test_a_list_shows_no_other_value_than_what_was_sent(told: _Told) -> None:
    one, other = told.create(first_name="amber"), told.create(first_name="birch")

    assert told.list([{**one, "first_name": None}, other]) == []
    told.tell(Step("change", of=0, values={"first_name": "cedar", "last_name": "elm"}), one)
    assert told.list([{**one, "last_name": "elm"}, other]) == ["field.first_name.change"]


def test_a_service_may_assign_a_new_contact_to_its_own_owner(told: _Told) -> None:
    told.tell(Step("create", "outsider"), {"id": 9}, 201, "9")
    mine = {**_record("9"), "owner_user_id": 4, "assigned_user_id": 4}

    assert told.tell(Step("read", "outsider", 0), mine) == []


def test_steps_whose_contacts_were_never_created_are_passed_over(told: _Told) -> None:
    assert told.tell(Step("read", of=3), {}) == []
    assert told.tell(Step("change", of=3, values={"first_name": "amber"}), {}) == []
    assert told.list([_record("7")], ("no_such_field", "x")) == []
    assert told.tell(Step("list", query=(("first_name", "amber"),)), {"data": [_record("7")]}) == []


def test_only_plain_requests_are_surely_legal(told: _Told) -> None:
    assert told.model.is_legal(Step("create", values={"first_name": "amber", "created_at": _TIME}))
    assert not told.model.is_legal(Step("create", values={"created_at": "a"}))
    assert not told.model.is_legal(Step("change", of=0, values={"email": "ada@exam"}))
    assert told.model.is_legal(Step("list", query=(("company", MARK), ("first_name", "amber"))))
    assert not told.model.is_legal(Step("list", query=(("company", MARK), ("first_name[$in]", "amber"))))
