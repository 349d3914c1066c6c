"""What is stored of routes: targets of inference profiles, and prompt routers: an account's own and the default ones.

A plan names models by identifier. Knows neither what these lead to nor how a turn chooses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from craton.core.context import Context
from craton.errors import ValidationException
from craton.models.identifiers import Identifier, Kind, parse
from craton.models.records import PROFILE, ROUTER, model_arn
from craton.store.documents import Document, Documents, View

DEEPEST = 8  # routes behind one another


@dataclass(frozen=True, slots=True)
class Share:
    """One target of a profile. Lower priorities first; of one priority, weights share the traffic."""

    model: str
    weight: float = 1.0
    priority: int = 0


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """An inference profile with targets."""

    arn: str
    shares: tuple[Share, ...]

    @property
    def models(self) -> tuple[str, ...]:
        return tuple(share.model for share in self.shares)


@dataclass(frozen=True, slots=True)
class RouterPlan:
    """A prompt router. `difference` in percent."""

    arn: str
    anchor: str
    others: tuple[str, ...]
    difference: float

    @property
    def models(self) -> tuple[str, ...]:
        return (self.anchor, *self.others)


Plan = SplitPlan | RouterPlan

# The routers that AWS has for everyone, by the end of their ARN: name, description, models; the last is the fallback.
# https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-routing.html
DEFAULT_DIFFERENCE = 25.0
DEFAULTS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "anthropic.claude:1": (
        "Anthropic Prompt Router",
        "Routes requests among models in the Claude family",
        ("anthropic.claude-3-haiku-20240307-v1:0", "anthropic.claude-3-5-sonnet-20240620-v1:0"),
    ),
    "meta.llama:1": (
        "Meta Prompt Router",
        "Routes requests among models in the LLaMA family",
        ("meta.llama3-1-8b-instruct-v1:0", "meta.llama3-1-70b-instruct-v1:0"),
    ),
    "amazon.nova:1": (
        "Amazon Nova Prompt Router",
        "Routes requests among models in the Nova family",
        ("amazon.nova-lite-v1:0", "amazon.nova-pro-v1:0"),
    ),
}


async def find(documents: Documents, ctx: Context, named: Identifier) -> Plan | None:
    """The plan behind an identifier, where it names a route that there is."""
    if named.kind is Kind.DEFAULT_PROMPT_ROUTER and named.name in DEFAULTS:
        return of_router(default_router(ctx, named.name))
    kind = _KINDS.get(named.kind)
    document = await documents.find(ctx.scope, kind, named.name) if kind else None
    return of_document(document) if document else None


def of_document(document: Document) -> Plan | None:
    """The plan in a router or profile; None for a profile without targets."""
    if document.kind == ROUTER:
        return of_router(document.body | {"promptRouterArn": document.arn})
    if targets := document.body.get("targets"):
        shares = (Share(each["modelId"], each.get("weight", 1.0), each.get("priority", 0)) for each in targets)
        return SplitPlan(document.arn, tuple(shares))
    return None


def of_router(router: Mapping[str, Any]) -> RouterPlan:
    """The plan of a router as GetPromptRouter tells of it."""
    anchor = router["fallbackModel"]["modelArn"]
    others = dict.fromkeys(model["modelArn"] for model in router["models"] if model["modelArn"] != anchor)
    difference = router["routingCriteria"]["responseQualityDifference"]
    return RouterPlan(router["promptRouterArn"], anchor, tuple(others), difference)


def default_router(ctx: Context, name: str) -> dict[str, Any]:
    """A router of the system as GetPromptRouter tells of it."""
    title, description, models = DEFAULTS[name]
    targets = [{"modelArn": model_arn(ctx, model)} for model in models]
    return {
        "promptRouterName": title,
        "description": description,
        "promptRouterArn": ctx.arn(f"{Kind.DEFAULT_PROMPT_ROUTER}/{name}"),
        "models": targets,
        "fallbackModel": targets[-1],
        "routingCriteria": {"responseQualityDifference": DEFAULT_DIFFERENCE},
        "status": "AVAILABLE",
        "type": "default",
    }


def refuse_circles(view: View, ctx: Context, goal: Identifier, models: tuple[str, ...], depth: int = 1) -> None:
    """Raises ValidationException where the route `goal` would come back to itself, or be too long, by these models."""
    for text in models:
        named = parse(text)
        if (named.kind, named.name) == (goal.kind, goal.name) or depth > DEEPEST:
            raise ValidationException(
                f"The target {text!r} leads back to {goal.name!r}, or through more than {DEEPEST} routes; "
                "a profile's targets must end at models."
            )
        kind = _KINDS.get(named.kind)
        document = view.find(ctx.scope, kind, named.name) if kind else None
        plan = of_document(document) if document else None
        if plan:
            refuse_circles(view, ctx, goal, plan.models, depth + 1)


_KINDS: Mapping[Kind, str] = {Kind.APPLICATION_INFERENCE_PROFILE: PROFILE, Kind.PROMPT_ROUTER: ROUTER}
