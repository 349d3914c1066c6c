"""The `openvino` engine: GGUF and OpenVINO models on OpenVINO GenAI, with continuous batching and prefix caching.

Knows no Converse beyond events: `chat` reads the turn. OpenVINO does not tell what its prefix cache spared, so no
cache figures are reported.

Options: `threads` (all cores), `slots` (16 requests at once), `cache_tokens` (tokens the key-value cache holds for all
of them), and those of `chat`. The file `model` is a GGUF, or a folder with a converted model.
"""

import asyncio
import logging
import secrets
import sys
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any

from craton.engines import chat
from craton.engines.base import Embeddings, Engine, Event, ModelSpec, Turn
from craton.engines.chat import Chat, Message
from craton.engines.stops import StopScanner
from craton.errors import ApiError, ModelErrorException, ModelNotReadyException, ValidationException

# Importing OpenVINO reports the import to its maker; without this package it does not.
sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
import openvino_genai as genai  # noqa: E402

logger = logging.getLogger(__name__)

# Tokens per block of the key-value cache on CPUs.
_BLOCK = 32
_STOP_REASONS = {genai.GenerationFinishReason.STOP: "end_turn", genai.GenerationFinishReason.LENGTH: "max_tokens"}


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


def build(spec: ModelSpec) -> genai.ContinuousBatchingPipeline:
    """OpenVINO's pipeline for this model. Raises RuntimeError where it cannot load it."""
    scheduler = genai.SchedulerConfig()
    scheduler.enable_prefix_caching = True
    scheduler.max_num_seqs = int(spec.options.get("slots", 16))
    scheduler.num_kv_blocks = max(int(spec.options.get("cache_tokens", 32768)), spec.context_length) // _BLOCK + 1
    properties = {"INFERENCE_NUM_THREADS": int(spec.options["threads"])} if "threads" in spec.options else {}
    pipeline = genai.ContinuousBatchingPipeline(str(spec.files["model"]), scheduler, "CPU", properties)
    # The first step makes the kernels, which takes longer than a prompt: better now than while someone waits.
    config = genai.GenerationConfig(max_new_tokens=2, apply_chat_template=False, ignore_eos=True)
    handle = pipeline.add_request(0, "Hi", config)  # without its handle a request is dropped
    while handle.get_status() == genai.GenerationStatus.RUNNING:
        pipeline.step()
    return pipeline


@dataclass(frozen=True, slots=True)
class Piece:
    """What one step added to one answer: text that may be empty, its tokens, and how the answer ended, if it did."""

    text: str
    tokens: int
    finish: str | None = None
    error: ApiError | None = None


@dataclass(slots=True, eq=False)
class Generation:
    """One answer in the making: the stepper fills it, its stream reads it."""

    prompt: Any
    config: genai.GenerationConfig
    handle: Any = None
    tokens: list[int] = field(default_factory=list)
    shown: int = 0
    whole: int = 0
    pieces: asyncio.Queue[Piece] = field(default_factory=asyncio.Queue)


class OpenVino:
    """A model loaded by OpenVINO GenAI."""

    def __init__(self, spec: ModelSpec, pipeline: genai.ContinuousBatchingPipeline) -> None:
        self._spec = spec
        self._tokenizer = pipeline.get_tokenizer()
        self._stop_token_ids = pipeline.get_config().stop_token_ids
        self._stepper = Stepper(pipeline)

    async def converse(self, turn: Turn) -> AsyncGenerator[Event, None]:
        request = chat.read(turn, self._spec)
        prompt = self._encode(request.messages)
        tokens = prompt.shape[1]
        if tokens >= self._spec.context_length:
            raise chat.too_long(tokens, self._spec)
        generation = Generation(prompt, self._config(request, min(self._spec.context_length - tokens, request.limit)))
        self._stepper.add(generation)
        try:
            scanner, reason, made = StopScanner(request.stops), None, 0
            while reason is None:
                piece = await generation.pieces.get()
                if piece.error:
                    raise piece.error
                if not made:
                    yield {"messageStart": {"role": "assistant"}}
                made += piece.tokens
                text = scanner.feed(piece.text)
                reason = "stop_sequence" if scanner.found is not None else piece.finish
                if text := text + (scanner.rest() if reason else ""):
                    yield {"contentBlockDelta": {"contentBlockIndex": 0, "delta": {"text": text}}}
        finally:
            self._stepper.drop(generation)
        yield {"contentBlockStop": {"contentBlockIndex": 0}}
        yield chat.stop(reason, scanner.found)
        yield chat.usage(tokens, made)

    async def count_tokens(self, turn: Turn) -> int:
        return int(self._encode(chat.read(turn, self._spec).messages).shape[1])

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        raise ValidationException(f"The model {self._spec.id!r} makes text, not embeddings: choose another model.")

    async def close(self) -> None:
        pass

    def _encode(self, messages: Sequence[Message]) -> Any:
        """The prompt's token ids, a tensor of shape (1, tokens). A last message of the assistant is left open, to be
        continued.
        """
        begun = messages[-1]["content"] if messages[-1]["role"] == "assistant" else ""
        history = [dict(message) for message in (messages[:-1] if begun else messages)]
        try:
            text = self._tokenizer.apply_chat_template(history, add_generation_prompt=True)
        except RuntimeError as error:
            raise ValidationException(
                f"The chat template of the model {self._spec.id!r} cannot render these messages: {error}."
            ) from error
        return self._tokenizer.encode(text + begun, add_special_tokens=False).input_ids

    def _config(self, request: Chat, limit: int) -> genai.GenerationConfig:
        sampling = request.sampling
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
        return config


class Stepper:
    """Steps the pipeline while anything runs, and lets the event loop work between two steps.

    A step holds the interpreter's lock until it is done, so a thread of its own would only delay what a step made.
    """

    def __init__(self, pipeline: genai.ContinuousBatchingPipeline) -> None:
        self._pipeline = pipeline
        self._tokenizer = pipeline.get_tokenizer()
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

    def _step(self) -> list[tuple[Generation, Piece]]:
        try:
            self._pipeline.step()
            return self._collect()
        except RuntimeError as error:
            logger.exception("a step failed")
            failure = ModelErrorException(f"OpenVINO failed while the model answered: {error}")
            failed = [(generation, Piece("", 0, error=failure)) for generation in self._running]
            for generation, _ in failed:
                self.drop(generation)
            return failed

    def _collect(self) -> list[tuple[Generation, Piece]]:
        """What the step made: each stream's new tokens, all turned into text by one call."""
        stepped = [(generation, *self._read(generation)) for generation in self._running]
        stepped = [item for item in stepped if item[1] or item[2]]
        texts = iter(self._texts([generation for generation, _, _ in stepped]))
        made = []
        for generation, tokens, finish in stepped:
            before, text = next(texts), next(texts)
            # A text that ends in U+FFFD is cut within a character: the rest of it comes with the next token.
            new = "" if text.endswith("\ufffd") and not finish else text[len(before) :]
            if new:
                generation.shown, generation.whole = generation.whole, len(generation.tokens)
            made.append((generation, Piece(new, tokens, finish)))
        return made + self._ended()

    def _ended(self) -> list[tuple[Generation, Piece]]:
        """Let go of the answers that have ended. Those OpenVINO gave up, for want of cache, end with an error."""
        over = [item for item in self._running if item.handle.get_status() != genai.GenerationStatus.RUNNING]
        self._running = [item for item in self._running if item not in over]
        lost = ModelErrorException("OpenVINO gave the answer up for want of memory: try again with a lower maxTokens.")
        given_up = [item for item in over if item.handle.get_status() == genai.GenerationStatus.IGNORED]
        return [(item, Piece("", 0, error=lost)) for item in given_up]

    def _read(self, generation: Generation) -> tuple[int, str | None]:
        """How many tokens came, and how the answer ended if it did. The token that ends it counts, but has no text."""
        handle = generation.handle
        tokens, finish = 0, None
        while handle.can_read():
            for output in handle.read().values():
                tokens += len(output.generated_ids)
                generation.tokens += output.generated_ids
                finish = _STOP_REASONS.get(output.finish_reason)
        return tokens, finish

    def _texts(self, generations: Sequence[Generation]) -> list[str]:
        """For each: the text of the last shown tokens without and with the new ones. Their difference is what to show:
        tokens may need those before them to become the right text.
        """
        windows = []
        for generation in generations:
            windows.append(generation.tokens[generation.shown : generation.whole])
            windows.append(generation.tokens[generation.shown :])
        return self._tokenizer.decode(windows) if windows else []
