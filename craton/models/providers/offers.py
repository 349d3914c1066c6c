"""What a provider offers, as models of the catalogue: their ids, families and how an engine calls them.

Pure. Knows no store, no account's rights and no HTTP: which providers there are is `providers`' matter.
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from craton.config import Provider, ProviderModel
from craton.models import aws_models
from craton.models.catalogue import EngineChoice, Modality, Model
from craton.models.identifiers import GEOGRAPHIES

LONGEST_ID = 56  # with the longest geography before it, an id still fits an inference profile's 64 characters
_ID = re.compile(r"[a-z0-9-]{1,63}\.([a-z0-9-]{1,63}\.){0,2}[a-z0-9-]{2,63}(:[a-z0-9-]{1,63})?")
_OTHER = re.compile("[^a-z0-9:]+")


@dataclass(frozen=True, slots=True)
class Kind:
    """What the models of all providers of one kind are like, where nothing else is said."""

    family: str
    input: tuple[Modality, ...]
    embedding_family: str = "titan_embed"


KINDS: Mapping[str, Kind] = {
    "openai": Kind("openai_chat", ("TEXT",)),
    "anthropic": Kind("anthropic", ("TEXT", "IMAGE", "DOCUMENT")),
    "bedrock": Kind("openai_chat", ("TEXT", "DOCUMENT")),
}


class Offer(Model, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A provider's model. `account` is whose provider it is, and empty for those of the configuration."""

    account: str = ""

    @property
    def place(self) -> str:
        """Two accounts may have providers of one name: their engines must never be the same."""
        return f"{self.account}/{self.id}" if self.account else self.id


def offers(name: str, provider: Provider, home: Path, *, account: str = "") -> tuple[Offer, ...]:
    """The models of the provider with this name, in their order. Raises ValueError where an id is not valid.

    A model without an id of its own gets `<name>.<slug>`. Where two slugs are the same, the first keeps it and the
    others end in a hash of the provider's own name, so that a model added later changes no id.
    """
    taken = {model.id for model in provider.models if model.id}
    if len(taken) < sum(model.id is not None for model in provider.models):
        raise ValueError(f"Two models of the provider {name!r} have the same id; give each one of its own.")
    return tuple(_offers(name, provider, home, account, taken))


def passed_through(name: str, provider: Provider, home: Path, upstream: str) -> Offer:
    """The model that the provider knows by the very identifier that the caller sent."""
    model = ProviderModel(model=upstream)
    return _offer(name, provider, home, "", model, f"{name}.{upstream}")


def secret_of(provider: Provider, home: Path) -> dict[str, str]:
    """Where the engine finds the provider's secret, as `ModelSpec.options` names it; empty where there is none."""
    return _place(provider.secret_env, provider.secret_file, home)


def options(name: str, provider: Provider, home: Path, *, account: str = "") -> dict[str, Any]:
    """The options of all the provider's models: those that were set, for the engine to have its own defaults."""
    given: dict[str, Any] = {
        "provider": name,
        "base_url": provider.base_url,
        "secret": secret_of(provider, home) or None,
        "region": provider.region,
        "profile": provider.profile,
        "headers": _headers(provider, home) or None,
        "connect_timeout": provider.connect_timeout,
        "first_token_timeout": provider.first_token_timeout,
        "idle_timeout": provider.idle_timeout,
        "retries": provider.retries,
        "max_requests": provider.max_requests,
        "batch": provider.batch,
        "ca_file": provider.ca_file,
        "environment_proxy": provider.environment_proxy or None,
        "no_link_local": bool(account) or None,
    }
    return {option: value for option, value in given.items() if value is not None}


def _headers(provider: Provider, home: Path) -> dict[str, str | dict[str, str]]:
    return {
        name: value if isinstance(value, str) else _place(value.env, value.file, home)
        for name, value in provider.headers.items()
    }


def _place(variable: str | None, file: str | None, home: Path) -> dict[str, str]:
    if variable is not None:
        return {"env": variable}
    return {} if file is None else {"file": str(home / Path(file).expanduser())}


def slug(name: str) -> str:
    """A provider's own name of a model as the last part of an id: 'Qwen/Qwen2.5-7B' is 'qwen-qwen2-5-7b'."""
    plain, _, version = name.lower().partition(":")
    parts = [_OTHER.sub("-", part.replace(":", "-")).strip("-") for part in (plain, version)]
    text = ":".join(part for part in parts if part)
    return text if len(text.partition(":")[0]) > 1 else f"model-{text or _hash(name)}"


def _offers(name: str, provider: Provider, home: Path, account: str, taken: set[str]) -> Iterator[Offer]:
    used = set(taken)
    for model in provider.models:
        made = model.id or _free_id(name, model.model, used)
        if not _ID.fullmatch(made) or len(made) > LONGEST_ID or made.partition(".")[0] in GEOGRAPHIES:
            raise ValueError(
                f"{made!r} is no id for a model of the provider {name!r}: write 'maker.model' in lower-case letters, "
                f"digits and hyphens, {LONGEST_ID} characters at most, and begin with no geography such as 'eu'."
            )
        used.add(made)
        yield _offer(name, provider, home, account, model, made)


def _free_id(name: str, model: str, used: Collection[str]) -> str:
    wanted = f"{name}.{slug(model)}"
    if len(wanted) <= LONGEST_ID and wanted not in used:
        return wanted
    plain = wanted.partition(":")[0][: LONGEST_ID - 9].rstrip("-")
    return f"{plain}-{_hash(model)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _offer(name: str, provider: Provider, home: Path, account: str, model: ProviderModel, id: str) -> Offer:
    kind = KINDS[provider.kind]
    known = aws_models.get(_bare(model.model)) if provider.kind == "bedrock" else None
    output: tuple[Modality, ...] = ("EMBEDDING",) if model.embedding else model.output or (known or _TEXT).output
    embeds = "EMBEDDING" in output
    family = kind.embedding_family if embeds else kind.family
    if provider.kind == "bedrock":
        family = aws_models.family(_bare(model.model)) or family
    called = options(name, provider, home, account=account) | {"model": model.model}
    return Offer(
        id=id,
        short=model.model,
        name=model.name or (known.name if known else model.model),
        provider=name,
        family=family,
        licence="",
        input=model.input or (known.input if known else ("TEXT",) if embeds else kind.input),
        output=output,
        context_length=model.context_length,
        max_output_tokens=model.max_output_tokens,
        engines=(EngineChoice(provider.kind, options=called),),
        files=(),
        streaming=not embeds and (known is None or known.streaming),
        strength=model.strength,
        account=account,
    )


_TEXT = aws_models.KnownModel("", "")


def _bare(id: str) -> str:
    """A model's id on Bedrock without the geography of its inference profile, and out of its ARN."""
    name = id.rpartition("/")[2]
    prefix, _, rest = name.partition(".")
    return rest if prefix in GEOGRAPHIES else name
