"""JSON strings whose text is in a language, as GBNF: with right escapes, and without what makes output unusable.

A control character is written only as one of the short escapes, unless nothing else fits; halves of surrogate pairs
never stand alone. Knows no schema.
"""

from craton.engines.grammar.gbnf.expressions import EMPTY, NOTHING, Chars, Expr, Literal, Ref, chars, choice, sequence
from craton.engines.grammar.gbnf.rules import Rules, TooLargeError
from craton.engines.grammar.refusal import MAX_STATES
from craton.engines.grammar.texts import characters, languages
from craton.engines.grammar.texts.languages import Language

_SHORT = {ord('"'): '"', ord("\\"): "\\", 8: "b", 12: "f", 10: "n", 13: "r", 9: "t"}
_CONTROLS = characters.span(0, 0x1F)
_RAW = characters.complement(characters.union([_CONTROLS, characters.of('"\\')]))
_HEX = characters.union([characters.span("0", "9"), characters.span("A", "F"), characters.span("a", "f")])
_NO_SURROGATE = characters.intersection(_HEX, characters.complement(characters.of("dD")))


class Strings:
    """Writes languages into the rules of one grammar."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._written: dict[Language, Expr] = {}
        self._encoded: dict[characters.Set, Expr] = {}
        self._states = 0

    def string(self, language: Language) -> Expr:
        """A JSON string. Raises TooLargeError where several conditions make too many states."""
        text = self.text(language)
        if text == NOTHING:
            return NOTHING
        if language == languages.ANYTHING:
            return self._rules.shared("string", sequence(Literal('"'), text, Literal('"')))
        return sequence(Literal('"'), text, Literal('"'))

    def text(self, language: Language) -> Expr:
        """What stands between the quotes."""
        if language not in self._written:
            self._written[language] = self._plain(language) if language.plain else self._automaton(language)
        return self._written[language]

    def _plain(self, language: Language) -> Expr:
        match language.kind:
            case "characters":
                return self._character(language.ranges)
            case "sequence":
                return sequence(*(self._plain(part) for part in language.parts))
            case "choice":
                options = [self._plain(part) for part in language.parts]
                return self._rules.named(choice(*options), "text")
        part, least, most = language.parts[0], language.least, language.most
        if part.empty:
            # A parser must not repeat the empty text for ever.
            part, least = _filled(part), 0
        return self._rules.repeated(self._plain(part), least, most)

    def _automaton(self, language: Language) -> Expr:
        """One rule per state: a character, then the next state."""
        names = {language: self._rules.reserve("state")}
        waiting = [language]
        while waiting:
            state = waiting.pop()
            following: dict[Language, list[characters.Set]] = {}
            for ranges in languages.partition(state):
                following.setdefault(languages.derive(state, ranges[0][0]), []).append(ranges)
            options: list[Expr] = [EMPTY] if state.empty else []
            for after, sets in following.items():
                if after == languages.NOTHING:
                    continue
                if not after.plain and after not in names:
                    self._states += 1
                    if self._states > MAX_STATES:
                        raise TooLargeError
                    names[after] = self._rules.reserve("state")
                    waiting.append(after)
                rest = self.text(after) if after.plain else names[after]
                options.append(sequence(self._character(characters.union(sets)), rest))
            self._rules.define(names[state], choice(*options))
        self._written.update(names)
        return names[language]

    def _character(self, ranges: characters.Set) -> Expr:
        if ranges not in self._encoded:
            self._encoded[ranges] = self._any() if ranges == characters.ALL else self._encode(ranges)
        return self._encoded[ranges]

    def _encode(self, ranges: characters.Set) -> Expr:
        raw = chars(characters.intersection(ranges, _RAW))
        short = [escape for code, escape in _SHORT.items() if any(low <= code <= high for low, high in ranges)]
        escaped = sequence(Literal("\\"), chars(characters.of("".join(short))))
        if raw == NOTHING and not short:
            rare = characters.intersection(ranges, _CONTROLS)
            return choice(*(Literal(f"\\u{code:04x}") for low, high in rare for code in range(low, high + 1)))
        found = choice(raw, escaped)
        return found if isinstance(found, Chars | Literal) else self._rules.named(found, "character")

    def _any(self) -> Ref:
        """Any character, also as an escape of hexadecimal digits: models that learnt from ASCII JSON write them."""
        low, high = characters.span("0", "7"), characters.union(map(characters.of, "89ABab"))
        last, d = characters.union([characters.span("C", "F"), characters.span("c", "f")]), chars(characters.of("dD"))
        two, three = [self._rules.repeated(Chars(_HEX), count, count) for count in (2, 3)]
        codes = choice(
            sequence(Chars(_NO_SURROGATE), three),
            sequence(d, Chars(low), two),
            sequence(d, Chars(high), two, Literal("\\u"), d, Chars(last), two),
        )
        short = Chars(characters.of("/" + "".join(_SHORT.values())))
        escape = self._rules.shared("escape", choice(short, sequence(Literal("u"), codes)))
        return self._rules.shared("character", choice(Chars(_RAW), sequence(Literal("\\"), escape)))


def _filled(language: Language) -> Language:
    """The language without the empty text, where it has no intersection or complement."""
    if not language.empty:
        return language
    if language.kind == "choice":
        return languages.choice(*map(_filled, language.parts))
    if language.kind == "repeat":
        part, most = language.parts[0], language.most
        fewer = None if most is None else most - 1
        return languages.sequence(_filled(part), languages.repeat(part, 0, fewer))
    if not language.parts:
        return languages.NOTHING
    first, rest = language.parts[0], languages.sequence(*language.parts[1:])
    return languages.choice(languages.sequence(_filled(first), rest), _filled(rest))
