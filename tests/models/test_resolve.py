"""Where each form of identifier leads, and in what words it is refused where it leads nowhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from craton.config import Provider, ProviderModel
from craton.core.context import Context
from craton.engines import registry
from craton.errors import (
    AccessDeniedException,
    ApiError,
    ResourceNotFoundException,
    ServiceUnavailableException,
    ValidationException,
)
from craton.models.catalogue import EngineChoice, Model
from craton.models.files.library import Library
from craton.models.providers.providers import Providers
from craton.models.resolve import Models
from craton.store.documents import Documents

Install = Callable[..., Model]
LOCAL = "local.tiny-v1:0"
OWN = "arn:aws:bedrock:us-east-1:123456789012"
ENGINES = ("llamacpp", "openvino")


@pytest.fixture
def models(library: Library, documents: Documents, install: Install) -> Callable[..., Models]:
    install(LOCAL)

    def make(**options: Any) -> Models:
        return Models(library, documents, **{"engines": ENGINES} | options)

    return make


@pytest.mark.parametrize(
    ("identifier", "profile"),
    [
        (LOCAL, None),
        (f"arn:aws:bedrock:us-east-1::foundation-model/{LOCAL}", None),
        (f"us.{LOCAL}", f"{OWN}:inference-profile/us.{LOCAL}"),
        (f"eu.{LOCAL}", f"{OWN}:inference-profile/eu.{LOCAL}"),
        (f"{OWN}:inference-profile/global.{LOCAL}", f"{OWN}:inference-profile/global.{LOCAL}"),
    ],
)
async def test_a_local_model_answers_by_all_its_names(
    models: Callable[..., Models], ctx: Context, identifier: str, profile: str | None
) -> None:
    resolved = await models().resolve(ctx, identifier)
    assert (resolved.id, resolved.family, resolved.profile) == (LOCAL, "openai_chat", profile)
    assert resolved.served_by is None
    assert ctx.headers == {}


async def test_the_spec_is_what_an_engine_needs(
    models: Callable[..., Models], ctx: Context, install: Install, library: Library
) -> None:
    choice = EngineChoice("openvino", memory=5, options={"slots": 4})
    model = install("local.big-v1:0", engines=(choice,), default_system="Be kind.")
    spec = (await models().resolve(ctx, "local.big-v1:0")).spec
    assert (spec.id, spec.engine, spec.context_length) == ("local.big-v1:0", "openvino", 512)
    assert spec.files == library.paths(model)
    assert spec.options == {"default_system": "Be kind.", "max_output_tokens": 256, "memory_bytes": 5, "slots": 4}


async def test_a_model_installed_later_is_found(models: Callable[..., Models], ctx: Context, install: Install) -> None:
    serving = models()
    with pytest.raises(ValidationException):
        await serving.resolve(ctx, "local.late-v1:0")
    install("local.late-v1:0", output="EMBEDDING", max_output_tokens=0)
    assert (await serving.resolve(ctx, "local.late-v1:0")).spec.options == {"embedding": True}


INVALID = "The provided model identifier is invalid."
REFUSED: list[tuple[str, type[ApiError], str]] = [
    ("nobody.nothing-v1:0", ValidationException, INVALID),
    ("us.nobody.nothing-v1:0", ValidationException, INVALID),
    ("gpt-4", ValidationException, INVALID),
    ("eu.deepseek.r1-v1:0", ValidationException, INVALID),
    (
        "amazon.nova-micro-v1:0",
        AccessDeniedException,
        "You don't have access to the model with the specified model ID.",
    ),
    ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", AccessDeniedException, "stand_ins"),
    (f"{OWN}:inference-profile/us.amazon.nova-lite-v1:0", AccessDeniedException, "You don't have access to the model"),
    ("anthropic.claude-sonnet-4-6", ValidationException, "with on-demand throughput isn’t supported"),
    ("qwen.qwen2-5-coder-0-5b-instruct-v1:0", ResourceNotFoundException, "craton pull qwen2.5-coder-0.5b"),
    ("arn:aws:bedrock:eu-west-1::foundation-model/local.tiny-v1:0", ValidationException, INVALID),
    (f"arn:aws:bedrock:eu-west-1:123456789012:inference-profile/us.{LOCAL}", ValidationException, INVALID),
    (f"arn:aws:bedrock:us-east-1:999999999999:inference-profile/us.{LOCAL}", AccessDeniedException, "another account"),
    (f"{OWN}:application-inference-profile/a1b2c3d4e5f6", ResourceNotFoundException, "application-inference-profile"),
    (f"{OWN}:provisioned-model/a1b2c3d4e5f6", ResourceNotFoundException, "provisioned-model 'a1b2c3d4e5f6'"),
    (f"{OWN}:imported-model/a1b2c3d4e5f6", ResourceNotFoundException, "imported-model"),
    (f"{OWN}:prompt/ABCDE12345:1", ValidationException, "run by Converse and ConverseStream alone"),
    ("arn:aws:sagemaker:us-east-1:123456789012:endpoint/mine", ResourceNotFoundException, "endpoint 'mine'"),
]


@pytest.mark.parametrize(("identifier", "error", "words"), REFUSED, ids=[row[0] for row in REFUSED])
async def test_refusals(
    models: Callable[..., Models], ctx: Context, identifier: str, error: type[ApiError], words: str
) -> None:
    with pytest.raises(ApiError) as refused:
        await models().resolve(ctx, identifier)
    assert type(refused.value) is error
    assert words in refused.value.message


class TestStandIns:
    @pytest.mark.parametrize(
        "identifier",
        [
            "anthropic.claude-3-haiku-20240307-v1:0",
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "anthropic.claude-sonnet-4-6",
            "anthropic.claude-not-yet-known-v9:0",
            f"{OWN}:inference-profile/global.anthropic.claude-sonnet-4-6",
            "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
        ],
    )
    async def test_answer_in_the_dialect_asked_for_and_say_so(
        self, models: Callable[..., Models], ctx: Context, identifier: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        resolved = await models(stand_ins={"anthropic.*": LOCAL}).resolve(ctx, identifier)
        assert resolved.id in identifier
        assert (resolved.family, resolved.model.id, resolved.served_by) == ("anthropic", LOCAL, LOCAL)
        assert ctx.headers == {"x-craton-served-by": LOCAL}
        assert LOCAL in capsys.readouterr().out

    async def test_leave_other_models_alone(self, models: Callable[..., Models], ctx: Context) -> None:
        serving = models(stand_ins={"anthropic.*": LOCAL})
        with pytest.raises(AccessDeniedException):
            await serving.resolve(ctx, "amazon.nova-lite-v1:0")
        await serving.resolve(ctx, LOCAL)
        assert ctx.headers == {}

    async def test_may_be_set_for_one_geography(self, models: Callable[..., Models], ctx: Context) -> None:
        serving = models(stand_ins={"eu.amazon.nova-*": LOCAL})
        assert (await serving.resolve(ctx, "eu.amazon.nova-lite-v1:0")).served_by == LOCAL
        with pytest.raises(AccessDeniedException):
            await serving.resolve(ctx, "us.amazon.nova-lite-v1:0")

    async def test_the_first_pattern_that_fits_in_kind_wins(
        self, models: Callable[..., Models], ctx: Context, install: Install
    ) -> None:
        install("local.vectors-v1:0", output="EMBEDDING")
        serving = models(stand_ins={"*": LOCAL, "amazon.*": "local.vectors-v1:0"})
        assert (await serving.resolve(ctx, "amazon.nova-lite-v1:0")).served_by == LOCAL
        assert (await serving.resolve(ctx, "amazon.titan-embed-text-v2:0")).served_by == "local.vectors-v1:0"
        with pytest.raises(AccessDeniedException):
            await serving.resolve(ctx, "amazon.nova-canvas-v1:0")

    async def test_one_not_yet_pulled_is_named(self, models: Callable[..., Models], ctx: Context) -> None:
        serving = models(stand_ins={"amazon.*": "smollm2-135m"})
        with pytest.raises(ResourceNotFoundException, match=r"stands in .* `craton pull smollm2-135m`"):
            await serving.resolve(ctx, "amazon.nova-lite-v1:0")

    def test_one_that_does_not_exist_is_refused_at_the_start(self, models: Callable[..., Models]) -> None:
        with pytest.raises(ValueError, match="no local model 'smollm3'"):
            models(stand_ins={"amazon.*": "smollm3"})


def provider(kind: str = "openai", *models: str, **more: Any) -> Provider:
    listed = tuple(ProviderModel(model=model) for model in models)
    region = {"region": "us-east-1"} if kind == "bedrock" else {}
    return Provider(kind=kind, models=listed, **region | more)  # type: ignore[arg-type]


class TestProviders:
    @pytest.fixture
    def serving(self, models: Callable[..., Models], documents: Documents, tmp_path: Path) -> Callable[..., Models]:
        def make(stand_ins: dict[str, str] | None = None, **providers: Provider) -> Models:
            found = Providers(documents, providers, home=tmp_path)
            return models(providers=found, stand_ins=stand_ins, engines=[*ENGINES, *registry.REMOTE])

        return make

    async def test_their_models_answer_by_all_their_names(
        self, serving: Callable[..., Models], ctx: Context, tmp_path: Path
    ) -> None:
        models = serving(mine=provider("openai", "gpt-4o", secret_file="key"))
        for identifier in ("mine.gpt-4o", "us.mine.gpt-4o", "arn:aws:bedrock:us-east-1::foundation-model/mine.gpt-4o"):
            resolved = await models.resolve(ctx, identifier)
            assert (resolved.id, resolved.family, resolved.served_by) == ("mine.gpt-4o", "openai_chat", None)
            assert (resolved.spec.id, resolved.spec.engine, dict(resolved.spec.files)) == ("mine.gpt-4o", "openai", {})
            assert resolved.spec.options == {
                "provider": "mine",
                "model": "gpt-4o",
                "secret": {"file": str(tmp_path / "key")},
            }
        assert [model.id for model in await models.usable(ctx)] == [LOCAL, "mine.gpt-4o"]

    async def test_they_may_stand_in_for_others(self, serving: Callable[..., Models], ctx: Context) -> None:
        models = serving({"anthropic.*": "mine.gpt-4o"}, mine=provider("openai", "gpt-4o"))
        resolved = await models.resolve(ctx, "us.anthropic.claude-sonnet-4-5-20250929-v1:0")
        assert (resolved.family, resolved.served_by) == ("anthropic", "mine.gpt-4o")
        assert ctx.headers == {"x-craton-served-by": "mine.gpt-4o"}

    @pytest.mark.parametrize(
        ("identifier", "upstream"),
        [
            ("amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
            ("us.amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0"),
            (f"{OWN}:inference-profile/us.amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0"),
            ("amazon.of-tomorrow-v1:0", "amazon.of-tomorrow-v1:0"),
        ],
    )
    async def test_ids_are_passed_on_as_they_are(
        self, serving: Callable[..., Models], ctx: Context, identifier: str, upstream: str
    ) -> None:
        resolved = await serving({"*": "aws.*"}, aws=provider("bedrock")).resolve(ctx, identifier)
        assert resolved.spec.options["model"] == upstream
        assert (resolved.spec.engine, resolved.family, resolved.served_by) == ("bedrock", "nova", f"aws.{upstream}")

    async def test_vectors_are_passed_on_too(self, serving: Callable[..., Models], ctx: Context) -> None:
        resolved = await serving({"*": "aws.*"}, aws=provider("bedrock")).resolve(ctx, "cohere.embed-english-v3")
        assert resolved.spec.options["embedding"] is True

    async def test_what_is_here_is_not_passed_on(self, serving: Callable[..., Models], ctx: Context) -> None:
        assert (await serving({"*": "aws.*"}, aws=provider("bedrock")).resolve(ctx, LOCAL)).served_by is None

    @pytest.mark.parametrize("name", ["other.*", "mine.other", "mine"])
    def test_what_is_not_there_is_refused_at_the_start(self, serving: Callable[..., Models], name: str) -> None:
        with pytest.raises(ValueError, match="There is no"):
            serving({"amazon.*": name}, mine=provider("openai", "gpt-4o"))

    def test_two_that_offer_one_id_are_refused_at_the_start(self, serving: Callable[..., Models]) -> None:
        same = (ProviderModel(model="big", id="same.big"),)
        with pytest.raises(ValueError, match="Two providers offer"):
            serving(one=Provider(kind="openai", models=same), two=Provider(kind="openai", models=same))
        with pytest.raises(ValueError, match="no name for a provider"):
            serving(eu=provider())


class TestEngines:
    async def test_the_preferred_one_that_works_here_serves(
        self, models: Callable[..., Models], ctx: Context, install: Install
    ) -> None:
        install("local.any-v1:0", engines=("openvino", "llamacpp"))
        assert (await models().resolve(ctx, "local.any-v1:0")).spec.engine == "openvino"
        assert (await models(engines=["llamacpp"]).resolve(ctx, "local.any-v1:0")).spec.engine == "llamacpp"

    async def test_the_operator_may_force_one(self, models: Callable[..., Models], ctx: Context) -> None:
        serving = models(force={LOCAL: "openvino"})
        assert (await serving.resolve(ctx, LOCAL)).spec.engine == "openvino"

    def test_one_that_does_not_work_here_cannot_be_forced(self, models: Callable[..., Models]) -> None:
        with pytest.raises(ValueError, match="'vllm' cannot be forced"):
            models(force={LOCAL: "vllm"})

    async def test_without_one_the_model_is_not_listed_and_says_why(
        self, models: Callable[..., Models], ctx: Context
    ) -> None:
        serving = models(engines=["openvino"])
        assert await serving.usable(ctx) == []
        with pytest.raises(ServiceUnavailableException, match="needs the engine llamacpp"):
            await serving.resolve(ctx, LOCAL)
