"""The ids that a provider's models get, and what an engine is told of them."""

from pathlib import Path

import pytest

from craton.config import Provider, ProviderModel
from craton.models.identifiers import Kind, parse
from craton.models.providers.offers import LONGEST_ID, Offer, offers, slug

HOME = Path("/home/craton")


def offered(*models: str | ProviderModel, kind: str = "openai", account: str = "", **more: object) -> list[Offer]:
    listed = tuple(model if isinstance(model, ProviderModel) else ProviderModel(model=model) for model in models)
    return list(offers("mine", Provider(kind=kind, models=listed, **more), HOME, account=account))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gpt-4o-mini", "gpt-4o-mini"),
        ("Qwen/Qwen2.5-7B-Instruct", "qwen-qwen2-5-7b-instruct"),
        ("llama3.2:1b", "llama3-2:1b"),
        ("hf.co/a/b:Q4_K_M:x", "hf-co-a-b:q4-k-m-x"),
        ("models/gemini-2.0-flash", "models-gemini-2-0-flash"),
        ("anthropic.claude-3-haiku-20240307-v1:0", "anthropic-claude-3-haiku-20240307-v1:0"),
        ("__GPT__", "gpt"),
        ("x", "model-x"),
        (":7b", "7b"),
    ],
)
def test_a_slug_is_what_an_id_may_hold(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_a_name_without_letters_gets_an_id_all_the_same() -> None:
    first, second = (offered(name)[0].id for name in ("模型", "模型二"))
    assert first != second
    assert first.startswith("mine.model-")


def test_ids_that_would_be_the_same_are_told_apart_and_stay_when_more_models_come() -> None:
    before = [offer.id for offer in offered("a.b", "a-b")]
    after = [offer.id for offer in offered("a.b", "a-b", "A/B")]
    assert before[0] == "mine.a-b"
    assert len(set(after)) == 3
    assert after[:2] == before


def test_an_id_of_its_own_wins_and_no_slug_takes_it() -> None:
    named = ProviderModel(model="big", id="mine.a-b")
    found = {offer.short: offer.id for offer in offered("a.b", named)}
    assert found["big"] == "mine.a-b"
    assert found["a.b"].startswith("mine.a-b-")


@pytest.mark.parametrize("name", ["o" * 200, "org/" + "very-long-" * 20 + ":" + "t" * 90])
def test_a_long_name_is_cut_so_that_an_inference_profile_can_be_made_of_it(name: str) -> None:
    (offer,) = offered(name)
    assert len(offer.id) <= LONGEST_ID
    named = parse(f"global.{offer.id}")
    assert (named.kind, named.model_id) == (Kind.INFERENCE_PROFILE, offer.id)


@pytest.mark.parametrize("id", ["nodots", "eu.mine", "Mine.Big", "mine.x", "mine.a:b:c", "mine.a b", "a.b.c.d.ef"])
def test_an_id_that_no_client_could_send_is_refused(id: str) -> None:
    with pytest.raises(ValueError, match="is no id for a model"):
        offered(ProviderModel(model="big", id=id))


def test_two_models_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        offered(ProviderModel(model="a", id="mine.big"), ProviderModel(model="b", id="mine.big"))


def test_the_engine_is_told_what_was_set_and_nothing_else() -> None:
    (offer,) = offered("gpt-4o", secret_env="OPENAI_API_KEY", headers={"x-team": "a"}, idle_timeout=5.0)
    (choice,) = offer.engines
    assert choice.name == "openai"
    assert choice.options == {
        "provider": "mine",
        "model": "gpt-4o",
        "secret": {"env": "OPENAI_API_KEY"},
        "headers": {"x-team": "a"},
        "idle_timeout": 5.0,
    }


def test_a_secrets_file_is_found_from_the_home() -> None:
    assert offered("a", secret_file="key")[0].engines[0].options["secret"] == {"file": "/home/craton/key"}
    assert offered("a", secret_file="/run/key")[0].engines[0].options["secret"] == {"file": "/run/key"}


def test_an_accounts_engine_is_its_own_and_is_kept_from_metadata() -> None:
    (offer,) = offered("big", account="111122223333")
    assert (offer.id, offer.place) == ("mine.big", "111122223333/mine.big")
    assert offer.engines[0].options["no_link_local"] is True
    assert "no_link_local" not in offered("a")[0].engines[0].options


@pytest.mark.parametrize(
    ("kind", "name", "family", "input"),
    [
        ("openai", "gpt-4o", "openai_chat", ("TEXT",)),
        ("anthropic", "claude-sonnet-4-5", "anthropic", ("TEXT", "IMAGE", "DOCUMENT")),
        ("bedrock", "us.amazon.nova-lite-v1:0", "nova", ("TEXT", "IMAGE")),
        ("bedrock", "meta.llama3-1-8b-instruct-v1:0", "llama", ("TEXT",)),
        ("bedrock", "anthropic.claude-of-tomorrow-v1:0", "anthropic", ("TEXT", "DOCUMENT")),
    ],
)
def test_the_kind_tells_what_a_model_is_like(kind: str, name: str, family: str, input: tuple[str, ...]) -> None:
    region = {"region": "us-east-1"} if kind == "bedrock" else {}
    (offer,) = offered(name, kind=kind, **region)
    assert (offer.family, offer.input, offer.output, offer.streaming) == (family, input, ("TEXT",), True)


def test_embedding_models_are_told_apart() -> None:
    small, titan = (
        offered(ProviderModel(model="text-embedding-3-small", embedding=True))[0],
        offered("amazon.titan-embed-text-v1", kind="bedrock", region="us-east-1")[0],
    )
    assert (small.output, small.family, small.streaming) == (("EMBEDDING",), "titan_embed", False)
    assert (titan.output, titan.family) == (("EMBEDDING",), "titan_embed_v1")
