"""How hard a turn is: the predicted share of its answers in which a stronger model would show, from 0 to 1.

A logistic sum of what is visible in the prompt, in English and German: how long it is, how much of it is code or
mathematics, how many steps and conditions it states, whether it asks for reasoning, and what surrounds it (documents,
images, tools, a long conversation). It does not understand the prompt: a short question about a hard matter looks easy.
Pure. Knows no model.

The weights were fitted to 2,900 prompts of public test sets, each labelled by the set it comes from (single facts and
single calls of a function are easy; programs to write, repository issues, puzzles and professional writing are hard),
and drawn towards what seemed right before, since sets differ in more than hardness. docs/providers.md tells how well
they do.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from craton.dialects.converse import Block, Turn

# What is weighed of each feature, from 0 (absent) to 1 (as much as counts), and the weight.
BIAS = -1.9
WEIGHTS: Mapping[str, float] = {
    "length": 2.0,  # of the task: from 8 words to 400, by the logarithm
    "context": 0.5,  # what stands around it: from 500 characters to 20,000
    "code": 2.0,  # lines of it
    "programming": 2.0,  # words of it
    "mathematics": 3.2,  # formulas, numbers and words of it
    "reasoning": 2.2,  # why, compare, derive, design, ...
    "writing": 2.4,  # an essay, a contract, ...
    "steps": 2.0,  # lists, first, then, finally, ...
    "conditions": 2.0,  # must, at least, without, ...
    "tools": 2.0,  # how many there are to choose from: up to 16
    "conversation": 0.5,  # how many messages there are: up to 16
    "structure": 0.5,  # an answer that must fit a schema
}

# Of a long text only the beginning and the end are read, where tasks stand: a request may not keep the server busy.
_HEAD, _TAIL = 2_000, 1_000

_MEDIA = ("image", "video", "audio")

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_CODE_LINE = re.compile(
    r"^[ \t]{0,80}(?:```|def |class |import |from \w+ import|function |const |let |var |public |private |#include|"
    r"SELECT |INSERT |UPDATE |return\b|if \(|for \(|while \(|@\w+|</?\w+[^>]*>|\}|>>> |\$ )|[;{][ \t]{0,9}$",
    re.MULTILINE,
)
_MATHEMATICS = re.compile(
    r"\\(?:frac|sum|int|sqrt|le|ge|cdot|mathbb|begin|left|boxed)\b|\$[^$\n]{1,200}\$|\b[a-z]\s?[=<>^+*/]\s?[-\da-z(]|\d\s?[-+*/^×÷]\s?\d"
    r"|[∑∫√≤≥≠∈∀∃∞π∂]|\d\s?%",
)
_NUMBER = re.compile(r"\b\d+(?:[.,]\d+)?\b")
_STEP = re.compile(r"^[ \t]{0,80}(?:\d{1,2}[.)]|[-*•]|\([a-z0-9]\)|[a-z]\))[ \t]+\S", re.MULTILINE | re.IGNORECASE)


def _words(*stems: str) -> re.Pattern[str]:
    """A pattern of words that begin with one of these; a word that ends in '.' must be whole."""
    parts = "|".join(stem[:-1] + r"\b" if stem.endswith(".") else stem for stem in stems)
    return re.compile(rf"\b(?:{parts})", re.IGNORECASE)


_PROGRAMMING = _words(
    *(
        "algorithm",
        "function.",
        "implement",
        "refactor",
        "debug",
        "compile",
        "unit test",
        "regex",
        "sql.",
        "api.",
        "bug.",
    ),
    *("stack ?trace", "exception", "python", "javascript", "typescript", "java.", "rust.", "c\\+\\+", "script", "code"),
    *(
        "class.",
        "repository",
        "thread",
        "concurren",
        "complexity",
        "database",
        "query",
        "recursi",
        "kubernetes",
        "docker",
    ),
    *("algorithmus", "funktion.", "implementier", "programm", "quelltext", "datenbank", "fehlermeldung", "skript"),
)
_MATHEMATICAL = _words(
    *(
        "prove.",
        "proof",
        "theorem",
        "lemma",
        "equation",
        "integral",
        "derivative",
        "polynomial",
        "matrix",
        "probabilit",
    ),
    *(
        "modulo",
        "prime.",
        "factor",
        "logarithm",
        "vector",
        "eigenvalue",
        "triangle",
        "how many",
        "percent",
        "remainder",
    ),
    *(
        "beweis",
        "gleichung",
        "ableitung",
        "polynom",
        "wahrscheinlichkeit",
        "primzahl",
        "dreieck",
        "wie viele",
        "prozent",
    ),
    *("berechne", "calculate", "compute", "solve.", "löse.", "divide", "average", "durchschnitt", "teilt", "divisible"),
)
_REASONING = _words(
    *("why.", "explain", "reason", "deriv", "infer", "deduce", "analy[sz]", "compar", "evaluat", "assess", "critique"),
    *(
        "trade-?off",
        "pros and cons",
        "justif",
        "argument",
        "implication",
        "step by step",
        "logic",
        "contradict",
        "if and only",
    ),
    *(
        "which of the following",
        "statement",
        "hypothes",
        "root cause",
        "diagnos",
        "strateg",
        "optimi[sz]",
        "design",
        "plan",
    ),
    *("warum", "wieso", "erkläre", "begründe", "herleit", "leite", "analysier", "vergleich", "bewerte", "beurteile"),
    *(
        "abwäg",
        "vor- und nachteil",
        "schritt für schritt",
        "schlussfolger",
        "widerspr",
        "entwirf",
        "entwickle",
        "optimier",
    ),
    *("welche der folgenden", "aussage", "ursache", "folgere", "diskutier", "discuss"),
)
_WRITING = _words(
    *(
        "essay",
        "report.",
        "article",
        "thesis",
        "literature review",
        "proposal",
        "whitepaper",
        "business plan",
        "outline",
    ),
    *("chapter", "speech", "contract", "screenplay", "short story", "in the style", "abstract.", "manuscript", "draft"),
    *(
        "aufsatz",
        "bericht",
        "artikel",
        "gutachten",
        "vertrag",
        "konzept",
        "gliederung",
        "rede.",
        "kurzgeschichte",
        "entwurf",
    ),
    *("stellungnahme", "im stil"),
)
_CONDITION = _words(
    *("must", "should", "at least", "at most", "exactly", "no more than", "without", "only", "ensure", "avoid", "each"),
    *(
        "unless",
        "except",
        "require",
        "constraint",
        "between",
        "include",
        "format",
        "do not",
        "don't",
        "never",
        "always",
    ),
    *("muss", "müssen", "soll", "mindestens", "höchstens", "genau", "ohne.", "nur.", "jede", "außer", "vermeide"),
    *("nicht mehr als", "zwischen", "enthalten", "berücksichtig", "keine", "immer", "stelle sicher", "beachte"),
)
_SEQUENCE = _words(
    *("then", "after that", "afterwards", "finally", "first.", "second.", "next.", "once.", "before", "followed by"),
    *("dann", "danach", "anschließend", "zuerst", "zunächst", "schließlich", "abschließend", "bevor", "nachdem"),
)


@dataclass(frozen=True, slots=True)
class Features:
    """What of a turn is weighed, each from 0 to 1."""

    length: float
    context: float
    code: float
    programming: float
    mathematics: float
    reasoning: float
    writing: float
    steps: float
    conditions: float
    tools: float
    conversation: float
    structure: float


def of(turn: Turn) -> float:
    """The predicted hardness of answering the turn."""
    found = features(turn)
    total = BIAS + sum(weight * getattr(found, name) for name, weight in WEIGHTS.items())
    return 1.0 / (1.0 + math.exp(-total))


def features(turn: Turn) -> Features:
    task = _task(turn)
    text = task if len(task) <= _HEAD + _TAIL else f"{task[:_HEAD]}\n{task[-_TAIL:]}"
    words = len(_WORD.findall(text)) + (len(task) - len(text)) // 6
    lines = text.count("\n") + 1

    def found(pattern: re.Pattern[str], enough: float) -> float:
        return min(len(pattern.findall(text)) / enough, 1.0)

    around = length(turn) - len(task)
    symbols = found(_MATHEMATICS, 4) + 0.5 * found(_NUMBER, 8)
    return Features(
        length=_grown(words, 8, 400),
        context=_grown(around, 500, 20_000),
        code=min(len(_CODE_LINE.findall(text)) / max(0.5 * lines, 4), 1.0),
        programming=found(_PROGRAMMING, 3),
        mathematics=min(0.6 * symbols + 0.6 * found(_MATHEMATICAL, 3), 1.0),
        reasoning=found(_REASONING, 3),
        writing=found(_WRITING, 2),
        steps=min((len(_STEP.findall(text)) + len(_SEQUENCE.findall(text))) / 6, 1.0),
        conditions=found(_CONDITION, 5),
        tools=_grown(len((turn.get("toolConfig") or {}).get("tools", ())), 1, 16),
        conversation=_grown(len(turn.get("messages", ())), 1, 16),
        structure=1.0 if turn.get("outputConfig") else 0.0,
    )


def media(turn: Turn) -> set[str]:
    """The kinds of content in the turn that a model must be able to take as they are: image, video, audio."""
    return {kind for block in _blocks(turn) for kind in _MEDIA if kind in block}


def length(turn: Turn) -> int:
    """Characters of all text in the turn."""
    system = sum(len(block.get("text", "")) for block in turn.get("system") or ())
    return system + sum(len(text) for block in _blocks(turn) for text in _texts(block))


def _task(turn: Turn) -> str:
    """What the caller asks for: the last message of the user's own words."""
    for message in reversed(turn.get("messages", ())):
        if message["role"] == "user":
            texts = [block["text"] for block in message["content"] if "text" in block]
            if texts:
                return "\n".join(texts)
    return ""


def _blocks(turn: Turn) -> Iterator[Block]:
    for message in turn.get("messages", ()):
        yield from message["content"]


def _texts(block: Block) -> Iterator[str]:
    if "text" in block:
        yield block["text"]
    inner: Any = block.get("guardContent", {}).get("text")
    if inner:
        yield inner["text"]
    for part in block.get("toolResult", {}).get("content", ()):
        yield from _texts(part)


def _grown(count: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on, and in between by the logarithm."""
    return min(max(math.log(max(count, low) / low) / math.log(high / low), 0.0), 1.0)
