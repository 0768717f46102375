from contacts_conformance.http.ledger import MOST_TRIES, OwnLedger


def test_a_token_that_came_in_the_place_of_an_ended_one_stays() -> None:
    ledger = OwnLedger()
    ledger.opened("ada", "old")
    ledger.opened("ada", "new")

    ledger.ended("ada", "old")

    assert ledger.token("ada") == ledger.begin("ada") == "new"


def test_the_path_is_signed_as_it_is_sent_until_more_is_known() -> None:
    assert not OwnLedger().decoded()


def test_a_form_that_was_accepted_is_kept() -> None:
    ledger = OwnLedger()
    ledger.accepted(True)

    assert not ledger.tries_other(True)
    ledger.turns_back(True)
    ledger.accepted(False)
    assert ledger.decoded()


def test_forms_are_tried_so_often_and_no_more() -> None:
    ledger = OwnLedger()

    for _ in range(MOST_TRIES):
        assert ledger.tries_other(False)
        assert ledger.decoded()
        ledger.turns_back(True)

    assert not ledger.tries_other(False)
    assert not ledger.decoded()


def test_a_process_whose_request_was_under_way_when_another_one_found_out_sends_it_again() -> None:
    ledger = OwnLedger()
    ledger.accepted(True)

    assert ledger.tries_other(False)
