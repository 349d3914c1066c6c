"""Knowledge bases in the console on a phone, in German: from a bucket to what failed of it, and to the end of all."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import scripted
from tests.console.conftest import Journey, clean
from tests.documents.makers import locked_pdf
from tests.knowledge import answers
from tests.knowledge.house import VECTORS
from tests.serving import Server


@pytest.fixture(scope="module")
def place(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose models play a script, with a bucket in which not everything can be read."""
    home = tmp_path_factory.mktemp("knowledge") / "home"
    scripted.install(home, VECTORS, output="EMBEDDING", dimensions=64)
    answers.install(home)
    (home / "craton.toml").write_text(answers.CONFIGURATION)
    _fill(home / "buckets" / "island")
    with Server(home) as running:
        yield running


def _fill(bucket: Path) -> None:
    bucket.mkdir(parents=True)
    (bucket / "lighthouse.md").write_text(answers.LIGHTHOUSE)
    (bucket / "lighthouse.md.metadata.json").write_text(json.dumps({"metadataAttributes": {"year": 1874}}))
    (bucket / "ferry.md").write_text(answers.FERRY)
    (bucket / "locked.pdf").write_bytes(locked_pdf())
    (bucket / "program.exe").write_bytes(b"MZ\x90\x00")


def test_a_bucket_is_synced_searched_asked_and_deleted_on_a_phone(journey: Journey, place: Server) -> None:
    found = journey("knowledge_phone")
    refusals = [complaint for complaint in found.pop("complaints") if "status of 400" not in complaint]
    clean(found | {"complaints": refusals}, place)
    assert all(width <= 0 for width in found["widths"].values()), found["widths"]
    assert {"Neu\n2", "Gescheitert\n1", "Ausgelassen\n1"} <= set(found["figures"])
    assert "protected by a password" in found["failed"]
    assert "Ausgelassen" in found["failed"]
    assert "lighthouse.md" not in found["failed"]
    assert "status=failed" in found["filtered"]
    assert "'tool.exe' is not supported" in found["refused"]
    assert "ValidationException" in found["refused"]
    (result,) = found["results"]
    assert "Anna Lindqvist" in result
    first, second = found["answers"]
    assert first.startswith("It was built in 1874 by Anna Lindqvist.1 It was painted red in 1950."), (
        "a lie has a source"
    )
    assert second == "The lighthouse is 41 metres high.1", "the question referred to the one before"
    logged = [line["operation"] for line in place.requests_logged()]
    before = logged[: logged.index("bedrock-agent.UpdateKnowledgeBase")]
    assert before.count("bedrock-agent-runtime.RetrieveAndGenerateStream") == 3, "the stop did not reach the server"
    assert found["early"], "nothing is deleted before its name is typed"
    assert place.client("bedrock-agent").list_knowledge_bases()["knowledgeBaseSummaries"] == []
