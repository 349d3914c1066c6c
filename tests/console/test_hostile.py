"""What the console makes of what means it harm, or breaks under it: nothing runs, nothing is lost, and it is said."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests import scripted
from tests.console import stage
from tests.console.conftest import Journey
from tests.fronts import Account
from tests.serving import Server

HARM = (
    "<img src=x onerror='harm=1'><script>harm=2</script>"
    "[a](javascript:harm=3)![b](http://127.0.0.1:9/b.png)<a href='http://127.0.0.1:9/'>c</a>"
)
# What the browser complains of, because the journey provokes it: what is kept from coming, and an `eval`.
PROVOKED = ("ERR_FAILED", "503", "preload CSS", "dynamically imported", "TrustedScript")
EMBEDDING = "craton.embedding-v1:0"


@pytest.fixture(scope="module")
def place(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("hostile") / "home"
    stage.stage(home)
    scripted.install(home, script={"rules": [{"match": "hostile", "text": HARM}, *stage.RULES]})
    scripted.install(home, EMBEDDING, output="EMBEDDING")
    with Server(home) as running:
        yield running


def base(place: Server) -> str:
    """A knowledge base with a document that means harm."""
    agent = place.client("bedrock-agent")
    model = f"arn:aws:bedrock:us-east-1::foundation-model/{EMBEDDING}"
    made: dict[str, Any] = agent.create_knowledge_base(
        name="harbour",
        roleArn="arn:aws:iam::123456789012:role/knowledge",
        knowledgeBaseConfiguration={
            "type": "VECTOR",
            "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": model},
        },
    )["knowledgeBase"]
    key: str = made["knowledgeBaseId"]
    deadline = time.monotonic() + 20
    while agent.get_knowledge_base(knowledgeBaseId=key)["knowledgeBase"]["status"] != "ACTIVE":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    custom = {"type": "CUSTOM"}
    source = agent.create_data_source(knowledgeBaseId=key, name="files", dataSourceConfiguration=custom)["dataSource"]
    Account(place).client("craton").upload_knowledge_base_document(
        knowledgeBaseId=key,
        dataSourceId=source["dataSourceId"],
        fileName="harm.txt",
        content=f"The harbour opens at nine. {HARM}".encode(),
    )
    return key


def test_nothing_runs_nothing_is_lost_and_all_is_said(journey: Journey, place: Server) -> None:
    search = f"/console/knowledge/{base(place)}/test#q=When+does+the+harbour+open"
    found = journey("hostile", GUARDRAIL=stage.guardrail(place), SEARCH=search)
    assert found["hosts"] == [f"127.0.0.1:{place.port}"], "nothing that was said loads anything"
    assert [each for each in found["complaints"] if not any(part in each for part in PROVOKED)] == []
    assert "%" in found["wrong"], "an address that is written wrongly leads to a page"
    assert (found["unasked"], found["searched"]) == (0, 1), "a link asks nothing in the name of who opens it"
    assert found["said"] == HARM
    assert found["made"] == {"ran": None, "led": [], "drawn": 0}
    assert found["evaluated"] is None
    assert found["attempts"] < 5, "what cannot be fetched is not asked for again and again"
    assert found["alarms"] == 0, "whoever saves twice is not told of themselves"
    assert found["taken"] == "Theirs, twice.", "who did not know of what another saved undid it"
    assert found["left"] == [None, 0], "who signs out leaves nothing, not even the page"
