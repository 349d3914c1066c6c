"""The operation of bedrock-agent-runtime that answers by as many searches as a question takes.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_AgenticRetrieveStream.html
"""

from craton.core.context import Context
from craton.core.operation import operation
from craton.dialects.body import Json
from craton.dialects.converse import Block
from craton.iam.authorization.actions import INVOKE, RETRIEVE
from craton.knowledge.agentic import asked
from craton.knowledge.agentic.agent import Agent
from craton.knowledge.agentic.asked import Request
from craton.knowledge.agentic.instructions.instructions import Instructions
from craton.knowledge.agentic.searching import Searching, Source
from craton.knowledge.agentic.task import Task
from craton.knowledge.bases.bases import Bases
from craton.knowledge.failures import modelled, modelled_stream
from craton.knowledge.retrieval.guarding import Guarding, Judged
from craton.knowledge.retrieval.retrieving import Retrieving
from craton.runtime.access import conditions
from craton.runtime.inference import DEFAULT_TIER, Inference
from craton.store.vectors.stores import Stores

SERVICE = "bedrock-agent-runtime"


class AgenticApi:
    """`default` is the model that plans and answers where a request names none."""

    def __init__(
        self,
        bases: Bases,
        retrieving: Retrieving,
        stores: Stores,
        inference: Inference,
        instructions: Instructions,
        guarding: Guarding,
        agent: Agent,
        default: str,
    ) -> None:
        self._bases = bases
        self._retrieving = retrieving
        self._stores = stores
        self._inference = inference
        self._instructions = instructions
        self._guarding = guarding
        self._agent = agent
        self._default = default

    @operation(SERVICE, refuses=("memoryConfiguration", "nextToken"))
    async def agentic_retrieve_stream(self, ctx: Context, req: Json) -> Block:
        request = asked.read(req)
        with modelled():
            task = await self._task(ctx, request)
        return {"stream": modelled_stream(self._agent.events(task))}

    async def _task(self, ctx: Context, request: Request) -> Task:
        keys = conditions(ctx, DEFAULT_TIER, request.guardrail)
        resolved = await self._inference.resolve(ctx, request.model or self._default, INVOKE, keys)
        ranking = await self._inference.resolve(ctx, request.reranking, INVOKE) if request.reranking else None
        sources: dict[str, Source] = {}
        for retriever in request.retrievers:
            base = await self._bases.find(ctx, retriever.base)
            ctx.require(RETRIEVE, base.arn)
            sources[base.id] = Source(base, retriever)
        instruction = await self._instructions.apply(ctx, *request.instruction) if request.instruction else None
        searching = Searching(ctx, self._retrieving, self._stores, sources, request.user)
        return Task(ctx, request, resolved, ranking, searching, instruction, await self._judged(ctx, request))

    async def _judged(self, ctx: Context, request: Request) -> Judged | None:
        guardrail = request.guardrail
        if guardrail is None:
            return None
        named = {"guardrailId": guardrail.identifier, "guardrailVersion": guardrail.version}
        return await self._guarding.judged(ctx, named, request.query)
