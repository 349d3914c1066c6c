"""The operations of bedrock-runtime that judge texts and pictures without asking a model about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from craton.config import GuardrailSettings
from craton.core.context import Context
from craton.core.operation import operation
from craton.errors import ServiceUnavailableException, ValidationException
from craton.guardrails import content, grounding
from craton.guardrails.applying.checks import check
from craton.guardrails.assessing.assess import Content, answered, assess
from craton.guardrails.assessing.verdict import Terms
from craton.guardrails.findings import Answered, Image, Source, Undecided
from craton.guardrails.guardrails import Guardrails
from craton.guardrails.means import Means

if TYPE_CHECKING:
    from craton.shapes import bedrock_runtime as shapes

SERVICE = "bedrock-runtime"

# In AWS the characters of a request are a quota that differs by region and policy, of 25,000 to 1,000,000.
MOST_CHARACTERS = 1_000_000
# https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-mmfilter.html
MOST_IMAGES = 20
MOST_IMAGE_BYTES = 4 * 1024 * 1024

Answer = dict[str, object]


class ApplyingApi:
    def __init__(self, guardrails: Guardrails, means: Means, settings: GuardrailSettings) -> None:
        self._guardrails = guardrails
        self._means = means
        self._undecided = settings.undecided

    @operation(SERVICE)
    async def apply_guardrail(self, ctx: Context, req: shapes.ApplyGuardrailRequest) -> Answer:
        guard = await self._guardrails.find(ctx, req["guardrailIdentifier"], req["guardrailVersion"])
        source = Source(req["source"])
        contents, images = _contents(req["content"])
        if guard.body.get("contextualGroundingPolicy") and (sentence := _refused(source, answered(contents))):
            raise ValidationException(sentence)
        terms = Terms(
            full=req.get("outputScope") == "FULL",
            undecided=self._undecided,
            ownership="SELF" if guard.arn == ctx.arn(f"guardrail/{guard.id}") else "CROSS_ACCOUNT",
        )
        judges = guard.judges(source, self._means)
        verdict = await assess(guard, source, judges, contents, images, terms, trace=ctx.trace)
        return {
            "usage": verdict.units,
            "action": verdict.action,
            "actionReason": verdict.reason,
            "outputs": [{"text": text} for text in verdict.outputs],
            "assessments": [verdict.assessment],
            "guardrailCoverage": verdict.coverage,
        }

    @operation(SERVICE)
    async def invoke_guardrail_checks(self, ctx: Context, req: shapes.InvokeGuardrailChecksRequest) -> Answer:
        if not req["checks"]:
            raise ValidationException(
                "`checks` names no check. Give at least one of contentFilter, promptAttack and sensitiveInformation."
            )
        _refuse_longer(sum(len(block["text"]) for message in req["messages"] for block in message["content"]))
        try:
            results, usage = await check(req["messages"], req["checks"], self._means)
        except Undecided as error:
            raise ServiceUnavailableException(str(error)) from error
        return {"results": results, "usage": usage}


def _refused(source: Source, compared: Answered) -> str | None:
    """Why an answer cannot be compared with what it is to follow from: a source or question is missing, or too long."""
    return grounding.exceeded(compared) or (grounding.lacking(compared) if source is Source.OUTPUT else None)


def _contents(blocks: list[shapes.GuardrailContentBlock]) -> tuple[list[Content], list[Image]]:
    """Raises ValidationException where there is nothing to judge, or too much."""
    contents = [
        Content.of(block["text"]["text"], block["text"].get("qualifiers") or ()) for block in blocks if "text" in block
    ]
    images = [
        Image(block["image"]["format"], block["image"]["source"]["bytes"]) for block in blocks if "image" in block
    ]
    if not contents and not images:
        raise ValidationException("`content` holds nothing to judge. Give at least one text or image.")
    _refuse_longer(sum(len(content.text) for content in contents))
    if len(images) > MOST_IMAGES:
        raise ValidationException(
            f"`content` holds {len(images)} images, and a request may hold {MOST_IMAGES}. Send several requests."
        )
    for number, image in enumerate(images, start=1):
        if len(image.data) > MOST_IMAGE_BYTES:
            raise ValidationException(
                f"Image {number} has {len(image.data)} bytes, and it may have {MOST_IMAGE_BYTES}. Send a smaller one."
            )
    content.check_images(images)
    return contents, images


def _refuse_longer(characters: int) -> None:
    if characters > MOST_CHARACTERS:
        raise ValidationException(
            f"The texts have {characters} characters, and those of a request may have {MOST_CHARACTERS}. Send them in "
            "several requests."
        )
