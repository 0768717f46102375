"""The register: every requirement of a provider, from its OpenAPI document and its `requirements.yaml`, as one list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from contacts_conformance import contract as contracts
from contacts_conformance.contract import Contract, Field, Operation, packages, samples, sources, validity
from contacts_conformance.contract.sources import Page, Pages
from contacts_conformance.errors import UsageError
from contacts_conformance.model import Level, Requirement, Source

_KINDS = {
    "text": "a string",
    "id": "a number or a string",
    "instant": "a string",
    "number": "a number",
    "flag": "true or false",
    "list": "an array",
    "object": "an object",
}
_KINDS_OF_VALUES = (
    "Every kind of value that the page plainly allows for the field, and each printed example, is accepted and reads "
    "back as it was sent."
)
_ACCEPTED = "The request succeeds. If the target supports reading contacts, the value reads back, too."


def is_below(requirement: str, prefix: str) -> bool:
    """Whether a requirement's id is this prefix or a path below it."""
    return requirement == prefix.rstrip(".") or requirement.startswith(prefix.rstrip(".") + ".")


class Register:
    """All requirements of one provider, in the order of its documents; ids are unique. `pages` are those they cite."""

    def __init__(self, provider: str, requirements: tuple[Requirement, ...], pages: tuple[Page, ...] = ()) -> None:
        self.provider = provider
        self.pages = pages
        self.requirements = requirements
        self._by_id = {r.id: r for r in requirements}
        if len(self._by_id) != len(requirements):
            ids = [r.id for r in requirements]
            twice = sorted({i for i in ids if ids.count(i) > 1})
            raise UsageError(f"specs/{provider}: the register has {', '.join(twice)} twice")

    def __iter__(self) -> Iterator[Requirement]:
        return iter(self.requirements)

    def __len__(self) -> int:
        return len(self.requirements)

    def __contains__(self, requirement: str) -> bool:
        return requirement in self._by_id

    def __getitem__(self, requirement: str) -> Requirement:
        return self._by_id[requirement]

    def below(self, prefix: str) -> tuple[Requirement, ...]:
        """The requirements whose id is this prefix or a path below it."""
        return tuple(r for r in self if is_below(r.id, prefix))

    def tested(self) -> tuple[Requirement, ...]:
        """The requirements that are not excluded."""
        return tuple(r for r in self if not r.excluded)


@cache
def load(provider: str) -> Register:
    """The register of a provider.

    Raises UsageError where there is no such provider, where its `requirements.yaml` is not of the published schema,
    where a row cites a page or a section that `pages.yaml` does not have, or where a MUST rests on no page.
    """
    contract = contracts.load(provider)
    package = packages.find(provider)
    name = f"{package.label}/requirements.yaml"
    document = validity.parse((package.documents / "requirements.yaml").read_bytes(), name)
    validity.validate(document, "requirements.schema.json", name)
    _check_names(document, provider, name)
    refined = {row["id"]: row for row in document.get("refined", ())}
    pages = sources.load(provider, document.get("page"))
    cite = _Citing(pages, name)
    rows = [_row(r, cite, f"requirements.{n}.source") for n, r in enumerate(document["requirements"])]
    spec = _Citing(pages, f"{package.label}/openapi.yaml")
    derived = [_refine(row, refined.pop(row.id, None), cite) for row in from_contract(contract, spec)]
    if refined:
        raise UsageError(f"{name} refines {', '.join(refined)}, which the spec does not yield")
    baseless = [r.id for r in (*rows, *derived) if r.level is Level.MUST and not r.source.page]
    if baseless:
        raise UsageError([f"{name}: {row}: it rests on no page, so its level cannot be MUST" for row in baseless])
    return Register(provider, (*rows, *derived), pages.pages)


@dataclass(frozen=True, slots=True)
class _Citing:
    """The sources that one file names."""

    pages: Pages
    file: str

    def __call__(self, text: str, where: str) -> Source:
        """The source that a text names; UsageError where it names what is not there."""
        try:
            return self.pages.source(text)
        except ValueError as error:
            raise UsageError(f"{self.file}: {where}: {error}") from None


def refused_method(method: str, path: str) -> str:
    """The id, without the provider, of the requirement that a method is refused at a path as the document has it."""
    return f"method.{method}{path}".translate(str.maketrans("/", ".", "{}"))


def from_contract(contract: Contract, cite: _Citing) -> Iterator[Requirement]:
    """The requirements that the OpenAPI document alone yields, one for each limit, type and mark of a field and for
    each operation and its answers."""
    for field in contract.fields:
        yield from _of_field(contract, field, cite)
    for operation in contract.operations:
        yield from _of_operation(contract, operation, cite)
    yield from _of_roles(contract, cite)
    for method, path in contract.refused_methods:
        yield Requirement(
            f"{contract.provider}.{refused_method(method, path)}",
            Level.MUST,
            f"{method} {path} returns 405.",
            cite(contract.document["paths"][path].get("x-section", ""), f"paths.{path}.x-section"),
        )


def _of_roles(contract: Contract, cite: _Citing) -> Iterator[Requirement]:
    by_id = {o.id: o for o in contract.operations}
    for words, judged, calls in (
        ("can", "Any 2xx response passes.", contract.granted_roles),
        ("cannot", "Any 4xx response passes, as long as the request has no effect.", contract.denied_roles),
    ):
        for role, name in calls:
            operation = by_id[name]
            yield Requirement(
                f"{contract.provider}.role.{role}.{name}",
                Level.MUST,
                f"The role {role} {words} call {operation.method} {operation.path}.",
                cite(operation.section, f"{operation.id}.x-section"),
                judged,
            )


def _of_field(contract: Contract, field: Field, cite: _Citing) -> Iterator[Requirement]:
    def row(aspect: str, statement: str, judged: str = "", level: Level = Level.MUST) -> Requirement:
        source = cite(field.section, f"x-section of the field {field.name}")
        return Requirement(f"{contract.provider}.field.{field.name}.{aspect}", level, statement, source, judged)

    name = field.name
    if field.answered:
        yield row(
            "type",
            f"In responses, {name} is {_KINDS[field.kind]}.",
            "If the field has no value, it may be null or left out.",
        )
    if field.is_limited:
        yield row(
            "max-length",
            f"{name} stores up to {field.max_length} characters, and no more.",
            "A value of exactly that length is stored in full"
            + (f", or refused because it is not a valid {field.shape}" if field.shape in samples.CLOSED else "")
            + ". A value one character longer is refused with 4xx or cut; storing it in full fails, and so does "
            "a 5xx response.",
        )
        yield row(
            "no-silent-cut",
            f"A value of {name} longer than {field.max_length} characters is refused, not silently cut.",
            "The page states the limit, but not what happens above it. A cut value loses data, so it is a warning.",
            Level.SHOULD,
        )
    for kind, aspect, words in (("create", "create", "can be set on creation"), ("change", "change", "can be changed")):
        if kind in field.writeable and field.reads_back:
            yield row(aspect, f"{name} {words}.", _KINDS_OF_VALUES, field.level)
        elif kind == "create" and kind in field.writeable and not contract.answered_fields:
            yield row(aspect, f"{name} {words}.", _ACCEPTED)
    if "create" in field.required:
        yield row("required", f"A contact without {name} is refused.", "Any 4xx response passes.")
    elif "create" in field.writeable:
        yield row("optional", f"A contact can be created without {name}.")
    if field.forms and field.writeable:
        forms = " and ".join(f for f in contract.forms if f in field.forms)
        yield row(
            "exclusive",
            f"Only a contact of type {forms} can have {name}.",
            "A request that sends it for another type is refused, or the value does not read back.",
            Level.SHOULD,
        )
    if field in contract.read_only_fields:
        yield row("read-only", f"A value sent for {name} has no effect.", "Refusing the request passes too.")
    if field.searchable:
        yield row(
            "searchable",
            f"Contacts can be filtered by {name}.",
            "The check creates contacts that match and contacts that nearly match. The filter must return all the "
            "former and none of the latter.",
        )


def _of_operation(contract: Contract, operation: Operation, cite: _Citing) -> Iterator[Requirement]:
    def row(
        aspect: str, statement: str, judged: str = "", level: Level = Level.MUST, section: str = operation.section
    ) -> Requirement:
        where = "x-section" if section == operation.section else "x-credentials-section"
        source = cite(section, f"{operation.id}.{where}")
        return Requirement(f"{contract.provider}.operation.{operation.id}.{aspect}", level, statement, source, judged)

    call = f"{operation.method} {operation.path}"
    statuses = " or ".join(a.status for a in operation.success)
    yield row("accepts", f"Every valid {call} request succeeds.", "This includes generated requests.")
    yield row(
        "no-server-error",
        f"{call} never responds to a valid request with 5xx.",
        "429 is never judged, and neither is a 503 that goes away after a wait.",
    )
    yield row("status", f"A successful {call} returns {statuses}.", "Any other 2xx status is a warning.", Level.SHOULD)
    described = [a for a in operation.success if a.schema is not None]
    if described:
        yield row("content-type", f"The response to {call} has a JSON content type.", "", Level.SHOULD)
        weakest = max((a.body_level for a in described), key=list(Level).index)
        yield row(
            "body", f"The response to {call} has the documented JSON.", "Undocumented fields are allowed.", weakest
        )
    if operation.secured:
        judged = "401, 403 and any other status except 2xx and 5xx pass."
        section = contract.document.get("x-credentials-section", operation.section)
        yield row("no-token", f"{call} without a token is refused.", judged, section=section)
        yield row("wrong-token", f"{call} with a wrong token is refused.", judged, section=section)


def _row(row: Mapping[str, Any], cite: _Citing, where: str) -> Requirement:
    return Requirement(
        id=row["id"],
        level=Level(row["level"]),
        statement=row["statement"].strip(),
        source=cite(row["source"], where),
        judged=row.get("judged", "").strip(),
        excluded=row.get("excluded", "").strip(),
    )


def _refine(row: Requirement, changes: Mapping[str, Any] | None, cite: _Citing) -> Requirement:
    if changes is None:
        return row
    return Requirement(
        id=row.id,
        level=Level(changes.get("level", row.level)),
        statement=changes.get("statement", row.statement),
        source=cite(changes["source"], f"refined, {row.id}: source") if "source" in changes else row.source,
        judged=changes.get("judged", row.judged),
        excluded=changes.get("excluded", row.excluded),
    )


def _check_names(document: Mapping[str, Any], provider: str, name: str) -> None:
    """Raises UsageError where the register is another provider's, as a whole or in a row."""
    mistakes = []
    if document["provider"] != provider:
        mistakes.append(f"{name}: provider: it is {document['provider']!r}, and the provider's name is {provider!r}")
    for part in ("requirements", "refined"):
        for number, row in enumerate(document.get(part, ())):
            if not row["id"].startswith(f"{provider}."):
                mistakes.append(f"{name}: {part}.{number}.id: {row['id']!r} does not begin with '{provider}.'")
    if mistakes:
        raise UsageError(mistakes)
