"""The providers that an account may use: those of the configuration, for everyone, and those it made for itself.

A provider that an account made is a document with the members of CreateProvider's request. It names where its secret
stands, and may name only what the operator set aside for that. Knows no HTTP.
"""

import ipaddress
import re
import socket
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from craton.config import PROVIDER_NAME, Provider, link_local
from craton.core.context import Context
from craton.core.operation import snake_case
from craton.engines.base import ModelSpec
from craton.errors import (
    AccessDeniedException,
    ConflictException,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
    ValidationException,
)
from craton.models.identifiers import GEOGRAPHIES
from craton.models.pages import joined
from craton.models.providers import offers
from craton.models.providers.offers import Offer
from craton.store.documents import Document, Documents, Scope
from craton.store.records import Record

PROVIDER = "provider"
MOST = 100  # providers of one account
SECRETS = "secrets"  # the folder of the home whose files such providers may name

_VARIABLE = re.compile(r"CRATON_SECRET_(?:(?P<account>[0-9]{12})_)?[A-Z0-9_]{1,100}")
_FILE = re.compile(r"(?:(?P<account>[0-9]{12})/)?[A-Za-z0-9_][A-Za-z0-9._-]{0,100}")


class Providers:
    """`configured` are the operator's, under their names; `home` is where their relative paths begin.

    Raises ValueError where two of them offer the same id, or an id that is not valid.
    """

    def __init__(
        self,
        documents: Documents,
        configured: Mapping[str, Provider] | None = None,
        *,
        home: Path,
        made_by_accounts: bool = True,
    ) -> None:
        self.configured: Mapping[str, Provider] = dict(configured or {})
        self._documents = documents
        self._home = home
        self._made_by_accounts = made_by_accounts
        self._offers: dict[str, Offer] = {}
        for name, provider in self.configured.items():
            _check_name(name)
            for offer in offers.offers(name, provider, home):
                if offer.id in self._offers:
                    raise ValueError(f"Two providers offer the model {offer.id!r}; give one of them another id.")
                self._offers[offer.id] = offer

    # Their models

    def shared(self) -> Mapping[str, Offer]:
        """The models of the configuration's providers by id."""
        return self._offers

    def passed_through(self, name: str, upstream: str) -> Offer:
        """The model that a provider of the configuration knows as `upstream`."""
        return offers.passed_through(name, self.configured[name], self._home, upstream)

    async def find(self, ctx: Context, id: str) -> Offer | None:
        """The model that the account may use under this id."""
        if offer := self._offers.get(id):
            return offer
        return next((offer for offer in await self._own(ctx) if offer.id == id), None)

    async def offers(self, ctx: Context) -> list[Offer]:
        """All models that the account may use."""
        own = [offer for offer in await self._own(ctx) if offer.id not in self._offers]
        return [*self._offers.values(), *own]

    # Themselves

    async def create(self, ctx: Context, name: str, body: Record, taken: Collection[str]) -> Record:
        """Make a provider of the account's own. `taken` are the ids of models that are here already."""
        if not self._made_by_accounts:
            raise AccessDeniedException(
                "The operator of this server lets nobody make providers (account_providers in craton.toml)."
            )
        if name in self.configured:
            raise ConflictException(f"The server's configuration has a provider {name!r}; choose another name.")
        await self._check(ctx, name, body, taken)
        if len(await self._documents_of(ctx)) >= MOST:
            raise ServiceQuotaExceededException(f"An account may have {MOST} providers; delete one first.")
        return self._record(await self._documents.create(_scope(ctx), PROVIDER, name, body))

    async def update(self, ctx: Context, name: str, body: Record, taken: Collection[str]) -> Record:
        """Replace all that was said of an own provider."""
        await self._own_document(ctx, name)
        await self._check(ctx, name, body, taken)
        return self._record(await self._documents.replace(_scope(ctx), PROVIDER, name, body))

    async def get(self, ctx: Context, name: str) -> Record:
        if name in self.configured:
            return self._configured_record(name)
        return self._record(await self._own_document(ctx, name))

    async def delete(self, ctx: Context, name: str) -> None:
        await self._own_document(ctx, name)
        await self._documents.delete(_scope(ctx), PROVIDER, name)

    async def page(self, ctx: Context, limit: int | None, token: str | None) -> tuple[list[Record], str | None]:
        defined = [self._configured_record(name) for name in sorted(self.configured)]
        return await joined(self._documents, _scope(ctx), PROVIDER, defined, self._record, limit=limit, token=token)

    async def spec(self, ctx: Context, name: str) -> ModelSpec:
        """How an engine calls the provider itself, whatever its models: to ask which it has."""
        if provider := self.configured.get(name):
            return _spec(name, provider, self._home, "")
        return _spec(name, settings((await self._own_document(ctx, name)).body), self._secrets, ctx.account)

    async def _own(self, ctx: Context) -> Iterator[Offer]:
        documents = await self._documents_of(ctx)
        return (offer for document in documents for offer in self._offers_of(ctx, document))

    async def _documents_of(self, ctx: Context) -> list[Document]:
        return (await self._documents.page(_scope(ctx), PROVIDER, limit=MOST)).items

    def _offers_of(self, ctx: Context, document: Document) -> tuple[Offer, ...]:
        return offers.offers(document.id, settings(document.body), self._secrets, account=ctx.account)

    @property
    def _secrets(self) -> Path:
        return self._home / SECRETS

    async def _own_document(self, ctx: Context, name: str) -> Document:
        if name in self.configured:
            raise ValidationException(
                f"The provider {name!r} stands in the server's configuration; only its operator can change it there."
            )
        document = await self._documents.find(_scope(ctx), PROVIDER, name)
        if document is None:
            raise ResourceNotFoundException(f"There is no provider {name!r} in this account; list them to see which.")
        return document

    async def _check(self, ctx: Context, name: str, body: Record, taken: Collection[str]) -> None:
        try:
            _check_name(name)
            provider = settings(body)
            offered = offers.offers(name, provider, self._secrets, account=ctx.account)
        except (msgspec.ValidationError, ValueError) as error:
            raise ValidationException(f"The provider {name!r} is not valid: {str(error).rstrip('.')}.") from None
        _check_reach(ctx, provider)
        others = {offer.id for offer in await self._own(ctx) if offer.provider != name}
        for offer in offered:
            if offer.id in self._offers or offer.id in taken or offer.id in others:
                raise ConflictException(f"There is a model {offer.id!r} already; give the one of {name!r} another id.")

    def _record(self, document: Document) -> Record:
        told = {"createdAt": document.created_at, "updatedAt": document.updated_at}
        ids = [offer.id for offer in offers.offers(document.id, settings(document.body), self._secrets)]
        return _shown(document.id, document.body, ids, "ACCOUNT") | told

    def _configured_record(self, name: str) -> Record:
        provider = self.configured[name]
        ids = [offer.id for offer in offers.offers(name, provider, self._home)]
        return _shown(name, described(provider), ids, "CONFIGURATION")


def settings(body: Mapping[str, Any]) -> Provider:
    """What a request or its document says of a provider. Raises msgspec.ValidationError."""
    told = {snake_case(member): value for member, value in body.items()}
    models = [{snake_case(member): value for member, value in model.items()} for model in told.get("models", ())]
    return msgspec.convert(told | {"models": models}, Provider)


def described(provider: Provider) -> Record:
    """The members of a request that would make the provider, without what tells of its secrets."""
    told = {_camel_case(name): getattr(provider, name) for name in _TOLD}
    models = [
        {_camel_case(name): value for name, value in msgspec.to_builtins(model).items() if value}
        for model in provider.models
    ]
    return {member: value for member, value in told.items() if value is not None} | {"models": models}


# What everybody may know of a provider of the configuration.
_TOLD = ("kind", "base_url", "region", "connect_timeout", "first_token_timeout", "idle_timeout", "retries")


def _shown(name: str, body: Mapping[str, Any], ids: Collection[str], source: str) -> Record:
    models = [{**model, "id": made} for model, made in zip(body.get("models", ()), ids, strict=True)]
    return {**body, "providerName": name, "source": source, "models": models}


def _spec(name: str, provider: Provider, home: Path, account: str) -> ModelSpec:
    place = f"{account}/{name}" if account else name
    return ModelSpec(place, provider.kind, {}, 0, offers.options(name, provider, home, account=account) | {"model": ""})


def _check_name(name: str) -> None:
    if not PROVIDER_NAME.fullmatch(name) or name in GEOGRAPHIES:
        raise ValueError(
            f"{name!r} is no name for a provider: use 1 to 30 lower-case letters, digits and hyphens, "
            f"and none of the geographies {', '.join(GEOGRAPHIES)}"
        )


def _check_reach(ctx: Context, provider: Provider) -> None:
    """Raises ValidationException where a provider made by a caller would reach what is not the caller's."""
    for place, pattern, rule in (
        (provider.secret_env, _VARIABLE, "an environment variable of the server named CRATON_SECRET_..."),
        (provider.secret_file, _FILE, f"the name of a file in the folder {SECRETS!r} of the server's home"),
    ):
        found = pattern.fullmatch(place) if place is not None else None
        if place is not None and (found is None or found["account"] not in (None, ctx.account)):
            raise ValidationException(
                f"{place!r} cannot be the place of the secret: name {rule}. Those that have an account's number "
                "behind that are for this account alone; others are for the operator, in craton.toml."
            )
    if provider.profile or provider.ca_file or provider.environment_proxy:
        raise ValidationException("profile, ca_file and environment_proxy are for the operator, in craton.toml.")
    if not all(isinstance(value, str) for value in provider.headers.values()):
        raise ValidationException("A header of a provider is a text; its secret goes to secretEnv or secretFile.")
    if provider.kind == "bedrock" and provider.secret_env is None and provider.secret_file is None:
        raise ValidationException(
            "A provider of the kind 'bedrock' needs secretEnv or secretFile: "
            "the server's own AWS credentials are for its operator, in craton.toml."
        )
    host = urlsplit(provider.base_url or "").hostname or ""
    if _leads_to_metadata(host):
        raise ValidationException(
            f"The host {host!r} in baseUrl is link-local or a cloud's metadata service, where no provider is; "
            "name the provider's own address."
        )


def _leads_to_metadata(host: str) -> bool:
    """Of a name only the well-known ones are told here; what others lead to is looked at when they are connected to."""
    if host.rstrip(".") in ("metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal"):
        return True
    try:
        return link_local(str(ipaddress.ip_address(host)))
    except ValueError:
        pass
    try:
        return link_local(socket.inet_ntoa(socket.inet_aton(host)))  # one number, octal and hexadecimal parts
    except OSError:
        return False


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def _scope(ctx: Context) -> Scope:
    """An account's providers are the same in all regions."""
    return Scope(ctx.account, "")
