"""The means of guardrails: what each makes of its model's answers, and that no failure of a model goes unsaid."""

import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from botocore.exceptions import ClientError

from craton.config import GuardrailSettings
from craton.engines import registry
from craton.engines.supervisor import Engines
from craton.errors import ValidationException
from craton.guardrails import topics
from craton.guardrails.findings import Image, Source, Undecided, Window
from craton.guardrails.local_means import LocalMeans
from craton.guardrails.means import Entity
from craton.models.catalogue import shipped
from craton.models.files.library import Library
from craton.models.resolve import Models
from craton.store.documents import Documents
from tests import scripted
from tests.command import craton
from tests.conftest import pulled
from tests.guardrails.scripted_means import install, put
from tests.serving import Server

JUDGE = msgspec.structs.replace(
    shipped().find("smollm2-135m"), id="test.judge-v1:0", short="judge", engines=(), files=()
)
PICTURE = Image("png", b"indecent")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest_asyncio.fixture
async def engines() -> AsyncIterator[Engines]:
    supervisor = Engines()
    yield supervisor
    await supervisor.close()


@pytest_asyncio.fixture
async def means(home: Path, engines: Engines) -> AsyncIterator[Callable[..., LocalMeans]]:
    documents = Documents.open(home)
    models = Models(Library(home), documents, engines=registry.available())
    yield lambda patience=60.0, **settings: LocalMeans(
        models, engines, GuardrailSettings(**settings), patience=patience
    )
    await documents.close()


Make = Callable[..., LocalMeans]


async def test_entities_stand_where_the_model_saw_them(home: Path, means: Make) -> None:
    install(home, "entities", {"marks": {"GIVEN_NAME": "Zoë|Anna", "CITY": "Ulm"}})
    first, second = await means().entities(["Anna und Zoë in Ulm", "niemand"])
    assert list(first) == [
        Entity("GIVEN_NAME", 0, 4, 0.9),
        Entity("GIVEN_NAME", 9, 12, 0.9),
        Entity("CITY", 16, 19, 0.9),
    ]
    assert list(second) == []


async def test_an_attack_is_as_likely_as_all_its_kinds_together(home: Path, means: Make) -> None:
    bad = {"match": "ignore", "marks": {"jailbreak": "", "prompt_injection": ""}, "certainty": 0.4}
    install(home, "attacks", bad, {})
    assert list(await means().attacks(["ignore it", "hello"])) == pytest.approx([0.8, 0])


async def test_vectors_have_length_one(home: Path, means: Make) -> None:
    install(home, "vectors")
    near, far, empty = await means().vectors(["one two", "three", ""])
    assert sum(number**2 for number in near) == pytest.approx(1)
    assert sum(a * b for a, b in zip(near, far, strict=True)) == pytest.approx(0)
    assert not any(empty)


async def test_pictures_are_judged_by_what_they_hold(home: Path, means: Make) -> None:
    install(home, "indecency", {"match": "indecent", "marks": {"NSFW": ""}}, {})
    assert list(await means().indecency([PICTURE, Image("jpeg", b"flowers")])) == pytest.approx([0.9, 0])


async def test_a_picture_that_cannot_be_read_is_the_callers_fault(home: Path, means: Make) -> None:
    install(home, "indecency", {"fault": {"kind": "ValidationException", "message": "No picture."}})
    with pytest.raises(ValidationException, match="No picture"):
        await means().indecency([PICTURE])


@pytest.mark.parametrize(
    "ask",
    [
        lambda means: means.entities(["Anna"]),
        lambda means: means.attacks(["Anna"]),
        lambda means: means.vectors(["Anna"]),
        lambda means: means.indecency([PICTURE]),
    ],
)
async def test_a_model_that_is_not_installed_leaves_it_undecided(means: Make, ask: Callable[[LocalMeans], Any]) -> None:
    with pytest.raises(Undecided, match=r"is not installed\. Run `craton pull guardrails`\."):
        await ask(means())


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"kind": "ValidationException", "message": "Too long."}, "could not judge. Too long."),
        ({"kind": "crash"}, "ended unexpectedly"),
        ({"kind": "garbage", "message": "05000000c1c1c1c1c1"}, "ended unexpectedly"),
    ],
)
async def test_a_model_that_fails_leaves_it_undecided(
    home: Path, means: Make, fault: dict[str, str], says: str
) -> None:
    install(home, "entities", {"match": "Anna", "fault": fault}, {"marks": {"SURNAME": "Beck"}})
    made = means()
    with pytest.raises(Undecided, match=says):
        await made.entities(["Anna"])
    # It is asked again for the next text, in a new process where need be.
    assert len((await made.entities(["Beck"]))[0]) == 1


async def test_a_model_whose_process_was_killed_is_asked_again(home: Path, means: Make, engines: Engines) -> None:
    install(home, "entities", {"marks": {"SURNAME": "Beck"}})
    made = means()
    await made.entities(["loads it"])
    (loaded,) = engines.loaded()
    os.kill(loaded.pid, signal.SIGKILL)
    assert len((await made.entities(["Beck"]))[0]) == 1


async def test_a_model_that_does_not_answer_leaves_it_undecided(home: Path, means: Make) -> None:
    install(home, "entities", {"match": "Anna", "fault": {"kind": "hang"}}, {})
    await means().entities(["loads it"])
    with pytest.raises(Undecided, match=r"did not judge within 0\.2 seconds"):
        await means(patience=0.2).entities(["Anna"])


async def test_a_text_model_chooses_and_writes(home: Path, means: Make) -> None:
    put(
        home,
        JUDGE,
        {"match": "polite", "text": '"yes"', "logprob": -0.1},
        {"match": "JSON", "text": '{"score": 3}'},
        {"text": "I would rather not say."},
    )
    made = means(judge=JUDGE.id)
    assert made.asks
    odds = await made.choose("Is it polite?", ("yes", "no"))
    assert odds["yes"] == pytest.approx(0.9, abs=0.01)
    assert sum(odds.values()) == pytest.approx(1)
    schema = {"type": "object", "properties": {"score": {"type": "integer"}}}
    assert await made.write("Give a score as JSON.", schema) == {"score": 3}
    with pytest.raises(Undecided):
        await made.choose("Well?", ("yes", "no"))


async def test_without_a_judge_nobody_is_asked(means: Make) -> None:
    made = means()
    assert not made.asks
    with pytest.raises(Undecided, match="Name one as `judge`"):
        await made.choose("Is it polite?", ("yes", "no"))
    with pytest.raises(Undecided, match="Name one as `judge`"):
        await made.write("Give a score.", {})


async def test_a_judge_that_is_not_pulled_leaves_it_undecided(means: Make) -> None:
    made = means(judge="qwen2.5-coder-1.5b")
    with pytest.raises(Undecided, match=r"craton pull qwen2\.5-coder-1\.5b"):
        await made.choose("Is it polite?", ("yes", "no"))


@pytest.mark.parametrize("judge", ["nobody", "rampart"])
async def test_a_judge_must_be_a_model_that_answers(means: Make, judge: str) -> None:
    with pytest.raises(ValueError, match=f"There is no local model '{judge}'"):
        means(judge=judge)


def test_requests_cannot_name_the_models_of_guardrails(tmp_path: Path) -> None:
    home = tmp_path / "home"
    scripted.install(home)
    model = install(home, "entities", {})
    with Server(home) as server:
        listed = server.client("bedrock").list_foundation_models()["modelSummaries"]
        assert [each["modelId"] for each in listed] == [scripted.MODEL]
        for other in (model, shipped().means()["attacks"].id):
            with pytest.raises(ClientError, match="only judges for guardrails") as refused:
                server.client("bedrock-runtime").converse(
                    modelId=other, messages=[{"role": "user", "content": [{"text": "Hi"}]}]
                )
            assert refused.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.model
def test_one_command_fetches_all_of_them(library: Library, tmp_path: Path) -> None:
    for model in shipped().means().values():
        pulled(library, model.id)
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(library.root)
    done = craton("pull", "guardrails", "--json", "--home", str(home))
    assert done.returncode == 0, done.stderr
    fetched = [json.loads(line)["modelId"] for line in done.stdout.splitlines()]
    assert fetched == [model.id for model in shipped().means().values()]


@pytest.mark.model
async def test_a_text_that_means_nothing_is_about_no_topic(library: Library, home: Path, means: Make) -> None:
    pulled(library, shipped().means()["vectors"].id)
    (home / "models").symlink_to(library.root)
    policy = {"topics": [{"name": "Medicine", "definition": "Diagnosis of illnesses."}]}
    judge = topics.judge(policy, Source.INPUT, means())
    assert judge
    for text in ("1234561666", "asdf qwer zxcv", "Human: hi Assistant:", "🙂🙂", "A, B, C.", "ok"):
        assert await judge.judge([Window(text)]) == [], text
    (found,) = await judge.judge([Window("What illness do I have?")])
    assert found.entry["detected"]
