"""The marks by which a model names its sources, where a prompt asks it to, taken out of what it writes.

`%[1]%` and `<sources><source>1</source></sources>` stand behind what the search results of these numbers support; an
answer may also come in parts, `<answer_part><text>...</text><sources>...</sources></answer_part>`. Knows no source.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

_NUMBERS = r"\s{0,4}\d{1,3}(?:\s{0,4},\s{0,4}\d{1,3}){0,9}\s{0,4}"
_INLINE = rf"\s{{0,4}}%(?:\[{_NUMBERS}\]){{1,9}}%"
_SOURCES = r"\s{0,4}<sources>(?:\s|<source>\s{0,4}\d{1,3}\s{0,4}</source>|\d{1,3}|,){0,60}</sources>"
_PART = r"\s{0,4}</?(?:answer|answer_part|text)>\s{0,4}"
_END_OF_PART = "</answer_part>"
PARTS = "<answer_part>"

_MARK = regex.compile(f"{_INLINE}|{_SOURCES}")
_MARK_OR_PART = regex.compile(f"{_INLINE}|{_SOURCES}|{_PART}")
_BEGINNING = regex.compile(r"\s{0,4}[%<]|\s{1,4}\Z")
_NUMBER = regex.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Mark:
    """`numbers` of search results, from 1. `ends`: a part of the answer ends here."""

    numbers: tuple[int, ...] = ()
    ends: bool = False


class Marks:
    """`most` is the highest number that names anything: a mark with another one is text like any other.

    `parts`: the tags of an answer in parts are taken out, too.
    """

    def __init__(self, most: int, *, parts: bool = False) -> None:
        self._most = most
        self._pattern = _MARK_OR_PART if parts else _MARK
        self._held = ""

    def feed(self, more: str) -> list[str | Mark]:
        """Texts and marks in their order, as far as it is certain which is which."""
        self._held += more
        return [*self._read(final=False)]

    def rest(self) -> list[str | Mark]:
        return [*self._read(final=True)]

    def _read(self, *, final: bool) -> Iterator[str | Mark]:
        plain, at = "", 0
        while begins := _BEGINNING.search(self._held, at):
            found = self._pattern.match(self._held, begins.start(), partial=not final)
            if found and not final and (found.partial or found.end() == len(self._held)):
                break
            if found and (numbers := tuple(map(int, _NUMBER.findall(found[0])))) and not self._named(numbers):
                found = None
            plain += self._held[at : begins.start()]
            if found is None:
                plain += self._held[begins.start() : begins.end()]
                at = begins.end()
                continue
            if plain:
                yield plain
            plain, at = "", found.end()
            if ends := _END_OF_PART in found[0]:
                yield Mark(ends=ends)
            elif numbers:
                yield Mark(numbers)
        end = begins.start() if begins and not final else len(self._held)
        plain += self._held[at:end]
        self._held = self._held[end:]
        if plain:
            yield plain

    def _named(self, numbers: tuple[int, ...]) -> bool:
        return all(0 < number <= self._most for number in numbers)
