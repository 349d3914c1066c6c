"""The `openvino` engine: GGUF and OpenVINO models on OpenVINO GenAI, with continuous batching and prefix caching.

Knows no Converse: `text` makes the answers. OpenVINO does not tell what its prefix cache spared, so no cache figures
are reported, and of log-probabilities only those of the tokens it chose.

Options: `threads` (all cores), `slots` (16 requests at once), `cache_tokens` (tokens the key-value cache holds for all
of them), and those of `text.request`. The file `model` is a GGUF, or a folder with a converted model.
"""

import asyncio
import logging
import secrets
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from craton.engines.base import Embeddings, Engine, Event, Mark, ModelSpec, Turn, no_classifier
from craton.engines.text import conversation
from craton.engines.text.calls import MARKS
from craton.engines.text.model import Finish, LogProb, Message, Piece, Prompt
from craton.engines.text.request import too_long
from craton.errors import ApiError, ModelErrorException, ModelNotReadyException, ValidationException

# Importing OpenVINO reports the import to its maker; without this package it does not.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
import openvino_genai as genai  # noqa: E402

logger = logging.getLogger(__name__)

# Tokens per block of the key-value cache on CPUs.
_BLOCK = 32
_FINISH: dict[Any, Finish] = {
    genai.GenerationFinishReason.STOP: "stop",
    genai.GenerationFinishReason.LENGTH: "length",
}


async def load(spec: ModelSpec) -> Engine:
    """Raises ModelNotReadyException for a model OpenVINO cannot load."""
    try:
        pipeline = await asyncio.to_thread(build, spec)
    except RuntimeError as error:
        raise ModelNotReadyException(
            f"OpenVINO cannot load the files of the model {spec.id!r}: choose another engine for it, such as "
            f"'llamacpp'. It said: {str(error).strip().splitlines()[-1]}"
        ) from error
    return OpenVino(spec, pipeline)


def _blocks(spec: ModelSpec) -> int:
    return max(int(spec.options.get("cache_tokens", 32768)), spec.context_length) // _BLOCK + 1


def build(spec: ModelSpec) -> genai.ContinuousBatchingPipeline:
    """OpenVINO's pipeline for this model. Raises RuntimeError where it cannot load it."""
    scheduler = genai.SchedulerConfig()
    scheduler.enable_prefix_caching = True
    scheduler.max_num_seqs = int(spec.options.get("slots", 16))
    scheduler.num_kv_blocks = _blocks(spec)
    properties = {"INFERENCE_NUM_THREADS": int(spec.options["threads"])} if "threads" in spec.options else {}
    pipeline = genai.ContinuousBatchingPipeline(str(spec.files["model"]), scheduler, "CPU", properties)
    # The first step makes the kernels, which takes longer than a prompt: better now than while someone waits.
    config = genai.GenerationConfig(max_new_tokens=2, apply_chat_template=False, ignore_eos=True)
    handle = pipeline.add_request(0, "Hi", config)  # without its handle a request is dropped
    while handle.get_status() == genai.GenerationStatus.RUNNING:
        pipeline.step()
    return pipeline


@dataclass(slots=True, eq=False)
class Generation:
    """The answer to one prompt in the making: the stepper fills it, its stream reads it."""

    prompt: Any
    config: genai.GenerationConfig
    prompt_tokens: int
    handle: Any = None
    tokens: list[int] = field(default_factory=list)
    shown: int = 0
    whole: int = 0
    pieces: asyncio.Queue[Piece | ApiError] = field(default_factory=asyncio.Queue)


class OpenVino:
    """A model loaded by OpenVINO GenAI: an engine, and a `TextModel`."""

    alternatives = False

    def __init__(self, spec: ModelSpec, pipeline: genai.ContinuousBatchingPipeline) -> None:
        self._spec = spec
        self._tokenizer = pipeline.get_tokenizer()
        self._stop_token_ids = pipeline.get_config().stop_token_ids
        self._pipeline = pipeline
        self._stepper = Stepper(pipeline)
        self.template = str(self._tokenizer.chat_template)

    def figures(self) -> dict[str, int]:
        tokens = _blocks(self._spec) * _BLOCK
        percent: float = self._pipeline.get_metrics().cache_usage
        return {"cache_tokens": tokens, "cache_tokens_held": round(tokens * percent / 100)}

    def converse(self, turn: Turn) -> AsyncGenerator[Event, None]:
        return conversation.converse(self, self._spec, turn)

    async def count_tokens(self, turn: Turn) -> int:
        return await conversation.count_tokens(self, self._spec, turn)

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        raise ValidationException(f"The model {self._spec.id!r} makes text, not embeddings: choose another model.")

    async def classify(self, items: Sequence[str | bytes]) -> Sequence[Sequence[Mark]]:
        raise no_classifier(self._spec.id)

    async def close(self) -> None:
        pass

    async def render(self, messages: Sequence[Message]) -> str:
        try:
            return str(self._tokenizer.apply_chat_template(list(messages), add_generation_prompt=True))
        except RuntimeError as error:
            raise ValidationException(
                f"The chat template of the model {self._spec.id!r} cannot render these messages: {error}."
            ) from error

    async def count(self, text: str) -> int:
        return int(self._encode(text).shape[1])

    @asynccontextmanager
    async def seat(self, prompt: str, max_tokens: int | None, limit: int) -> AsyncIterator["_Seat"]:
        tokens = await self.count(prompt)
        if tokens >= self._spec.context_length:
            raise too_long(tokens, self._spec)
        yield _Seat(self, min(self._spec.context_length - tokens, limit))

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        ids = self._encode(prompt.text)
        prompt_tokens = int(ids.shape[1])
        limit = min(prompt.limit, self._spec.context_length - prompt_tokens)
        if limit <= 0:
            yield Piece("", 0, "length")
            return
        generation = Generation(ids, self._config(prompt, limit), prompt_tokens)
        self._stepper.add(generation)
        try:
            while True:
                piece = await generation.pieces.get()
                if isinstance(piece, ApiError):
                    raise piece
                yield piece
                if piece.finish:
                    return
        finally:
            self._stepper.drop(generation)

    def _encode(self, text: str) -> Any:
        """The token ids of a prompt, a tensor of shape (1, tokens)."""
        return self._tokenizer.encode(text, add_special_tokens=False).input_ids

    def _config(self, prompt: Prompt, limit: int) -> genai.GenerationConfig:
        sampling = prompt.sampling
        config = genai.GenerationConfig(
            max_new_tokens=limit,
            apply_chat_template=False,
            eos_token_id=self._tokenizer.get_eos_token_id(),
            stop_token_ids=self._stop_token_ids,
            repetition_penalty=sampling.repeat_penalty,
            presence_penalty=sampling.presence_penalty,
            frequency_penalty=sampling.frequency_penalty,
        )
        if sampling.temperature > 0:
            config.do_sample = True
            config.temperature = sampling.temperature
            config.top_p = sampling.top_p or 1.0
            config.min_p = sampling.min_p
            config.rng_seed = secrets.randbits(32) if sampling.seed is None else sampling.seed
            if sampling.top_k:
                config.top_k = sampling.top_k
        if prompt.grammar is not None:
            config.structured_output_config = genai.StructuredOutputConfig(grammar=prompt.grammar)
        if prompt.logprobs is not None:
            config.logprobs = 1
        return config


@dataclass(frozen=True, slots=True)
class _Seat:
    """OpenVINO finds what its cache holds of a prompt by itself, and makes room as it goes."""

    model: OpenVino
    limit: int

    def generate(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        return self.model.generate(prompt)


class Stepper:
    """Steps the pipeline while anything runs, and lets the event loop work between two steps.

    A step holds the interpreter's lock until it is done, so a thread of its own would only delay what a step made.
    """

    def __init__(self, pipeline: genai.ContinuousBatchingPipeline) -> None:
        self._pipeline = pipeline
        self._tokenizer = pipeline.get_tokenizer()
        self._vocabulary = {number: text for text, number in self._tokenizer.get_vocab().items()}
        self._silent = self._silenced(pipeline)
        self._running: list[Generation] = []
        self._last_id = 0
        self._task: asyncio.Task[None] | None = None

    def add(self, generation: Generation) -> None:
        """Raises ValidationException for settings OpenVINO refuses."""
        self._last_id += 1
        try:
            generation.handle = self._pipeline.add_request(self._last_id, generation.prompt, generation.config)
        except RuntimeError as error:
            raise ValidationException(f"OpenVINO cannot take this request: {error}") from error
        self._running.append(generation)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def drop(self, generation: Generation) -> None:
        """Cancel, where it still runs."""
        if generation in self._running:
            generation.handle.cancel()
            self._running.remove(generation)

    async def _run(self) -> None:
        while self._running:
            for generation, piece in self._step():
                generation.pieces.put_nowait(piece)
            # First the streams take what they got, then it is written out and new requests are read; only then comes
            # the next step.
            for _ in range(3):
                await asyncio.sleep(0)

    def _step(self) -> list[tuple[Generation, Piece | ApiError]]:
        try:
            self._pipeline.step()
            return self._collect()
        except RuntimeError as error:
            logger.exception("a step failed")
            failure = ModelErrorException(f"OpenVINO failed while the model answered: {error}")
            failed: list[tuple[Generation, Piece | ApiError]] = [(each, failure) for each in self._running]
            for generation, _ in failed:
                self.drop(generation)
            return failed

    def _collect(self) -> list[tuple[Generation, Piece | ApiError]]:
        """What the step made: each stream's new tokens, all turned into text by one call."""
        stepped = [(generation, *self._read(generation)) for generation in self._running]
        stepped = [item for item in stepped if item[1] or item[3]]
        texts = iter(self._texts([item[0] for item in stepped]))
        made: list[tuple[Generation, Piece | ApiError]] = []
        for generation, tokens, logprobs, finish in stepped:
            before, text = next(texts), next(texts)
            # A text that ends in U+FFFD is cut within a character: the rest of it comes with the next token.
            new = "" if text.endswith("\ufffd") and not finish else text[len(before) :]
            if new:
                generation.shown, generation.whole = generation.whole, len(generation.tokens)
            made.append((generation, Piece(new, tokens, finish, logprobs, generation.prompt_tokens)))
        return made + self._ended()

    def _ended(self) -> list[tuple[Generation, Piece | ApiError]]:
        """Let go of the answers that have ended. Those OpenVINO gave up, for want of cache, end with an error."""
        over = [item for item in self._running if item.handle.get_status() != genai.GenerationStatus.RUNNING]
        self._running = [item for item in self._running if item not in over]
        lost = ModelErrorException("OpenVINO gave the answer up for want of memory: try again with a lower maxTokens.")
        return [(item, lost) for item in over if item.handle.get_status() == genai.GenerationStatus.IGNORED]

    def _read(self, generation: Generation) -> tuple[int, Sequence[LogProb], Finish | None]:
        """How many tokens came, what is known of them where it was asked, and how the answer ended if it did. The token
        that ends it counts, but has no text.
        """
        handle = generation.handle
        tokens, finish = 0, None
        logprobs: list[LogProb] = []
        while handle.can_read():
            for output in handle.read().values():
                tokens += len(output.generated_ids)
                generation.tokens += output.generated_ids
                finish = _FINISH.get(output.finish_reason)
                if generation.config.logprobs:
                    logprobs += map(self._logprob, output.generated_ids, output.generated_log_probs)
        return tokens, logprobs[: -1 if finish == "stop" else None], finish

    def _logprob(self, id: int, logprob: float) -> LogProb:
        text = self._vocabulary[id]
        token = text.decode("utf-8", errors="replace")
        return {"token": token, "logprob": logprob, "bytes": list(text), "top_logprobs": []}

    def _texts(self, generations: Sequence[Generation]) -> list[str]:
        """For each: the text of the last shown tokens without and with the new ones. Their difference is what to show:
        tokens may need those before them to become the right text.
        """
        windows = []
        for generation in generations:
            windows.append(generation.tokens[generation.shown : generation.whole])
            windows.append(generation.tokens[generation.shown :])
        if self._silent is not None:
            windows = [[token for token in window if token not in self._silent] for window in windows]
        return self._tokenizer.decode(windows, skip_special_tokens=self._silent is None) if windows else []

    def _silenced(self, pipeline: genai.ContinuousBatchingPipeline) -> set[int] | None:
        """The tokens without a text, where the tokenizer takes marks of calls and thoughts for such; else it knows."""
        marks = {mark.encode() for mark in MARKS}
        known = [token for token, text in self._vocabulary.items() if text in marks]
        if all(self._tokenizer.decode([token]) for token in known):
            return None
        tokenizer = self._tokenizer
        ends = {tokenizer.get_eos_token_id(), tokenizer.get_bos_token_id(), tokenizer.get_pad_token_id()}
        return ends | set(pipeline.get_config().stop_token_ids)
