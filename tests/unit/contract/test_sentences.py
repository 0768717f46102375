from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from contacts_conformance.contract import packages, pages, register, sentences
from contacts_conformance.errors import UsageError

from ..making import a_requirement

PAGE = "Contacts\nOne can filter. One can sort.\nName | Yes |\n"
List = Callable[[str], sentences.Sentences]


def a_list(page: str = PAGE, extra: str = "") -> str:
    digests = [pages.digest(unit) for unit in pages.units(page)]
    return f"""
provider: tiny
page: {{number: "009", units: {len(digests)}, digest: {pages.digest(" ".join(digests))}}}
sections:
- section: Contacts
  sentences:
  - {{says: A heading., digests: {digests[0]}, reason: It is a heading.}}
  - {{says: Filters., digests: {digests[1]}, rows: [filter.*]}}
  - {{says: Orders., digests: {digests[2]}, rows: [sort.up]}}
  - {{says: A row., digests: {" ".join(digests[3:])}, rows: [filter.ne, sort.up]}}
{extra}
"""


@pytest.fixture
def known() -> register.Register:
    return register.Register(
        "tiny", tuple(a_requirement(f"tiny.{r}") for r in ("filter.eq", "filter.ne", "sort.up", "far"))
    )


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: register.Register) -> List:
    def write(text: str) -> sentences.Sentences:
        (tmp_path / "sentences.yaml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(packages, "find", lambda name: SimpleNamespace(documents=tmp_path, label="specs/tiny"))
        return sentences.load(known)

    return write


def test_patterns_are_resolved_against_the_register(load: List) -> None:
    listed = load(a_list(extra="elsewhere: [{reason: Another page., rows: [far]}]"))

    assert [s.rows for s in listed] == [
        (),
        ("tiny.filter.eq", "tiny.filter.ne"),
        ("tiny.sort.up",),
        ("tiny.filter.ne", "tiny.sort.up"),
    ]
    assert listed.elsewhere == {"tiny.far": "Another page."}
    assert listed.sections == ("Contacts",)


def test_a_row_that_there_is_not_is_named(load: List) -> None:
    with pytest.raises(
        UsageError, match=r"specs/tiny/sentences.yaml: 'sort.down' is no row of the register \(Orders.\)"
    ):
        load(a_list().replace("rows: [sort.up]", "rows: [sort.down]"))


@pytest.mark.parametrize(
    "change", ["rows: [sort.up], reason: Both of them.", "reason: ''", "reason: '   '", "rows: []"]
)
def test_a_sentence_has_either_rows_or_a_reason(load: List, change: str) -> None:
    with pytest.raises(UsageError):
        load(a_list().replace("rows: [sort.up]", change))


def test_a_lost_digest_is_told(load: List) -> None:
    line = next(line for line in a_list().splitlines() if "Orders." in line)

    with pytest.raises(UsageError, match="the page has 5 sentences and cells, and 4 are listed"):
        load(a_list().replace(line, ""))


def test_digests_in_another_order_are_told(load: List) -> None:
    lines = a_list().splitlines()
    lines[6], lines[7] = lines[7], lines[6]

    with pytest.raises(UsageError, match=r"page.digest: it is [0-9a-f]{12}, and the digest of the listed ones is"):
        load("\n".join(lines))


def test_the_page_that_it_was_made_from_does_not_differ(load: List) -> None:
    assert load(a_list()).differences(PAGE.replace("filter. One", "filter.\n\nOne")) == ()


def test_a_sentence_that_is_not_listed_is_quoted(load: List) -> None:
    found = load(a_list()).differences(PAGE.replace("One can sort.", "One can skip. One can sort."))

    assert found == (f"is not listed, near 'Contacts': {pages.digest('One can skip.')} One can skip.",)


def test_a_listed_sentence_that_the_page_lacks_is_named(load: List) -> None:
    assert load(a_list()).differences(PAGE.replace(" One can sort.", "")) == (
        "is no longer on the page, 'Contacts': Orders.",
    )
