"""Every known way to do harm, to leave contacts behind unsaid, to leak, and to end untruly has a test that shows it.

| kind | about |
|---|---|
| H | harm: a write that reaches what the run did not create |
| B | contacts that are left behind while the report says that none are |
| K | leaks: secrets and people's data in what a run writes |
| V | ends and verdicts that are not true |

`CASES` is the table: behaviour, and the tests that show the right end.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

_BOUNDS = "integration/test_bounds.py::"
_CARE = "integration/test_care.py::"
_HARM = "integration/test_harm.py::"
_LEAKS = "integration/test_leaks.py::"
_GUARD = "unit/account/test_guard.py::"
_SWEEP = "unit/account/test_sweep.py::"
_REDACTION = "unit/http/test_redaction.py::"
_FLAKY = "long/test_flaky.py::test_a_flaky_network_is_not_the_services_fault"

CASES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "H1": (
        "removals of all contacts, or of the caller's own record, are carried out",
        (f"{_HARM}test_methods_that_a_page_excludes_are_not_tried_at_all_contacts_nor_at_the_callers_own",),
    ),
    "H2": (
        "creations and lists show the id of somebody else's contact",
        (
            f"{_HARM}test_a_list_does_not_outweigh_what_reading_a_contact_shows",
            f"{_CARE}test_the_id_of_somebodys_contact_leads_to_nothing",
        ),
    ),
    "H3": (
        "a removed id is given to a stranger's contact",
        (f"{_HARM}test_what_took_the_id_of_a_removed_contact_is_left_alone",),
    ),
    "H4": ("what was set aside comes back with empty texts for absent attributes", ()),
    "H5": ("`limits.max_requests` is used up before the clean-up", ()),
    "H6": (
        "an address on this machine is the end of a tunnel to a real account",
        (
            f"{_GUARD}test_a_contact_is_created_where_it_can_be_removed_or_may_be_left",
            "unit/account/test_ownership.py::test_without_a_way_to_read_it_takes_an_account_that_may_be_emptied",
        ),
    ),
    "B1": ("lists ignore filters, and a creation is carried out and answered 500", ()),
    "B2": ("a creation is carried out and answered 303 or 408", ()),
    "B3": ("a creation is refused and stored", ()),
    "B4": ("ids are lists, fractions, huge, half a surrogate pair, or hold what ends a path", ()),
    "B5": ("the disk of the journal is full, or its folder is gone", ()),
    "B6": ("four answers of 401 within a run, then fine", ()),
    "B7": (
        "gzip of two members, numbers and bodies that cannot be read",
        (
            f"{_BOUNDS}test_members_of_gzip_are_read_as_one",
            f"{_BOUNDS}test_times_that_nobody_can_read_are_the_services_own_mistake",
        ),
    ),
    "B8": ("SIGTERM while a creation is under way", ()),
    "B9": ("SIGHUP", ()),
    "B10": ("the connection breaks after a removal was carried out", (_FLAKY,)),
    "B11": ("the target is away for six seconds when the clean-up begins", ()),
    "K1": (
        "the token is echoed with escapes of JSON",
        (
            f"{_LEAKS}test_a_server_that_shouts_its_callers_secrets_gets_none_into_the_reports",
            f"{_REDACTION}test_a_secret_is_found_in_every_form",
        ),
    ),
    "K2": ("secrets of four to seven characters", (f"{_REDACTION}test_a_short_secret_that_is_a_whole_value_is_found",)),
    "K3": (
        "headers so long that they are cut within a secret",
        (f"{_LEAKS}test_a_server_that_shouts_its_callers_secrets_gets_none_into_the_reports",),
    ),
    "K4": (
        "other codings and character sets, and secrets in two parts",
        (
            f"{_REDACTION}test_no_coding_hides_a_secret",
            f"{_REDACTION}test_no_character_set_hides_a_secret",
            f"{_REDACTION}test_a_secret_that_is_split_over_two_members_is_found",
        ),
    ),
    "K5": ("people's data from contacts that are not the run's", ()),
    "K6": (
        "parameters of a session in the logs of libraries",
        (f"{_LEAKS}test_what_libraries_log_shows_no_parameters_of_a_session",),
    ),
    "V1": ("one in twenty answers is a gateway's, a reset or a time-out", (_FLAKY,)),
    "V2": ("one in twenty answers is 401 or a page of HTML", (_FLAKY,)),
    "V3": (
        "a list of five megabytes",
        (f"{_BOUNDS}test_lists_that_are_too_long_leave_all_other_rows_to_be_judged",),
    ),
    "V4": ("503 without Retry-After to a write", (_FLAKY,)),
    "V5": (
        "times that the suite's own code cannot read",
        (f"{_BOUNDS}test_times_that_nobody_can_read_are_the_services_own_mistake",),
    ),
    "V6": (
        "80 kB of brackets and quotes",
        (f"{_BOUNDS}test_brackets_and_quotes_cost_no_more_than_other_bytes",),
    ),
    "V7": ("answers of 3.9 MB", (f"{_BOUNDS}test_evidence_of_long_answers_stays_within_its_budget",)),
    "V8": ("half a surrogate pair, with two processes", (f"{_BOUNDS}test_half_a_surrogate_pair_kills_no_process",)),
    "V9": ("two sweeps at once", ()),
    "V10": ("reads by id lag behind writes", ()),
    "V11": (
        "SIGINT at the start and with two processes; certificates that were not verified",
        (
            f"{_BOUNDS}test_an_interrupted_run_is_incomplete_and_says_what_it_sent",
            f"{_BOUNDS}test_a_report_says_that_certificates_were_not_verified",
        ),
    ),
    "V12": ("a gzip that is cut off", (f"{_BOUNDS}test_a_body_that_ends_early_is_named_as_what_it_is",)),
    "generated": (
        "status, coding, timing, moment and route by the seed",
        (
            "integration/test_hostile_generated.py::test_a_run_ends_well_whatever_the_server_does",
            "long/test_hostile_generated.py::test_a_run_ends_well_whatever_the_server_does",
        ),
    ),
    "killed": (
        "kill -9, then `sweep`",
        (f"{_CARE}test_a_killed_run_is_swept_up", f"{_SWEEP}test_what_was_never_confirmed_is_found_by_its_mark"),
    ),
    "asked to end": ("SIGTERM in mid-run", (f"{_CARE}test_a_run_that_is_told_to_end_cleans_up_and_reports",)),
    "full account": (
        "thousands of contacts of others",
        (f"{_CARE}test_a_full_account_is_left_as_it_was_and_judged_as_an_empty_one",),
    ),
    "redirects": (
        "redirects to another host",
        ("integration/test_hostile_servers.py::test_no_credentials_follow_a_redirect",),
    ),
    "bombs": (
        "bombs of gzip and brotli",
        ("unit/http/test_bodies.py::test_a_bomb_is_inflated_no_further_than_the_limit",),
    ),
    "silence": (
        "endless and dripping answers",
        ("integration/test_hostile_servers.py::test_a_server_without_answers_is_unreachable",),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_tests_that_a_case_names_are_there(case: str) -> None:
    for test in CASES[case][1]:
        file, _, name = test.partition("::")
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        assert name in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}, test


def test_every_case_is_shown_by_a_test() -> None:
    assert [f"{case}: {about}" for case, (about, tests) in CASES.items() if not tests] == []
