"""A text's sentences, as classifiers of whole sentences want them. Knows no policy and no model.

Cuts are a function of the text alone. They err towards too many: "z. B." is cut, which costs a little time and no
finding, since the whole text is judged beside its sentences.
"""

import re

# A sentence ends at a mark followed by space, or at the end of a line.
_END = re.compile(r"(?<=[.!?;:…])[\"'”“»)\]]*\s+|\s*[\r\n]+\s*")
# What has no end is cut at spaces into runs of about this many characters, each from the middle of the one before.
LONGEST = 400
# The whole of a longer text says too little about any part of it.
WHOLE = 1600
# Shorter parts than this many letters say nothing by themselves: they stay with what follows.
_SHORTEST = 12


def sentences(text: str) -> list[str]:
    """The sentences of a text in order, without space around them; an empty list for a text of nothing but space."""
    found: list[str] = []
    short = ""
    for part in _END.split(text):
        part = f"{short} {part}".strip() if short else part.strip()
        short = ""
        if not part:
            continue
        if len(part) < _SHORTEST:
            short = part
            continue
        found += _runs(part)
    if short:
        found.append(short)
    return found


def views(text: str) -> list[str]:
    """What is judged of a text: each of its sentences, and the whole of it where it is not too long; none twice."""
    whole = " ".join(text.split())
    parts = sentences(text)
    return list(dict.fromkeys([*([whole] if 0 < len(whole) <= WHOLE else []), *parts]))


def _runs(sentence: str) -> list[str]:
    if len(sentence) <= LONGEST:
        return [sentence]
    runs: list[str] = []
    begin = 0
    while begin < len(sentence):
        end = begin + LONGEST
        if end < len(sentence):
            end = max(sentence.rfind(" ", begin + LONGEST // 2, end), begin + LONGEST // 2)
        runs.append(sentence[begin:end].strip())
        if end >= len(sentence):
            break
        middle = begin + (end - begin) // 2
        space = sentence.find(" ", middle, end)
        begin = space + 1 if space >= 0 else middle
    return [run for run in runs if run]
