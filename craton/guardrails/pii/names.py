"""Names of people: what the model sees, joined into whole names, and what titles, greetings and first names give away.

Knows nothing of organisations; a street named after somebody is left to `addresses`.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.means import Entity
from craton.guardrails.pii.recognizers.recognizer import Span, Text

TYPE = "NAME"
_LABELS = {"GIVEN_NAME", "SURNAME"}
# Of the model's score: for a name, for one word that no list knows, for a part beside a sure one.
_LEAST, _LEAST_ALONE, _LEAST_BESIDE = 0.5, 0.7, 0.3
_DATA = Path(__file__).parent / "recognizers" / "data"
# Capitalised words that follow a title or a greeting and are no names, and first names that are no other words.
_NO_NAMES = frozenset((_DATA / "no_names.txt").read_text("utf-8").split())
_GIVEN = frozenset((_DATA / "given_names.txt").read_text("utf-8").split())

# "zur" and "der" only behind another: "Anna Voß zur Verfügung" is no name.
_PARTICLE = r"(?:[Vv][oa]n|de|zu|vom|da|di|del|la|le|bin|al|el|ter|ten|dos)(?: (?:der|den|dem|la|zu))?"
_UPPER, _LOWER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĘĚĞİŁŃŇÖŘŚŞŠŤŮŹŻŽ", "a-zß-öø-ÿāăąćčďđęěğıłńňőřśşšťůźżž"
_WORD = rf"[{_UPPER}](?:['’][{_UPPER}])?[{_LOWER}]+(?:[{_UPPER}][{_LOWER}]+)?(?:[-'’][{_UPPER}{_LOWER}][{_LOWER}]+)*"
_REST = rf"(?:(?: [{_UPPER}]\.)?(?: {_PARTICLE})? {_WORD}){{0,3}}"
_NAME = rf"(?P<v>{_WORD}{_REST})"
_DEGREES = r"(?:(?:Prof|Dr|Dipl|Ing|med|jur|phil|rer|nat|pol|h\.c|Mag|Lic|PD|Doktor|Professorin|Professor)\b\.?[- ]?)*"
_TITLE = (
    r"(?:Herrn?|Frau|Fräulein|Familie|Hr\.|Fr\.|Mister|Mr\.?|Mrs\.?|Ms\.?|Mx\.?|Miss|Sir|Dame|Madame|Monsieur|Signora?)"
)
_HONOUR = r"(?:Prof\.|Dr\.|Doctor|Professor(?:in)?|Doktor|Rev\.|Sgt\.|Capt\.)"
_GREETING = (
    r"(?:Dear|Hi|Hello|Hey|Hallo|Liebe[rs]?|Moin|Servus|Grüezi|Guten (?:Tag|Morgen|Abend)|Good (?:morning|"
    r"afternoon|evening)|Thanks,?|Danke,?|Cheers,?)"
)
_CALLED = (
    r"(?:my (?:full |first |last |real )?name(?: is|'s|’s)|name is|named|i am called|call me|this is|"
    r"mein (?:vor|nach)?name (?:ist|lautet)|ich hei(?:ß|ss)e|heißt|heisst|"
    r"namens|hier ist|hier spricht|signed(?: by)?|unterzeichnet(?: von)?|gez\.|i'm|ich bin|geb\.|geborene)"
)
_FIELD = (
    r"(?:(?:full|first|last|given|family|middle|customer|patient|employee|contact|sur|vor|nach|familien|zu|"
    r"kunden|mädchen)?[ -]?names?|name des \w+|patient(?:in)?|kund(?:e|in)|"
    r"mieter(?:in)?|ansprechpartner(?:in)?|kontoinhaber(?:in)?|account holder|card ?holder|"
    r"karteninhaber(?:in)?|empfänger(?:in)?|recipient|absender(?:in)?|sender|"
    r"sachbearbeiter(?:in)?|unterschrift|signature|autor(?:in)?|author|attn\.?|z\. ?hd\.?)"
)
_CLOSING = (
    r"(?:(?:mit )?(?:freundlichen|besten|herzlichen|lieben|vielen) grü(?:ß|ss)en|(?:viele|liebe|beste|"
    r"herzliche|freundliche) grü(?:ß|ss)e|lg|mfg|vg|hochachtungsvoll|"
    r"(?:kind|best|warm|warmest) regards|regards|sincerely(?: yours)?|yours (?:sincerely|faithfully|truly)|"
    r"cheers|best wishes|best)"
)
_STREET = Expression(
    r"[- ]?[-\w]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer)\b| (?:Street|St\.|Road|"
    r"Avenue|Ave|Lane|Drive|Square|Boulevard|Foundation|Organization|University|Stiftung|GmbH|AG|Inc|Ltd|"
    r"Universität|Schule|School|Institut)",
    re.IGNORECASE,
)
_JOINT = Expression(rf"[ \t]?(?:[-.'’]|[{_UPPER}]\.|{_PARTICLE})?[ \t]?")


class _Cued:
    """Names behind a cue."""

    type = TYPE
    beside = (_STREET,)

    def __init__(self, cue: str, behind: str, score: float) -> None:
        self.pattern = Expression(rf"(?<![\w-]){cue}{behind}")
        self._score = score

    def find(self, text: Text) -> Iterator[Span]:
        for match in self.pattern.finditer(text.plain):
            yield from _named(text.plain, *match.span("v"), self._score)


class _Known:
    """First names that the list knows, with a surname behind them, or alone where they begin a line of a talk."""

    type = TYPE
    pattern = Expression(rf"(?<![\w-]){_WORD}")
    _behind = Expression(rf"(?:(?: [{_UPPER}]\.)?(?: {_PARTICLE})? {_WORD}){{1,2}}")
    beside = (_behind, _STREET)

    def find(self, text: Text) -> Iterator[Span]:
        plain = text.plain
        for match in self.pattern.finditer(plain):
            start, end = match.span()
            if match.group() not in _GIVEN and match.group().partition("-")[0] not in _GIVEN:
                continue
            if behind := self._behind.match(plain, end):
                whole = [*_named(plain, start, behind.end(), 0.65)]
                yield from (span for span in whole if span.end > end)
            elif plain.startswith(": ", end) and (start == 0 or plain[start - 1] == "\n"):
                yield Span(TYPE, start, end, 0.6)


def _named(text: str, start: int, end: int, score: float) -> Iterator[Span]:
    """The words that are no names end one."""
    end = start + len(_trimmed(text[start:end]))
    if end > start and not _STREET.match(text, end):
        yield Span(TYPE, start, end, score)


def _trimmed(name: str) -> str:
    """The name up to the first word that is none."""
    end = 0
    for word in re.finditer(r"[^ ]+", name):
        if word.group().rstrip(".") in _NO_NAMES:
            break
        if word.group()[0].isupper() and not word.group().endswith("."):
            end = word.end()
    return name[:end]


RECOGNIZERS = (
    _Cued(rf"{_TITLE} ", rf"(?:{_TITLE} )?{_DEGREES}{_NAME}", 0.85),
    _Cued(rf"{_HONOUR} ", rf"{_DEGREES}{_NAME}", 0.8),
    _Cued(rf"{_GREETING} ", rf"{_NAME}(?=\s*[,!\n])", 0.7),
    _Cued(rf"(?i:{_CALLED}):? ", rf"{_DEGREES}{_NAME}", 0.6),
    _Cued(rf"(?i:{_FIELD})[\"']?\s{{0,3}}[:=]\s{{0,3}}[\"']?", rf"(?:{_TITLE} )?{_DEGREES}{_NAME}", 0.75),
    _Cued(rf"(?i:{_CLOSING})[,.!]?\s{{0,3}}\n\s{{0,6}}", rf"(?:{_TITLE} )?{_DEGREES}{_NAME}", 0.75),
    _Known(),
)


def read(text: str, entities: Sequence[Entity]) -> Iterator[Span]:
    """The names that the model sees: a first name and the surname behind it are one."""
    names: list[list[Entity]] = []
    for part in sorted((e for e in entities if e.label in _LABELS and e.score >= _LEAST_BESIDE), key=lambda e: e.start):
        if not names or not _JOINT.fullmatch(text, names[-1][-1].end, part.start):
            names.append([part])
        elif text[part.start].isupper() or text[names[-1][0].start].islower():
            names[-1].append(part)
    for name in names:
        start, end, score = name[0].start, name[-1].end, max(part.score for part in name)
        if score >= _LEAST and _plausible(text[start:end], score):
            yield Span(TYPE, start, end, round(score, 3))


def _plausible(name: str, score: float) -> bool:
    if " " in name or name in _GIVEN:
        return True
    acronym = name.isupper() and len(name) < 5
    return name not in _NO_NAMES and any(map(str.isalpha, name)) and score >= (0.95 if acronym else _LEAST_ALONE)
