"""What is told of the models of this machine, and how they are loaded, unloaded and measured."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.admin.machine.conftest import TALKER, Place, until
from tests.iam.people import refusal, user
from tests.scripted import MODEL

QWEN = "qwen.qwen2-5-coder-1-5b-instruct-v1:0"


def status(place: Place, model: str) -> Any:
    return place.model(model)["status"]


@pytest.fixture
def unloaded(place: Place) -> Any:
    yield
    place.craton.unload_model(modelId=MODEL)


def test_a_model_of_the_catalogue_is_described(place: Place) -> None:
    told = place.model(QWEN)
    assert (told["shortName"], told["modelName"], told["providerName"]) == (
        "qwen2.5-coder-1.5b",
        "Qwen2.5 Coder 1.5B",
        "Qwen",
    )
    assert (told["task"], told["status"], told["installed"]) == ("TEXT_GENERATION", "FETCHABLE", False)
    assert (told["inputModalities"], told["outputModalities"]) == (["TEXT"], ["TEXT"])
    assert (told["parameters"], told["quantization"], told["languages"]) == (1_543_714_304, "Q4_K_M", ["en"])
    assert told["licence"] == "Apache-2.0"
    assert told["memoryNeededBytes"] == 2_600_000_000
    assert told["scores"] == {"functionCalling": 0.65, "jsonSchema": 1.0, "questions": 10}
    assert "speed" not in told
    assert told["standsInFor"] == told["inferenceProfiles"] == []


def test_tasks_follow_from_what_models_make(place: Place) -> None:
    tasks = {model["shortName"]: model["task"] for model in place.craton.list_local_models()["models"]}
    assert tasks["use-multilingual"] == "EMBEDDING"
    assert tasks["rampart"] == tasks["open-nsfw"] == "GUARDRAIL"


def test_each_tells_whether_it_fits_and_the_best_that_does_is_recommended(place: Place) -> None:
    models = place.craton.list_local_models()["models"]
    budget = place.craton.describe_server()["memory"]["modelBudgetBytes"]
    for model in models:
        if model["fit"] != "NO_ENGINE":
            assert (model["memoryNeededBytes"] <= budget) == (model["fit"] != "TOO_LITTLE_MEMORY")
        assert model["fits"] == (model["fit"] == "FITS")
        assert model["fitReason"].endswith(".")
    assert [model["modelId"] for model in models if model["recommended"]] == [TALKER]


def test_it_tells_for_which_models_of_aws_one_stands_in(place: Place) -> None:
    answered = place.model(MODEL)["standsInFor"]
    assert "anthropic.claude-3-haiku-20240307-v1:0" in answered
    assert "eu.meta.llama3-2-1b-instruct-v1:0" in answered
    assert "anthropic.claude-3-opus-20240229-v1:0" not in answered


def test_it_tells_which_profiles_lead_to_it(place: Place) -> None:
    bedrock = place.account.client("bedrock")
    haiku = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"
    made = bedrock.create_inference_profile(inferenceProfileName="team", modelSource={"copyFrom": haiku})
    try:
        profiles = {each["inferenceProfileArn"]: each for each in place.model(MODEL)["inferenceProfiles"]}
        own = profiles[made["inferenceProfileArn"]]
        assert (own["inferenceProfileName"], own["type"]) == ("team", "APPLICATION")
        assert {f"us.{MODEL}", f"global.{MODEL}"} <= {each["inferenceProfileId"] for each in profiles.values()}
        place.craton.put_inference_profile_targets(
            inferenceProfileIdentifier=made["inferenceProfileArn"], targets=[{"modelId": TALKER}]
        )
        for model, leads in ((MODEL, False), (TALKER, True)):
            arns = [each["inferenceProfileArn"] for each in place.model(model)["inferenceProfiles"]]
            assert (made["inferenceProfileArn"] in arns) == leads
    finally:
        bedrock.delete_inference_profile(inferenceProfileIdentifier=made["inferenceProfileArn"])


def test_a_model_is_loaded_and_unloaded(place: Place, unloaded: None) -> None:
    assert place.craton.load_model(modelId=MODEL)["status"] in ("LOADING", "LOADED")
    told = until(lambda: (model := place.model(MODEL))["status"] == "LOADED" and model)
    assert (told["loaded"], told["engine"], told["activeRequests"]) == (True, "scripted", 0)
    assert told["residentBytes"] > 0
    assert place.craton.load_model(modelId=MODEL)["status"] == "LOADED"
    assert place.craton.unload_model(modelId=MODEL)["status"] == "INSTALLED"
    assert status(place, MODEL) == "INSTALLED"
    assert place.craton.unload_model(modelId=MODEL)["status"] == "INSTALLED"


def test_one_that_answers_is_not_unloaded_and_one_that_is_loaded_not_deleted(place: Place, unloaded: None) -> None:
    place.craton.load_model(modelId=MODEL)
    asked = {"role": "user", "content": [{"text": "talk forever"}]}
    stream = place.account.client("bedrock-runtime").converse_stream(modelId=MODEL, messages=[asked])["stream"]
    next(iter(stream))
    assert place.model(MODEL)["activeRequests"] == 1
    with pytest.raises(ClientError, match=r"ConflictException.*1 requests use the model"):
        place.craton.unload_model(modelId=MODEL)
    stream.close()
    until(lambda: place.model(MODEL)["activeRequests"] == 0)
    with pytest.raises(ClientError, match=r"ConflictException.*UnloadModel"):
        place.craton.delete_local_model(modelId=MODEL)
    assert place.craton.unload_model(modelId=MODEL)["status"] == "INSTALLED"


def test_what_a_load_failed_for_is_told_to_the_operator(place: Place) -> None:
    place.offer("broken")
    place.pulled(place.craton.start_model_pull(modelId="hf:acme/models/broken.gguf")["pullId"])
    place.craton.load_model(modelId="acme.broken-v1:0")
    told = until(lambda: (model := place.model("acme.broken-v1:0")).get("statusReason") and model)
    assert told["status"] == "INSTALLED"
    theirs = place.stranger.client("craton").list_local_models()["models"]
    assert all("statusReason" not in model for model in theirs)


def test_speed_is_that_of_answers_and_of_measurements(place: Place) -> None:
    assert "speed" not in place.model(TALKER)
    started = place.craton.measure_model(modelId=TALKER)["startedAt"]
    with pytest.raises(ClientError, match=r"ConflictException.*being measured already"):
        place.craton.measure_model(modelId=TALKER)
    told = until(lambda: (model := place.model(TALKER)).get("speed") and not model["measuring"] and model)
    speed = told["speed"]
    assert 20 < speed["tokensPerSecond"] < 200  # a word each 10 ms, and a busy machine
    assert (speed["source"], speed["answers"]) == ("MEASUREMENT", 1)
    assert speed["measuredAt"] >= started
    assert "measurementFailure" not in told
    place.account.client("bedrock-runtime").converse(
        modelId=TALKER, messages=[{"role": "user", "content": [{"text": "Talk."}]}]
    )
    speed = until(lambda: (speed := place.model(TALKER)["speed"])["answers"] == 2 and speed)
    assert speed["source"] == "ANSWERS"


def test_speeds_outlive_the_server(place: Place) -> None:
    place.account.client("bedrock-runtime").converse(
        modelId=TALKER, messages=[{"role": "user", "content": [{"text": "Talk."}]}]
    )
    before = place.model(TALKER)["speed"]
    place.server.stop()
    place.server.__enter__()
    assert place.model(TALKER)["speed"] == before


def test_a_model_that_says_too_little_cannot_be_measured(place: Place) -> None:
    before = place.model(MODEL).get("speed")
    place.craton.measure_model(modelId=MODEL)
    told = until(lambda: (model := place.model(MODEL)).get("measurementFailure") and model)
    assert "16 tokens" in told["measurementFailure"]
    assert told.get("speed") == before
    place.craton.unload_model(modelId=MODEL)


def test_what_is_not_installed_is_neither_loaded_nor_measured(place: Place) -> None:
    for ask in (place.craton.load_model, place.craton.unload_model, place.craton.measure_model):
        with pytest.raises(ClientError, match=r"ResourceNotFoundException.*StartModelPull"):
            ask(modelId=QWEN)


def test_only_the_operator_s_account_changes_them(place: Place) -> None:
    theirs = place.stranger.client("craton")
    for ask in (theirs.load_model, theirs.unload_model, theirs.measure_model):
        with pytest.raises(ClientError, match=r"AccessDeniedException.*operator"):
            ask(modelId=MODEL)
    assert {model["modelId"] for model in theirs.list_local_models()["models"]} >= {MODEL, TALKER, QWEN}


def test_a_user_of_the_operator_needs_to_be_allowed_it(place: Place) -> None:
    arn = f"arn:aws:craton:us-east-1:123456789012:local-model/{MODEL}"
    craton = user(place.account, {"Action": "craton:LoadModel", "Resource": arn}).client("craton")
    assert craton.load_model(modelId=MODEL)["modelId"] == MODEL
    assert "craton:LoadModel" in refusal(craton.load_model, modelId=TALKER)
    assert "craton:UnloadModel" in refusal(craton.unload_model, modelId=MODEL)
    until(lambda: status(place, MODEL) == "LOADED")
    place.craton.unload_model(modelId=MODEL)
