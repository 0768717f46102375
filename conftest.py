"""Makes `pytest suites --provider NAME` and `pytest suites --target FILE` work in a checkout."""

pytest_plugins = ["contacts_conformance.pytest_plugin.plugin"]
