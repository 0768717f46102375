"""The whole contract, by generated plans: what earlier runs have found, and then whatever time and limits allow.

What explores is loaded by the runs that do: with Schemathesis it takes longer than all that other checks need.
"""

from contacts_conformance.checks.marks import explores, replays
from contacts_conformance.checks.session import Session


@replays
def test_what_earlier_runs_have_found(session: Session) -> None:
    from contacts_conformance.checks.deep.exploration import exploration_of

    exploration = exploration_of(session)

    exploration.replay()

    exploration.tell()
    session.explored = exploration.result


@explores
def test_as_many_generated_plans_as_time_and_limits_allow(session: Session) -> None:
    from contacts_conformance.checks.deep.exploration import exploration_of, seconds_left

    exploration = exploration_of(session)

    exploration.run(seconds_left(session))

    exploration.tell()
    session.explored = exploration.result
