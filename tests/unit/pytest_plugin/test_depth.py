"""Profile and limits of a run: options before the target file, and never more than the file allows."""

from types import SimpleNamespace
from typing import Any

import pytest

from contacts_conformance.errors import UsageError
from contacts_conformance.pytest_plugin.depth import DEEP_SECONDS, chosen
from contacts_conformance.target import Limits

from ..making import a_target


def _options(**given: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"profile": None, "max_seconds": None, "max_requests": None, "examples": None, **given})


def test_nothing_said_is_the_standard_profile_and_the_limits_of_the_file() -> None:
    target = chosen(a_target(limits=Limits(max_requests=700)), _options())

    assert (target.profile, target.limits) == ("standard", Limits(max_requests=700))


def test_options_go_before_what_the_file_leaves_open() -> None:
    target = chosen(a_target(), _options(profile="deep", max_seconds=90.0, max_requests=300, examples="here"))

    assert (target.profile, target.limits.max_seconds, target.limits.max_requests) == ("deep", 90, 300)
    assert target.examples == "here"


def test_a_deep_run_without_any_limit_lasts_ten_minutes() -> None:
    assert chosen(a_target(), _options(profile="deep")).limits.max_seconds == DEEP_SECONDS == 600


def test_a_deep_run_lasts_as_long_as_the_file_says() -> None:
    target = chosen(a_target(limits=Limits(max_seconds=50)), _options(profile="deep"))

    assert target.limits.max_seconds == 50


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"profile": "quickly"}, "--profile quickly: is not a profile; choose from quick, standard, deep"),
        ({"max_seconds": 0}, "--max-seconds 0: is no limit; give a number above 0"),
        ({"max_seconds": float("nan")}, "--max-seconds nan: is no limit; give a number above 0"),
        ({"max_requests": -3}, "--max-requests -3: is no limit; give a number above 0"),
        ({"max_requests": 701}, "--max-requests 701: the target file allows 700 (limits.max_requests); give no more"),
    ],
)
def test_an_option_that_cannot_be_is_refused_with_what_would_be_right(given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as refused:
        chosen(a_target(limits=Limits(max_requests=700)), _options(**given))

    assert str(refused.value).startswith(said)
