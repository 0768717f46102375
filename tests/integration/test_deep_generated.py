"""Generated plans against reference servers: a fault that they find, and a sound server that they do not accuse."""

from __future__ import annotations

import pytest

from contacts_conformance import providers, reference, target
from contacts_conformance.checks.deep.exploration import Exploration
from contacts_conformance.checks.deep.generated import sources
from contacts_conformance.checks.session import Session
from contacts_conformance.reference.kit.serving import serving

from ..night import at_night


def _explored(provider: str, fault: str | None, enough: int, *names: str) -> Exploration:
    server = reference.load(provider)
    with serving(server.application(fault=fault)) as url:
        session = Session(target.embedded(server.TARGET, url, providers.load(provider).keys))
        exploration = Exploration(session, [s for s in sources(session) if not names or s.name in names])
        exploration.run(lambda: "that is enough" if session.client.pace.sent > enough or exploration.found else "")
        session.clean_up()
    return exploration


@pytest.mark.parametrize(
    ("provider", "fault", "row", "source"),
    [
        ("liondesk", "structure-in-a-text-fails", "liondesk.refusal.no-server-error", "broken"),
        ("liondesk", "refused-for-its-cause-but-created-length", "liondesk.refusal.no-effect", "broken"),
        ("spark", "needs-no-token-read-contact", "spark.operation.readContact.no-token", "broken"),
        ("flexmls", "answers-another-status-list-tagged", "flexmls.operation.listTagged.status", "coverage"),
    ],
)
def test_a_fault_is_found_by_its_row(provider: str, fault: str, row: str, source: str) -> None:
    exploration = _explored(provider, fault, 1_500, source)

    assert row in {f.shown.row for f in exploration.found}


@pytest.mark.parametrize("provider", ["flexmls", "liondesk", *at_night("ngpvan", "spark")])
def test_a_sound_server_is_not_accused(provider: str) -> None:
    exploration = _explored(provider, None, 250)

    assert (exploration.found, exploration.once) == ([], [])
    assert sum(exploration.cases.values()) > 100
