"""Makes `pytest suites --provider NAME` and `pytest suites --target FILE` work in a checkout.

pyproject.toml puts `src` on the path first, so that the plugin is that of the checkout, as the checks are.
"""

pytest_plugins = ["contacts_conformance.pytest_plugin.plugin"]
