"""Addresses: what the model sees, joined, and the forms of German, British and American ones.

An address has a street or a box, or a postcode with its town: a town alone is none. Knows no list of streets.
"""

from collections.abc import Iterator, Sequence

from craton.guardrails.expressions.expression import Expression
from craton.guardrails.means import Entity
from craton.guardrails.pii.recognizers.recognizer import Recognizer, Span

TYPE = "ADDRESS"
_PLACES = {"STREET_NAME", "BUILDING_NUMBER", "SECONDARY_ADDRESS", "ZIP_CODE", "CITY", "STATE"}
_WHOLE = (
    {"STREET_NAME", "BUILDING_NUMBER"},
    {"STREET_NAME", "ZIP_CODE"},
    {"STREET_NAME", "CITY"},
    {"ZIP_CODE", "CITY"},
    {"ZIP_CODE", "STATE"},
)
_LEAST = 0.5  # of the model's score
_JOINT = Expression(r"[\s,;./|-]{0,4}(?:(?:in|at|Apt|Apartment|No|Nr)\.?[\s,]{1,2})?")

_CAPITAL = r"[A-ZÄÖÜ][\wäöüß.'-]*"
_TOWN = (
    r"[A-ZÄÖÜ][a-zäöüß]+(?:[ -](?:am|an der|im|in|bei|ob der|vor der|a\.|b\.|d\.|i\.)? ?[A-ZÄÖÜ(/][\wäöüß./)]*){0,3}"
)
_GERMAN_STREET = (
    r"(?:[A-ZÄÖÜ][\wäöüß.-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|chaussee|"
    r"promenade|stieg|steig|pfad|graben|markt|hof|berg|park|wall|tor|brücke|twiete|kamp)"
    r"|(?!(?:Der|Die|Das|Den|Dem|Ein|Eine|Einem|Kein|Im|Am|Vom|Zum|"
    rf"Zur) )(?:{_CAPITAL}[ -]){{1,3}}(?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|"
    r"Chaussee|Promenade|Markt|Stieg))"
)
# "Am Markt 3" is a street, "Am Montag 3" is none: such ones need a postcode behind or a cue before them.
_BY_PLACE = (
    r"(?:Am|An der|An den|Auf der|Auf dem|Im|In der|In den|Unter den|Zum|Zur|Hinter der|Vor dem|"
    rf"Bei der) {_CAPITAL}(?: {_CAPITAL})?"
)
_CUES = Expression(
    r"(?<!\w)(?:wohn\w*|\w*adress\w*|address\w*|\w*anschrift\w*|ansässig|plz|postleitzahl|straße|strasse|"
    r"str\.|weg|platz|allee|lives? (?:in|at)|living (?:in|at)|umgezogen|zieht|zog|gemeldet|"
    r"zugestellt|zustell\w*|\w*liefer\w*|deliver\w*|haus|büro|treffpunkt)(?!\w)"
)
_HOUSE = (
    r"\d{1,4} ?[a-zA-Z]?(?:(?: ?[-/+] ?)\d{1,4} ?[a-zA-Z]?)?(?!\w)(?! (?:Jahre|Uhr|Prozent|Euro|Meter|km|Tage|"
    r"Minuten|Stunden))"
)
_GERMAN_PLACE = (
    rf"[ ,\n]{{1,3}}(?:(?:c/o|Whg\.?|Wohnung|Etage|OG|EG|Hinterhaus|Haus) ?[\w.]{{0,12}}[ ,\n]{{1,3}})?(?:D-|"
    rf"A-|CH-)?\d{{4,5}} {_TOWN}"
)
_GERMAN_TAIL = rf"(?:{_GERMAN_PLACE})?"
_ENGLISH_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Circle|Cir|Terrace|Ter|Way|"
    r"Square|Sq|Close|Crescent|Cres|Gardens|Gdns|Grove|Hill|Mews|Parkway|Pkwy|"
    r"Highway|Hwy|Row|Broadway|Trail|Plaza|Walk|Park|Place|Pl)"
)
_UNIT = r"(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Fl|Room|Rm|#)\.? ?#?\w{1,6})?"
_STATES = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|"
    "V[AT]|W[AIVY]|AB|BC|MB|NB|NL|NS|ON|PE|QC|SK|"
    "Alabama|Arizona|California|Colorado|Florida|Georgia|Illinois|Massachusetts|Michigan|New York|"
    "New Jersey|Ohio|Oregon|Pennsylvania|Texas|Virginia|Washington|Ontario|Quebec"
)
_POSTCODE = r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{5}(?:-\d{4})?)"
_TAIL = (
    rf"(?:,? ?\n?{_CAPITAL}(?: {_CAPITAL}){{0,2}})?(?:,? (?:{_STATES})\b)?(?:,? {_POSTCODE}(?!\w))?(?:, (?:USA|"
    r"U\.S\.A\.|United States|UK|United Kingdom|England|Canada|Germany|Deutschland))?"
)

RECOGNIZERS = (
    Recognizer(TYPE, Expression(rf"(?<![\w-]){_GERMAN_STREET} {_HOUSE}{_GERMAN_TAIL}"), 0.8, digits=1, far=True),
    Recognizer(TYPE, Expression(rf"(?<![\w-]){_BY_PLACE} {_HOUSE}{_GERMAN_PLACE}"), 0.8, digits=4, far=True),
    Recognizer(TYPE, Expression(rf"(?<![\w-]){_BY_PLACE} {_HOUSE}"), 0.4, None, _CUES, digits=1, far=True),
    Recognizer(
        TYPE, Expression(rf"(?<![\w-])(?:D-|A-|CH-)?\d{{4,5}} {_TOWN}(?!\w)"), 0.4, None, _CUES, digits=4, far=True
    ),
    Recognizer(TYPE, Expression(rf"(?<![\w-])D-\d{{5}} {_TOWN}(?!\w)"), 0.8, digits=5, far=True),
    Recognizer(
        TYPE,
        Expression(
            rf"(?<![\w.,$€£-])\d{{1,5}}[A-Za-z]?(?:-\d{{1,4}})? (?:(?:[NSEW]|North|South|East|West|N\.|S\.|"
            rf"E\.|W\.) )?(?:(?:{_CAPITAL}|\d{{1,3}}(?:st|nd|rd|th)) ){{1,4}}{_ENGLISH_STREET}(?!\w)\.?"
            rf"(?: (?:[NSEW]|NE|NW|SE|SW)(?!\w))?{_UNIT}{_TAIL}"
        ),
        0.85,
        digits=1,
        far=True,
    ),
    Recognizer(
        TYPE,
        Expression(
            rf"(?<!\w)(?:P\.? ?O\.? Box|Postfach) (?:\d{{1,3}}(?: \d{{2,3}}){{1,2}}|\d{{1,6}})(?!\d){_GERMAN_TAIL}"
        ),
        0.85,
        digits=1,
        far=True,
    ),
    Recognizer(
        TYPE,
        Expression(rf"(?<![\w-]){_POSTCODE}(?![\w-])"),
        0.3,
        None,
        Expression(r"(?<!\w)(?:post ?code|zip(?: ?code)?|postal code|plz|postleitzahl)(?!\w)"),
        digits=2,
    ),
    Recognizer(
        TYPE, Expression(r"(?<![\w-])(?:[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})(?![\w-])"), 0.6, None, digits=2
    ),
)


def read(text: str, entities: Sequence[Entity]) -> Iterator[Span]:
    """The addresses that the model sees: street, number, postcode and town one behind the other are one."""
    parts = sorted((e for e in entities if e.label in _PLACES and e.score >= _LEAST), key=lambda entity: entity.start)
    group: list[Entity] = []
    for part in parts:
        if group and not _JOINT.fullmatch(text, group[-1].end, part.start):
            yield from _addressed(group)
            group = []
        group.append(part)
    yield from _addressed(group)


def _addressed(group: Sequence[Entity]) -> Iterator[Span]:
    labels = {part.label for part in group}
    if any(needed <= labels for needed in _WHOLE):
        yield Span(TYPE, group[0].start, group[-1].end, round(max(part.score for part in group), 3))
