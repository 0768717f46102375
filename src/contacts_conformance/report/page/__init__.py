"""`conformance.html` and `index.html`: self-contained pages, rendered from the document of a report.

Neither asks anything of any server, and their Content-Security-Policy forbids it. Every text that a server sent goes
through `terminal.plain` and the templates' escaping, or is packed as data that the script shows as text.
"""

from contacts_conformance.report.page.index import write_index
from contacts_conformance.report.page.rendering import render

__all__ = ["render", "write_index"]
