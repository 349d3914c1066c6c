"""The control plane's operations on models and inference profiles; answers are checked against the service model."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape
from botocore.validate import validate_parameters

from craton.core.context import Context
from craton.core.operation import handlers
from craton.errors import AccessDeniedException, ResourceNotFoundException, ValidationException
from craton.models.api import ModelsApi
from craton.models.catalogue import Model
from craton.models.files.library import Library
from craton.models.resolve import Models
from craton.store.documents import Documents

Install = Callable[..., Model]
Call = Callable[..., Awaitable[dict[str, Any]]]
TEXT = "local.tiny-v1:0"
VECTORS = "acme.vectors-v1:0"
CLAUDE = "anthropic.claude-sonnet-4-6"
OWN = "arn:aws:bedrock:us-east-1:123456789012"

SERVICE = ServiceModel(Loader().load_service_model("bedrock", "service-2"))


def check(value: Any, shape: Shape | None) -> None:
    """The value has the shape's members, types and patterns."""
    assert shape is not None
    validate_parameters(value, shape)
    _check_patterns(value, shape)


def _check_patterns(value: Any, shape: Shape) -> None:
    if shape.type_name == "structure":
        for name, part in value.items():
            _check_patterns(part, shape.members[name])
    elif shape.type_name == "list":
        for part in value:
            _check_patterns(part, shape.member)
    elif shape.type_name == "string":
        assert shape.enum == [] or value in shape.enum
        assert re.fullmatch(shape.metadata.get("pattern", ".*"), value), f"{value!r} is no {shape.name}"


@pytest.fixture
def call(library: Library, documents: Documents, install: Install, ctx: Context) -> Call:
    """Run an operation by its snake_case name."""
    install(TEXT)
    install(VECTORS, output="EMBEDDING", provider="Acme Inc", streaming=False, name="Vectors 2.5 (beta)")
    models = Models(library, documents, engines=["llamacpp"], stand_ins={CLAUDE: TEXT})
    table = handlers([ModelsApi(models, documents)])
    names = {re.sub("(?<!^)([A-Z])", r"_\1", name).lower(): name for name in SERVICE.operation_names}

    async def run(operation: str, ctx: Context = ctx, **req: Any) -> dict[str, Any]:
        model = SERVICE.operation_model(names[operation])
        check(req, model.input_shape)
        answer = await table["bedrock", operation](ctx, req)
        check(answer, model.output_shape)
        return answer

    return run


async def ids(call: Call, **filters: str) -> list[str]:
    answer = await call("list_foundation_models", **filters)
    return [summary["modelId"] for summary in answer["modelSummaries"]]


class TestFoundationModels:
    async def test_lists_what_is_installed(self, call: Call) -> None:
        answer = await call("list_foundation_models")
        assert answer["modelSummaries"][1] == {
            "modelArn": f"arn:aws:bedrock:us-east-1::foundation-model/{TEXT}",
            "modelId": TEXT,
            "modelName": "Test Model",
            "providerName": "Test",
            "inputModalities": ["TEXT"],
            "outputModalities": ["TEXT"],
            "responseStreamingSupported": True,
            "customizationsSupported": [],
            "inferenceTypesSupported": ["ON_DEMAND"],
            "modelLifecycle": {"status": "ACTIVE"},
        }

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({}, [VECTORS, TEXT]),
            ({"byProvider": "acme inc"}, [VECTORS]),
            ({"byProvider": "acme"}, [VECTORS]),
            ({"byProvider": "Nobody"}, []),
            ({"byOutputModality": "EMBEDDING"}, [VECTORS]),
            ({"byOutputModality": "IMAGE"}, []),
            ({"byInferenceType": "ON_DEMAND", "byOutputModality": "TEXT"}, [TEXT]),
            ({"byInferenceType": "PROVISIONED"}, []),
            ({"byCustomizationType": "FINE_TUNING"}, []),
        ],
    )
    async def test_filters(self, call: Call, filters: dict[str, str], expected: list[str]) -> None:
        assert await ids(call, **filters) == expected

    @pytest.mark.parametrize("identifier", [TEXT, f"arn:aws:bedrock:us-east-1::foundation-model/{TEXT}"])
    async def test_gets_one(self, call: Call, identifier: str) -> None:
        details = (await call("get_foundation_model", modelIdentifier=identifier))["modelDetails"]
        assert details["modelId"] == TEXT

    async def test_gets_a_model_that_another_stands_in_for(self, call: Call, ctx: Context) -> None:
        details = (await call("get_foundation_model", modelIdentifier=CLAUDE))["modelDetails"]
        assert (details["modelId"], details["providerName"]) == (CLAUDE, "Anthropic")
        assert details["inputModalities"] == ["TEXT"]
        assert ctx.headers == {"x-craton-served-by": TEXT}

    async def test_refuses_what_is_not_served(self, call: Call) -> None:
        with pytest.raises(ResourceNotFoundException, match="Could not resolve the foundation model"):
            await call("get_foundation_model", modelIdentifier="amazon.nova-lite-v1:0")
        with pytest.raises(ValidationException, match="identifier is invalid"):
            await call("get_foundation_model", modelIdentifier=f"us.{TEXT}")

    async def test_tells_what_is_available(self, call: Call) -> None:
        assert await call("get_foundation_model_availability", modelId=TEXT) == {
            "modelId": TEXT,
            "agreementAvailability": {"status": "AVAILABLE"},
            "authorizationStatus": "AUTHORIZED",
            "entitlementAvailability": "AVAILABLE",
            "regionAvailability": "AVAILABLE",
        }
        for known in ("amazon.nova-lite-v1:0", "huggingface.smollm2-135m-instruct-v1:0"):
            answer = await call("get_foundation_model_availability", modelId=known)
            assert (answer["authorizationStatus"], answer["entitlementAvailability"]) == (
                "NOT_AUTHORIZED",
                "NOT_AVAILABLE",
            )
        with pytest.raises(ResourceNotFoundException):
            await call("get_foundation_model_availability", modelId="nobody.nothing-v1:0")


async def make(call: Call, name: str, source: str = f"{OWN}:inference-profile/us.{TEXT}", **more: Any) -> str:
    answer = await call("create_inference_profile", inferenceProfileName=name, modelSource={"copyFrom": source}, **more)
    assert answer["status"] == "ACTIVE"
    arn: str = answer["inferenceProfileArn"]
    return arn


class TestInferenceProfiles:
    async def test_an_application_profile_is_made_read_used_and_deleted(
        self, call: Call, ctx: Context, library: Library, documents: Documents
    ) -> None:
        arn = await make(call, "team a", description="For team A.", tags=[{"key": "team", "value": "a"}])
        profile = await call("get_inference_profile", inferenceProfileIdentifier=arn)
        assert profile["inferenceProfileName"] == "team a"
        assert profile["description"] == "For team A."
        assert profile["type"] == "APPLICATION"
        assert profile["models"] == [{"modelArn": f"arn:aws:bedrock:us-east-1::foundation-model/{TEXT}"}]
        assert arn == f"{OWN}:application-inference-profile/{profile['inferenceProfileId']}"
        by_id = await call("get_inference_profile", inferenceProfileIdentifier=profile["inferenceProfileId"])
        assert by_id == profile

        resolved = await Models(library, documents, engines=["llamacpp"]).resolve(ctx, arn)
        assert (resolved.id, resolved.profile) == (TEXT, arn)

        await call("delete_inference_profile", inferenceProfileIdentifier=arn)
        for operation in ("get_inference_profile", "delete_inference_profile"):
            with pytest.raises(ResourceNotFoundException):
                await call(operation, inferenceProfileIdentifier=arn)

    @pytest.mark.parametrize(
        "source", [f"arn:aws:bedrock:us-east-1::foundation-model/{each}" for each in (TEXT, CLAUDE)]
    )
    async def test_is_made_of_a_foundation_model(self, call: Call, source: str) -> None:
        arn = await make(call, "mine", source)
        profile = await call("get_inference_profile", inferenceProfileIdentifier=arn)
        assert profile["models"] == [{"modelArn": source}]

    async def test_a_profile_of_a_stood_in_model_is_answered_by_the_stand_in(
        self, call: Call, ctx: Context, library: Library, documents: Documents
    ) -> None:
        arn = await make(call, "claude", f"{OWN}:inference-profile/us.{CLAUDE}")
        models = Models(library, documents, engines=["llamacpp"], stand_ins={"anthropic.*": TEXT})
        resolved = await models.resolve(ctx, arn)
        assert (resolved.id, resolved.served_by, resolved.family) == (CLAUDE, TEXT, "anthropic")

    @pytest.mark.parametrize(
        ("source", "error"),
        [
            ("arn:aws:bedrock:us-east-1::foundation-model/nobody.nothing-v1:0", ValidationException),
            (f"arn:aws:bedrock:eu-west-1::foundation-model/{TEXT}", ValidationException),
            (f"arn:aws:bedrock:us-east-1:999999999999:inference-profile/us.{TEXT}", AccessDeniedException),
        ],
    )
    async def test_is_not_made_of_what_is_not_there(self, call: Call, source: str, error: type[Exception]) -> None:
        with pytest.raises(error):
            await make(call, "mine", source)

    async def test_accounts_and_regions_do_not_see_each_others(self, call: Call, ctx: Context) -> None:
        arn = await make(call, "mine")
        name = arn.rpartition("/")[2]
        for stranger in (
            Context("999999999999", "us-east-1", "other", "r"),
            Context("123456789012", "eu-west-1", "me", "r"),
        ):
            with pytest.raises(ResourceNotFoundException):
                await call("get_inference_profile", ctx=stranger, inferenceProfileIdentifier=name)
            answer = await call("list_inference_profiles", ctx=stranger, typeEquals="APPLICATION")
            assert answer == {"inferenceProfileSummaries": []}

    @pytest.mark.parametrize(
        ("region", "prefixes"),
        [
            ("us-east-1", ["us", "global"]),
            ("eu-central-1", ["eu", "global"]),
            ("ap-northeast-1", ["apac", "global"]),
            ("us-gov-west-1", ["us-gov", "global"]),
            ("me-south-1", ["global"]),
        ],
    )
    async def test_the_system_defines_those_of_the_region(self, call: Call, region: str, prefixes: list[str]) -> None:
        ctx = Context("123456789012", region, "me", "r")
        answer = await call("list_inference_profiles", ctx=ctx, typeEquals="SYSTEM_DEFINED")
        found = [summary["inferenceProfileId"] for summary in answer["inferenceProfileSummaries"]]
        assert found == [f"{prefix}.{model}" for prefix in prefixes for model in (VECTORS, TEXT)]

    async def test_a_system_defined_one_is_read_and_stays(self, call: Call) -> None:
        profile = await call("get_inference_profile", inferenceProfileIdentifier=f"us.{TEXT}")
        assert profile["inferenceProfileName"] == "US Test Model"
        assert profile["inferenceProfileArn"] == f"{OWN}:inference-profile/us.{TEXT}"
        assert profile["type"] == "SYSTEM_DEFINED"
        with pytest.raises(ValidationException, match="defined by the system"):
            await call("delete_inference_profile", inferenceProfileIdentifier=f"us.{TEXT}")
        with pytest.raises(ResourceNotFoundException):
            await call("get_inference_profile", inferenceProfileIdentifier="us.amazon.nova-lite-v1:0")

    @pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 100])
    async def test_pages_go_over_both_kinds(self, call: Call, size: int) -> None:
        made = [await make(call, f"number {number}") for number in range(3)]
        found: list[str] = []
        more: dict[str, Any] = {}
        while True:
            answer = await call("list_inference_profiles", maxResults=size, **more)
            assert len(answer["inferenceProfileSummaries"]) <= size
            found += [summary["inferenceProfileArn"] for summary in answer["inferenceProfileSummaries"]]
            if "nextToken" not in answer:
                break
            more = {"nextToken": answer["nextToken"]}
        assert len(found) == 7
        assert found[4:] == made

    @pytest.mark.parametrize("token", ["x", "system.", "application.", "application.x", "system.AAAA"])
    async def test_refuses_an_invented_token(self, call: Call, token: str) -> None:
        with pytest.raises(ValidationException, match="nextToken"):
            await call("list_inference_profiles", nextToken=token)
