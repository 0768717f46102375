"""Methods that the page promises to refuse. Where it is silent nothing is sent: some servers act on every record."""

from contacts_conformance.http import Request
from contacts_conformance.judging import each, requirement
from contacts_conformance.session import Session


@each(call="refused_methods")
@requirement("method.{call}")
def test_a_method_that_the_page_excludes_is_answered_405(call: tuple[str, str], session: Session) -> None:
    method, path = call
    caller = session.identity(session.role_at(path))

    answer = session.once(
        f"{method} {path}",
        lambda: session.client.send(Request(method, session.provider.example_path(path), caller, legal=False)),
    )

    assert answer.status == 405, answer
