import json
from typing import Any

import httpx
import pytest
from tests.unit.making import an_exchange

from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Query
from contacts_conformance.providers.sparkapi.pages import Pages, Window, window

IDS = [str(n) for n in range(10)]


def an_answer(**pagination: Any) -> Answer:
    body = {"D": {"Success": True, "Results": [], **({"Pagination": pagination} if pagination else {})}}
    request = httpx.Request("GET", "http://x")
    return Answer(200, httpx.Headers(), json.dumps(body).encode(), an_exchange(), request)


def broken(asked: Window, answer: Answer, listed: list[str], least: int, most: int | None) -> list[str]:
    return [o.requirement for o in Pages("spark").judge(asked, answer, listed, least, most) if o.breaches]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ((), Window()),
        ((("_limit", "3"), ("_page", "2"), ("_pagination", "1")), Window(3, 2, "1")),
        ((("_limit", "26"),), None),
        ((("_limit", "0"),), None),
        ((("_page", "0"),), None),
        ((("_limit", "a"),), None),
        ((("_pagination", "yes"),), None),
    ],
)
def test_a_query_says_which_part_of_a_list_it_asks_for(query: Query, asked: Window | None) -> None:
    assert window(query) == asked


COUNTED = {"TotalRows": 7, "PageSize": 3, "TotalPages": 3, "CurrentPage": 2}


def test_a_page_that_counts_right_breaks_nothing() -> None:
    assert broken(Window(3, 2, "1"), an_answer(**COUNTED), IDS[:3], 7, 7) == []
    assert broken(Window(3), an_answer(), IDS[:3], 7, 7) == []
    assert broken(Window(3, 1, "count"), an_answer(TotalRows=7), [], 7, 7) == []


@pytest.mark.parametrize(
    ("asked", "pagination", "listed", "row"),
    [
        (Window(3, 2, "1"), {**COUNTED, "TotalRows": 6, "TotalPages": 2}, 3, "pagination.on"),
        (Window(3, 2, "1"), {**COUNTED, "TotalPages": 2}, 3, "pagination.arithmetic"),
        (Window(3, 2, "1"), {**COUNTED, "CurrentPage": 1}, 3, "pagination.arithmetic"),
        (Window(3, 2, "1"), {}, 3, "pagination.on"),
        (Window(3), COUNTED, 3, "pagination.off"),
        (Window(3, 1, "count"), {"TotalRows": 7}, 3, "pagination.count"),
        (Window(3), {}, 4, "page.limit"),
        (Window(3), {}, 2, "page.limit"),
        (Window(3, 3), {}, 0, "page.walk"),
        (Window(3, 4), {}, 1, "page.past-the-end"),
    ],
)
def test_what_is_wrong_with_a_page_is_told(asked: Window, pagination: dict[str, int], listed: int, row: str) -> None:
    assert broken(asked, an_answer(**pagination), IDS[:listed], 7, 7) == [f"spark.{row}"]


def test_where_it_is_not_known_how_many_match_only_the_limit_is_judged() -> None:
    assert broken(Window(3), an_answer(), IDS[:2], 0, None) == []
    assert broken(Window(3), an_answer(), IDS[:4], 0, None) == ["spark.page.limit"]


def test_pages_of_different_lists_may_show_the_same_contact() -> None:
    pages = Pages("spark")
    list(pages.walked("agent", (("_orderby", "+A"), ("_limit", "1")), Window(1), an_answer(), ["1"]))

    other = pages.walked("agent", (("_orderby", "-A"), ("_limit", "1")), Window(1, 2), an_answer(), ["1"])

    assert not any(o.breaches for o in other)
