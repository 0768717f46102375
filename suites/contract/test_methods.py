"""Methods that the page promises to refuse. Where it is silent nothing is sent: some servers then act on every record."""

from contacts_conformance.http import Request
from contacts_conformance.judging import each, requirement
from contacts_conformance.session import Session


@each(call="refused_methods")
@requirement("method.{call}")
def test_a_method_that_the_page_excludes_is_answered_405(call: tuple[str, str], session: Session) -> None:
    method, path = call
    main = session.identity(session.provider.main_role)

    answer = session.client.send(Request(method, session.provider.example_path(path), main, legal=False))

    assert answer.status == 405, answer
