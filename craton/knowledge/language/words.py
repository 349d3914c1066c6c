"""The words of a text as full text search compares them: of what is stored and of what is asked the same. Knows no
index.

A word is folded: small letters, ß as ss, and letters without their marks, so that "Übersicht", "Ubersicht" and, in
German, "Uebersicht" are one. In German and English it is stemmed, and words that say nothing are left out; where the
language does not show, as in "kernel modules", a word is there in the forms of both. A German compound is there whole
and in its parts. What is written with signs inside, as e-mail addresses, paths, versions and names of code, is there
whole and in its parts. Scripts without spaces between words are there in pairs of neighbouring signs.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

import Stemmer

from craton.knowledge.language import compounds
from craton.knowledge.language.function_words import ENGLISH, GERMAN
from craton.knowledge.language.languages import ENOUGH, Language, language

# Longer is no word: a key, or data that was encoded as text.
LONGEST = 80
# Forms of words that are kept: texts repeat themselves.
KEPT = 1 << 16

_UNSPACED = "\u0e00-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_UNSPACED}]+|[^\W{_UNSPACED}]+(?:(?:[-./@:+'’&,=]|::)[^\W{_UNSPACED}]+)*(?:\+\+|#)?")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_PART = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"[^\W\d_a-zß-öø-ÿ]+(?![a-zß-öø-ÿ])|[^\W\d_a-zß-öø-ÿ]?[a-zß-öø-ÿ]+|\d+")
_HAS_HUMP = re.compile(r"[a-zß-öø-ÿ][A-ZÀ-ÖØ-Þ]")
_NUMBER = re.compile(r"\d{1,3}(?:[.,']\d{3})+(?:[.,]\d+)?|\d+[.,]\d+")
_NUMBERED = re.compile(r"([^\W\d_]{3,})\d+")
# What compatibility decomposition leaves as it is.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})

Stem = Callable[[str], str]
# They keep nothing between words, so that threads can share them.
_GERMAN: Stem = Stemmer.Stemmer("german", 0).stemWord
_ENGLISH: Stem = Stemmer.Stemmer("english", 0).stemWord
_STEMS: Mapping[Language, tuple[Stem, ...]] = {
    Language.GERMAN: (_GERMAN,),
    Language.ENGLISH: (_ENGLISH,),
    Language.OTHER: (str,),
    Language.UNKNOWN: (_GERMAN, _ENGLISH, str),
}
_STOPPED: Mapping[Language, frozenset[str]] = {Language.GERMAN: GERMAN, Language.ENGLISH: ENGLISH}


def words(text: str) -> list[str]:
    """In the order of the text, each as often as it is there. Where all of them say nothing, they are all there."""
    tokens = _TOKEN.findall(unicodedata.normalize("NFC", text))
    spoken = language(token.lower() for token in tokens[:ENOUGH])
    made = [form for token in tokens for form in _found(token, spoken)]
    return made or [form for token in tokens for form in _found(token, Language.OTHER)]


def folded(word: str) -> str:
    """In small letters, without the marks of letters."""
    small = word.casefold().translate(_LETTERS)
    if small.isascii():
        return small
    return "".join(sign for sign in unicodedata.normalize("NFKD", small) if not unicodedata.combining(sign))


def _found(token: str, spoken: Language) -> Iterable[str]:
    """What a token is found by."""
    if _IS_UNSPACED.match(token):
        return (token[at : at + 2] for at in range(max(1, len(token) - 1)))
    if len(token) > LONGEST:
        return (form for part in _PART.findall(token) if len(part) <= LONGEST for form in _forms(part, spoken))
    return _forms(token, spoken)


@lru_cache(KEPT)
def _forms(token: str, spoken: Language) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for form in _all(token, spoken) if form))


def _all(token: str, spoken: Language) -> Iterator[str]:
    lower = token.lower()
    if lower in _STOPPED.get(spoken, ()):
        return
    if _NUMBER.fullmatch(token):
        yield _number(token)
        return
    found = _PART.findall(token)
    if len(found) > 1 or not token[-1].isalnum():
        yield _whole(token, spoken, found)
    for part in found:
        if len(found) > 1 and (len(part) < (3 if part.isdigit() else 2) or part.lower() in _STOPPED.get(spoken, ())):
            continue
        yield from _word(part, spoken)


def _whole(token: str, spoken: Language, parts: list[str]) -> str:
    """One name for what is written with signs: without hyphens, for they come and go, as in "E-Mail" and "Email"."""
    if "-" in token and "".join(parts) == token.replace("-", "") and not any(part.isdigit() for part in parts):
        return folded(_STEMS[spoken][0]("".join(parts).lower()))
    return folded(token)


def _word(word: str, spoken: Language) -> Iterator[str]:
    """The forms of a word without signs in it."""
    lower = word.lower()
    for stem in _STEMS[spoken]:
        yield folded(stem(lower))
    if _HAS_HUMP.search(word):
        for hump in _HUMP.findall(word):
            if len(hump) > 1:
                yield folded(_STEMS[spoken][0](hump.lower()))
    numbered = _NUMBERED.fullmatch(lower)
    if numbered:
        yield folded(_STEMS[spoken][0](numbered.group(1)))
    if spoken in {Language.GERMAN, Language.UNKNOWN}:
        *begins, end = compounds.split(lower) or ("",)
        for part in begins:
            yield folded(_GERMAN(compounds.base(part)))
        yield folded(_GERMAN(end))


def _number(written: str) -> str:
    """With a full stop before its fraction and no sign between thousands, as German and English write them."""
    grouped = re.fullmatch(r"(\d{1,3}(?:([.,'])\d{3})(?:\2\d{3})*)(?:[.,](\d+))?", written)
    if grouped is None:
        return written.replace(",", ".")
    whole = re.sub(r"\D", "", grouped.group(1))
    return f"{whole}.{grouped.group(3)}" if grouped.group(3) else whole
