"""The coverage table: what it says is what the handlers are, and the page in the docs is current."""

import json
from pathlib import Path

from craton.app.services import services
from tests.command import craton

PAGE = Path(__file__).resolve().parents[2] / "docs" / "coverage.md"


def test_the_page_is_current() -> None:
    assert craton("coverage", "--markdown").stdout == PAGE.read_text(), "run `make coverage`"


def test_every_operation_has_a_grade() -> None:
    rows = json.loads(craton("coverage", "--json").stdout)
    assert {(row["service"], row["operation"]) for row in rows} == {
        (service.name, name) for service in services() for name in service.operations
    }
    grades = {(row["service"], row["operation"]): row["grade"] for row in rows}
    assert grades["bedrock", "ListFoundationModels"] == "full"
    assert grades["bedrock-runtime", "Converse"] == "partial"
    assert grades["bedrock", "CreateGuardrail"] == "partial"
    assert grades["bedrock", "CreateModelCustomizationJob"] == "refused"
