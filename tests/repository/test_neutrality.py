"""The harness is written in no provider's words: neither its query grammar nor its paths, kinds and members.

The words come from the specs: whatever name only one family of providers has. Providers that share a folder of checks
of their own are one family, such as two generations of one API.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from contacts_conformance import contract, providers
from contacts_conformance.contract import Contract, resolve

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "contacts_conformance"
OWN = tuple(PACKAGE / folder for folder in ("providers", "reference", "oracle/sparkql"))
"""Where a provider's words belong."""

AMBIGUOUS = {
    "id": "what reports, exchanges and the journal call the id of whatever they hold; also a kind of fields",
    "email": "a shape that the harness itself gives to texts (`x-shape`); also a trait in the model of merging",
    "user_id": "the name of a key in target files, for every provider that has users",
}
"""Words of one family that are the harness's own as well."""

AMBIGUOUS_IN = {
    ("report/page/impact.py", "session"): "the second part of a requirement's id, as it is in registers",
}

_WORD = re.compile("[A-Z]?[a-z]*")
"""What could stand in a sentence: it counts where a text is this word and nothing else, or has it as part of a path."""

_METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def families() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in contract.providers():
        shared = [s for s in providers.load(name).suites if s != "contract"]
        family = shared[0] if shared else name
        found[family] = (*found.get(family, ()), name)
    return found


def parameters(known: Contract) -> Iterator[str]:
    """The names of all parameters, and the parts of those that have brackets."""
    for item in known.document["paths"].values():
        for holder in (item, *(v for k, v in item.items() if k in _METHODS)):
            for node in holder.get("parameters", ()):
                name = resolve(known.document, node)["name"]
                yield from (name, *re.split(r"[\[\]]+", name))


def paths(known: Contract) -> Iterator[str]:
    """The templates of all paths, and their literal segments."""
    for operation in known.operations:
        for path in (operation.path, *operation.aliases):
            yield path
            yield from (segment for segment in path.split("/") if "{" not in segment)


def members(node: Any) -> Iterator[str]:
    """The names of members that schemas describe."""
    if isinstance(node, Mapping):
        if isinstance(node.get("properties"), Mapping):
            yield from node["properties"]
        for key, value in node.items():
            yield from members(value) if key != "examples" else ()
    elif isinstance(node, list):
        for each in node:
            yield from members(each)


def words(provider: str) -> set[str]:
    known = contract.load(provider)
    operations = {word for o in known.operations for word in (o.kind, o.id)}
    # plain words are members of many documents, reports among them
    described = {m for m in members(known.document["components"]) if not re.fullmatch("[a-z]+", m)}
    return {*parameters(known), *paths(known), *operations, *described} - {""}


@cache
def own_words() -> Mapping[str, frozenset[str]]:
    """The words of each family that no other family has."""
    by_family = {f: set().union(*map(words, names)) for f, names in families().items()}
    return {
        family: frozenset(mine.difference(*(theirs for other, theirs in by_family.items() if other != family)))
        for family, mine in by_family.items()
    }


def occurs(word: str, text: str) -> bool:
    """Whether a text speaks a word of a provider: as a whole, or anywhere if it is no word of English."""
    if word not in text:
        return False
    if _WORD.fullmatch(word):
        return text == word or re.search(rf"/{word}(?![\w-])", text) is not None
    return re.search(rf"(?<![\w$-]){re.escape(word)}(?![\w-])", text) is not None


def texts(source: str) -> Iterator[tuple[int, str]]:
    """The lines and texts of a module: literals, the fixed parts of f-strings, and docstrings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def spoken(path: Path, vocabulary: frozenset[str]) -> list[str]:
    where = path.relative_to(PACKAGE).as_posix()
    return sorted(
        f"{where}:{line}: {word}"
        for line, text in texts(path.read_text(encoding="utf-8"))
        for word in vocabulary
        if word not in AMBIGUOUS and (where, word) not in AMBIGUOUS_IN and occurs(word, text)
    )


@pytest.mark.parametrize("family", families())
def test_the_harness_speaks_no_words_of_a_provider(family: str) -> None:
    modules = [p for p in sorted(PACKAGE.rglob("*.py")) if not any(p.is_relative_to(o) for o in OWN)]

    assert [found for path in modules for found in spoken(path, own_words()[family])] == []


@pytest.mark.parametrize("family", families())
def test_a_provider_speaks_its_own_words(family: str) -> None:
    modules = [p for n in (family, *families()[family]) for p in (PACKAGE / "providers").glob(f"{n}*")]
    files = [f for m in modules for f in ([m] if m.is_file() else m.rglob("*.py"))]

    assert [found for path in files for found in spoken(path, own_words()[family])]


@pytest.mark.parametrize(
    ("family", "word"),
    [
        ("liondesk", "$limit"),
        ("liondesk", "$sort"),
        ("liondesk", "$in"),
        ("liondesk", "company[$in]"),
        ("liondesk", "company"),
        ("ngpvan", "contactId"),
        ("ngpvan", "findOrCreate"),
        ("sparkapi", "_filter"),
        ("sparkapi", "ApiSig"),
        ("sparkapi", "/v1/my/contact"),
        ("sparkapi", "session"),
        ("sparkapi", "my-change"),
        ("sparkapi", "tagged"),
        ("sparkapi", "Results"),
        ("sparkapi", "D"),
    ],
)
def test_the_specs_tell_which_words_are_a_providers_own(family: str, word: str) -> None:
    assert word in own_words()[family]


@pytest.mark.parametrize("word", ["/contacts", "contacts", "list", "create", "read", "change", "remove"])
def test_what_several_families_have_is_nobodys_own(word: str) -> None:
    assert not [f for f, mine in own_words().items() if word in mine]


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("$limit", "$limit", True),
        ("$limit", "At most `$limit` contacts.", True),
        ("$limit", r"(\$limit)", True),
        ("$sort", "$sort[", True),
        ("$in", "[$in]", True),
        ("$in", "$inner", False),
        ("_page", "_page", True),
        ("_page", "report_page", False),
        ("my-change", "my-change", True),
        ("my-change", "not-my-change", False),
        ("tagged", "tagged", True),
        ("tagged", "Contacts that are tagged.", False),
        ("session", "/v1/session", True),
        ("session", "The session of a run.", False),
        ("/v1/contacts/{Id}", "/v1/contacts/{Id}", True),
        ("D", "D", True),
        ("D", "Drawn from the contract", False),
    ],
)
def test_a_word_is_told_from_a_sentence(word: str, text: str, found: bool) -> None:
    assert occurs(word, text) is found


def test_no_exception_has_lost_its_occasion() -> None:
    owned = frozenset().union(*own_words().values())

    assert AMBIGUOUS.keys() <= owned
    for where, word in AMBIGUOUS_IN:
        assert word in owned
        source = (PACKAGE / where).read_text(encoding="utf-8")
        assert any(occurs(word, text) for _, text in texts(source)), (where, word)
