"""What a run does by groups of checks, as `forecast.yaml` has it.

`python -m tests.integration.grouped PROVIDER PROFILE` prints it as YAML.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from contacts_conformance.account.forecast import Course, Group, group_of
from contacts_conformance.checks.session import Session
from contacts_conformance.pytest_plugin.fixtures import SESSION
from contacts_conformance.pytest_plugin.runner import Order, run
from contacts_conformance.verdicts.result import Result


class Grouped:
    """A plugin that counts what the checks of each group send and create."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        session = item.config.stash[SESSION]()
        assert session is not None
        sent, created = session.client.pace.sent, _created(session)
        result = yield
        name = group_of(item.nodeid)
        before = self.groups.get(name, Group(checks=0, requests=0))
        self.groups[name] = Group(
            checks=before.checks + 1,
            requests=before.requests + session.client.pace.sent - sent,
            created=before.created + _created(session) - created,
        )
        return result

    def course(self, result: Result) -> Course:
        """What the run did."""
        traffic = result.traffic
        return Course(requests=traffic.requests, created=traffic.created, removed=traffic.removed, groups=self.groups)


def _created(session: Session) -> int:
    return len({c.id for c in session.journal.creations if c.state in ("created", "removed")})


def as_yaml(course: Course, indent: str = "") -> str:
    """What a run did, as it stands in `forecast.yaml`."""
    lines = [f"{key}: {getattr(course, key)}" for key in ("requests", "created", "removed")]
    lines.append("groups:")
    for name, each in sorted(course.groups.items()):
        lines.append(f"  {name}: {{checks: {each.checks}, requests: {each.requests}, created: {each.created}}}")
    return "\n".join(indent + line for line in lines)


if __name__ == "__main__":
    counting = Grouped()
    done = run(Order(sys.argv[1], profile=sys.argv[2]), [counting])
    assert done.result is not None, done.output
    sys.stdout.write(as_yaml(counting.course(done.result), "  " if sys.argv[2] == "quick" else "") + "\n")
