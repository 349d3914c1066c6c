"""The service models, loaded once, and how hard hypothesis tries: `HYPOTHESIS_PROFILE=deep` for many examples."""

import os

import pytest
from hypothesis import HealthCheck, settings

from craton.wire.router import Router
from craton.wire.spec import Service, bedrock_services, load_service

_ALL = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]
settings.register_profile(
    "quick", max_examples=3, deadline=None, derandomize=True, database=None, suppress_health_check=_ALL
)
settings.register_profile("deep", max_examples=200, deadline=None, print_blob=True, suppress_health_check=_ALL)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

SERVICES = [load_service(name) for name in bedrock_services()]


@pytest.fixture(scope="session")
def services() -> dict[str, Service]:
    return {service.name: service for service in SERVICES}


@pytest.fixture(scope="session")
def router() -> Router:
    return Router(SERVICES)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `operation` runs for every operation of every service."""
    if "operation" in metafunc.fixturenames:
        operations = [operation for service in SERVICES for operation in service.operations.values()]
        metafunc.parametrize("operation", operations, ids=lambda each: f"{each.service.name}.{each.name}")
