"""The parts of a run in reports: which one a report is of, and whether several are of one run."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from contacts_conformance import __version__
from contacts_conformance.contract import Contract
from contacts_conformance.errors import UsageError
from contacts_conformance.verdicts.shard import Place, Shard

_OF_THE_MACHINE = ("--target", "--deviations", "--examples")
"""Options whose values are places, which are elsewhere on another machine."""


def to_document(shard: Shard) -> dict[str, Any]:
    """The member `shard` of a report's run."""
    return {
        "index": shard.place.index,
        "of": shard.place.of,
        "modules": list(shard.modules),
        "parts": [list(part) for part in shard.parts],
        "complete": shard.complete,
        "whole": shard.whole,
        "ended": shard.ended,
        "writes": shard.writes,
        "notes": list(shard.notes),
    }


def of_document(document: Mapping[str, Any]) -> Shard | None:
    """The part of a run that a report is of; None where it is of a whole run."""
    told = document["run"].get("shard")
    if told is None:
        return None
    place = Place(told["index"], told["of"])
    parts = tuple(map(tuple, told["parts"]))
    return Shard(
        place=place,
        modules=tuple(told["modules"]),
        parts=parts,
        complete=told["complete"],
        whole=told["whole"],
        ended=told["ended"],
        writes=told["writes"],
        notes=tuple(told["notes"]),
    )


def fitting(documents: Mapping[Path, Mapping[str, Any]], contract: Contract) -> dict[int, Mapping[str, Any]]:
    """The reports of the parts of one run, by their numbers and in that order; some may be missing.

    Raises UsageError with what keeps them from being of one run, or from being read with this contract.
    """
    first, *others = documents
    found: dict[int, tuple[Path, Mapping[str, Any]]] = {}
    for path, document in documents.items():
        shard = of_document(document)
        if shard is None:
            raise UsageError(f"{path}: is of no part of a run; merge takes the reports of `run --shard I/N`")
        if not 1 <= shard.place.index <= shard.place.of == len(shard.parts):
            raise UsageError(f"{path}: shard {shard.place} is no part that there is")
        if shard.place.index in found:
            raise UsageError(
                f"{path}: is shard {shard.place}, and so is {found[shard.place.index][0]}; name one of them"
            )
        found[shard.place.index] = (path, document)
    for path in others:
        for what, mine, its in _differences(documents[first], documents[path]):
            raise UsageError(f"{path}: is no shard of the run of {first}: {what} {its}, and not {mine}")
    made = documents[first]["suite"]["version"], documents[first]["spec"]["sha256"]
    if made != (__version__, contract.digest):
        raise UsageError(
            f"{first}: was made by version {made[0]} with the spec {made[1][:12]}, and this is version {__version__} "
            f"with {contract.digest[:12]}; merge the shards with what ran them"
        )
    return {number: found[number][1] for number in sorted(found)}


def _differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """In what two reports are not of one run: what it is, and how it is in each of them, in words."""
    embedded = one["target"]["embedded"] and other["target"]["embedded"]
    shard, its = of_document(one), of_document(other)
    assert shard is not None
    assert its is not None
    for what, mine, theirs in (
        ("its provider is", one["provider"], other["provider"]),
        ("its suite has the version", one["suite"]["version"], other["suite"]["version"]),
        ("its spec is", one["spec"]["sha256"][:12], other["spec"]["sha256"][:12]),
        ("its target is", one["target"]["name"], other["target"]["name"]),
        (
            "its target is at",
            "" if embedded else one["target"]["base_url"],
            "" if embedded else other["target"]["base_url"],
        ),
        ("its target offers", one["target"]["offers"], other["target"]["offers"]),
        ("its seed is", one["run"]["seed"], other["run"]["seed"]),
        ("it was started by", _asked(one["run"]["command"]), _asked(other["run"]["command"])),
        ("whether warnings fail it is", one["run"]["strict"], other["run"]["strict"]),
        ("whether it may write is", shard.writes, its.writes),
        ("the number of shards is", shard.place.of, its.place.of),
    ):
        if mine != theirs:
            yield what, str(mine), str(theirs)
    if (sorted(shard.modules), shard.parts) != (sorted(its.modules), its.parts):
        yield "it has other checks:", _size(shard), _size(its)
    accepted = [_entries(d) for d in (one, other)]
    if accepted[0] != accepted[1]:
        yield "the number or text of accepted deviations is another:", str(len(accepted[0])), str(len(accepted[1]))


def _size(shard: Shard) -> str:
    return f"{len(shard.modules)} modules for {len(shard.rows)} requirements"


def _entries(document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    said_by_the_run = ("state", "message")
    return [{k: v for k, v in e.items() if k not in said_by_the_run} for e in document["deviations"]["entries"]]


def _asked(command: str) -> str:
    """A command without the values that are places on one machine."""
    words = shlex.split(command)
    places = {n + 1 for n, word in enumerate(words) if word in _OF_THE_MACHINE}
    return shlex.join("…" if n in places else word for n, word in enumerate(words))
