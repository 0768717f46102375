"""What a request quotes of others is sent, and recorded by its shape alone."""

import json

from contacts_conformance.account.contacts import Contacts
from contacts_conformance.checks.session import Session
from contacts_conformance.http import quoting

from ...miniatures import Call, respond, serving
from ..making import a_target


def _echo(call: Call) -> None:
    respond(call, "400 Bad Request", json.dumps({"message": f"no value {call.path}, which is ada@example.com"}))


def test_a_shape_keeps_length_and_signs() -> None:
    assert quoting.shaped("Ada-01@x.org") == "xxx-00@x.xxx"


def test_the_longest_quotation_is_taken_out_first() -> None:
    assert quoting.unquoted("ada byron and ada", ("ada", "ada byron")) == "xxx xxxxx and xxx"


def test_a_quoted_value_is_sent_and_not_recorded() -> None:
    with serving(_echo) as server:
        session = Session(a_target(server.url))
        contacts: Contacts = session.contacts()
        contacts.send_list((("email", "ada@example.com"), ("$limit", "5")), quotes=("ada@example.com",), legal=False)
        session.client.close()

    exchange = session.recorder.exchanges[-1]
    assert "ada%40example.com" in server.asked[-1]
    assert "ada" not in exchange.url
    assert "%24limit=5" in exchange.url
    assert "ada" not in exchange.response_body


def test_what_quotes_nothing_is_recorded_as_it_was_sent() -> None:
    with serving(_echo) as server:
        session = Session(a_target(server.url))
        session.contacts().send_list((("email", "own@example.com"),), legal=False)
        session.client.close()

    assert "own%40example.com" in session.recorder.exchanges[-1].url
