"""Steps of plans that are made of generated cases: as generated, but for what has to be turned so that they do no harm.

An id in a path becomes a contact of the plan, the id of somebody else one that the target file names, and an address or
a number that could reach a person one that is reserved. What the pages leave doubtful is sent as it is, and nothing is
expected of the answer.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from contacts_conformance.checks.deep.generated_values import Values
from contacts_conformance.checks.fuzzing.inside import Generated
from contacts_conformance.checks.fuzzing.queries import ListQueries
from contacts_conformance.checks.session import Session
from contacts_conformance.contract import Operation, resolve
from contacts_conformance.contract.schemas import Schema
from contacts_conformance.http.messages import READS
from contacts_conformance.model import Json, Query
from contacts_conformance.providers import Identifying, QueryShaping
from contacts_conformance.providers.plans import MARK, Step, known

_KEPT_PARAMETERS, MOST_PARAMETERS = 4, 12
"""How many of very many parameters a list keeps beside the one that it is about; more than so many are very many."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A step, what was turned in it, what is doubtful about it, and the parts of the contract that it exercises."""

    step: Step
    turned: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass
class _Notes:
    turned: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Steps:
    """Makes the steps of one session's plans."""

    session: Session

    # What may be sent

    @cached_property
    def values(self) -> Values:
        """What values are legal, and harmless."""
        return Values(self.session)

    @cached_property
    def denied(self) -> dict[str, str]:
        """Why nothing of an operation may be sent, by the ids of those that are not permitted."""
        reasons = ((o.id, self._denied(o)) for o in self.session.contract.operations)
        return {name: why for name, why in reasons if why}

    @cached_property
    def permitted(self) -> tuple[Operation, ...]:
        """The operations of which requests may be sent."""
        return tuple(o for o in self.session.contract.operations if o.id not in self.denied)

    def _denied(self, operation: Operation) -> str:
        session, target = self.session, self.session.target
        if operation.opens_session:
            return "it opens a session, and touches no contact"
        if not session.account.offers(operation.kind):
            return "the target does not say that it offers it"
        identity = target.identities.get(self.role(operation) or session.main_role)
        if identity is None:
            return "the target file names no identity that may call it"
        if operation.method in READS:
            needs = operation.kind == "read" and self._denied(session.contract.operation("create"))
            return f"there is no contact to read: {needs}" if needs else ""
        if not target.writes:
            return "the target file does not permit writing"
        if operation.kind == "create" and not (
            session.contract.has("remove") or target.leaves_contacts or target.disposable
        ):
            return "a contact that is created could not be removed again"
        if operation.own_record and "contact_id" not in identity.attributes:
            return "no record of a caller is set aside for the run"
        return ""

    @property
    def may_create(self) -> bool:
        """Whether contacts may be created."""
        return self.session.contract.operation("create").id not in self.denied

    def role(self, operation: Operation) -> str:
        """The role that calls an operation; empty for the main one."""
        role = self.session.role_at(operation.path)
        return "" if role == self.session.main_role else role

    # Plain steps

    def creation(self, place: int, draw: random.Random, *, whole: bool = False) -> Step:
        """A legal creation, as the step at a place: with what is needed, or `whole`, with all that is plainly legal."""
        session = self.session
        fields = session.contract.create_fields
        wanted = [f for f in fields if whole or f.advised or "create" in f.required]
        values: dict[str, Json] = {}
        for each in wanted:
            if each.name in session.provider.markers[:1] or each.known or each.within or each.either or each.forms:
                continue
            sample = session.provider.sample(each, draw.randrange(900))
            if sample is not None and sample is not False and each.kind != "object":
                values[each.name] = self.values.dense(each, sample, draw) if whole else sample
        values = {n: self.values.harmless(n, v, place, []) for n, v in values.items()}
        return Step("create", values=self.identified(values, place))

    def identified(self, values: Mapping[str, Json], place: int) -> dict[str, Json]:
        """The values of a creation that no contact but the plan's own can be taken for.

        Where a service merges what is alike, names and addresses carry the mark.
        """
        if not isinstance(self.session.provider, Identifying):
            return dict(values)
        own = dict(values)
        needed = self.session.provider.identification(values, "0x0")
        for name, value in needed.items():
            if isinstance(value, str):
                given = own.get(name)
                kept = given[:40] if isinstance(given, str) and name != "type" else ""
                own[name] = own.get(name, value) if name == "type" else f"{kept} {MARK}s{place}".strip()
            elif name not in own or isinstance(own[name], list):
                own[name] = [{"address": f"s{place}@{MARK}.example.com", "type": "MAIN"}]
        return own

    # Cases

    def of(
        self, operation: Operation, case: Generated, place: int, draw: random.Random, *, negative: bool
    ) -> Turned | None:
        """The step that sends a case, about the contact of step 0 where it is about one; None where nothing is left."""
        notes = _Notes()
        step = Step(operation.kind, role=self.role(operation))
        if operation.kind in ("read", "change", "remove"):
            step = replace(step, of=0)
            notes.turned.append(f"path {parameter_in(operation.path)}")
        elif "{" in operation.path:
            step = replace(step, at=MARK)
            notes.turned.append(f"path {parameter_in(operation.path)}")
        step = replace(step, query=self._query(operation, case, draw, notes, negative=negative))
        if case.has_body:
            with_body = self._with_body(step, operation, case, place, notes, negative=negative)
            if with_body is None:
                return None
            step = with_body
        elif operation.raw.get("requestBody"):
            if operation.kind == "create" and not self.session.target.disposable:
                return None
            step = replace(step, raw="")
            notes.doubtful.append("no body")
        if negative:
            step = self._negative(step, case, notes)
        expects = "" if negative or notes.doubtful else "success"
        step = replace(step, expects=expects)  # type: ignore[arg-type]  # one of the literals
        return Turned(step, tuple(notes.turned), tuple(notes.doubtful), tuple(dict.fromkeys(notes.parts)))

    def _negative(self, step: Step, case: Generated, notes: _Notes) -> Step:
        headers = {n.title(): v for n, v in case.headers.items()}
        if case.location == "header" and case.parameter == "Authorization":
            step = replace(step, role="anonymous")
            notes.parts.append("header Authorization")
        if case.location == "header" and "Content-Type" in headers:
            step = replace(step, headers=(("Content-Type", str(headers["Content-Type"])),))
            notes.parts.append("header Content-Type")
        where = f"{case.location} {case.parameter}".strip() if case.location != "body" else "body"
        return replace(step, wrong=f"{case.about or 'a generated request that breaks the contract'} ({where})")

    # Queries

    def _query(
        self, operation: Operation, case: Generated, draw: random.Random, notes: _Notes, *, negative: bool
    ) -> Query:
        generated = dict(case.query)
        about = case.parameter if case.location == "query" else ""
        if negative and about in generated:
            generated = {about: generated[about]}
        elif len(generated) > _KEPT_PARAMETERS + 1:
            generated = cut_down(generated, about, draw)
        if len(generated) < case.parameters:
            notes.turned.append("query, cut down to a few parameters")
        pairs = [
            (n, _text(v)) for n, value in generated.items() for v in (value if isinstance(value, list) else [value])
        ]
        notes.parts += [f"query {n}" for n in generated]
        if case.constraint and about:
            notes.parts.append(f"query {about}: {case.constraint.rsplit('/', 1)[-1]}")
        if not negative:
            notes.parts += list(_bounds(self._parameters(operation), generated))
            notes.doubtful += [f"query {n}" for n in dict.fromkeys(self._doubtful(operation, generated))]
        narrowing = self.session.provider.mark_filter(dict.fromkeys(self.session.provider.markers[:1], MARK))
        if operation.lists and not self.session.target.disposable and not {n for n, _ in narrowing} & generated.keys():
            notes.turned.append("query, narrowed to the plan's contacts")
            pairs = [*narrowing, *pairs]
        return tuple(pairs)

    def _parameters(self, operation: Operation) -> dict[str, Mapping[str, Any]]:
        document = self.session.contract.document
        described = [resolve(document, node) for node in operation.raw.get("parameters", ())]
        return {p["name"]: p for p in described if p["in"] == "query"}

    @cached_property
    def _queries(self) -> ListQueries:
        return ListQueries(self.session.contract, self.session.provider)

    def _doubtful(self, operation: Operation, generated: Mapping[str, Any]) -> Iterator[str]:
        """The parameters of which the page leaves open whether they are taken so."""
        described = self._parameters(operation)
        contacts = self.session.contacts()
        shaping = self.session.provider if isinstance(self.session.provider, QueryShaping) else None
        for name, value in generated.items():
            texts = [_text(v) for v in (value if isinstance(value, list) else [value])]
            if operation.kind == "list":
                fair = self._queries.fair({name: value}) == tuple((name, t) for t in texts)
            else:
                fair = _fits(described.get(name, {}), texts)
            others = [n for n in generated if n != name]
            if shaping is not None and any(shaping.exclude_each_other(name, n) for n in others):
                fair = False
            if not fair or any(contacts.lacking(((name, t),)) for t in texts):
                yield name

    # Bodies

    def _with_body(
        self, step: Step, operation: Operation, case: Generated, place: int, notes: _Notes, *, negative: bool
    ) -> Step | None:
        provider = self.session.provider
        kind = "create" if operation.kind == "create" else "change"
        values = provider.values(case.body) if isinstance(case.body, dict) else None
        notes.parts.append("body")
        if case.constraint and case.location == "body":
            names = re.findall(r"properties/([^/]+)", case.constraint)
            notes.parts += [f"body {names[-1]}: {case.constraint.rsplit('/', 1)[-1]}"] if names else []
        if values is None or provider.body(kind, values) != case.body:
            notes.doubtful.append("body in a form of its own")
            raw = case.raw
            if raw is None:
                raw = json.dumps(self._marked(kind, case.body, place, notes), ensure_ascii=False)
            if operation.kind == "create" and MARK not in raw and not self.session.target.disposable:
                return None  # nothing could find it again
            return replace(step, raw=raw)
        notes.parts += [f"body {name}" for name in values]
        kept = dict(self._kept(operation, values, place, notes, negative=negative))
        if operation.kind == "create":
            if self.session.provider.markers[:1] and self.session.provider.markers[0] in values:
                notes.turned.append(f"body {self.session.provider.markers[0]}")
            if isinstance(provider, Identifying) and not negative:
                notes.turned.append("body, made a contact of its own")
            kept = self.identified(kept, place)
            advised = [f.name for f in self.session.contract.create_fields if f.advised and f.name not in kept]
            notes.doubtful += [f"body without {n}" for n in advised]
        elif not kept:
            return None
        if not negative:
            notes.parts += list(_bounds(self._fields, values))
            notes.doubtful += self._clashes(kept)
        return replace(step, values=kept)

    def _marked(self, kind: str, body: Json, place: int, notes: _Notes) -> Json:
        """A body in a form of its own, with the mark in the contact, where it has one and is to create it."""
        harmless = self.values.harmless("", body, place, notes.turned)
        provider = self.session.provider
        inner = provider.values(harmless) if isinstance(harmless, dict) else None
        if kind == "create" and isinstance(inner, dict):
            inner.update(provider.values(provider.body(kind, dict.fromkeys(provider.markers[:1], MARK))) or {})
        return harmless

    @cached_property
    def _fields(self) -> dict[str, Mapping[str, Any]]:
        return {
            f.name: {"schema": {k: v for k, v in (("maxLength", f.max_length), ("enum", list(f.enum))) if v}}
            for f in self.session.contract.fields
        }

    def _clashes(self, values: Mapping[str, Json]) -> list[str]:
        """Members that no contact has together, where the contract knows contacts of several forms."""
        forms = [set(f.forms) for n in values if (f := self.session.contract.find_field(n)) is not None and f.forms]
        return ["body of two forms"] if forms and not set.intersection(*forms) else []

    def _kept(
        self, operation: Operation, values: Mapping[str, Json], place: int, notes: _Notes, *, negative: bool
    ) -> Iterator[tuple[str, Json]]:
        """What of generated values is sent, and as what."""
        session = self.session
        kind = "create" if operation.kind == "create" else "change"
        for name, value in values.items():
            field_ = session.contract.find_field(name)
            is_address = operation.own_record and field_ is not None and field_.shape == "email"
            if name in session.provider.markers[:1] or is_address:
                notes.turned.append(f"body {name}")
            elif field_ is None:
                notes.doubtful.append(f"body {name}")
                yield name, self.values.harmless(name, value, place, notes.turned)
            elif kind not in field_.writeable:
                notes.turned.append(f"body {name}")
            elif field_.known:
                notes.turned.append(f"body {name}")
                if field_.known in session.target.known:
                    yield name, known(field_.known)
            else:
                harmless = self.values.harmless(name, value, place, notes.turned)
                if not negative and not self.values.is_fair(field_, harmless):
                    notes.doubtful.append(f"body {name}")
                yield name, harmless


def cut_down(query: Mapping[str, Any], about: str, draw: random.Random) -> dict[str, Any]:
    """The parameter that a case is about, and a few of the others."""
    kept = {about, *draw.sample([n for n in query if n != about], min(_KEPT_PARAMETERS, len(query) - 1))}
    return {n: v for n, v in query.items() if n in kept}


def parameter_in(path: str) -> str:
    return path[path.index("{") + 1 : path.index("}")]


def _text(value: Any) -> str:
    """A generated value of a parameter as it stands in a query."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if value is None or isinstance(value, bool | dict) else str(value)


def _fits(parameter: Mapping[str, Any], texts: Sequence[str]) -> bool:
    """Whether the page lets every value of a parameter's schema stand, and these are some."""
    if not parameter.get("x-self-contained"):
        return False
    schema = parameter["schema"]
    typed = [int(t) if schema.get("type") == "integer" and re.fullmatch(r"-?\d{1,9}", t) else t for t in texts]
    return len(typed) == 1 and Schema(schema).is_valid(typed[0])


def _bounds(described: Mapping[str, Mapping[str, Any]], values: Mapping[str, Any]) -> Iterator[str]:
    """The constraints at whose bound a value is."""
    for name, value in values.items():
        parameter = described.get(name)
        schema = parameter.get("schema", {}) if parameter else {}
        where = "query" if parameter and "in" in parameter else "body"
        length = len(value) if isinstance(value, str | list) else None
        for keyword in ("minLength", "maxLength", "minItems", "maxItems"):
            if keyword in schema and length == schema[keyword]:
                yield f"{where} {name}: {keyword}"
        for keyword in ("minimum", "maximum"):
            if keyword in schema and str(value) == str(schema[keyword]):
                yield f"{where} {name}: {keyword}"
        if "enum" in schema and value in schema["enum"]:
            yield f"{where} {name}: enum"
