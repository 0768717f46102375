"""A page in a real browser that is watched: what it asks of a network, says on its console, and pops up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog, Page


@dataclass
class Watched:
    """A page with everything that it should not do."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    dialogues: list[str] = field(default_factory=list)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing but the file itself was asked for, and nothing was said or popped up."""
        own = all(r.partition("#")[0] == self.address for r in self.requests)
        return own and not self.messages and not self.dialogues

    def until(self, condition: str) -> None:
        """Waits for a condition in JavaScript, 20 seconds at most.

        Playwright's own waiting evaluates text inside the page, which the page's policy forbids.
        """
        self.page.evaluate(
            f"""async () => {{ const end = Date.now() + 20_000;
            while (!({condition})) {{
                if (Date.now() > end) throw new Error("in vain");
                await new Promise((resolve) => setTimeout(resolve, 20));
            }} }}"""
        )

    def count(self, selector: str) -> int:
        """How many elements there are."""
        return self.page.locator(selector).count()

    def shown(self) -> list[str]:
        """The ids of the rows that the filters leave."""
        found: list[str] = self.page.eval_on_selector_all(
            "details.row:not([hidden])", "rows => rows.filter(r => !r.parentElement.hidden).map(r => r.id)"
        )
        return found

    @property
    def hash(self) -> str:
        """The part of the address bar that keeps the state."""
        found: str = self.page.evaluate("decodeURIComponent(location.hash.slice(1))")
        return found

    def dismiss(self, dialogue: Dialog) -> None:
        """Notes a dialogue, and closes it."""
        self.dialogues.append(dialogue.message)
        dialogue.dismiss()


@contextmanager
def opened(browser: Browser, path: Path, fragment: str = "", **options: Any) -> Iterator[Watched]:
    """Opens a file as a user does who clicks on it; at the end, it has been quiet."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    page = context.new_page()
    watched = Watched(page, path.resolve().as_uri())
    page.on("request", lambda request: watched.requests.append(request.url))
    page.on("console", lambda message: watched.messages.append(message.text))
    page.on("pageerror", lambda error: watched.messages.append(str(error)))
    page.on("dialog", watched.dismiss)
    page.goto(watched.address + (f"#{fragment}" if fragment else ""))
    try:
        yield watched
        assert watched.is_quiet, watched
    finally:
        context.close()
