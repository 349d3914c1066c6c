"""The `scripted` engine: answers from a small script, for tests. Same turn, same events: texts, tool calls, delays and
faults.

It runs in a worker process as any engine does, so a crash is a real crash. A token is a word. Knows no model.

The script stands in the option `script` or, as TOML or JSON, in the file `script`: a list of `rules`, of which the
first that matches the last user message answers. Options: `dimensions` of embeddings (256), `slots` (answers at once;
no limit).
"""

import asyncio
import hashlib
import itertools
import os
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from typing import Any, Never

import msgspec

from craton import errors
from craton.engines.base import Embeddings, Engine, Event, Mark, ModelSpec, Turn
from craton.engines.text.events import stop
from craton.engines.text.stops import StopScanner
from craton.errors import ApiError, ModelNotReadyException, ValidationException


class Tool(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call of a tool. The id is made from the call, so it is the same each time."""

    name: str
    input: dict[str, Any] = {}


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What goes wrong after so many events: an `error` of this code, a `crash` of the process, a `hang` that never
    ends, or `garbage`: the bytes that `message` holds in hex, on the connection to the server, and silence after it.
    """

    kind: str
    after: int = 0
    message: str = "The script says so."


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer. `match` is a part of the last user message, `regex` a pattern found in it; a rule with neither
    matches all.

    `text` comes word by word, `chunks` as they are, and `repeat` of either that often. `delay` and `interval` are
    seconds before the first event and between deltas. `usage` overrides what is counted. `logprob` is told of each word
    where the turn asks for log-probabilities; the only alternative to a word is itself. `marks` is what it sees as a
    classifier: by label, the pattern of what it is sure of by `certainty`; an empty one means all of the item.
    """

    match: str | None = None
    regex: str | None = None
    text: str = ""
    chunks: list[str] = []
    repeat: int = 1
    reasoning: str = ""
    tools: list[Tool] = []
    delay: float = 0.0
    interval: float = 0.0
    logprob: float = -0.5
    stop_reason: str | None = None
    usage: dict[str, int] = {}
    fault: Fault | None = None
    marks: dict[str, str] = {}
    certainty: float = 0.9

    def matches(self, text: str) -> bool:
        return (self.match is None or self.match in text) and (self.regex is None or bool(re.search(self.regex, text)))


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rules: tuple[Rule, ...] = (Rule(text="Yes."),)


async def load(spec: ModelSpec) -> Engine:
    """Raises ModelNotReadyException for a script that cannot be read."""
    try:
        if "script" in spec.options:
            return Scripted(spec, msgspec.convert(spec.options["script"], Script))
        if (path := spec.files.get("script")) is None:
            return Scripted(spec, Script())
        decode = msgspec.json.decode if path.suffix == ".json" else msgspec.toml.decode
        return Scripted(spec, decode(path.read_bytes(), type=Script))
    except (msgspec.MsgspecError, OSError, UnicodeDecodeError) as error:
        raise ModelNotReadyException(f"The script of the model {spec.id!r} cannot be read: {error}.") from error


class Scripted:
    """A script that plays a model."""

    def __init__(self, spec: ModelSpec, script: Script) -> None:
        self._spec = spec
        self._script = script
        self._slots = asyncio.Semaphore(int(spec.options.get("slots", 1 << 30)))

    async def converse(self, turn: Turn) -> AsyncGenerator[Event, None]:
        rule = self._answering(turn)
        async with self._slots, aclosing(_play(rule, turn)) as events:
            async for event in events:
                yield event

    async def count_tokens(self, turn: Turn) -> int:
        return _input_tokens(turn)

    async def embed(self, texts: Sequence[str]) -> Embeddings:
        dimensions = int(self._spec.options.get("dimensions", 256))
        return Embeddings([_vector(text, dimensions) for text in texts], sum(len(text.split()) for text in texts))

    async def classify(self, items: Sequence[str | bytes]) -> Sequence[Sequence[Mark]]:
        return [await _marks(self._rule(text), text) for text in map(_text, items)]

    async def close(self) -> None:
        pass

    def _answering(self, turn: Turn) -> Rule:
        users = [message["content"] for message in turn["messages"] if message["role"] == "user"]
        return self._rule(" ".join(_words(users[-1:])))

    def _rule(self, text: str) -> Rule:
        for rule in self._script.rules:
            if rule.matches(text):
                return rule
        raise ValidationException(f"No rule of the script of {self._spec.id!r} matches {text!r}.")


async def _play(rule: Rule, turn: Turn) -> AsyncGenerator[Event, None]:
    """The answer at the rule's pace, up to its fault."""
    await asyncio.sleep(rule.delay)
    started = time.monotonic()
    deltas = 0
    for number, event in enumerate(_answer(rule, turn)):
        if rule.fault and number == rule.fault.after:
            await _fail(rule.fault)
        if "contentBlockDelta" in event:
            deltas += 1
            await _until(started + deltas * rule.interval)
        yield event
    if rule.fault:
        await _fail(rule.fault)


async def _marks(rule: Rule, text: str) -> list[Mark]:
    await asyncio.sleep(rule.delay)
    if rule.fault:
        await _fail(rule.fault)
    return [
        Mark(label, rule.certainty, *(found.span() if pattern else ()))
        for label, pattern in rule.marks.items()
        for found in (re.finditer(pattern, text) if pattern else re.finditer("^", text))
    ]


def _text(item: str | bytes) -> str:
    """A picture is what its bytes say."""
    return item if isinstance(item, str) else item.decode(errors="replace")


def _answer(rule: Rule, turn: Turn) -> Iterator[Event]:
    """The whole answer, cut at a stop sequence or after `maxTokens` words of text."""
    config = turn.get("inferenceConfig") or {}
    index = itertools.count()
    given = {"inputTokens": _input_tokens(turn)} | rule.usage
    yield {"messageStart": {"role": "assistant"}, "usage": {name: n for name, n in given.items() if "nput" in name}}
    thoughts = _split(rule.reasoning)
    if thoughts:
        block = _block(next(index), [{"reasoningContent": {"text": word}} for word in thoughts])
        yield from _counted(block, itertools.count(1))
    texts = _Texts(rule, config.get("maxTokens"), StopScanner(config.get("stopSequences") or ()))
    if rule.text or rule.chunks or not rule.tools:
        block = _told(_block(next(index), ({"text": text} for text in texts)), rule, turn)
        yield from _counted(block, (len(thoughts) + texts.words for _ in itertools.repeat(None)))
    output = len(thoughts) + texts.words
    if texts.reason is None:
        for tool in rule.tools:
            output += 1 + len(_words(tool.input))
            yield from _counted(_tool(next(index), tool), itertools.repeat(output))
    reason = texts.reason or rule.stop_reason or ("tool_use" if rule.tools else "end_turn")
    yield stop(reason, texts.stop)
    counted = {"inputTokens": _input_tokens(turn), "outputTokens": output}
    counted["totalTokens"] = counted["inputTokens"] + output
    yield {"metadata": {"usage": counted | rule.usage}}


def _counted(block: Iterator[Event], made: Iterator[int]) -> Iterator[Event]:
    """A block whose deltas tell how many tokens were made by then."""
    for event in block:
        if "contentBlockDelta" in event:
            event["usage"] = {"outputTokens": next(made)}
        yield event


class _Texts:
    """The text deltas of a rule; afterwards `words`, and `reason` (and `stop`) where something cut them short."""

    def __init__(self, rule: Rule, limit: int | None, scanner: StopScanner) -> None:
        self._chunks = (rule.chunks or _split(rule.text), rule.repeat)
        self._limit = limit
        self._scanner = scanner
        self.words = 0
        self.reason: str | None = None
        self.stop: str | None = None

    def __iter__(self) -> Iterator[str]:
        chunks, repeat = self._chunks
        for chunk in itertools.chain.from_iterable(itertools.repeat(chunks, repeat)):
            words = len(chunk.split())
            if self._limit is not None and self.words + words > self._limit:
                self.reason = "max_tokens"
                break
            self.words += words
            if text := self._scanner.feed(chunk):
                yield text
            if self._scanner.found is not None:
                self.reason = "stop_sequence"
                self.stop = self._scanner.found
                return
        if text := self._scanner.rest():
            yield text


def _block(index: int, deltas: Iterator[Event] | list[Event]) -> Iterator[Event]:
    for delta in deltas:
        yield {"contentBlockDelta": {"contentBlockIndex": index, "delta": delta}}
    yield {"contentBlockStop": {"contentBlockIndex": index}}


def _told(block: Iterator[Event], rule: Rule, turn: Turn) -> Iterator[Event]:
    """A block of text, with the log-probabilities that the turn asks for."""
    asked = turn.get("additionalModelRequestFields") or {}
    for event in block:
        if asked.get("logprobs") and (delta := event.get("contentBlockDelta")):
            words = re.findall(r"\s*\S+\s*|\s+", delta["delta"]["text"])
            entries = [{"token": word, "logprob": rule.logprob, "bytes": list(word.encode())} for word in words]
            most = asked.get("top_logprobs", 0)
            delta["logprobs"] = [{**entry, "top_logprobs": [entry][:most]} for entry in entries]
        yield event


def _tool(index: int, tool: Tool) -> Iterator[Event]:
    arguments = msgspec.json.encode(tool.input).decode()
    number = hashlib.sha256(f"{index} {tool.name} {arguments}".encode()).hexdigest()[:22]
    start = {"toolUse": {"toolUseId": f"tooluse_{number}", "name": tool.name}}
    yield {"contentBlockStart": {"contentBlockIndex": index, "start": start}}
    half = len(arguments) // 2
    yield from _block(index, [{"toolUse": {"input": part}} for part in (arguments[:half], arguments[half:])])


async def _fail(fault: Fault) -> Never:
    if fault.kind == "crash":
        await asyncio.sleep(0.01)  # what was said before is heard
        os.kill(os.getpid(), signal.SIGKILL)
    if fault.kind == "garbage":
        await asyncio.sleep(0.01)
        os.write(int(sys.argv[1]), bytes.fromhex(fault.message))
    if fault.kind in ("crash", "hang", "garbage"):
        await asyncio.Event().wait()
    kind: type[ApiError] = getattr(errors, fault.kind)
    raise kind(fault.message)


async def _until(moment: float) -> None:
    await asyncio.sleep(max(moment - time.monotonic(), 0))


def _split(text: str) -> list[str]:
    return re.findall(r"\S+\s*", text)


def _words(value: object) -> list[str]:
    """All words in the strings of a JSON value."""
    if isinstance(value, str):
        return value.split()
    if isinstance(value, dict):
        return [word for item in value.values() for word in _words(item)]
    if isinstance(value, list | tuple):
        return [word for item in value for word in _words(item)]
    return []


def _input_tokens(turn: Turn) -> int:
    texts = [message["content"] for message in turn["messages"]]
    return len(_words([texts, turn.get("system"), turn.get("toolConfig")]))


def _vector(text: str, dimensions: int) -> list[float]:
    """A unit vector of the text's words, so that texts which share words are near each other."""
    values = [0.0] * dimensions
    for word, count in Counter(re.findall(r"\w+", text.lower())).items():
        digest = hashlib.sha256(word.encode()).digest()
        values[int.from_bytes(digest[:4], "little") % dimensions] += count if digest[4] % 2 else -count
    length = sum(value * value for value in values) ** 0.5
    return [value / length for value in values] if length else values
