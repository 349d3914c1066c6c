"""Answers out of knowledge bases, joined: what serves their operations."""

from craton.app.ground import Ground
from craton.app.judging import Judging
from craton.config import Config
from craton.documents.parser import Parser
from craton.knowledge.agentic.agent import Agent
from craton.knowledge.agentic.api import AgenticApi
from craton.knowledge.agentic.instructions.api import RetrievalInstructionsApi
from craton.knowledge.agentic.instructions.instructions import Instructions
from craton.knowledge.bases.bases import Bases
from craton.knowledge.generating.api import GeneratingApi
from craton.knowledge.generating.sessions import Sessions
from craton.knowledge.retrieval.guarding import Guarding
from craton.knowledge.retrieval.retrieving import Retrieving
from craton.runtime.inference import Inference
from craton.store.vectors.stores import Stores

# What serves operations, in the order that `answer` makes them.
SLICES: tuple[type, ...] = (GeneratingApi, AgenticApi, RetrievalInstructionsApi)


def answer(
    config: Config,
    ground: Ground,
    inference: Inference,
    judges: Judging,
    parser: Parser,
    bases: Bases,
    retrieving: Retrieving,
    guarding: Guarding,
    stores: Stores,
) -> tuple[object, ...]:
    means, instructions = judges.means, Instructions(ground.documents)
    sessions, agent = Sessions(ground.documents), Agent(inference, means)
    return (
        GeneratingApi(bases, retrieving, inference, sessions, ground.blobs, parser, means),
        AgenticApi(bases, retrieving, stores, inference, instructions, guarding, agent, config.default_model),
        RetrievalInstructionsApi(instructions),
    )
