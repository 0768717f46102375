"""What writes have set is what readings show: plans are harmless, the same for a seed, and judged both ways."""

import httpx

from contacts_conformance.checks.deep.generated_steps import Steps
from contacts_conformance.checks.deep.walk import Walk
from contacts_conformance.checks.deep.writes import Writes, Written, fields
from contacts_conformance.checks.session import Session
from contacts_conformance.http.messages import Answer
from contacts_conformance.model import Record
from contacts_conformance.providers.modelling import Seen
from contacts_conformance.providers.plans import Plan, Step

from ...making import a_target, an_exchange


def _seen(step: Step, place: int, record: Record | None = None) -> Seen:
    answer = Answer(200, httpx.Headers(), b"", an_exchange(), httpx.Request("GET", "http://127.0.0.1:1"))
    return Seen(step, place, answer, ("7", ""), "m", record)


def _shown(*writes: Step, record: Record) -> list[tuple[str, str]]:
    model = Written(Session(a_target()))
    for place, write in enumerate(writes):
        assert not list(model.judge(_seen(write, place)))
    seen = model.judge(_seen(Step("read", of=0), len(writes), record))
    return [(o.requirement, b.observed) for o in seen for b in o.breaches]


def test_a_reading_shows_what_the_last_write_has_set() -> None:
    writes = (
        Step("create", values={"first_name": "Ada", "last_name": "Ng"}),
        Step("change", of=0, values={"first_name": "Bo"}),
    )

    assert _shown(*writes, record={"first_name": "Bo", "last_name": "Ng"}) == []
    assert _shown(*writes, record={"first_name": "Ada", "last_name": None}) == [
        ("liondesk.field.first_name.change", "another value"),
        ("liondesk.field.last_name.create", "missing"),
    ]


def _plans(seed: int) -> list[Plan]:
    session = Session(a_target(disposable=True), seed)
    plans: list[Plan] = []

    class Noting(Walk):
        def take(self, step: Step) -> None:
            self.steps.append((step, None))

    Writes(Steps(session)).explore(lambda model: Noting(session, model), lambda walk: plans.append(walk.plan), 0)
    return plans


def test_the_same_seed_makes_the_same_plans_and_another_one_others() -> None:
    assert _plans(3) == _plans(3) != _plans(4)


def test_values_keep_to_plain_texts_of_legal_length() -> None:
    plain = {f.name: f for f in fields(Session(a_target()))}

    for step in (s for plan in _plans(3) for s in plan if s.kind == "change"):
        for name, value in step.values.items():
            assert 1 <= len(str(value)) <= (plain[name].max_length or 99)
            assert set("'-.@ ()") >= {c for c in str(value) if not c.isalnum()}
