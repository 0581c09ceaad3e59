"""Sweeps visit many pages with the journeys' server and browser."""

import pytest

from tests.journeys import fixtures


def pytest_configure(config: pytest.Config) -> None:
    """Let journeys and sweeps share one server and one browser: two of the latter cannot live in one process."""
    if not config.pluginmanager.has_plugin("journeys"):
        config.pluginmanager.register(fixtures, "journeys")
