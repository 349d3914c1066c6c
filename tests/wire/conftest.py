"""The service models, loaded once, and how hard hypothesis tries: `HYPOTHESIS_PROFILE=deep` for many examples."""

import os

import pytest
from hypothesis import HealthCheck, settings

from craton.wire.router import Router
from craton.wire.spec import Operation, Service, bedrock_services, load_service

from .faults import json_members

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
    """A test that takes `operation` runs for every operation; one that takes `body_operation`, for those with JSON."""
    operations = [operation for service in SERVICES for operation in service.operations.values()]
    if "operation" in metafunc.fixturenames:
        metafunc.parametrize("operation", operations, ids=_name)
    if "body_operation" in metafunc.fixturenames:
        metafunc.parametrize("body_operation", [*filter(json_members, operations)], ids=_name)


def _name(operation: Operation) -> str:
    return f"{operation.service.name}.{operation.name}"
