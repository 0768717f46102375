"""A visit to the site from the file system, in which nothing may go wrong, and what a drawn spec has to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from contacts_conformance import contract
from contacts_conformance.contract import Operation

_OPEN = """async () => {
  for (let round = 0; round < 9; round++) {
    const closed = document.querySelectorAll("#spec button[aria-expanded=false]");
    if (!closed.length) return 0;
    closed.forEach((button) => button.click());
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  return document.querySelectorAll("#spec button[aria-expanded=false]").length;
}"""

_SHOWN = """async () => {
  const operations = [...document.querySelectorAll("#spec [id^='operation/']")];
  const names = Object.fromEntries(operations.map((operation) => [operation.id, []]));
  for (const number of [1, 2, 3]) {
    document.querySelectorAll(`#spec span + div > button:nth-child(${number})`).forEach((button) => button.click());
    await new Promise((resolve) => setTimeout(resolve, 30));
    for (const operation of operations) {
      names[operation.id].push(...[...operation.querySelectorAll("td[title]")].map((cell) => cell.title));
    }
  }
  return names;
}"""
"""The names in the tables of each operation; of alternatives one after the other is chosen."""


@dataclass
class Visit:
    """A page that goes from one page to another; `trouble` is what it said, threw and asked a network for."""

    page: Page
    site: Path
    trouble: list[str] = field(default_factory=list)

    def to(self, path: str, fragment: str = "") -> Page:
        """Opens a page of the site, a spec until it is drawn, or given up."""
        if fragment:  # which alone would not load a page again
            self.page.goto("about:blank")
        address = (self.site / path).as_uri() + (f"#{fragment}" if fragment else "")
        self.page.goto(address, wait_until="domcontentloaded")
        if path.endswith("-spec.html"):
            self.page.wait_for_selector("#spec[data-drawn]")
        return self.page

    def said(self, message: ConsoleMessage) -> None:
        """Notes a message on the console, of whatever kind."""
        self.trouble.append(message.text)

    def asked(self, request: Request) -> None:
        """Notes a request that leaves the file system."""
        if not request.url.startswith((self.site.as_uri(), "data:", "about:")):
            self.trouble.append(request.url)

    def open_everything(self) -> None:
        """Opens every answer and every schema of a drawn spec."""
        left: int = self.page.evaluate(_OPEN)
        if left:
            self.trouble.append(f"{left} parts of the spec do not open")

    def undrawn(self, provider: str) -> list[str]:
        """The names in the schemas of a provider's operations that its open page does not show at that operation."""
        published = (contract.provider_path(provider) / "openapi.yaml").read_bytes()
        found = contract.read(provider, published)
        places: Mapping[str, list[str]] = self.page.evaluate(_SHOWN)
        missing = []
        for operation in found.operations:
            shown = places.get(f"operation/{operation.id}", [])
            missing += [f"{operation.id}: {n}" for n in _names(found.document, operation) if n not in shown]
        return missing


@contextmanager
def visited(browser: Browser, site: Path, **options: Any) -> Iterator[Visit]:
    """A visit without a network; at the end, there was no trouble."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "offline": True, **options})
    visit = Visit(context.new_page(), site)
    visit.page.on("console", visit.said)
    visit.page.on("pageerror", lambda error: visit.trouble.append(str(error)))
    visit.page.on("request", visit.asked)
    try:
        yield visit
        assert visit.trouble == [], visit.trouble
    finally:
        context.close()


def _names(document: Mapping[str, Any], operation: Operation) -> set[str]:
    """Parameters, and the properties of bodies and answers."""
    raw = operation.raw
    nodes = [raw.get("requestBody"), *raw["responses"].values()]
    bodies = [contract.resolve(document, n) for n in nodes if n is not None]
    media = [m["schema"] for b in bodies for m in b.get("content", {}).values()]
    parameters = {contract.resolve(document, p)["name"] for p in raw.get("parameters", ())}
    return parameters.union(*(_properties(document, schema, ()) for schema in media))


def _properties(document: Mapping[str, Any], node: Any, above: tuple[int, ...]) -> Iterator[str]:
    schema = contract.resolve(document, node)
    if not isinstance(schema, Mapping) or id(node) in above:
        return
    for name, member in schema.get("properties", {}).items():
        yield name
        yield from _properties(document, member, (*above, id(node)))
    alternatives = [*schema.get("oneOf", ()), *schema.get("anyOf", ()), *schema.get("allOf", ())]
    for member in (schema.get("items"), *alternatives):
        yield from _properties(document, member, (*above, id(node)))
