"""The operations of bedrock-agent-runtime that answer from a knowledge base, or from documents in the request.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_RetrieveAndGenerate.html and
API_agent-runtime_RetrieveAndGenerateStream.html
"""

from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

from craton.core.context import Context
from craton.core.operation import operation
from craton.dialects.body import Json
from craton.dialects.converse import Block
from craton.errors import ValidationException
from craton.iam.authorization.actions import INVOKE, RETRIEVE
from craton.knowledge.bases.bases import Bases
from craton.knowledge.failures import modelled, modelled_stream
from craton.knowledge.generating import asked, external
from craton.knowledge.generating.answering import INTERVENED, Answer, Events, Fold, refused, told
from craton.knowledge.generating.citing.attribution import Vectors
from craton.knowledge.generating.evidence import Evidence, evidence_of
from craton.knowledge.generating.orchestrating import queries
from craton.knowledge.generating.prompting import Prompt, fitted
from craton.knowledge.generating.sessions import Exchange, Session, Sessions
from craton.knowledge.retrieval import decomposing
from craton.knowledge.retrieval.retrieving import Retrieving
from craton.models.resolve import Resolved
from craton.runtime.access import conditions
from craton.runtime.content.content import Parser
from craton.runtime.guarding.asked import Asked
from craton.runtime.inference import DEFAULT_TIER, Inference
from craton.store.blobs import Blobs

SERVICE = "bedrock-agent-runtime"

_REFUSED = ("sessionConfiguration",)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request, read: who asks whom what, and from what it is to be answered."""

    ctx: Context
    session: Session
    resolved: Resolved
    prompt: Prompt
    guardrail: Asked | None
    evidence: list[Evidence]
    external: bool


class GeneratingApi:
    """`model` compares sentences with what was found."""

    def __init__(
        self,
        bases: Bases,
        retrieving: Retrieving,
        inference: Inference,
        sessions: Sessions,
        blobs: Blobs,
        parser: Parser,
        model: Vectors,
    ) -> None:
        self._bases = bases
        self._retrieving = retrieving
        self._inference = inference
        self._sessions = sessions
        self._blobs = blobs
        self._parser = parser
        self._model = model

    @operation(SERVICE, refuses=_REFUSED)
    async def retrieve_and_generate(self, ctx: Context, req: Json) -> Block:
        with modelled():
            read = await self._read(ctx, req)
            fold = Fold()
            async with aclosing(self._events(read, whole=True)) as events:
                async for event in events:
                    fold.add(event)
        return {"sessionId": read.session.id, **fold.answer()}

    @operation(SERVICE, refuses=_REFUSED)
    async def retrieve_and_generate_stream(self, ctx: Context, req: Json) -> Block:
        with modelled():
            read = await self._read(ctx, req)
        return {"sessionId": read.session.id, "stream": modelled_stream(self._events(read, whole=False))}

    async def _read(self, ctx: Context, req: Json) -> _Asked:
        """The request with what was found for it."""
        kind, config = asked.configuration(req)
        prompting, guardrail = asked.generation(config)
        question = str(req["input"]["text"])
        if not question.strip():
            raise ValidationException("The input has no text. Send a question.")
        user = req.get("userContext")
        resolved = await self._inference.resolve(
            ctx, config["modelArn"], INVOKE, conditions(ctx, DEFAULT_TIER, guardrail)
        )
        session = await self._sessions.open(ctx, req.get("sessionId"), user["userId"] if user else None)
        if kind == "EXTERNAL_SOURCES":
            evidence = await external.read(ctx, config["sources"][0], self._blobs, self._parser)
        else:
            evidence = await self._found(ctx, config, resolved, question, session, guardrail, user)
        prompt = Prompt(question, prompting, session.exchanges, guarded=guardrail is not None)
        return _Asked(ctx, session, resolved, prompt, guardrail, evidence, kind == "EXTERNAL_SOURCES")

    async def _found(
        self,
        ctx: Context,
        config: Json,
        resolved: Resolved,
        question: str,
        session: Session,
        guardrail: Asked | None,
        user: Json | None,
    ) -> list[Evidence]:
        prompting, decomposed = asked.orchestration(config)
        base = await self._bases.find(ctx, config["knowledgeBaseId"])
        if base.configuration["type"] == "MANAGED":
            raise ValidationException(
                "RetrieveAndGenerate cannot be used with managed knowledge bases. Use AgenticRetrieveStream or "
                "Retrieve with them."
            )
        ctx.require(RETRIEVE, base.arn)
        wanted = await queries(
            self._inference,
            ctx,
            resolved,
            question,
            prompting=prompting,
            decomposed=decomposed,
            history=session.exchanges,
            asked=guardrail,
        )
        how = config.get("retrievalConfiguration", {})
        found = await decomposing.search(self._retrieving, ctx, base, wanted, how, user=user)
        return [evidence_of(each) for each in found]

    async def _events(self, read: _Asked, *, whole: bool) -> Events:
        if not read.evidence:
            for event in refused():
                yield event
            return
        prompt, ctx, resolved = read.prompt, read.ctx, read.resolved
        best = partial(external.ranked, prompt.query, read.evidence, self._model) if read.external else None
        turn, evidence = await fitted(self._inference, ctx, resolved, prompt, read.evidence, best)
        generation = await self._inference.generation(ctx, resolved, turn, asked=read.guardrail)
        answer = Answer(len(evidence), prompt.template, cites=prompt.cites)
        parts = answer.parts(generation, [each.text for each in evidence], self._model, whole=whole)
        async with aclosing(told(parts, evidence)) as events:
            async for event in events:
                yield event
        action = generation.guarded.action if generation.guarded else None
        if action:
            yield {"guardrail": {"action": action}}
        if action != INTERVENED:  # else what was kept from the model or the caller would be said again
            await self._sessions.add(ctx, read.session.id, Exchange(prompt.query, answer.text))
