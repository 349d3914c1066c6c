"""A judge that fails while an answer goes out: what went out before stays, nothing unjudged follows, and it is told."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from craton.config import GuardrailSettings
from craton.engines import registry
from craton.engines.supervisor import Engines
from craton.guardrails.assessing.screening import Screening
from craton.guardrails.assessing.verdict import Terms
from craton.guardrails.findings import Source
from craton.guardrails.guard import Guard, Judges
from craton.guardrails.local_means import LocalMeans
from craton.guardrails.pii import judge
from craton.models.files.library import Library
from craton.models.resolve import Models
from craton.store.documents import Documents
from tests import scripted
from tests.guardrails.making import made
from tests.guardrails.scripted_means import install
from tests.runtime.guarding.test_guarding import asking, streamed, text_of
from tests.serving import Server

CALM = "The sea is calm, and Anna Beck looks at it. " * 30
STORM = f"{CALM}Then a storm comes up, and it is over. {CALM}"
NAMES: dict[str, Any] = {
    "sensitiveInformationPolicyConfig": {"piiEntitiesConfig": [{"type": "NAME", "action": "ANONYMIZE"}]}
}
SEES = {"marks": {"GIVEN_NAME": "Anna", "SURNAME": "Beck"}}
RULES = [{"match": "the storm", "text": STORM}, {"match": "the sea", "text": CALM}, {"text": "Nothing."}]


@pytest.fixture(scope="module", params=["block", "pass"])
def failing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server whose model of names breaks down wherever a storm comes up, and what it does with what is undecided."""
    home: Path = tmp_path_factory.mktemp("failing") / "home"
    scripted.install(home, script={"rules": RULES})
    install(home, "entities", {"match": "storm comes", "fault": {"kind": "crash"}}, SEES)
    (home / "craton.toml").write_text(f'[guardrails]\nundecided = "{request.param}"\n')
    with Server(home) as server:
        yield server, request.param


def test_a_judge_that_breaks_down_in_a_stream(failing: tuple[Server, str]) -> None:
    server, undecided = failing
    key = made(server.client("bedrock"), **NAMES)
    text, stop, metadata = streamed(server.client("bedrock-runtime"), asking("Tell me of the storm", key))
    assert text.startswith("The sea is calm, and {NAME} looks at it.")
    reason = metadata["trace"]["guardrail"]["actionReason"]
    assert "The sensitiveInformationPolicy could not be judged" in reason and "ended unexpectedly" in reason
    if undecided == "block":
        assert stop == "guardrail_intervened"
        assert text.endswith("Not from me.") and "storm" not in text
    else:
        assert "a storm comes up" in text and text.rstrip().endswith("looks at it.")
        assert "Anna Beck" not in text[-500:], "it judges again what comes after"


def test_a_plain_answer_is_decided_alike(failing: tuple[Server, str]) -> None:
    server, undecided = failing
    key = made(server.client("bedrock"), **NAMES)
    runtime = server.client("bedrock-runtime")
    answer = runtime.converse(**asking("Tell me of the storm", key))
    if undecided == "block":
        assert text_of(answer) == "Not from me."
    else:
        assert text_of(answer) == streamed(runtime, asking("Tell me of the storm", key))[0]
    assert text_of(runtime.converse(**asking("Tell me of the sea", key))).count("{NAME}") == 30, "and then it is well"


@pytest.fixture
async def slow(tmp_path: Path) -> AsyncIterator[LocalMeans]:
    """Means whose model of names hangs where a storm comes up, and is waited for a fifth of a second."""
    home = tmp_path / "home"
    home.mkdir()
    install(home, "entities", {"match": "storm comes", "fault": {"kind": "hang"}}, SEES)
    documents, engines = Documents.open(home), Engines()
    models = Models(Library(home), documents, engines=registry.available())
    await LocalMeans(models, engines, GuardrailSettings()).entities(["loads it"])
    yield LocalMeans(models, engines, GuardrailSettings(), patience=0.2)
    await engines.close()
    await documents.close()


async def test_a_judge_that_does_not_answer_holds_a_stream_up_no_longer_than_it_may(slow: LocalMeans) -> None:
    guard = Guard("g", "DRAFT", "arn", "g", {}, "Not here.", "Not from me.", lambda policy, source, means: None)
    names = judge({"piiEntities": [{"type": "NAME", "action": "ANONYMIZE"}]}, Source.OUTPUT, slow)
    assert names
    screening = Screening(guard, Source.OUTPUT, Judges((names,)), Terms())
    out = [await screening.feed(STORM[at : at + 40]) for at in range(0, len(STORM), 40) if not screening.blocked]
    assert screening.blocked
    assert "".join(out).startswith("The sea is calm, and {NAME} looks at it.")
    assert "storm" not in "".join(out)
    assert "did not judge within 0.2 seconds" in screening.verdict.reason
