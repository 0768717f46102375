"""The lists of sentences are those of the pages; collected with `--pages DIR` only."""

from pathlib import Path

import pytest

from contacts_conformance import contract
from contacts_conformance.contract import register, sentences


@pytest.mark.parametrize("provider", contract.providers())
def test_the_page_has_the_listed_sentences_and_no_others(provider: str, pytestconfig: pytest.Config) -> None:
    listed = sentences.load(register.load(provider))
    folder: Path | None = pytestconfig.getoption("--pages")
    if folder is None:
        pytest.fail("this test needs --pages DIR", pytrace=False)
    texts = [p.read_text(encoding="utf-8") for p in sorted(folder.glob(f"{listed.page}*")) if p.is_file()]

    assert len(texts) == 1, f"{folder} has {len(texts)} texts whose name begins with {listed.page}"
    differences = listed.differences(texts[0])
    if differences:
        pytest.fail("\n".join(differences), pytrace=False)
