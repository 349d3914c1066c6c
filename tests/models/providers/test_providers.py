"""What an account's providers may be, beyond what a client sees of one server."""

from pathlib import Path
from typing import Any

import pytest

from craton.config import Provider, ProviderModel
from craton.core.context import Context
from craton.errors import AccessDeniedException, ConflictException, ServiceQuotaExceededException
from craton.models.providers import providers
from craton.models.providers.providers import Providers
from craton.store.documents import Documents

BODY: dict[str, Any] = {"kind": "openai", "models": [{"model": "big"}]}
STRANGER = Context("111122223333", "us-east-1", "other", "r")


def make(documents: Documents, *, may: bool = True, **configured: Provider) -> Providers:
    return Providers(documents, configured, home=Path("/home/craton"), made_by_accounts=may)


async def ids(found: Providers, ctx: Context) -> list[str]:
    return [offer.id for offer in await found.offers(ctx)]


async def test_the_operator_may_keep_them_to_himself(documents: Documents, ctx: Context) -> None:
    with pytest.raises(AccessDeniedException, match="account_providers"):
        await make(documents, may=False).create(ctx, "mine", BODY, ())
    await make(documents).create(ctx, "mine", BODY, ())
    assert await ids(make(documents, may=False), ctx) == ["mine.big"], "those that are there stay"


async def test_an_account_has_so_many_and_no_more(
    documents: Documents, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(providers, "MOST", 2)
    found = make(documents)
    for name in ("a1", "a2"):
        await found.create(ctx, name, BODY, ())
    with pytest.raises(ServiceQuotaExceededException):
        await found.create(ctx, "a3", BODY, ())
    await found.create(STRANGER, "a3", BODY, ())


async def test_no_two_of_an_account_offer_one_id(documents: Documents, ctx: Context) -> None:
    found = make(documents)
    named = {"kind": "openai", "models": [{"model": "a", "id": "mine.big"}]}
    await found.create(ctx, "mine", BODY, ())
    with pytest.raises(ConflictException, match=r"'mine\.big'"):
        await found.create(ctx, "other", named, ())
    with pytest.raises(ConflictException):
        await found.create(ctx, "mine", BODY, ())
    await found.update(ctx, "mine", BODY, ())
    await found.create(STRANGER, "other", named, ())


async def test_one_configured_later_wins_over_the_accounts_own(documents: Documents, ctx: Context) -> None:
    await make(documents).create(ctx, "mine", BODY, ())
    later = make(documents, mine=Provider(kind="anthropic", models=(ProviderModel(model="big"),)))
    assert await ids(later, ctx) == ["mine.big"]
    offer = await later.find(ctx, "mine.big")
    assert offer is not None
    assert (offer.engines[0].name, offer.place) == ("anthropic", "mine.big")


async def test_what_was_said_comes_back_as_it_was_said(documents: Documents, ctx: Context) -> None:
    body = {
        "kind": "bedrock",
        "region": "eu-central-1",
        "secretEnv": "CRATON_SECRET_AWS",
        "headers": {"X-Team": "a"},
        "firstTokenTimeout": 12.5,
        "models": [{"model": "eu.amazon.nova-lite-v1:0", "contextLength": 300000, "maxOutputTokens": 5000}],
    }
    found = make(documents)
    made = await found.create(ctx, "mine", body, ())
    assert {member: made[member] for member in body if member != "models"} == {
        member: value for member, value in body.items() if member != "models"
    }
    (offer,) = await found.offers(ctx)
    assert (offer.context_length, offer.max_output_tokens) == (300000, 5000)
    assert offer.engines[0].options["headers"] == {"X-Team": "a"}
    assert offer.engines[0].options["secret"] == {"env": "CRATON_SECRET_AWS"}


async def test_a_secrets_file_lies_in_its_folder(documents: Documents, ctx: Context) -> None:
    found = make(documents)
    await found.create(ctx, "mine", BODY | {"secretFile": f"{ctx.account}/key"}, ())
    (offer,) = await found.offers(ctx)
    assert offer.engines[0].options["secret"] == {"file": f"/home/craton/secrets/{ctx.account}/key"}
