"""What Craton adds to an engine: time to first token and tokens per second of the bare engine and through the
supervisor.

The bare engine runs in a process of its own with the same settings and the same prompts, and no code of Craton between
the clock and the library. Rounds of both alternate, so that whatever else the machine does falls on both. Knows no
server.

python -m bench.engines llamacpp model.gguf
"""

import asyncio
import importlib
import os
import statistics
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from craton.engines.base import Engine, ModelSpec
from craton.engines.supervisor import Engines

TOKENS = 64
STREAMS = (1, 4, 16)
# About 1,000 tokens that many prompts may begin with.
PREFIX = " ".join(f"Rule {number}: a sailor answers politely and briefly." for number in range(1, 92))


class Load(msgspec.Struct, frozen=True):
    """What a round asks: so many streams at once, and whether their prompts begin alike. Rounds are numbered."""

    streams: int
    number: int
    shared: bool = False


# Ask this of a bare engine.
Ask = Callable[[Load], "Round"]


class Round(msgspec.Struct, frozen=True):
    """One round of so many streams: median seconds to the first token, and tokens per second of all together."""

    streams: int
    first_token: float
    tokens_per_second: float


@dataclass(frozen=True)
class Comparison:
    """Medians over the rounds; `throughput` is the ratio of Craton's to the bare engine's, `added` seconds to the
    first token.
    """

    streams: int
    bare: Round
    supervised: Round

    @property
    def throughput(self) -> float:
        return self.supervised.tokens_per_second / self.bare.tokens_per_second

    @property
    def added(self) -> float:
        return self.supervised.first_token - self.bare.first_token


def spec(engine: str, model: Path, context_length: int = 32_768) -> ModelSpec:
    """A cache that holds the longest load: a bare engine does not wait for room in it."""
    return ModelSpec(f"bench.{engine}-v1:0", engine, {"model": model}, context_length)


def messages(load: Load, stream: int) -> list[dict[str, str]]:
    """A prompt of its own for each stream and round, so that no prefix cache helps the one measured later, except
    where the load says that those of one round share their beginning.
    """
    number = load.number
    system = f"You are storyteller {number}. {PREFIX}" if load.shared else f"You are storyteller {number}-{stream}."
    return [
        {"role": "system", "content": system},
        {"role": "user", "content": f"Write a very long story about ship number {number * 100 + stream} and its crew."},
    ]


async def supervised(engine: Engine, load: Load) -> Round:
    """One round through Craton's supervisor and worker."""
    firsts: list[float] = []
    counts: list[int] = []

    async def one(stream: int) -> None:
        system, user = messages(load, stream)
        turn = {
            "system": [{"text": system["content"]}],
            "messages": [{"role": "user", "content": [{"text": user["content"]}]}],
            "inferenceConfig": {"maxTokens": TOKENS, "temperature": 0.0},
        }
        waiting = True
        async for event in engine.converse(turn):
            if waiting and "contentBlockDelta" in event:
                waiting = False
                firsts.append(time.perf_counter() - started)
            if "metadata" in event:
                counts.append(event["metadata"]["usage"]["outputTokens"])

    started = time.perf_counter()
    await asyncio.gather(*(one(stream) for stream in range(load.streams)))
    return round_of(load.streams, firsts, counts, time.perf_counter() - started)


@asynccontextmanager
async def bare(model: ModelSpec) -> AsyncIterator[Callable[[Load], "asyncio.Future[Round]"]]:
    """The bare engine in a process of its own: what is yielded measures one round."""
    child = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "bench.engines",
            "--bare",
            model.engine,
            str(model.files["model"]),
            str(model.context_length),
        ),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
    )
    assert child.stdin is not None and child.stdout is not None
    commands, answers = child.stdin, child.stdout

    async def ask(load: Load) -> Round:
        commands.write(msgspec.json.encode(load) + b"\n")
        while not (line := await answers.readline()).startswith(b"ROUND "):
            if not line:
                raise RuntimeError("the bare engine ended unexpectedly")
        return msgspec.json.decode(line[6:], type=Round)

    try:
        yield lambda load: asyncio.ensure_future(ask(load))
    finally:
        commands.close()
        await child.wait()


async def compare(model: ModelSpec, streams: Sequence[int] = STREAMS, rounds: int = 5) -> list[Comparison]:
    """Both in turn, the first round of each thrown away."""
    engines = Engines()
    found: list[Comparison] = []
    try:
        async with engines.use(model) as engine, bare(model) as ask:
            for count in streams:
                pairs = [
                    (await ask(Load(count, 2 * number)), await supervised(engine, Load(count, 2 * number + 1)))
                    for number in range(rounds + 1)
                ][1:]
                found.append(
                    Comparison(count, median([pair[0] for pair in pairs]), median([pair[1] for pair in pairs]))
                )
    finally:
        await engines.close()
    return found


def round_of(streams: int, firsts: Sequence[float], counts: Sequence[int], seconds: float) -> Round:
    return Round(streams, statistics.median(firsts), sum(counts) / seconds)


def median(rounds: Sequence[Round]) -> Round:
    return Round(
        rounds[0].streams,
        statistics.median(item.first_token for item in rounds),
        statistics.median(item.tokens_per_second for item in rounds),
    )


def _llamacpp(model: ModelSpec) -> Ask:
    """llama.cpp's chat handler, called from one thread per stream."""
    module = importlib.import_module("craton.engines.llamacpp")
    server = importlib.import_module("xllamacpp").Server(module.parameters(model))

    def measure(load: Load) -> Round:
        firsts: list[float] = []
        counts: list[int] = []

        def one(stream: int) -> None:
            chunks = 0

            def see(chunk: dict[str, object]) -> None:
                nonlocal chunks
                chunks += 1
                if chunks == 2:  # the first holds the role only
                    firsts.append(time.perf_counter() - started)
                if usage := chunk.get("usage"):
                    assert isinstance(usage, dict)
                    counts.append(usage["completion_tokens"])

            body = {"messages": messages(load, stream), "max_tokens": TOKENS, "temperature": 0.0, "stream": True}
            server.handle_chat_completions({**body, "stream_options": {"include_usage": True}}, see)

        threads = [threading.Thread(target=one, args=(stream,)) for stream in range(load.streams)]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return round_of(load.streams, firsts, counts, time.perf_counter() - started)

    return measure


def _openvino(model: ModelSpec) -> Ask:
    """OpenVINO's pipeline, stepped; its tokens are not even turned into text."""
    module = importlib.import_module("craton.engines.openvino")
    genai = importlib.import_module("openvino_genai")
    pipeline = module.build(model)
    tokenizer = pipeline.get_tokenizer()
    eos = tokenizer.get_eos_token_id()

    def measure(load: Load) -> Round:
        firsts: list[float] = []
        counts = [0] * load.streams
        started = time.perf_counter()
        handles = []
        for stream in range(load.streams):
            text = tokenizer.apply_chat_template(messages(load, stream), add_generation_prompt=True)
            prompt = tokenizer.encode(text, add_special_tokens=False).input_ids
            config = genai.GenerationConfig(max_new_tokens=TOKENS, apply_chat_template=False, eos_token_id=eos)
            handles.append(pipeline.add_request(load.number * 100 + stream, prompt, config))
        while pipeline.has_non_finished_requests():
            pipeline.step()
            for stream, handle in enumerate(handles):
                while handle.can_read():
                    for output in handle.read().values():
                        if not counts[stream]:
                            firsts.append(time.perf_counter() - started)
                        counts[stream] += len(output.generated_ids)
        return round_of(load.streams, firsts, counts, time.perf_counter() - started)

    return measure


BARE: dict[str, Callable[[ModelSpec], Ask]] = {"llamacpp": _llamacpp, "openvino": _openvino}


def _serve(engine: str, model: str, context_length: str) -> None:
    """The bare child's main: a round for each line of the input."""
    measure = BARE[engine](spec(engine, Path(model), int(context_length)))
    for line in sys.stdin:
        round_ = measure(msgspec.json.decode(line, type=Load))
        print("ROUND", msgspec.json.encode(round_).decode(), flush=True)
    os._exit(0)


def _main(engine: str, model: str) -> None:
    print("streams | first token bare / Craton (ms) | added (ms) | tokens/s bare / Craton | ratio")
    for row in asyncio.run(compare(spec(engine, Path(model)))):
        print(
            f"{row.streams} | {row.bare.first_token * 1000:.1f} / {row.supervised.first_token * 1000:.1f} "
            f"| {row.added * 1000:+.1f} | {row.bare.tokens_per_second:.0f} / {row.supervised.tokens_per_second:.0f} "
            f"| {row.throughput:.2f}"
        )


if __name__ == "__main__":
    if sys.argv[1] == "--bare":
        _serve(*sys.argv[2:])
    else:
        _main(*sys.argv[1:])
